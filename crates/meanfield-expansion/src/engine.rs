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

mod panels;
mod propagation;
mod terms;

pub use propagation::{FrameChange, InteractionPicture};

use meanfield_abstract::{Linearisation, Model};
use meanfield_ode::{Progress, System};
use meanfield_tensor::Scalar;

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
        // Two slots beside the rest: no panel is wider than that of the
        // highest degree.
        let pair = d * d * below;
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
}

impl<M: Model + ?Sized> System for CumulantHierarchy<'_, M> {
    type Scalar = M::Scalar;

    fn blocks(&self) -> &[usize] {
        &self.lengths
    }

    fn rhs(&mut self, _t: f64, y: &[M::Scalar], dydt: &mut [M::Scalar]) {
        let d = self.plan.ladder().dimension();
        // Δ_1 alone acts below the highest order, K + Δ_1 at it.
        if self.plan.order() > 1 {
            self.delta.update(&y[..d]);
        }
        if self.plan.order() > 0 {
            self.generator.update(&y[..d]);
        }
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
