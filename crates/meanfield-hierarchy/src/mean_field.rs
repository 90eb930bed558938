//! The mean-field equation ∂t F = K F + Q(F,F), (16), (102), and its flow; with the
//! further terms of a model that have no power of 1/N beside the usual one,
//!
//! ```math
//! \partial_t F = K F + Q(F,F) + \sum_{k:\ p_k = 0} c_k(t) \big( K_k F + Q_k(F,F) \big).
//! ```

use meanfield_abstract::{Model, Power, Term};
use meanfield_ode::{Options, System, integrate};
use meanfield_tensor::{Scalar, panel, panel_mut};

use crate::error::{HierarchyError, require_length};

/// The mean-field equation of a model: one block of D unknowns.
pub struct MeanField<'a, S: Scalar> {
    model: &'a dyn Model<Scalar = S>,
    /// The further terms that move F.
    further: Vec<Term<'a, S>>,
    blocks: [usize; 1],
}

impl<'a, S: Scalar> MeanField<'a, S> {
    /// The equation of that model.
    #[must_use]
    pub fn new(model: &'a dyn Model<Scalar = S>) -> Self {
        let mut further = model.further_terms();
        further.retain(|term| term.power == Power::Zero);
        Self {
            further,
            ..Self::of_operators(model)
        }
    }

    /// The same of K and V alone.
    pub(crate) fn of_operators(model: &'a dyn Model<Scalar = S>) -> Self {
        Self {
            model,
            further: Vec::new(),
            blocks: [model.space().dimension()],
        }
    }

    /// `out += c (K F + Q(F,F))`, D → D, and the same of every further term that moves F,
    /// times its c_k(t): that is all that depends on t. Cost: K and Q on one column each.
    ///
    /// # Errors
    /// [`HierarchyError::Length`] when a slice does not have D entries.
    pub fn add_rhs(&self, t: f64, c: S, f: &[S], out: &mut [S]) -> Result<(), HierarchyError> {
        require_length("F", f, self.blocks[0])?;
        require_length("the slope of F", out, self.blocks[0])?;
        add_operators(self.model, c, f, out);
        for term in &self.further {
            add_operators(term.operator, c.scaled(term.envelope.at(t)), f, out);
        }
        Ok(())
    }
}

impl<S: Scalar> System for MeanField<'_, S> {
    type Scalar = S;

    fn blocks(&self) -> &[usize] {
        &self.blocks
    }

    fn rhs(&mut self, t: f64, y: &[S], dydt: &mut [S]) {
        dydt.fill(S::from_re(0.0));
        self.add_rhs(t, S::from_re(1.0), y, dydt)
            .expect("the one block has D entries");
    }
}

/// `out += c (K F + Q(F,F))` of K and V alone.
fn add_operators<S: Scalar>(model: &dyn Model<Scalar = S>, c: S, f: &[S], out: &mut [S]) {
    let d = model.space().dimension();
    let (state, mut slope) = (panel(d, f), panel_mut(d, out));
    if !model.capabilities().k_is_zero {
        model.add_k(c, state, slope.view_mut());
    }
    if !model.interaction().vanishes() {
        model.interaction().add_q_product(c, state, state, slope);
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
