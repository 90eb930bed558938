//! Form (c): the connected cumulants g_{j,l}, the engine of the expansion.
//!
//! Σ_j F_j u^j/j! = exp(Σ_j G_j u^j/j!), G_j = N^{1−j} Σ_l N^{−l} g_{j,l}. As a
//! polynomial w = Σ N^{−l} g_{j,l} y^j/j! in a formal variable y, w' and w'' its
//! derivatives and n = y·∂y,
//!
//! ```math
//! \begin{aligned}
//! \partial_t w &= yKw' + \tfrac12\, yyV(w'w' + w''/N) + \xi - \tfrac1N\, n\xi - \xi \cdot (nw), \\
//! \xi &= yQ(w'w' + w''/N).
//! \end{aligned}
//! ```
//!
//! Every term of degree j is a sum over one slot or over pairs of slots of the
//! others' entries, so a right-hand side is two [`passes`] over packed tensors:
//!
//! * over blocks of columns D × w of g_{j,l}, a matrix product with Δ_1 or K + Δ_1, and
//!   the sum over the slot. Of F with g_{j,l} this is all that yQ(w'w') holds.
//! * over blocks of packed pairs, V on them, what is left of yQ(w'w'), and the sum over
//!   pairs.
//!
//! What V and Q do in them is that of the [`interaction`]. A list of transitions finds
//! yQw'' by the way, in the first of them: [`contractions`].
//!
//! Blocks are worked on in parallel, and summed in their order by threads that own
//! disjoint parts of the result, so that no bit depends on the number of threads.
//!
//! Order n holds tensors of degree at most n+1. Cost of a right-hand side: one
//! D×D×len(j−1) matrix product for each g_{j,l}, and work of the size of one
//! unpacked panel, D·len(j−1), for everything else.

mod contractions;
mod cost;
mod equations;
mod interaction;
mod lanes;
mod passes;
mod picture;
mod products;
mod state;
mod work;

use meanfield_abstract::Model;
use meanfield_ode::{Progress, System};
use meanfield_tensor::Scalar;

pub use self::cost::{Memory, operations};
use self::equations::Equations;
use self::passes::Terms;
pub use self::picture::{FrameChange, InteractionPicture};
use self::state::add;
use self::work::buffers::Buffers;
use self::work::schedule::Workers;
use crate::plan::Plan;

/// The cumulant hierarchy of a model up to the order of a plan.
pub struct CumulantHierarchy<'a, S: Scalar> {
    equations: Equations<'a, S>,
    /// What is contracted of g_{j,l} by channels, channels × len(j−2), by j ≥ 3: of that l
    /// which was last worked on.
    contracted: Vec<Vec<S>>,
    lengths: Vec<usize>,
    /// Natural size of an entry of degree 1: that of the initial F.
    size: f64,
    workers: Workers<S>,
    observer: Option<Box<dyn FnMut(&Progress) -> bool + 'a>>,
}

impl<'a, S: Scalar> CumulantHierarchy<'a, S> {
    /// The hierarchy; `initial` is F(0), whose size sets the scale of what
    /// counts as small. Uses the threads of the rayon pool it is made in.
    #[must_use]
    pub fn new(model: &'a dyn Model<Scalar = S>, plan: &'a Plan, initial: &[S]) -> Self {
        let (layout, order) = (plan.layout(), plan.order());
        let squares: f64 = initial.iter().map(|x| x.modulus().powi(2)).sum();
        let buffers = Buffers::new(
            (0..=order + 1).map(|j| layout.len(j)).collect(),
            plan.unknowns(),
            model.effort(0, 0).fewest_columns,
            interaction::needs(model, order),
        );
        let contracted = buffers.contracted();
        Self {
            equations: Equations::new(model, plan, &buffers),
            contracted: contracted.map(|len| vec![S::from_re(0.0); len]).collect(),
            lengths: plan.blocks().iter().map(|b| b.len).collect(),
            size: (squares / layout.dimension() as f64).sqrt(),
            workers: Workers::new(buffers),
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

impl<S: Scalar> System for CumulantHierarchy<'_, S> {
    type Scalar = S;

    fn blocks(&self) -> &[usize] {
        &self.lengths
    }

    fn rhs(&mut self, _t: f64, y: &[S], dydt: &mut [S]) {
        let (equations, workers) = (&mut self.equations, &mut self.workers);
        let contracted = &mut self.contracted;
        equations.update(y, workers.room());
        dydt.fill(S::from_re(0.0));
        // The order of the blocks is the order of their dependence: ξ_{j,l}
        // uses ξ of lower order only.
        for (index, &block) in equations.plan.blocks().iter().enumerate() {
            let out = &mut dydt[block.start..block.start + block.len];
            if equations.is_highest(block) {
                equations.add_one_slot(workers, y, block, contracted, out);
                equations.add_two_slots(workers, y, block, Terms::ALL, out);
            } else {
                let mut xi = std::mem::take(&mut equations.lower.xi[index]);
                xi.fill(S::from_re(0.0));
                equations.add_one_slot(workers, y, block, contracted, &mut xi);
                equations.add_two_slots(workers, y, block, Terms::XI, &mut xi);
                add(1.0, &xi, out);
                equations.lower.xi[index] = xi;
                equations.add_free(y, block, out);
                equations.add_two_slots(workers, y, block, Terms::PAIR, out);
            }
            equations.add_xi_products(y, block, out);
        }
    }

    fn natural_size(&self, block: usize) -> f64 {
        self.size.powi(self.equations.plan.blocks()[block].j as i32)
    }

    fn accepted(&mut self, progress: &Progress) -> bool {
        self.observer.as_mut().is_none_or(|see| see(progress))
    }
}
