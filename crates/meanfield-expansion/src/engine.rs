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
//! others' entries, so a right-hand side is two passes over packed tensors:
//!
//! * [`one_slot`]: blocks of columns D × w of g_{j,l}, a matrix product with
//!   Δ_1 or K + Δ_1, and the sum over the slot. Of F with g_{j,l} this is all
//!   that yQ(w'w') holds.
//! * [`two_slots`]: blocks of packed pairs, V on them, what is left of
//!   yQ(w'w'), and the sum over pairs.
//!
//! yQw'' of a list of transitions is found by the way, in the first of them:
//! [`contraction`].
//!
//! A block is unpacked, used and summed while it is in the cache; [`memory`]
//! counts what is held. Blocks are worked on in parallel, and summed in their
//! order by threads that own disjoint parts of the result, so that no bit depends
//! on the number of threads.
//!
//! Order n holds tensors of degree at most n+1. Cost of a right-hand side: one
//! D×D×len(j−1) matrix product for each g_{j,l}, and work of the size of one
//! unpacked panel, D·len(j−1), for everything else.

mod aligned;
mod by_degree_one;
mod by_degree_two;
mod contraction;
mod interaction;
mod kernels;
mod lower;
mod memory;
mod one_slot;
mod operations;
mod pair_panel;
mod propagation;
mod schedule;
mod splits;
mod two_slots;

pub use propagation::{FrameChange, InteractionPicture};

use meanfield_abstract::{Linearisation, Model};
use meanfield_ode::{Progress, System};
use meanfield_tensor::{Scalar, panel, panel_mut};

use self::interaction::Interaction;
use self::lower::Lower;
pub use self::memory::Memory;
pub use self::operations::operations;
use self::schedule::Workers;
use crate::plan::{Block, Plan};

/// The cumulant hierarchy of a model up to the order of a plan.
pub struct CumulantHierarchy<'a, S: Scalar> {
    equations: Equations<'a, S>,
    lengths: Vec<usize>,
    /// Natural size of an entry of degree 1: that of the initial F.
    size: f64,
    workers: Workers<S>,
    observer: Option<Box<dyn FnMut(&Progress) -> bool + 'a>>,
}

/// All that a block of work reads.
struct Equations<'a, S: Scalar> {
    model: &'a dyn Model<Scalar = S>,
    plan: &'a Plan,
    interaction: Interaction<'a, S>,
    /// Δ_1 about g_{1,l}, l = 0 … n−1; at order 1 K + Δ_1 serves all there is.
    delta: Vec<Box<dyn Linearisation<S> + 'a>>,
    /// K + Δ_1 about F, for the highest order: its ξ is needed nowhere else.
    /// None at order 0, where nothing of the size D² is needed.
    generator: Option<Box<dyn Linearisation<S> + 'a>>,
    lower: Lower<S>,
}

impl<S: Scalar> Equations<'_, S> {
    /// Whether g_{j,l} is of the order n at which the expansion is cut. F
    /// itself never is: its equation is not linear.
    fn is_highest(&self, block: Block) -> bool {
        block.order() == self.plan.order() && block.order() > 0
    }

    /// The l of the first of [`delta`](Equations::delta).
    fn first_delta(&self) -> usize {
        first_delta(self.plan)
    }
}

fn first_delta(plan: &Plan) -> usize {
    usize::from(plan.order() == 1)
}

