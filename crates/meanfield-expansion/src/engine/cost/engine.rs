//! The engine of a model and an order, in numbers.

use meanfield_abstract::{Effort, Model};
use meanfield_tensor::{Scalar, packed_len};

use crate::engine::interaction;
use crate::engine::lanes::LANES;
use crate::engine::work::buffers::Buffers;
use crate::plan::Plan;

pub(super) struct Engine<'a, S: Scalar> {
    pub(super) model: &'a dyn Model<Scalar = S>,
    /// Bytes of a number.
    pub(super) size: usize,
    pub(super) unknowns: usize,
    /// Of the model's operators on the panels that come.
    pub(super) effort: Effort,
    pub(super) buffers: Buffers,
}

impl<'a, S: Scalar> Engine<'a, S> {
    /// `None` where it cannot be counted.
    pub(super) fn new(model: &'a dyn Model<Scalar = S>, order: usize) -> Option<Self> {
        let d = model.space().dimension();
        let size = size_of::<S>();
        let unknowns = Plan::cost(d, order, size).ok()?.unknowns;
        let lens: Option<Vec<usize>> = (0..=order + 1).map(|j| packed_len(d, j)).collect();
        let fewest = model.effort(0, 0).fewest_columns;
        let needs = interaction::needs(model, order);
        let buffers = Buffers::new(lens?, unknowns, fewest, needs);
        let pairs = if order > 1 { LANES } else { 0 };
        Some(Self {
            model,
            size,
            unknowns,
            effort: model.effort(buffers.widest(), pairs),
            buffers,
        })
    }
}
