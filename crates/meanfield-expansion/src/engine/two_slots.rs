//! The pass over blocks of pairs: V, and the products of yQ(w'w') in which both
//! cumulants are of degree 2 or more.
//!
//! A block holds all packed pairs {a, b} beside a few entries γ of the other
//! slots. What is computed on it, S\[{a,b}\]\[γ\], is summed over the pairs of
//! slots, T\[α\] += Σ_{i<r} S\[{α_i,α_r}\]\[α∖{i,r}\]; a matrix R_ab for ordered
//! pairs enters as S = R + Rᵀ.

use std::ops::Range;

use meanfield_abstract::{Model, Transitions};
use meanfield_tensor::{Scalar, panel, panel_mut, vectorised};

use super::interaction::{Interaction, TERMS, pair_count, pairs_mut};
use super::kernels::{OneIndex, Outer, Pick, Symmetrised, TakeLanes, orders, place};
use super::schedule::{LANES, Work, Workers, pair_columns};
use super::splits::{self, Factors, Roles, Split};
use super::{Equations, splittings};
use crate::plan::Block;

/// Which terms a pass sums.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    /// ½ yyV(w'w' + w''/N).
    pair: bool,
    /// Products of cumulants of degree 2 or more in yQ(w'w').
    xi: bool,
    /// Products of −ξ·(n w) in which one factor has degree 2, none degree 1.
    pub(super) xi_by_degree_two: bool,
}

impl Terms {
    pub(super) const ALL: Self = Self {
        pair: true,
        xi: true,
        xi_by_degree_two: true,
    };
    pub(super) const PAIR: Self = Self {
        pair: true,
        xi: false,
        xi_by_degree_two: false,
    };
    pub(super) const XI: Self = Self {
        pair: false,
        xi: true,
        xi_by_degree_two: false,
    };
}

