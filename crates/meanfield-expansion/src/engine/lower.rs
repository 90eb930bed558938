//! What is kept of the tensors below the highest order: they enter every
//! product, and are smaller than the highest ones by a factor of about D.

use meanfield_tensor::{Scalar, panel, panel_mut};

use super::interaction::Interaction;
use crate::plan::Plan;

/// By block of the plan, for orders below the highest one.
pub(super) struct Lower<S> {
    /// One slot of g_{j,l} beside the rest, D × len(j−1); empty for j = 1, where
    /// it is g_{1,l} itself.
    pub(super) exposed: Vec<Vec<S>>,
    /// For an interaction by transitions, their rates beside it: W times the
    /// exposed panel, transitions × len(j−1); of F and of every j ≥ 2.
    pub(super) rates: Vec<Vec<S>>,
    /// ξ_{j,l}.
    pub(super) xi: Vec<Vec<S>>,
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
        let (d, zero) = (plan.ladder().dimension(), S::from_re(0.0));
        let blocks = &plan.blocks()[..count(plan)];
        let columns = |j: usize| plan.ladder().len(j - 1);
        let transitions = interaction.transitions().map_or(0, |list| list.len());
        let exposed = |j| if j == 1 { 0 } else { d * columns(j) };
        let rates = |j, l| match (j, l) {
            (1, 1..) => 0,
            _ => transitions * columns(j),
        };
        let widest = blocks.iter().map(|b| columns(b.j)).max().unwrap_or(1);
        Self {
            exposed: blocks.iter().map(|b| vec![zero; exposed(b.j)]).collect(),
            rates: blocks.iter().map(|b| vec![zero; rates(b.j, b.l)]).collect(),
            xi: blocks.iter().map(|b| vec![zero; b.len]).collect(),
            moved: vec![zero; d * widest],
        }
    }

    /// Unpacks a state.
    pub(super) fn update(&mut self, plan: &Plan, interaction: &Interaction<'_, S>, y: &[S]) {
        let (ladder, zero) = (plan.ladder(), S::from_re(0.0));
        let d = ladder.dimension();
        let kept = self.exposed.iter_mut().zip(&mut self.rates);
        for ((exposed, rates), block) in kept.zip(plan.blocks()) {
            let g = &y[block.start..block.start + block.len];
            let exposed = if block.j == 1 {
                g
            } else {
                ladder.one_slot(block.j, g, exposed);
                exposed
            };
            if let Some(list) = interaction.transitions()
                && !rates.is_empty()
            {
                rates.fill(zero);
                let rates = panel_mut(list.len(), rates);
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

    /// The rates beside g_{j,l}, below the highest order.
    pub(super) fn rates(&self, plan: &Plan, j: usize, l: usize) -> &[S] {
        let index = plan.index(j, l).filter(|&k| k < self.rates.len());
        index.map_or(&[], |k| &self.rates[k])
    }
}
