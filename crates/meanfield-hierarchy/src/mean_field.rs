//! The mean-field equation ∂t F = K F + Q(F,F), (16), (102), and its flow.

use meanfield_abstract::Model;
use meanfield_ode::{Options, System, integrate};
use meanfield_tensor::Scalar;
use ndarray::{ArrayView2, ArrayViewMut2};

use crate::error::{HierarchyError, require_length};

/// The mean-field equation of a model: one block of D unknowns.
pub struct MeanField<'a, S: ?Sized> {
    model: &'a dyn Model<Scalar = S>,
    blocks: [usize; 1],
}

impl<'a, S: Scalar> MeanField<'a, S> {
    /// The equation of that model.
    #[must_use]
    pub fn new(model: &'a dyn Model<Scalar = S>) -> Self {
        Self {
            model,
            blocks: [model.space().dimension()],
        }
    }

    /// `out += c (K F + Q(F,F))`, D → D. Cost: K and Q on one column.
    ///
    /// # Panics
    /// When a slice does not have D entries.
    pub fn add_rhs(&self, c: S, f: &[S], out: &mut [S]) {
        let d = self.blocks[0];
        assert!(
            f.len() == d && out.len() == d,
            "F and its slope have D entries"
        );
        let (Ok(state), Ok(mut slope)) = (
            ArrayView2::from_shape((d, 1), f),
            ArrayViewMut2::from_shape((d, 1), out),
        ) else {
            unreachable!("the lengths were checked");
        };
        if !self.model.capabilities().k_is_zero {
            self.model.add_k(c, state, slope.view_mut());
        }
        self.model
            .interaction()
            .add_q_product(c, state, state, slope);
    }
}

impl<S: Scalar> System for MeanField<'_, S> {
    type Scalar = S;

    fn blocks(&self) -> &[usize] {
        &self.blocks
    }

    fn rhs(&mut self, _t: f64, y: &[S], dydt: &mut [S]) {
        dydt.fill(S::from_re(0.0));
        self.add_rhs(S::from_re(1.0), y, dydt);
    }
}

/// F at each of `times`, from F at `times[0]`.
///
/// # Errors
/// [`HierarchyError::Length`] unless F has D entries; [`HierarchyError::Ode`].
pub fn mean_field_flow<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    f: &[S],
    times: &[f64],
    options: &Options,
) -> Result<Vec<Vec<S>>, HierarchyError> {
    require_length("F", f, model.space().dimension())?;
    let mut states = Vec::with_capacity(times.len());
    integrate(&mut MeanField::new(model), f, times, options, |_, y| {
        states.push(y.to_vec());
        Ok::<(), HierarchyError>(())
    })?;
    Ok(states)
}
