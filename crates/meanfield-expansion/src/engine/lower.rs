//! What is kept of the tensors below the highest order: they enter every
//! product, and are smaller than the highest ones by a factor of about D. And what
//! the interaction gives to degree 1, which is found while it is linearised.

use meanfield_abstract::{Linearisation, Sources};
use meanfield_tensor::{Scalar, panel, panel_mut};

use super::interaction::Interaction;
use crate::plan::Plan;

/// By block of the plan, for orders below the highest one.
pub(super) struct Lower<S> {
    /// One slot of g_{j,l} beside the rest, D × len(j−1); empty for j = 1, where
    /// it is g_{1,l} itself.
    pub(super) exposed: Vec<Vec<S>>,
    /// For an interaction by transitions, the rates of their channels beside it: U times
    /// the exposed panel, channels × len(j−1), for j ≥ 2.
    pub(super) rates: Vec<Vec<S>>,
    /// For an interaction by transitions: Q(F, F),
    pub(super) of_state: Vec<S>,
    /// and Tr²(V g_{2,l}), by l.
    pub(super) of_pairs: Vec<Vec<S>>,
    /// ξ_{j,l}.
    pub(super) xi: Vec<Vec<S>>,
    /// For an interaction by transitions, what is contracted of g_{j,l} by the channels,
    /// channels × len(j−2), by j ≥ 3: of that l which was last worked on.
    pub(super) contracted: Vec<Vec<S>>,
    /// An image of one slot.
    pub(super) moved: Vec<S>,
}

/// Number of blocks of a plan below its highest order, F included.
fn count(plan: &Plan) -> usize {
    let order = plan.order();
    (order * (order + 1) / 2).max(1)
}

impl<S: Scalar> Lower<S> {
    pub(super) fn new(plan: &Plan, interaction: &Interaction<'_, S>) -> Self {
        let (d, zero) = (plan.layout().dimension(), S::from_re(0.0));
        let blocks = &plan.blocks()[..count(plan)];
        let columns = |j: usize| plan.layout().len(j - 1);
        let channels = interaction.transitions().map_or(0, |list| list.channels());
        let exposed = |j| if j == 1 { 0 } else { d * columns(j) };
        let rates = |j| if j == 1 { 0 } else { channels * columns(j) };
        let source = if interaction.transitions().is_some() {
            d
        } else {
            0
        };
        let widest = blocks.iter().map(|b| columns(b.j)).max().unwrap_or(1);
        Self {
            exposed: blocks.iter().map(|b| vec![zero; exposed(b.j)]).collect(),
            rates: blocks.iter().map(|b| vec![zero; rates(b.j)]).collect(),
            of_state: vec![zero; source],
            of_pairs: vec![vec![zero; source]; plan.order()],
            xi: blocks.iter().map(|b| vec![zero; b.len]).collect(),
            contracted: (0..=plan.order() + 1)
                .map(|j| match j {
                    0..=2 => Vec::new(),
                    _ => vec![zero; channels * plan.layout().len(j - 2)],
                })
                .collect(),
            moved: vec![zero; d * widest],
        }
    }

    /// Moves an operator that is linearised about g_{1,l} to a state, and finds the
    /// sources beside it, for an interaction by transitions: all of it is the work of one
    /// pass over the rates. `room` is overwritten.
    pub(super) fn linearise(
        &mut self,
        (plan, interaction): (&Plan, &Interaction<'_, S>),
        l: usize,
        operator: Option<&mut (dyn Linearisation<S> + '_)>,
        y: &[S],
        room: &mut [S],
    ) {
        let Some(g) = plan.slice(y, 1, l) else {
            return;
        };
        let list = interaction.transitions();
        let mut sources = Sources {
            room,
            ..Sources::none()
        };
        if list.is_some() {
            if l == 0 {
                sources.of_state = &mut self.of_state;
            }
            if let (Some(pairs), Some(of_pairs)) = (plan.slice(y, 2, l), self.of_pairs.get_mut(l)) {
                (sources.pairs, sources.of_pairs) = (Some(pairs), of_pairs);
            }
            sources.of_state.fill(S::from_re(0.0));
            sources.of_pairs.fill(S::from_re(0.0));
        }
        let found = operator.is_some_and(|operator| operator.update_with(g, &mut sources));
        if let (false, Some(list)) = (found, list) {
            list.add_sources(g, &mut sources);
        }
    }

    /// Unpacks a state.
    pub(super) fn update(&mut self, plan: &Plan, interaction: &Interaction<'_, S>, y: &[S]) {
        let (layout, zero) = (plan.layout(), S::from_re(0.0));
        let d = layout.dimension();
        let kept = self.exposed.iter_mut().zip(&mut self.rates);
        for ((exposed, rates), block) in kept.zip(plan.blocks()) {
            let g = &y[block.start..block.start + block.len];
            if block.j == 1 {
                continue;
            }
            layout.one_slot(block.j, g, exposed);
            if let Some(list) = interaction.transitions() {
                rates.fill(zero);
                let rates = panel_mut(list.channels(), rates);
                list.add_rates(S::from_re(1.0), panel(d, exposed), rates);
            }
        }
    }

    /// One slot of g_{j,l} beside the rest.
    pub(super) fn exposed<'a>(&'a self, plan: &Plan, y: &'a [S], j: usize, l: usize) -> &'a [S] {
        let index = plan.index(j, l).filter(|&k| k < self.exposed.len());
        match index.map(|k| self.exposed[k].as_slice()) {
            Some([]) | None => plan.slice(y, j, l).unwrap_or(&[]),
            Some(exposed) => exposed,
        }
    }

    /// ξ_{j,l}, below the highest order.
    pub(super) fn xi(&self, plan: &Plan, j: usize, l: usize) -> Option<&[S]> {
        let index = plan.index(j, l)?;
        self.xi.get(index).map(Vec::as_slice)
    }

    /// The rates beside g_{j,l}, below the highest order.
    pub(super) fn rates(&self, plan: &Plan, j: usize, l: usize) -> &[S] {
        let index = plan.index(j, l).filter(|&k| k < self.rates.len());
        index.map_or(&[], |k| &self.rates[k])
    }
}
