//! Form (c): the connected cumulants g_{j,l}, the engine of the expansion.
//!
//! Σ_j F_j u^j/j! = exp(Σ_j G_j u^j/j!), G_j = N^{1−j} Σ_l N^{−l} g_{j,l}. As a
//! polynomial w = Σ N^{−l} g_{j,l} y^j/j! in a formal variable y, w' and w'' its
//! derivatives and n = y·∂y,
//!
//! > ∂t w = yK w' + ½ yyV(w'w' + w''/N) + ξ − (1/N) nξ − ξ·(n w),
//! > ξ = yQ(w'w' + w''/N).
//!
//! On packed tensors a product of polynomials is ⊙, y·X is the sum over one
//! slot of X, and ½ yy·X the sum over pairs. Order n holds tensors of degree at
//! most n+1. Cost of a right-hand side: one D×D×len(j−1) matrix product for
//! each g_{j,l}, and the products of lower cumulants.

use std::ops::Range;

use meanfield_abstract::{Linearisation, Model};
use meanfield_ode::{Progress, System};
use meanfield_tensor::{Ladder, Scalar};
use ndarray::{ArrayView2, ArrayViewMut2, Axis};

use crate::plan::Plan;

/// Columns of a two-slot panel that are processed at a time.
const COLUMNS: usize = 512;

/// Numbers in a panel of products that are formed at a time: half a megabyte
/// of real numbers stays in the second-level cache.
const PRODUCT_PANEL: usize = 1 << 16;

/// The cumulant hierarchy of a model up to the order of a plan.
pub struct CumulantHierarchy<'a, M: Model + ?Sized> {
    model: &'a M,
    plan: &'a Plan,
    lengths: Vec<usize>,
    /// Natural size of an entry of degree 1: that of the initial F.
    size: f64,
    /// Δ_1 about F.
    delta: Box<dyn Linearisation<M::Scalar> + 'a>,
    /// K + Δ_1 about F, for the highest order: its ξ is needed nowhere else.
    generator: Box<dyn Linearisation<M::Scalar> + 'a>,
    scratch: Scratch<M::Scalar>,
    observer: Option<Box<dyn FnMut(&Progress) -> bool + 'a>>,
}

/// Arrays that a right-hand side writes before it reads.
struct Scratch<S> {
    /// Exposed slots of the factors.
    left: Vec<S>,
    right: Vec<S>,
    /// Image of one slot, D × len(j−1).
    slot: Vec<S>,
    /// Products with a few columns of the left factor.
    column: Vec<S>,
    /// Two exposed slots and their image.
    pair: Vec<S>,
    image: Vec<S>,
    /// ξ_{j,l}, laid out as the unknowns.
    xi: Vec<S>,
}

fn panel<S>(rows: usize, data: &[S]) -> ArrayView2<'_, S> {
    let columns = data.len() / rows.max(1);
    match ArrayView2::from_shape((rows, columns), data) {
        Ok(view) => view,
        Err(_) => unreachable!("a panel's length is a multiple of its rows"),
    }
}

fn panel_mut<S>(rows: usize, data: &mut [S]) -> ArrayViewMut2<'_, S> {
    let columns = data.len() / rows.max(1);
    match ArrayViewMut2::from_shape((rows, columns), data) {
        Ok(view) => view,
        Err(_) => unreachable!("a panel's length is a multiple of its rows"),
    }
}

