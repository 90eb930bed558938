//! What is kept of the tensors below the highest order: they enter every product, and
//! are smaller than the highest ones by a factor of about D.

use meanfield_tensor::Scalar;

use super::buffers::Buffers;
use crate::plan::Plan;

/// By block of the plan, for orders below the highest one.
pub(crate) struct Lower<S> {
    /// One slot of g_{j,l} beside the rest, D × len(j−1); empty for j = 1, where
    /// it is g_{1,l} itself.
    pub(crate) exposed: Vec<Vec<S>>,
    /// ξ_{j,l}.
    pub(crate) xi: Vec<Vec<S>>,
    /// An image of one slot.
    pub(crate) moved: Vec<S>,
}

impl<S: Scalar> Lower<S> {
    pub(crate) fn new(buffers: &Buffers) -> Self {
        let zeros = |len| vec![S::from_re(0.0); len];
        let below = || buffers.below();
        Self {
            exposed: below().map(|j| zeros(buffers.exposed(j))).collect(),
            xi: below().map(|j| zeros(buffers.xi(j))).collect(),
            moved: zeros(buffers.moved()),
        }
    }

    /// Unpacks a state.
    pub(crate) fn update(&mut self, plan: &Plan, y: &[S]) {
        for (exposed, block) in self.exposed.iter_mut().zip(plan.blocks()) {
            if block.j > 1 {
                let g = &y[block.start..block.start + block.len];
                plan.layout().one_slot(block.j, g, exposed);
            }
        }
    }
}
