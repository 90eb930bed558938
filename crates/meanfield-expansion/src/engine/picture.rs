//! The hierarchy in the interaction picture of the part K₀ of K that a model
//! can exponentiate, [`Semigroup`].
//!
//! The unknowns are the cumulants in the frame of K₀, the right-hand side is that
//! of the model without K₀, and (e^{τK₀})^{⊗j}, τ ≥ 0, carries g_{j,l} along a
//! step. Nothing of this is seen outside: starts enter the frame, outputs leave
//! it.

mod slots;

use meanfield_abstract::{Frame, Propagator, Semigroup, Start};
use meanfield_ode::System;
use meanfield_tensor::Scalar;

pub(super) use self::slots::{STATES, all_slots};
use self::slots::{apply_to_all, grown, multiply_all, slots_len};
use super::hierarchy::CumulantHierarchy;
use crate::initial::fill_initial;
use crate::plan::Plan;

/// ∂t w = K₀ w + (the hierarchy without K₀), with K₀ split off.
pub struct InteractionPicture<'a, S: Scalar> {
    hierarchy: CumulantHierarchy<'a, S>,
    semigroup: &'a dyn Semigroup<S>,
    plan: &'a Plan,
    slots: Vec<S>,
    /// The increment at hand and e^{τK₀} of it: a step applies each many times.
    ready: Option<(f64, Propagator<'a, S>)>,
    /// When the solve begins, and from what.
    given: Option<(f64, &'a Start<S>)>,
}

impl<'a, S: Scalar> InteractionPicture<'a, S> {
    /// The hierarchy of a model by its semigroup; `initial` is F(0) in the
    /// model's own basis.
    #[must_use]
    pub fn new(semigroup: &'a dyn Semigroup<S>, plan: &'a Plan, initial: &[S]) -> Self {
        let mut f = initial.to_vec();
        if let Some(frame) = semigroup.frame() {
            frame.enter(&mut f);
        }
        Self {
            hierarchy: CumulantHierarchy::new(semigroup.rest(), plan, &f),
            semigroup,
            plan,
            slots: Vec::new(),
            ready: None,
            given: None,
        }
    }

    /// Lets the start at that time be seen as it was given, without a way into the
    /// frame and back.
    #[must_use]
    pub fn with_start(mut self, time: f64, start: &'a Start<S>) -> Self {
        self.given = Some((time, start));
        self
    }
}

/// The way of the unknowns into the frame and back.
pub struct FrameChange<'a, S> {
    frame: Option<&'a dyn Frame<S>>,
    plan: &'a Plan,
    slots: Vec<S>,
}

impl<'a, S: Scalar> FrameChange<'a, S> {
    /// For the unknowns of that plan.
    #[must_use]
    pub fn new(semigroup: &'a dyn Semigroup<S>, plan: &'a Plan) -> Self {
        Self {
            frame: semigroup.frame(),
            plan,
            slots: Vec::new(),
        }
    }

    /// Cumulants in the model's own basis become unknowns, in place.
    pub fn enter(&mut self, y: &mut [S]) {
        if let Some(frame) = self.frame {
            let slots = grown(&mut self.slots, self.plan);
            apply_to_all(self.plan, &|states| frame.enter(states), slots, y);
        }
    }

    /// Unknowns become cumulants in the model's own basis, in place.
    pub fn leave(&mut self, y: &mut [S]) {
        if let Some(frame) = self.frame {
            let slots = grown(&mut self.slots, self.plan);
            apply_to_all(self.plan, &|states| frame.leave(states), slots, y);
        }
    }
}

impl<S: Scalar> System for InteractionPicture<'_, S> {
    type Scalar = S;

    fn blocks(&self) -> &[usize] {
        self.hierarchy.blocks()
    }

    fn rhs(&mut self, t: f64, y: &[S], dydt: &mut [S]) {
        self.hierarchy.rhs(t, y, dydt);
    }

    fn semigroup(&mut self) -> Option<&mut dyn meanfield_ode::Semigroup<S>> {
        Some(self)
    }

    /// Leaves the frame, in what the integrator has no use for at the moment, where
    /// that is enough.
    fn present(&mut self, t: f64, y: &mut [S], scratch: &mut [S]) {
        let Some(frame) = self.semigroup.frame() else {
            return;
        };
        if let Some((time, start)) = self.given
            && time == t
        {
            return fill_initial(self.plan, start, y);
        }
        let enough = slots_len(self.plan).is_some_and(|len| len <= scratch.len());
        let slots = match enough {
            true => scratch,
            false => grown(&mut self.slots, self.plan),
        };
        apply_to_all(self.plan, &|states| frame.leave(states), slots, y);
    }

    fn natural_size(&self, block: usize) -> f64 {
        self.hierarchy.natural_size(block)
    }
}

impl<S: Scalar> meanfield_ode::Semigroup<S> for InteractionPicture<'_, S> {
    /// (e^{τK₀})^{⊗j} on every g_{j,l}. Cost: one product for each entry and index
    /// where K₀ is diagonal, else one application to D·len(j−1) numbers for each
    /// of the first two slots, and up to D times as many for every further one.
    fn propagate(&mut self, tau: f64, y: &mut [S]) {
        let propagator = match self.ready.take() {
            Some((at, propagator)) if at == tau => propagator,
            _ => self.semigroup.at(tau),
        };
        match &propagator {
            Propagator::Diagonal(factors) => {
                multiply_all(self.plan, factors, y);
            }
            Propagator::States(act) => {
                apply_to_all(self.plan, act, grown(&mut self.slots, self.plan), y);
            }
        }
        self.ready = Some((tau, propagator));
    }
}

#[cfg(test)]
mod tests;
