//! All that a block of work reads: the operators of the model, and what is kept of a
//! state.

use meanfield_abstract::{Linearisation, Model};
use meanfield_tensor::{Scalar, panel, panel_mut};

use super::interaction::{self, PairAction};
use super::products::by_degree_one::set_xi_by_degree_one;
use super::state::{Label, State, add, splittings};
use super::work::buffers::Buffers;
use super::work::lower::Lower;
use crate::plan::Plan;

pub(super) struct Equations<'a, S: Scalar> {
    pub(super) model: &'a dyn Model<Scalar = S>,
    pub(super) plan: &'a Plan,
    pub(super) interaction: Box<dyn PairAction<S> + 'a>,
    /// Δ_1 about g_{1,l}, l = 0 … n−1; at order 1 K + Δ_1 serves all there is.
    delta: Vec<Box<dyn Linearisation<S> + 'a>>,
    /// K + Δ_1 about F, for the highest order: its ξ is needed nowhere else.
    /// None at order 0, where nothing of the size D² is needed.
    generator: Option<Box<dyn Linearisation<S> + 'a>>,
    pub(super) lower: Lower<S>,
}

/// The l of the first Δ_1.
fn first_delta(plan: &Plan) -> usize {
    usize::from(plan.order() == 1)
}

impl<'a, S: Scalar> Equations<'a, S> {
    pub(super) fn new(model: &'a dyn Model<Scalar = S>, plan: &'a Plan, buffers: &Buffers) -> Self {
        Self {
            model,
            plan,
            interaction: interaction::of(model, plan.order(), buffers),
            delta: (first_delta(plan)..plan.order())
                .map(|_| model.interaction().linearisation())
                .collect(),
            generator: (plan.order() > 0).then(|| model.linearised_generator()),
            lower: Lower::new(buffers),
        }
    }

    pub(super) fn state<'b>(&'b self, y: &'b [S]) -> State<'b, S> {
        State {
            plan: self.plan,
            y,
            lower: &self.lower,
        }
    }

    /// Whether g_{j,l} is of the order n at which the expansion is cut. F
    /// itself never is: its equation is not linear.
    pub(super) fn is_highest(&self, (j, l): Label) -> bool {
        j - 1 + l == self.plan.order() && self.plan.order() > 0
    }

    /// The interaction linearised about g_{1,l}; at the highest order, about F, with K.
    pub(super) fn linearised(&self, label: Label, l: usize) -> &dyn Linearisation<S> {
        match &self.generator {
            Some(generator) if l == 0 && self.is_highest(label) => &**generator,
            _ => &*self.delta[l - first_delta(self.plan)],
        }
    }

    /// Moves the linearisations and the panels of lower order to a state; `room` is
    /// overwritten.
    pub(super) fn update(&mut self, y: &[S], room: &mut [S]) {
        let (plan, interaction) = (self.plan, &mut self.interaction);
        for (l, delta) in (first_delta(plan)..).zip(&mut self.delta) {
            interaction.linearise((plan, y), l, Some(&mut **delta), room);
        }
        // K + Δ_1 is all that is linearised about F below order 2; from there on Δ_1 is
        // too, and has found the sources.
        let generator = self.generator.as_deref_mut();
        if plan.order() < 2 {
            interaction.linearise((plan, y), 0, generator, room);
        } else if let Some(generator) = generator {
            generator.update(&y[..plan.layout().dimension()]);
        }
        self.lower.update(plan, y);
        interaction.update(&self.lower.exposed);
    }

    /// `out +=` below the highest order, where it does not go with ξ, what else is
    /// a sum over one slot: yKw', and those products of −ξ·(n w) in which one
    /// factor has degree 1.
    pub(super) fn add_free(&mut self, y: &[S], (j, l): Label, out: &mut [S]) {
        let k_is_zero = self.model.capabilities().k_is_zero;
        if j == 1 && k_is_zero {
            return;
        }
        let (layout, one) = (self.plan.layout(), S::from_re(1.0));
        let (d, columns) = (layout.dimension(), layout.len(j - 1));
        let mut image = std::mem::take(&mut self.lower.moved);
        let moved = &mut image[..d * columns];
        let state = self.state(y);
        set_xi_by_degree_one(state, (j, l), 0..columns, moved);
        if !k_is_zero {
            let exposed = panel(d, state.exposed(j, l));
            self.model.add_k(one, exposed, panel_mut(d, moved));
        }
        layout.add_slot_sum(j, one, moved, out);
        self.lower.moved = image;
    }

    /// `out += [−(1/N) nξ − ξ·(n w)]_{j,l}` without those products that the
    /// passes have summed.
    pub(super) fn add_xi_products(&self, y: &[S], (j, l): Label, out: &mut [S]) {
        let (state, layout) = (self.state(y), self.plan.layout());
        if l > 0
            && let Some(x) = state.xi(j, l - 1)
        {
            add(-(j as f64), x, out);
        }
        let summed = if self.is_highest((j, l)) { 2 } else { 1 };
        for splitting in splittings(j, l) {
            let (j1, _, j2, _) = splitting;
            if j1.min(j2) > summed
                && let Some((x, g)) = state.xi_and_cumulant(splitting)
            {
                let minus = S::from_re(-(j2 as f64));
                layout.add_product((j1, x), (j2, g), minus, out);
            }
        }
    }
}
