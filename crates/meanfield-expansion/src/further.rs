//! Form (c) for generators that are sums of terms.
//!
//! The equation of w is linear in (K, V). A further term c(t) N^{−p} (K_k + V_k/N) adds to
//! ∂t w the right-hand side of K_k and V_k, times c(t) N^{−p}:
//!
//! ```math
//! \partial_t g_{j,l} \mathrel{+}= c(t)\, \big[ \partial_t g_{j,l-p} \big]_{K_k,\, V_k}.
//! ```
//!
//! With p = 1 that takes cumulants up to order n−1 only, which are a prefix of the vector
//! of unknowns. A term without V is K_k in every slot and needs no hierarchy of its own.

use meanfield_abstract::{Envelope, Model, Power, Term};
use meanfield_ode::{Semigroup, System};
use meanfield_tensor::{Scalar, panel, panel_mut};

use crate::ExpansionError;
use crate::engine::{CumulantHierarchy, FrameChange};
use crate::plan::{Block, Plan};

/// Numbers of a panel of one slot: it stays in the cache.
const PANEL: usize = 1 << 14;

/// The plans of the further terms of a model: what [`FurtherTerms`] borrows.
#[derive(Debug)]
pub struct TermPlans<'a> {
    plan: &'a Plan,
    /// The plan of one order less.
    lower: Option<Plan>,
}

impl<'a> TermPlans<'a> {
    /// For the terms of that model beside an expansion by `plan`.
    ///
    /// # Errors
    /// [`ExpansionError::TooLarge`] when a tensor cannot be indexed.
    pub fn new<S: Scalar>(
        model: &dyn Model<Scalar = S>,
        plan: &'a Plan,
    ) -> Result<Self, ExpansionError> {
        let mut terms = model.further_terms().into_iter();
        let lowered = plan.order() > 0 && terms.any(|term| term.power == Power::One);
        let d = plan.layout().dimension();
        let lower = || Plan::new::<S>(d, plan.order() - 1, 1, usize::MAX);
        Ok(Self {
            plan,
            lower: lowered.then(lower).transpose()?,
        })
    }

    /// The plan of a term with N^{−p}; `None` where it is of an order beyond the last.
    fn of(&self, power: Power) -> Option<&Plan> {
        match power {
            Power::Zero => Some(self.plan),
            Power::One => self.lower.as_ref(),
        }
    }
}

/// What the further terms of a model add to the right-hand side of its cumulants.
pub struct FurtherTerms<'a, S: Scalar> {
    plan: &'a Plan,
    terms: Vec<Further<'a, S>>,
    /// A right-hand side of one term.
    image: Vec<S>,
}

struct Further<'a, S: Scalar> {
    plan: &'a Plan,
    power: usize,
    envelope: Envelope,
    right_hand_side: RightHandSide<'a, S>,
}

/// [∂t w] of one operator.
enum RightHandSide<'a, S: Scalar> {
    /// yKw': V = 0.
    OneBody(OneBody<'a, S>),
    /// All of it.
    Whole(Box<CumulantHierarchy<'a, S>>),
}

/// K in every slot, a block of columns of one exposed slot at a time.
struct OneBody<'a, S: Scalar> {
    model: &'a dyn Model<Scalar = S>,
    exposed: Vec<S>,
    moved: Vec<S>,
}

/// Columns of a block of one slot.
fn columns<S: Scalar>(model: &dyn Model<Scalar = S>) -> usize {
    let d = model.space().dimension().max(1);
    (PANEL / d).max(model.effort(0, 0).fewest_columns).max(1)
}

