//! The pass over blocks of columns: everything that is one operator on one slot.

use std::ops::Range;

use meanfield_tensor::{Kernel, Scalar, panel, panel_mut, vectorised};

use super::interaction::Interaction;
use super::schedule::{LANES, Work, Workers};
use super::{Equations, add, splittings};
use crate::plan::Block;

impl<S: Scalar> Equations<'_, S> {
    /// `out += ξ_{j,l}` without the products of two cumulants of degree 2 or
    /// more; at the highest order with yKw' added, which saves a matrix product,
    /// and with those products of ξ·(n w) in which one factor has degree 1.
    pub(super) fn add_one_slot(
        &self,
        workers: &mut Workers<S>,
        y: &[S],
        block: Block,
        out: &mut [S],
    ) {
        let ladder = self.plan.ladder();
        let (d, j) = (ladder.dimension(), block.j);
        let all = ladder.len(j - 1);
        let width = workers.columns(d, all);
        let columns = |k: usize| k * width..((k + 1) * width).min(all);
        workers.run(
            ladder,
            j,
            all.div_ceil(width),
            out,
            |k, work| self.one_slot_image(y, block, columns(k), work),
            |k, work, tops, out| {
                let image = &work.image[..d * columns(k).len()];
                let one = S::from_re(1.0);
                ladder.add_slot_sum_columns(j, one, image, columns(k), tops, out);
            },
        );
    }

    /// The image of the columns `columns` of one slot of g_{j,l}, D × columns.
    fn one_slot_image(&self, y: &[S], block: Block, columns: Range<usize>, work: &mut Work<S>) {
        let (plan, ladder) = (self.plan, self.plan.ladder());
        let (d, width) = (ladder.dimension(), columns.len());
        let Block { j, l, .. } = block;
        work.image[..d * width].fill(S::from_re(0.0));
        if (j, l) == (1, 0) {
            return self.add_interaction_of_state(y, &mut work.image[..d]);
        }
        // F, and at l > 0 its corrections g_{1,l₁}, with the other cumulant, in
        // both orders: the interaction linearised about g_{1,l₁}.
        for first in 0..=l {
            let second = l - first;
            // Of two corrections of F each pair comes once; a square is half of
            // what its linearisation gives.
            let share = match j {
                1 if first > second => continue,
                1 if first == second => 0.5,
                _ => 1.0,
            };
            let Some(g) = plan.slice(y, j, second) else {
                continue;
            };
            let operator = match &self.generator {
                Some(generator) if first == 0 && self.is_highest(block) => generator,
                _ => &self.delta[first - self.first_delta()],
            };
            let exposed = &mut work.argument[..d * width];
            ladder.one_slot_columns(j, g, columns.clone(), exposed);
            let image = panel_mut(d, &mut work.image[..d * width]);
            let share = S::from_re(share);
            operator.add_apply(share, panel(d, exposed), image);
        }
        if l > 0
            && let Some(g) = plan.slice(y, j + 1, l - 1)
        {
            let pairs = &self.interaction;
            if j == 1 {
                let image = &mut work.image[..d];
                match pairs {
                    Interaction::Listed { .. } => add(1.0, &self.lower.of_pairs[l - 1], image),
                    Interaction::Panels(model) => {
                        model.add_symmetric_q(S::from_re(1.0), g, image);
                    }
                }
            } else {
                for at in (0..width).step_by(LANES) {
                    let some = columns.start + at..(columns.start + at + LANES).min(columns.end);
                    pairs.add_contraction::<LANES>(ladder, (j + 1, g), some, work, (width, at));
                }
            }
        }
        if self.is_highest(block) {
            self.add_xi_by_degree_one(y, block, columns, &mut work.image[..d * width]);
        }
    }

    /// Q(F, F).
    fn add_interaction_of_state(&self, y: &[S], image: &mut [S]) {
        let d = image.len();
        let f = &y[..d];
        match &self.interaction {
            Interaction::Listed { .. } => add(1.0, &self.lower.of_state, image),
            Interaction::Panels(model) => {
                let one = S::from_re(1.0);
                model.add_q_product(one, panel(d, f), panel(d, f), panel_mut(d, image));
            }
        }
    }

    /// Those products of −ξ·(n w) in which one factor is of degree 1: that
    /// factor on the exposed slot, the other on the rest.
    pub(super) fn add_xi_by_degree_one(
        &self,
        y: &[S],
        block: Block,
        columns: Range<usize>,
        image: &mut [S],
    ) {
        let plan = self.plan;
        for (j1, l1, j2, l2) in splittings(block.j, block.l) {
            let Some(xi) = plan.index(j1, l1).and_then(|k| self.lower.xi.get(k)) else {
                continue;
            };
            let Some(g) = plan.slice(y, j2, l2) else {
                continue;
            };
            // One slot of the result, whichever factor it belongs to.
            let (slot, rest): (&[S], &[S]) = match (j1, j2) {
                (1, _) => (xi, g),
                (_, 1) => (g, xi),
                _ => continue,
            };
            let rest = &rest[columns.clone()];
            vectorised(RankOne {
                slot,
                factor: -(j2 as f64),
                rest,
                image: &mut *image,
            });
        }
    }
}

/// `image[a, β] += factor·slot[a]·rest[β]`.
struct RankOne<'a, S> {
    slot: &'a [S],
    factor: f64,
    rest: &'a [S],
    image: &'a mut [S],
}

impl<S: Scalar> Kernel for RankOne<'_, S> {
    #[inline(always)]
    fn run(self) {
        let rows = self.image.chunks_exact_mut(self.rest.len());
        for (row, &x) in rows.zip(self.slot) {
            let x = x.scaled(self.factor);
            for (o, &z) in row.iter_mut().zip(self.rest) {
                *o += x * z;
            }
        }
    }
}