impl<'a, S: Scalar> CumulantHierarchy<'a, S> {
    /// The hierarchy; `initial` is F(0), whose size sets the scale of what
    /// counts as small. Uses the threads of the rayon pool it is made in.
    #[must_use]
    pub fn new(model: &'a dyn Model<Scalar = S>, plan: &'a Plan, initial: &[S]) -> Self {
        let d = plan.layout().dimension();
        let squares: f64 = initial.iter().map(|x| x.modulus().powi(2)).sum();
        let interaction = Interaction::new(model, plan.order());
        Self {
            lengths: plan.blocks().iter().map(|b| b.len).collect(),
            size: (squares / d as f64).sqrt(),
            workers: Workers::new(model, plan, &interaction),
            equations: Equations {
                model,
                plan,
                delta: (first_delta(plan)..plan.order())
                    .map(|_| model.interaction().linearisation())
                    .collect(),
                generator: (plan.order() > 0).then(|| model.linearised_generator()),
                lower: Lower::new(plan, &interaction),
                interaction,
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

impl<S: Scalar> System for CumulantHierarchy<'_, S> {
    type Scalar = S;

    fn blocks(&self) -> &[usize] {
        &self.lengths
    }

    fn rhs(&mut self, _t: f64, y: &[S], dydt: &mut [S]) {
        let (equations, workers) = (&mut self.equations, &mut self.workers);
        equations.update(y, workers.room());
        dydt.fill(S::from_re(0.0));
        let mut contracted = std::mem::take(&mut equations.lower.contracted);
        // The order of the blocks is the order of their dependence: ξ_{j,l}
        // uses ξ of lower order only.
        for (index, &block) in equations.plan.blocks().iter().enumerate() {
            let out = &mut dydt[block.start..block.start + block.len];
            if equations.is_highest(block) {
                equations.add_one_slot(workers, y, block, &mut contracted, out);
                equations.add_two_slots(workers, y, block, two_slots::Terms::ALL, out);
            } else {
                let mut xi = std::mem::take(&mut equations.lower.xi[index]);
                xi.fill(S::from_re(0.0));
                equations.add_one_slot(workers, y, block, &mut contracted, &mut xi);
                equations.add_two_slots(workers, y, block, two_slots::Terms::XI, &mut xi);
                add(1.0, &xi, out);
                equations.lower.xi[index] = xi;
                equations.add_free(y, block, out);
                equations.add_two_slots(workers, y, block, two_slots::Terms::PAIR, out);
            }
            equations.add_xi_products(y, block, out);
        }
        equations.lower.contracted = contracted;
    }

    fn natural_size(&self, block: usize) -> f64 {
        self.size.powi(self.equations.plan.blocks()[block].j as i32)
    }

    fn accepted(&mut self, progress: &Progress) -> bool {
        self.observer.as_mut().is_none_or(|see| see(progress))
    }
}

impl<S: Scalar> Equations<'_, S> {
    /// Moves the linearisations and the panels of lower order to a state; `room` is
    /// overwritten.
    fn update(&mut self, y: &[S], room: &mut [S]) {
        let (plan, of) = (self.plan, (self.plan, &self.interaction));
        for (l, delta) in (first_delta(plan)..).zip(&mut self.delta) {
            self.lower.linearise(of, l, Some(&mut **delta), y, room);
        }
        // K + Δ_1 is all that is linearised about F below order 2; from there on Δ_1 is
        // too, and has found the sources.
        let generator = self.generator.as_deref_mut();
        if plan.order() < 2 {
            self.lower.linearise(of, 0, generator, y, room);
        } else if let Some(generator) = generator {
            generator.update(&y[..plan.layout().dimension()]);
        }
        self.lower.update(plan, &self.interaction, y);
    }

    /// `out +=` below the highest order, where it does not go with ξ, what else is
    /// a sum over one slot: yKw', and those products of −ξ·(n w) in which one
    /// factor has degree 1.
    fn add_free(&mut self, y: &[S], block: Block, out: &mut [S]) {
        let Block { j, l, .. } = block;
        if j == 1 && self.model.capabilities().k_is_zero {
            return;
        }
        let Some(index) = self.plan.index(j, l) else {
            return;
        };
        let (layout, one) = (self.plan.layout(), S::from_re(1.0));
        let (d, columns) = (layout.dimension(), layout.len(j - 1));
        let mut image = std::mem::take(&mut self.lower.moved);
        let moved = &mut image[..d * columns];
        self.set_xi_by_degree_one(y, block, 0..columns, moved);
        if !self.model.capabilities().k_is_zero {
            let exposed = match self.lower.exposed[index].as_slice() {
                [] => &y[block.start..block.start + block.len],
                exposed => exposed,
            };
            self.model
                .add_k(one, panel(d, exposed), panel_mut(d, moved));
        }
        layout.add_slot_sum(j, one, moved, out);
        self.lower.moved = image;
    }

    /// `out += [−(1/N) nξ − ξ·(n w)]_{j,l}` without those products that the
    /// passes have summed.
    fn add_xi_products(&self, y: &[S], block: Block, out: &mut [S]) {
        let (plan, layout) = (self.plan, self.plan.layout());
        let Block { j, l, .. } = block;
        if l > 0
            && let Some(x) = self.lower.xi(plan, j, l - 1)
        {
            add(-(j as f64), x, out);
        }
        let summed = if self.is_highest(block) { 2 } else { 1 };
        for splitting in splittings(j, l) {
            let (j1, _, j2, _) = splitting;
            if j1.min(j2) > summed
                && let Some((x, g)) = self.xi_and_cumulant(y, splitting)
            {
                let minus = S::from_re(-(j2 as f64));
                layout.add_product((j1, x), (j2, g), minus, out);
            }
        }
    }

    /// The two factors ξ_{j1,l1} and g_{j2,l2} of a product in −ξ·(n w), if both are there.
    fn xi_and_cumulant<'b>(
        &'b self,
        y: &'b [S],
        (j1, l1, j2, l2): Splitting,
    ) -> Option<(&'b [S], &'b [S])> {
        let xi = self.lower.xi(self.plan, j1, l1)?;
        Some((xi, self.plan.slice(y, j2, l2)?))
    }
}

/// (j1, l1, j2, l2).
type Splitting = (usize, usize, usize, usize);

/// All (j1, l1, j2, l2) with j1 + j2 = `j`, j1, j2 ≥ 1 and l1 + l2 = `l`.
fn splittings(j: usize, l: usize) -> impl Iterator<Item = Splitting> {
    (1..j).flat_map(move |j1| (0..=l).map(move |l1| (j1, l1, j - j1, l - l1)))
}

/// `to += c from`.
fn add<S: Scalar>(c: f64, from: &[S], to: &mut [S]) {
    for (x, &y) in to.iter_mut().zip(from) {
        *x += y.scaled(c);
    }
}