impl<'a, S: Scalar> FurtherTerms<'a, S> {
    /// The terms of a model; `initial` is F(0) in the model's own basis.
    #[must_use]
    pub fn new(model: &'a dyn Model<Scalar = S>, plans: &'a TermPlans<'a>, initial: &[S]) -> Self {
        let terms = model.further_terms().into_iter();
        let terms: Vec<_> = terms
            .filter_map(|term| Further::new(term, plans, initial))
            .collect();
        let whole = |term: &Further<'_, S>| match term.right_hand_side {
            RightHandSide::OneBody(_) => 0,
            RightHandSide::Whole(_) => term.plan.unknowns(),
        };
        let longest = terms.iter().map(whole).max().unwrap_or(0);
        Self {
            plan: plans.plan,
            terms,
            image: vec![S::from_re(0.0); longest],
        }
    }

    /// Whether nothing is added: there are no terms, or none of an order that is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// `dydt +=` what the terms add at time t: Σ_k c_k(t) times the right-hand side of the
    /// operators of each, its block (j, l) at (j, l + p_k).
    pub fn add(&mut self, t: f64, y: &[S], dydt: &mut [S]) {
        for term in &mut self.terms {
            let factor = term.envelope.at(t);
            if factor == 0.0 {
                continue;
            }
            match &mut term.right_hand_side {
                RightHandSide::OneBody(k) => {
                    for &block in term.plan.blocks() {
                        if let Some(to) = target(self.plan, block, term.power) {
                            k.add(
                                S::from_re(factor),
                                self.plan,
                                (block, y),
                                &mut dydt[to.start..to.start + to.len],
                            );
                        }
                    }
                }
                RightHandSide::Whole(hierarchy) => {
                    let len = term.plan.unknowns();
                    let image = &mut self.image[..len];
                    // Its operators do not depend on t.
                    hierarchy.rhs(t, &y[..len], image);
                    for &block in term.plan.blocks() {
                        if let Some(to) = target(self.plan, block, term.power) {
                            let from = &image[block.start..block.start + block.len];
                            let out = &mut dydt[to.start..to.start + to.len];
                            for (x, &z) in out.iter_mut().zip(from) {
                                *x += z.scaled(factor);
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Where the slope of g_{j,l} by a term with N^{−p} goes: (j, l + p).
fn target(plan: &Plan, block: Block, power: usize) -> Option<Block> {
    let index = plan.index(block.j, block.l + power)?;
    plan.blocks().get(index).copied()
}

impl<'a, S: Scalar> Further<'a, S> {
    fn new(term: Term<'a, S>, plans: &'a TermPlans<'a>, initial: &[S]) -> Option<Self> {
        let plan = plans.of(term.power)?;
        let model = term.operator;
        let right_hand_side = if model.interaction().vanishes() {
            let numbers = model.space().dimension() * columns(model);
            RightHandSide::OneBody(OneBody {
                model,
                exposed: vec![S::from_re(0.0); numbers],
                moved: vec![S::from_re(0.0); numbers],
            })
        } else {
            RightHandSide::Whole(Box::new(CumulantHierarchy::new(model, plan, initial)))
        };
        Some(Self {
            plan,
            power: term.power.exponent(),
            envelope: term.envelope,
            right_hand_side,
        })
    }
}

impl<S: Scalar> OneBody<'_, S> {
    /// `out += c K^j g_{j,l}`. Cost: one K on D × len(j−1).
    fn add(&mut self, c: S, plan: &Plan, (block, y): (Block, &[S]), out: &mut [S]) {
        if self.model.capabilities().k_is_zero {
            return;
        }
        let (layout, one) = (plan.layout(), S::from_re(1.0));
        let (d, all) = (layout.dimension(), layout.len(block.j - 1));
        let g = &y[block.start..block.start + block.len];
        let width = columns(self.model);
        for from in (0..all).step_by(width) {
            let columns = from..all.min(from + width);
            let exposed = &mut self.exposed[..d * columns.len()];
            let moved = &mut self.moved[..d * columns.len()];
            layout.one_slot_columns(block.j, g, columns.clone(), exposed);
            moved.fill(S::from_re(0.0));
            self.model
                .add_k(one, panel(d, exposed), panel_mut(d, moved));
            layout.add_slot_sum_columns(block.j, c, moved, columns, 0..d, out);
        }
    }
}

/// A system of cumulants with what further terms add to its right-hand side.
///
/// In an interaction picture only K₀ of the model is in the semigroup. The terms act in
/// the model's own basis, as they were given: where the picture has a frame the unknowns
/// leave it for them, and what they add enters it.
pub struct WithTerms<'a, S: Scalar, Y> {
    system: Y,
    terms: FurtherTerms<'a, S>,
    frame: Option<Framed<'a, S>>,
}

struct Framed<'a, S> {
    change: FrameChange<'a, S>,
    own: Vec<S>,
    slope: Vec<S>,
}

impl<'a, S: Scalar, Y> WithTerms<'a, S, Y> {
    /// That system and these terms.
    #[must_use]
    pub fn new(system: Y, terms: FurtherTerms<'a, S>) -> Self {
        Self {
            system,
            terms,
            frame: None,
        }
    }

    /// The frame that the system's unknowns are in.
    #[must_use]
    pub fn with_frame(mut self, change: FrameChange<'a, S>) -> Self {
        let zeros = vec![S::from_re(0.0); self.terms.plan.unknowns()];
        self.frame = Some(Framed {
            change,
            own: zeros.clone(),
            slope: zeros,
        });
        self
    }
}

impl<S: Scalar, Y: System<Scalar = S>> System for WithTerms<'_, S, Y> {
    type Scalar = S;

    fn blocks(&self) -> &[usize] {
        self.system.blocks()
    }

    fn rhs(&mut self, t: f64, y: &[S], dydt: &mut [S]) {
        self.system.rhs(t, y, dydt);
        let Some(Framed { change, own, slope }) = &mut self.frame else {
            return self.terms.add(t, y, dydt);
        };
        own.copy_from_slice(y);
        change.leave(own);
        slope.fill(S::from_re(0.0));
        self.terms.add(t, own, slope);
        change.enter(slope);
        for (x, &z) in dydt.iter_mut().zip(slope.iter()) {
            *x += z;
        }
    }

    fn semigroup(&mut self) -> Option<&mut dyn Semigroup<S>> {
        self.system.semigroup()
    }

    fn present(&mut self, t: f64, y: &mut [S], scratch: &mut [S]) {
        self.system.present(t, y, scratch);
    }

    fn natural_size(&self, block: usize) -> f64 {
        self.system.natural_size(block)
    }
}

/// Numbers of the two panels of a term without V.
pub(crate) fn panel_numbers<S: Scalar>(model: &dyn Model<Scalar = S>) -> usize {
    let d = model.space().dimension();
    d.saturating_mul(columns(model)).saturating_mul(2)
}
