//! The pass over blocks of pairs: V, and the products of yQ(w'w') in which both
//! cumulants are of degree 2 or more.
//!
//! A block holds all packed pairs {a, b} beside a few entries γ of the other
//! slots. What is computed on it, S\[{a,b}\]\[γ\], is summed over the pairs of
//! slots, T\[α\] += Σ_{i<r} S\[{α_i,α_r}\]\[α∖{i,r}\]; a matrix R_ab for ordered
//! pairs enters as S = R + Rᵀ.

use std::ops::Range;

use meanfield_tensor::{Scalar, pair_count, vectorised};

use crate::engine::equations::Equations;
use crate::engine::lanes::{LANES, pairs_mut};
use crate::engine::products::by_degree_two;
use crate::engine::products::kernels::TakeLanes;
use crate::engine::products::of_slots::add_products_of_slots;
use crate::engine::products::splits;
use crate::engine::state::{Label, State};
use crate::engine::work::buffers::pair_columns;
use crate::engine::work::schedule::{Work, Workers};

/// Which terms a pass sums; at the highest order all, and those products of −ξ·(n w) in
/// which one factor has degree 2, none degree 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Terms {
    /// ½ yyV(w'w' + w''/N).
    Pair,
    /// Products of cumulants of degree 2 or more in yQ(w'w').
    Xi,
    All,
}

impl<S: Scalar> Equations<'_, S> {
    /// `out +=` the terms of g_{j,l} that live on pairs of slots.
    pub(in crate::engine) fn add_two_slots(
        &self,
        workers: &mut Workers<S>,
        y: &[S],
        (j, l): Label,
        terms: Terms,
        out: &mut [S],
    ) {
        let (state, layout) = (self.state(y), self.plan.layout());
        if j < 3 {
            // No product of cumulants of degree 2 or more has degree 2.
            if j == 2 && terms != Terms::Xi {
                self.interaction.add_pairs(state, l, workers, out);
            }
            return;
        }
        let (d, all) = (layout.dimension(), layout.len(j - 2));
        let most = pair_columns(d, all);
        let columns = |k: usize| k * most..((k + 1) * most).min(all);
        let panel = |k: usize| pair_count(d) * columns(k).len();
        workers.run(
            layout,
            j,
            all.div_ceil(most),
            out,
            |k, work| {
                let (columns, panel) = (columns(k), panel(k));
                let width = columns.len();
                if let Some(g) = pairs_of(state, (j, l), terms) {
                    layout.pair_columns(j, g, columns.clone(), &mut work.pairs[..panel]);
                }
                for at in (0..width).step_by(LANES) {
                    let from = columns.start + at;
                    let some = from..columns.end.min(from + LANES);
                    let some = (some, (width, at));
                    self.pair_block(state, (j, l), terms, some.clone(), work);
                    by_degree_two::keep(state, (j, l), terms == Terms::All, some, work);
                }
            },
            |_, _| {},
            |k, work, tops, out| {
                let sums = &work.pairs[..panel(k)];
                layout.add_pair_sum_columns(j, sums, columns(k), tops, out);
            },
        );
    }

    /// The block S of the entries γ in `columns`, into the image; they are those of the
    /// panel of pairs from a column on.
    fn pair_block(
        &self,
        state: State<'_, S>,
        (j, l): Label,
        terms: Terms,
        (columns, (width, at)): (Range<usize>, (usize, usize)),
        work: &mut Work<S>,
    ) {
        let layout = self.plan.layout();
        let d = layout.dimension();
        let mut list = std::mem::take(&mut work.splits);
        splits::collect(layout, j - 2, columns.start, columns.len(), &mut list);
        if terms != Terms::Xi {
            let begun = pairs_of(state, (j, l), terms).is_some();
            if begun {
                vectorised(TakeLanes {
                    panel: &work.pairs[..pair_count(d) * width],
                    width,
                    at,
                    lanes: pairs_mut(d, &mut work.argument),
                });
            }
            add_products_of_slots::<_, LANES>(state, (j, l), &list, begun, work);
            self.interaction.apply(d, work);
        } else {
            work.image[..pair_count(d) * LANES].fill(S::from_re(0.0));
        }
        if terms != Terms::Pair {
            self.interaction.add_products(state, (j, l), &list, work);
        }
        work.splits = list;
    }
}

/// The tensor w'' of ½ yyVw''/N, where it is asked for.
fn pairs_of<S: Scalar>(state: State<'_, S>, (j, l): Label, terms: Terms) -> Option<&[S]> {
    let before = l.checked_sub(1).filter(|_| terms != Terms::Xi)?;
    state.cumulant(j, before)
}
