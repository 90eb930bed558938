//! The mean-field flow ∂t F = K F + Q(F,F) (102), for tests of models.

use meanfield_abstract::Model;
use meanfield_ode::{OdeError, Options, System, integrate};
use ndarray::{ArrayView2, ArrayViewMut2};

struct MeanField<'a, M> {
    model: &'a M,
    blocks: [usize; 1],
}

impl<M: Model<Scalar = f64>> System for MeanField<'_, M> {
    type Scalar = f64;
    fn blocks(&self) -> &[usize] {
        &self.blocks
    }
    fn rhs(&mut self, _t: f64, y: &[f64], dydt: &mut [f64]) {
        dydt.fill(0.0);
        let f = ArrayView2::from_shape((y.len(), 1), y).unwrap();
        let mut out = ArrayViewMut2::from_shape((y.len(), 1), dydt).unwrap();
        self.model.add_k(1.0, f, out.view_mut());
        self.model.interaction().add_q_product(1.0, f, f, out);
    }
}

/// F at each of `times`, the first of which is the start.
pub(crate) fn mean_field<M: Model<Scalar = f64>>(
    model: &M,
    start: &[f64],
    times: &[f64],
) -> Vec<Vec<f64>> {
    let mut system = MeanField {
        model,
        blocks: [start.len()],
    };
    let mut states = Vec::new();
    integrate(&mut system, start, times, &Options::default(), |_, y| {
        states.push(y.to_vec());
        Ok::<(), OdeError>(())
    })
    .unwrap();
    states
}
