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

use super::interaction::{Interaction, TERMS, pairs, pairs_mut};
use super::kernels::{OneIndex, Outer, Pick, RankOnes, Symmetrised, orders, place};
use super::schedule::{LANES, Work, Workers};
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
    xi_by_degree_two: bool,
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
            2 => self.two_slots::<1>(workers, y, block, terms, out),
            _ => self.two_slots::<LANES>(workers, y, block, terms, out),
        }
    }

    fn two_slots<const L: usize>(
        &self,
        workers: &mut Workers<S>,
        y: &[S],
        block: Block,
        terms: Terms,
        out: &mut [S],
    ) {
        let ladder = self.plan.ladder();
        let (d, j) = (ladder.dimension(), block.j);
        let all = ladder.len(j - 2);
        let columns = |k: usize| k * L..((k + 1) * L).min(all);
        workers.run(
            ladder,
            j,
            all.div_ceil(L),
            out,
            |k, work| self.pair_block::<L>(y, block, terms, columns(k), work),
            |k, work, tops, out| {
                let sums = pairs::<_, L>(d, &work.image);
                ladder.add_pair_block_sum(j, sums, columns(k), tops, out);
            },
        );
    }

    /// The block S of the entries γ in `columns`, into the image.
    fn pair_block<const L: usize>(
        &self,
        y: &[S],
        block: Block,
        terms: Terms,
        columns: Range<usize>,
        work: &mut Work<S>,
    ) {
        let (plan, ladder) = (self.plan, self.plan.ladder());
        let (d, zero) = (ladder.dimension(), S::from_re(0.0));
        let Block { j, l, .. } = block;
        let mut list = std::mem::take(&mut work.splits);
        splits::collect(ladder, j - 2, columns.start, columns.len(), &mut list);
        if terms.pair {
            pairs_mut::<_, L>(d, &mut work.argument).fill([zero; L]);
            self.add_products_of_slots::<L>(y, block, &list, work);
            if l > 0
                && let Some(g) = plan.slice(y, j, l - 1)
            {
                let block = pairs_mut::<_, L>(d, &mut work.argument);
                ladder.add_pair_block(j, g, columns.clone(), block);
            }
            self.interaction.apply::<L>(d, work);
        } else {
            pairs_mut::<_, L>(d, &mut work.image).fill([zero; L]);
        }
        if terms.xi {
            self.add_products_of_cumulants::<L>(y, block, &list, work);
        }
        if terms.xi_by_degree_two {
            self.add_xi_by_degree_two::<L>(y, block, columns, work);
        }
        work.splits = list;
    }

    /// Adds [w'_c w'_d]_γ to the argument, for packed pairs c ≤ d.
    fn add_products_of_slots<const L: usize>(
        &self,
        y: &[S],
        block: Block,
        list: &[Split],
        work: &mut Work<S>,
    ) {
        let (plan, d) = (self.plan, self.plan.ladder().dimension());
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
                d,
                left,
                right,
                count,
                block,
            });
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
        let d = self.plan.ladder().dimension();
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
        let ladder = self.plan.ladder();
        let d = ladder.dimension();
        let rates = one_index::<_, L>(transitions, d, roles, &mut work.left);
        let image = pairs_mut::<_, L>(d, &mut work.image);
        for b in 0..d {
            // The index b beside K, for every lane.
            let shown = |lane: usize| roles.shown.ranks[lane] as usize;
            let ranks: [usize; L] =
                std::array::from_fn(|lane| ladder.insert(roles.degree, b, shown(lane)));
            for a in 0..d {
                let mut sum = [S::from_re(0.0); L];
                for (transition, c) in transitions.leading_to(a) {
                    let (row, kept) = rates.of(transition, c);
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
        let ladder = self.plan.ladder();
        let d = ladder.dimension();
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
                    _ => ladder.insert(degree, b, shown.ranks[lane] as usize),
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
            model.add_q_product(weight, x, z, panel_mut(d, moved));
            for a in 0..d {
                for b in 0..d {
                    image[place(a, b)][lane] += moved[a * d + b].scaled(orders(a, b));
                }
            }
        }
    }

    /// Subtracts those products of ξ·(n w) in which the smaller degree is 2:
    /// that factor on the pair, the other on the rest.
    fn add_xi_by_degree_two<const L: usize>(
        &self,
        y: &[S],
        block: Block,
        columns: Range<usize>,
        work: &mut Work<S>,
    ) {
        let plan = self.plan;
        let d = plan.ladder().dimension();
        let mut products = splittings(block.j, block.l)
            .filter(|&(j1, _, j2, _)| j1.min(j2) == 2)
            .peekable();
        while products.peek().is_some() {
            let none: (&[S], _) = (&[], [S::from_re(0.0); L]);
            let (mut terms, mut count) = ([none; TERMS], 0);
            for (j1, l1, j2, l2) in products.by_ref().take(TERMS) {
                let Some(xi) = plan.index(j1, l1).and_then(|k| self.lower.xi.get(k)) else {
                    continue;
                };
                let Some(g) = plan.slice(y, j2, l2) else {
                    continue;
                };
                let (pair, rest): (&[S], &[S]) = if j1 == 2 { (xi, g) } else { (g, xi) };
                let (pairs, factor) = &mut terms[count];
                *pairs = pair;
                for (x, &z) in factor.iter_mut().zip(&rest[columns.clone()]) {
                    *x = z.scaled(-(j2 as f64));
                }
                count += 1;
            }
            let image = pairs_mut::<_, L>(d, &mut work.image);
            vectorised(RankOnes {
                terms: &terms[..count],
                image,
            });
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
        (transitions.len(), d)
    } else {
        (d, transitions.len())
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