impl<S: Scalar> Equations<'_, S> {
    /// `out +=` the terms of g_{j,l} that live on pairs of slots.
    pub(super) fn add_two_slots(
        &self,
        workers: &mut Workers<S>,
        y: &[S],
        block: Block,
        terms: Terms,
        out: &mut [S],
    ) {
        match block.j {
            1 => {}
            2 if !terms.pair => {}
            2 if matches!(self.interaction, Interaction::Panels(_)) => {
                self.add_panel_of_pairs(workers, y, block.l, out);
            }
            2 => workers.run(
                self.plan.layout(),
                2,
                1,
                out,
                |_, work| self.pair_block::<1>(y, block, terms, (0..1, (1, 0)), work),
                |_, _| {},
                |_, work, tops, out| {
                    let sums = &work.image[..pair_count(self.plan.layout().dimension())];
                    let layout = self.plan.layout();
                    layout.add_pair_sum_columns(2, sums, 0..1, tops, out);
                },
            ),
            _ => self.two_slots(workers, y, block, terms, out),
        }
    }

    fn two_slots(
        &self,
        workers: &mut Workers<S>,
        y: &[S],
        block: Block,
        terms: Terms,
        out: &mut [S],
    ) {
        let layout = self.plan.layout();
        let (d, j) = (layout.dimension(), block.j);
        let all = layout.len(j - 2);
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
                if let Some(g) = self.pairs_of(y, block, terms) {
                    layout.pair_columns(j, g, columns.clone(), &mut work.pairs[..panel]);
                }
                for at in (0..width).step_by(LANES) {
                    let from = columns.start + at;
                    let some = from..columns.end.min(from + LANES);
                    let some = (some, (width, at));
                    self.pair_block::<LANES>(y, block, terms, some.clone(), work);
                    self.keep::<LANES>(y, block, terms, some, work);
                }
            },
            |_, _| {},
            |k, work, tops, out| {
                let sums = &work.pairs[..panel(k)];
                layout.add_pair_sum_columns(j, sums, columns(k), tops, out);
            },
        );
    }

    /// The tensor w'' of ½ yyVw''/N, where it is asked for.
    fn pairs_of<'a>(&self, y: &'a [S], Block { j, l, .. }: Block, terms: Terms) -> Option<&'a [S]> {
        let before = l.checked_sub(1).filter(|_| terms.pair)?;
        self.plan.slice(y, j, before)
    }

    /// The block S of the entries γ in `columns`, into the image; they are those of the
    /// panel of pairs from a column on.
    fn pair_block<const L: usize>(
        &self,
        y: &[S],
        block: Block,
        terms: Terms,
        (columns, place): (Range<usize>, (usize, usize)),
        work: &mut Work<S>,
    ) {
        let layout = self.plan.layout();
        let d = layout.dimension();
        let mut list = std::mem::take(&mut work.splits);
        splits::collect(layout, block.j - 2, columns.start, columns.len(), &mut list);
        if terms.pair {
            let argument = pairs_mut::<_, L>(d, &mut work.argument);
            let begun = self.pairs_of(y, block, terms);
            match begun {
                Some(g) if block.j == 2 => argument.as_flattened_mut().copy_from_slice(g),
                Some(_) => vectorised(TakeLanes {
                    panel: &work.pairs[..pair_count(d) * place.0],
                    width: place.0,
                    at: place.1,
                    lanes: argument,
                }),
                None => {}
            }
            self.add_products_of_slots::<L>(y, block, &list, begun.is_some(), work);
            self.interaction.apply::<L>(d, work);
        } else {
            work.image[..pair_count(d) * L].fill(S::from_re(0.0));
        }
        if terms.xi {
            self.add_products_of_cumulants::<L>(y, block, &list, work);
        }
        work.splits = list;
    }

    /// [w'_c w'_d]_γ for packed pairs c ≤ d, added to the argument where it has been
    /// `begun`.
    fn add_products_of_slots<const L: usize>(
        &self,
        y: &[S],
        block: Block,
        list: &[Split],
        mut begun: bool,
        work: &mut Work<S>,
    ) {
        let (plan, d) = (self.plan, self.plan.layout().dimension());
        let m = block.j - 2;
        let mut products = list
            .iter()
            .flat_map(|split| (0..=block.l).map(move |l1| (split, l1)))
            .peekable();
        while products.peek().is_some() {
            // A few products at a time, one behind the other.
            let mut count = 0;
            let (left, _) = work.left.as_chunks_mut::<L>();
            let (right, _) = work.right.as_chunks_mut::<L>();
            for (split, l1) in products.by_ref().take(TERMS) {
                let (j1, j2) = (split.degree + 1, m - split.degree + 1);
                let first = self.lower.exposed(plan, y, j1, l1);
                let second = self.lower.exposed(plan, y, j2, block.l - l1);
                let rows = count * d..(count + 1) * d;
                Pick {
                    panel: first,
                    width: first.len() / d,
                    ranks: &split.first,
                    weights: std::array::from_fn(|lane| split.times[lane]),
                    to: &mut left[rows.clone()],
                }
                .run();
                Pick {
                    panel: second,
                    width: second.len() / d,
                    ranks: &split.rest,
                    weights: [1.0; L],
                    to: &mut right[rows],
                }
                .run();
                count += 1;
            }
            let block = pairs_mut::<_, L>(d, &mut work.argument);
            vectorised(Outer {
                begun,
                d,
                left,
                right,
                count,
                block,
            });
            begun = true;
        }
    }

    /// Adds the products of cumulants of degree 2 or more in yQ(w'w') to the
    /// image. With x = w'_c and z = (W w')_ac, of degrees p and q, y_a x z is a
    /// sum over ordered pairs of slots: a on one, an index b of the factor of
    /// smaller degree on the other, over that degree.
    fn add_products_of_cumulants<const L: usize>(
        &self,
        y: &[S],
        block: Block,
        list: &[Split],
        work: &mut Work<S>,
    ) {
        let products = splittings(block.j + 1, block.l)
            .filter(|&(j1, _, j2, _)| j1.min(j2) >= 2)
            .flat_map(|(j1, l1, j2, l2)| {
                let factors = Factors {
                    first: self.lower.exposed(self.plan, y, j1, l1),
                    second: match &self.interaction {
                        Interaction::Listed { .. } => self.lower.rates(self.plan, j2, l2),
                        Interaction::Panels(_) => self.lower.exposed(self.plan, y, j2, l2),
                    },
                    degrees: (j1 - 1, j2 - 1),
                };
                let of_first = factors.of_first();
                let own = list.iter().filter(move |split| split.degree == of_first);
                own.map(move |split| factors.roles(split))
            });
        match &self.interaction {
            // Without a transition there is no Q.
            Interaction::Listed { transitions, .. } if transitions.is_empty() => {}
            Interaction::Listed { transitions, .. } => {
                let mut waiting = None;
                for roles in products {
                    if roles.degree > 1 {
                        self.add_listed_product::<L>(transitions, &roles, work);
                    } else if let Some(first) = waiting.take() {
                        self.add_by_one::<L>(transitions, &first, Some(&roles), work);
                    } else {
                        waiting = Some(roles);
                    }
                }
                if let Some(roles) = waiting {
                    self.add_by_one::<L>(transitions, &roles, None, work);
                }
            }
            Interaction::Panels(model) => {
                for roles in products {
                    self.add_panel_product::<L>(*model, &roles, work);
                }
            }
        }
    }

    /// One or two products in which the factor of smaller degree has no index but
    /// the one it shows, in one pass over the image.
    fn add_by_one<const L: usize>(
        &self,
        transitions: &Transitions<S>,
        first: &Roles<'_, S>,
        second: Option<&Roles<'_, S>>,
        work: &mut Work<S>,
    ) {
        let d = self.plan.layout().dimension();
        let first = one_index(transitions, d, first, &mut work.left);
        let second = second.map(|roles| one_index(transitions, d, roles, &mut work.right));
        let both = [first, second.unwrap_or(first)];
        let image = pairs_mut::<_, L>(d, &mut work.image);
        vectorised(Symmetrised {
            d,
            products: &both[..1 + usize::from(second.is_some())],
            image,
        });
    }

    fn add_listed_product<const L: usize>(
        &self,
        transitions: &Transitions<S>,
        roles: &Roles<'_, S>,
        work: &mut Work<S>,
    ) {
        let layout = self.plan.layout();
        let d = layout.dimension();
        let rates = one_index::<_, L>(transitions, d, roles, &mut work.left);
        let image = pairs_mut::<_, L>(d, &mut work.image);
        for b in 0..d {
            // The index b beside K, for every lane.
            let shown = |lane: usize| roles.shown.ranks[lane] as usize;
            let ranks: [usize; L] =
                std::array::from_fn(|lane| layout.insert(roles.degree, b, shown(lane)));
            for a in 0..d {
                let mut sum = [S::from_re(0.0); L];
                for one in transitions.leading_to(a) {
                    let (row, kept) = rates.of(one);
                    for lane in 0..L {
                        sum[lane] += row[ranks[lane]] * kept[lane];
                    }
                }
                let to = &mut image[place(a, b)];
                for lane in 0..L {
                    to[lane] += sum[lane].scaled(orders(a, b));
                }
            }
        }
    }

    /// The same by the model's operator, lane by lane.
    fn add_panel_product<const L: usize>(
        &self,
        model: &dyn Model<Scalar = S>,
        roles: &Roles<'_, S>,
        work: &mut Work<S>,
    ) {
        let layout = self.plan.layout();
        let d = layout.dimension();
        let Roles {
            degree,
            first_shows,
            times,
            shown,
            fixed,
        } = *roles;
        let (width, fixed_width) = (shown.panel.len() / d, fixed.panel.len() / d);
        let (show, keep) = work.left[..d * d + d].split_at_mut(d * d);
        let moved = &mut work.right[..d * d];
        let image = pairs_mut::<_, L>(d, &mut work.image);
        for lane in (0..L).filter(|&lane| times[lane] != 0.0) {
            for b in 0..d {
                let rank = match degree {
                    1 => b,
                    _ => layout.insert(degree, b, shown.ranks[lane] as usize),
                };
                for c in 0..d {
                    show[c * d + b] = shown.panel[c * width + rank];
                }
            }
            for (c, x) in keep.iter_mut().enumerate() {
                *x = fixed.panel[c * fixed_width + fixed.ranks[lane] as usize];
            }
            moved.fill(S::from_re(0.0));
            let weight = S::from_re(times[lane] / degree as f64);
            let (show, keep) = (panel(d, show), panel(d, keep));
            let (x, z) = if first_shows {
                (show, keep)
            } else {
                (keep, show)
            };
            model
                .interaction()
                .add_q_product(weight, x, z, panel_mut(d, moved));
            for a in 0..d {
                for b in 0..d {
                    image[place(a, b)][lane] += moved[a * d + b].scaled(orders(a, b));
                }
            }
        }
    }
}

/// Products of two factors by transitions: `kept` receives, once for all b, the
/// lanes of the factor that shows no index.
fn one_index<'a, S: Scalar, const L: usize>(
    transitions: &'a Transitions<S>,
    d: usize,
    roles: &Roles<'a, S>,
    kept: &'a mut [S],
) -> OneIndex<'a, S, L> {
    let Roles {
        degree,
        first_shows,
        times,
        shown,
        fixed,
    } = *roles;
    let (rows, shown_rows) = if first_shows {
        (transitions.channels(), d)
    } else {
        (d, transitions.channels())
    };
    let (kept, _) = kept.as_chunks_mut::<L>();
    let kept = &mut kept[..rows];
    Pick {
        panel: fixed.panel,
        width: fixed.panel.len() / rows,
        ranks: fixed.ranks,
        weights: std::array::from_fn(|lane| times[lane] / degree as f64),
        to: kept,
    }
    .run();
    OneIndex {
        transitions,
        first_shows,
        shown_by: shown.panel,
        width: shown.panel.len() / shown_rows,
        kept,
    }
}
