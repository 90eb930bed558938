//! The terms of the right-hand side, one cumulant at a time.

use meanfield_abstract::Model;
use meanfield_tensor::Scalar;

use super::panels::{columns, columns_mut, panel, panel_mut, scatter_columns, splittings};
use super::{COLUMNS, CumulantHierarchy, PRODUCT_PANEL, Scratch};

impl<M: Model + ?Sized> CumulantHierarchy<'_, M> {
    /// Whether g_{j,l} is of the order n at which the expansion is cut. F
    /// itself never is: its equation is not linear.
    fn at_highest_order(&self, j: usize, l: usize) -> bool {
        (j, l) != (1, 0) && j - 1 + l == self.plan.order()
    }

    /// ξ_{j,l} = [yQ(w'w' + w''/N)]_{j,l} into the scratch; at the highest
    /// order with yKw' added, which saves a matrix product.
    pub(super) fn add_xi(&mut self, y: &[M::Scalar], j: usize, l: usize) {
        let (plan, ladder) = (self.plan, self.plan.ladder());
        let d = ladder.dimension();
        let (one, zero) = (M::Scalar::from_re(1.0), M::Scalar::from_re(0.0));
        let width = ladder.len(j - 1);
        let highest = self.at_highest_order(j, l);
        let Scratch {
            left,
            right,
            slot,
            column,
            pair,
            xi,
            ..
        } = &mut self.scratch;
        let slot = &mut slot[..d * width];
        slot.fill(zero);
        let get = |j, l| plan.slice(y, j, l);

        if (j, l) == (1, 0) {
            let f = &y[..d];
            self.model
                .add_q_product(one, panel(d, f), panel(d, f), panel_mut(d, slot));
        } else {
            // F with g_{j,l}, in both orders: the linearised interaction.
            if let Some(g) = get(j, l) {
                let exposed = &mut left[..d * width];
                ladder.one_slot(j, g, exposed);
                let linear = if highest {
                    &self.generator
                } else {
                    &self.delta
                };
                linear.add_apply(one, panel(d, exposed), panel_mut(d, slot));
            }
            for (j1, l1, j2, l2) in splittings(j + 1, l) {
                if (j1, l1) == (1, 0) || (j2, l2) == (1, 0) {
                    continue;
                }
                let (Some(g1), Some(g2)) = (get(j1, l1), get(j2, l2)) else {
                    continue;
                };
                let (m1, m2) = (ladder.len(j1 - 1), ladder.len(j2 - 1));
                let (x, z) = (&mut left[..d * m1], &mut right[..d * m2]);
                ladder.one_slot(j1, g1, x);
                ladder.one_slot(j2, g2, z);
                let chunk = (PRODUCT_PANEL / (d * m2)).clamp(1, m1);
                let product = &mut column[..d * m2 * chunk];
                ladder.join(j1 - 1, j2 - 1, |first, ranks, weights| {
                    let (offset, wide) = (first % chunk, chunk.min(m1 - first + first % chunk));
                    let product = &mut product[..d * m2 * wide];
                    if offset == 0 {
                        product.fill(zero);
                        let x = columns(panel(d, x), first..first + wide);
                        self.model
                            .add_q_product(one, x, panel(d, z), panel_mut(d, product));
                    }
                    let part = (wide * m2, offset * m2..(offset + 1) * m2);
                    scatter_columns(d, product, part, ranks, weights, (width, &mut *slot));
                });
            }
            if l > 0
                && let Some(g) = get(j + 1, l - 1)
            {
                for start in (0..width).step_by(COLUMNS) {
                    let range = start..(start + COLUMNS).min(width);
                    let exposed = &mut pair[..d * d * range.len()];
                    ladder.two_slots(j + 1, g, range.clone(), exposed);
                    let part = columns_mut(panel_mut(d, slot), range);
                    self.model.add_q(one, panel(d * d, exposed), part);
                }
            }
        }
        let Some(index) = plan.index(j, l) else {
            return;
        };
        let block = plan.blocks()[index];
        let out = &mut xi[block.start..block.start + block.len];
        out.fill(zero);
        ladder.add_slot_sum(j, one, slot, out);
    }

    /// `out += [yKw' + ½yyV(w'w' + w''/N)]_{j,l}`, without yKw' at the highest
    /// order, where it went with ξ.
    pub(super) fn add_free_and_pair(
        &mut self,
        y: &[M::Scalar],
        j: usize,
        l: usize,
        out: &mut [M::Scalar],
    ) {
        let (plan, ladder) = (self.plan, self.plan.ladder());
        let d = ladder.dimension();
        let (one, zero) = (M::Scalar::from_re(1.0), M::Scalar::from_re(0.0));
        let half = M::Scalar::from_re(0.5);
        let get = |j, l| plan.slice(y, j, l);
        let highest = self.at_highest_order(j, l);
        let Scratch {
            left,
            right,
            slot,
            column,
            pair,
            image,
            ..
        } = &mut self.scratch;
        if !highest
            && !self.model.k_is_zero()
            && let Some(g) = get(j, l)
        {
            let width = ladder.len(j - 1);
            let (exposed, moved) = (&mut left[..d * width], &mut slot[..d * width]);
            ladder.one_slot(j, g, exposed);
            moved.fill(zero);
            self.model
                .add_k(one, panel(d, exposed), panel_mut(d, moved));
            ladder.add_slot_sum(j, one, moved, out);
        }
        if j < 2 {
            return;
        }
        let width = ladder.len(j - 2);
        let joined = &mut image[..d * d * width];
        joined.fill(zero);
        for (j1, l1, j2, l2) in splittings(j, l) {
            // V is symmetric under exchange: each unordered pair of factors
            // once, with the weight of its two orders.
            if (j1, l1) > (j2, l2) {
                continue;
            }
            let (Some(g1), Some(g2)) = (get(j1, l1), get(j2, l2)) else {
                continue;
            };
            let orders = if (j1, l1) == (j2, l2) { 1.0 } else { 2.0 };
            let (m1, m2) = (ladder.len(j1 - 1), ladder.len(j2 - 1));
            let (x, z) = (&mut left[..d * m1], &mut right[..d * m2]);
            ladder.one_slot(j1, g1, x);
            ladder.one_slot(j2, g2, z);
            let c = M::Scalar::from_re(orders);
            let product = &mut column[..d * d * m2];
            ladder.join(j1 - 1, j2 - 1, |first, ranks, weights| {
                product.fill(zero);
                let x = columns(panel(d, x), first..first + 1);
                self.model
                    .add_pair_product(c, x, panel(d, z), panel_mut(d * d, product));
                let part = (m2, 0..m2);
                scatter_columns(d * d, product, part, ranks, weights, (width, &mut *joined));
            });
        }
        if l > 0
            && let Some(g) = get(j, l - 1)
        {
            for start in (0..width).step_by(COLUMNS) {
                let range = start..(start + COLUMNS).min(width);
                let exposed = &mut pair[..d * d * range.len()];
                ladder.two_slots(j, g, range.clone(), exposed);
                let part = columns_mut(panel_mut(d * d, joined), range);
                self.model.add_pair(one, panel(d * d, exposed), part);
            }
        }
        ladder.add_pair_sum(j, half, joined, 0..width, out);
    }

    /// `out += [ξ − (1/N) nξ − ξ·(n w)]_{j,l}`, once every ξ of lower order
    /// and ξ_{j,l} itself are in the scratch.
    pub(super) fn add_xi_terms(&self, y: &[M::Scalar], j: usize, l: usize, out: &mut [M::Scalar]) {
        let (plan, ladder) = (self.plan, self.plan.ladder());
        let xi = |j, l| plan.slice(&self.scratch.xi, j, l);
        if let Some(x) = xi(j, l) {
            for (o, &v) in out.iter_mut().zip(x) {
                *o += v;
            }
        }
        if l > 0
            && let Some(x) = xi(j, l - 1)
        {
            for (o, &v) in out.iter_mut().zip(x) {
                *o -= v.scaled(j as f64);
            }
        }
        for (j1, l1, j2, l2) in splittings(j, l) {
            if let (Some(x), Some(g)) = (xi(j1, l1), plan.slice(y, j2, l2)) {
                let minus = M::Scalar::from_re(-(j2 as f64));
                ladder.add_product((j1, x), (j2, g), minus, out);
            }
        }
    }
}