/// The columns `range` of a panel.
fn columns<S>(panel: ArrayView2<'_, S>, range: Range<usize>) -> ArrayView2<'_, S> {
    let (_, from) = panel.split_at(Axis(1), range.start);
    from.split_at(Axis(1), range.len()).0
}

/// The columns `range` of a panel that is written to.
fn columns_mut<S>(panel: ArrayViewMut2<'_, S>, range: Range<usize>) -> ArrayViewMut2<'_, S> {
    let (_, from) = panel.split_at(Axis(1), range.start);
    from.split_at(Axis(1), range.len()).0
}

impl<'a, M: Model + ?Sized> CumulantHierarchy<'a, M> {
    /// The hierarchy; `initial` is F(0), whose size sets the scale of what
    /// counts as small.
    #[must_use]
    pub fn new(model: &'a M, plan: &'a Plan, initial: &[M::Scalar]) -> Self {
        let ladder = plan.ladder();
        let d = ladder.dimension();
        let top = plan.order() + 1;
        let zero = M::Scalar::from_re(0.0);
        let slot = d * ladder.len(top - 1);
        let below = if top >= 2 { ladder.len(top - 2) } else { 0 };
        let pair = d * d * below.max(COLUMNS.min(ladder.len(top - 1)));
        let squares: f64 = initial.iter().map(|x| x.modulus().powi(2)).sum();
        Self {
            model,
            plan,
            lengths: plan.blocks().iter().map(|b| b.len).collect(),
            size: (squares / d as f64).sqrt(),
            delta: model.linearisation(),
            generator: model.linearised_generator(),
            scratch: Scratch {
                left: vec![zero; slot],
                right: vec![zero; slot],
                slot: vec![zero; slot],
                column: vec![zero; pair.max(slot).max(PRODUCT_PANEL)],
                pair: vec![zero; pair],
                image: vec![zero; pair],
                xi: vec![zero; plan.unknowns()],
            },
            observer: None,
        }
    }

    /// Calls `observer` after every accepted step; `false` stops the solve.
    #[must_use]
    pub fn with_observer(mut self, observer: Box<dyn FnMut(&Progress) -> bool + 'a>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Whether g_{j,l} is of the order n at which the expansion is cut. F
    /// itself never is: its equation is not linear.
    fn at_highest_order(&self, j: usize, l: usize) -> bool {
        (j, l) != (1, 0) && j - 1 + l == self.plan.order()
    }

    /// ξ_{j,l} = [yQ(w'w' + w''/N)]_{j,l} into the scratch; at the highest
    /// order with yKw' added, which saves a matrix product.
    fn add_xi(&mut self, y: &[M::Scalar], j: usize, l: usize) {
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
    fn add_free_and_pair(&mut self, y: &[M::Scalar], j: usize, l: usize, out: &mut [M::Scalar]) {
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
    fn add_xi_terms(&self, y: &[M::Scalar], j: usize, l: usize, out: &mut [M::Scalar]) {
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

/// All (j1, l1, j2, l2) with j1 + j2 = `j`, j1, j2 ≥ 1 and l1 + l2 = `l`.
fn splittings(j: usize, l: usize) -> impl Iterator<Item = (usize, usize, usize, usize)> {
    (1..j).flat_map(move |j1| (0..=l).map(move |l1| (j1, l1, j - j1, l - l1)))
}

/// `to[row, ranks[m]] += weights[m]·from[row, part.start + m]`, for panels of
/// `rows` rows; `width` and `to_width` are the lengths of their rows.
fn scatter_columns<S: Scalar>(
    rows: usize,
    from: &[S],
    (width, part): (usize, Range<usize>),
    ranks: &[u32],
    weights: &[f64],
    (to_width, to): (usize, &mut [S]),
) {
    for row in 0..rows {
        let from = &from[row * width..(row + 1) * width][part.clone()];
        let to = &mut to[row * to_width..(row + 1) * to_width];
        for ((&x, &rank), &weight) in from.iter().zip(ranks).zip(weights) {
            to[rank as usize] += x.scaled(weight);
        }
    }
}

impl<M: Model + ?Sized> System for CumulantHierarchy<'_, M> {
    type Scalar = M::Scalar;

    fn blocks(&self) -> &[usize] {
        &self.lengths
    }

    fn rhs(&mut self, _t: f64, y: &[M::Scalar], dydt: &mut [M::Scalar]) {
        let d = self.plan.ladder().dimension();
        self.delta.update(&y[..d]);
        self.generator.update(&y[..d]);
        let plan = self.plan;
        // The order of the blocks is the order of their dependence: ξ_{j,l}
        // uses ξ of lower order only.
        for block in plan.blocks() {
            let out = &mut dydt[block.start..block.start + block.len];
            out.fill(M::Scalar::from_re(0.0));
            self.add_xi(y, block.j, block.l);
            self.add_free_and_pair(y, block.j, block.l, out);
            self.add_xi_terms(y, block.j, block.l, out);
        }
    }

    fn natural_size(&self, block: usize) -> f64 {
        self.size.powi(self.plan.blocks()[block].j as i32)
    }

    fn accepted(&mut self, progress: &Progress) -> bool {
        self.observer.as_mut().is_none_or(|see| see(progress))
    }
}

/// The cumulants at one time, borrowed from the vector of unknowns.
#[derive(Debug, Clone, Copy)]
pub struct Cumulants<'a, S> {
    plan: &'a Plan,
    unknowns: &'a [S],
}

impl<'a, S: Scalar> Cumulants<'a, S> {
    /// The cumulants in a vector of unknowns of that plan.
    #[must_use]
    pub fn new(plan: &'a Plan, unknowns: &'a [S]) -> Self {
        Self { plan, unknowns }
    }

    /// g_{j,l}, packed; `None` beyond the order kept.
    #[must_use]
    pub fn get(&self, j: usize, l: usize) -> Option<&'a [S]> {
        self.plan.slice(self.unknowns, j, l)
    }

    /// F(t) = g_{1,0}.
    #[must_use]
    pub fn mean_field(&self) -> &'a [S] {
        &self.unknowns[..self.plan.ladder().dimension()]
    }

    /// The layouts of the tensors.
    #[must_use]
    pub fn ladder(&self) -> &'a Ladder {
        self.plan.ladder()
    }

    /// Order n of the expansion.
    #[must_use]
    pub fn order(&self) -> usize {
        self.plan.order()
    }
}
