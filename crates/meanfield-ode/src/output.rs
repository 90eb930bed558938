//! The caller's `output`, of any error type, behind one type that the integrators
//! are compiled for once per scalar, and not once per caller.

use crate::OdeError;

/// Why an integration ended early.
pub(crate) enum Ended {
    /// The integration itself failed.
    Failed(OdeError),
    /// `output` returned an error, which [`collected`] holds.
    ByOutput,
}

impl From<OdeError> for Ended {
    fn from(error: OdeError) -> Self {
        Self::Failed(error)
    }
}

/// What the integrators hand their results to.
pub(crate) type Output<'a, S> = dyn FnMut(usize, &[S]) -> Result<(), Ended> + 'a;

/// Runs `integrate` with `output` and returns the error of whichever failed.
pub(crate) fn collected<S, T, E: From<OdeError>>(
    mut output: impl FnMut(usize, &[S]) -> Result<(), E>,
    integrate: impl FnOnce(&mut Output<'_, S>) -> Result<T, Ended>,
) -> Result<T, E> {
    let mut refused = None;
    let ended = integrate(&mut |k, y| {
        output(k, y).map_err(|error| {
            refused = Some(error);
            Ended::ByOutput
        })
    });
    match (ended, refused) {
        (Ok(value), _) => Ok(value),
        (Err(_), Some(error)) => Err(error),
        (Err(Ended::Failed(error)), None) => Err(error.into()),
        (Err(Ended::ByOutput), None) => unreachable!("only a refusal ends by output"),
    }
}
