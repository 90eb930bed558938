//! Packed tensors of the engine to slices of the user's arrays.

use std::collections::BTreeMap;

use meanfield::abstract_model::{Model, to_user};
use meanfield::tensor::{Ladder, Scalar};

use super::layout::{Layout, What};
use crate::arrays::{ArrayError, ResultFile, SavedArray};

/// The large arrays of a run while they grow.
pub(super) struct Writer<'a> {
    result: &'a mut ResultFile,
    numbers: BTreeMap<What, usize>,
}

impl<'a> Writer<'a> {
    /// The arrays of the layout in a result that was restored.
    pub(super) fn restored(result: &'a mut ResultFile, layout: &Layout) -> Self {
        let each = layout.written.iter().enumerate();
        let numbers = each.map(|(number, planned)| (planned.what, number));
        Self {
            numbers: numbers.collect(),
            result,
        }
    }

    /// What a checkpoint keeps of the arrays.
    pub(super) fn save(&mut self) -> Result<Vec<SavedArray>, ArrayError> {
        self.result.save()
    }

    /// Announces every array of the layout.
    pub(super) fn new(result: &'a mut ResultFile, layout: &Layout) -> Result<Self, ArrayError> {
        let mut numbers = BTreeMap::new();
        for planned in &layout.written {
            let what = planned.what;
            let mut shape = vec![layout.times.len()];
            shape.extend(std::iter::repeat_n(layout.dimension, what.degree()));
            let number = result.declare(&what.name(), layout.kind, &shape)?;
            numbers.insert(what, number);
        }
        Ok(Self { result, numbers })
    }

    /// Appends one time slice, given as a packed tensor.
    pub(super) fn append<S: Scalar>(
        &mut self,
        what: What,
        model: &dyn Model<Scalar = S>,
        ladder: &Ladder,
        packed: &[S],
    ) -> Result<(), ArrayError> {
        let Some(&number) = self.numbers.get(&what) else {
            return Ok(());
        };
        let dense = to_user(model, ladder, what.degree(), packed);
        self.result.append(number, dense.iter().copied())
    }
}
