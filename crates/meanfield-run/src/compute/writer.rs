//! Packed tensors of the engine to slices of the user's arrays.

use std::collections::BTreeMap;

use meanfield::abstract_model::{Model, to_user};
use meanfield::tensor::{Scalar, SymmetricLayout};

use super::outputs::{OutputPlan, What};
use crate::arrays::{ArrayError, ResultFile, SavedArray};

/// The large arrays of a run while they grow.
pub(super) struct Writer<'a> {
    result: &'a mut ResultFile,
    numbers: BTreeMap<What, usize>,
}

impl<'a> Writer<'a> {
    /// The arrays of the outputs in a result that was restored.
    pub(super) fn restored(result: &'a mut ResultFile, outputs: &OutputPlan) -> Self {
        let each = outputs.written.iter().enumerate();
        let numbers = each.map(|(number, planned)| (planned.what, number));
        Self {
            numbers: numbers.collect(),
            result,
        }
    }

    /// Leaves the first output times alone.
    pub(super) fn cut(&mut self, times: usize) -> Result<(), ArrayError> {
        self.result.cut(times)
    }

    /// What a checkpoint keeps of the arrays.
    pub(super) fn save(&mut self) -> Result<Vec<SavedArray>, ArrayError> {
        self.result.save()
    }

    /// Announces every array of the outputs.
    pub(super) fn new(
        result: &'a mut ResultFile,
        outputs: &OutputPlan,
    ) -> Result<Self, ArrayError> {
        let mut numbers = BTreeMap::new();
        for planned in &outputs.written {
            let what = planned.what;
            let mut shape = vec![outputs.times.len()];
            shape.extend(std::iter::repeat_n(outputs.dimension, what.degree()));
            let number = result.declare(&what.name(), outputs.kind, &shape)?;
            numbers.insert(what, number);
        }
        Ok(Self { result, numbers })
    }

    /// Appends one time slice, given as a packed tensor.
    pub(super) fn append<S: Scalar>(
        &mut self,
        what: What,
        model: &dyn Model<Scalar = S>,
        layout: &SymmetricLayout,
        packed: &[S],
    ) -> Result<(), ArrayError> {
        let Some(&number) = self.numbers.get(&what) else {
            return Ok(());
        };
        let dense = to_user(model, layout, what.degree(), packed);
        self.result.append(number, dense.iter().copied())
    }
}
