//! The whole state of an integration between two steps, to go on from later
//! with the same bits.

use std::cell::RefCell;
use std::fmt;
use std::time::Instant;

use meanfield_tensor::Scalar;
use num_complex::Complex64;

use super::{FIRST_ERROR, Observer, Progress, Statistics};
use crate::OdeError;

/// Everything [`integrate`](crate::integrate) knows after an accepted step:
/// y(t), f(t, y(t)) and the history of the step control. An integration of the
/// same system to the same output times that goes on from it
/// ([`Progress::resume`](crate::Progress::resume)) takes the same steps, to
/// the last bit, as if it had never stopped. Complex numbers are stored as re, im.
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Snapshot {
    /// Time reached.
    pub time: f64,
    /// Length of the next step.
    pub step: f64,
    /// Error of the last step, which the controller remembers.
    pub previous_error: f64,
    /// Number of output times that were handed out.
    pub outputs: usize,
    /// Cost so far.
    pub statistics: Statistics,
    /// The largest size that each block has had.
    pub largest: Vec<f64>,
    /// y(t).
    pub state: Vec<f64>,
    /// f(t, y(t)): the first stage of the next step.
    pub slope: Vec<f64>,
}

/// Numbers stored for each scalar.
fn parts<S: Scalar>() -> usize {
    1 + usize::from(S::IS_COMPLEX)
}

fn flat<S: Scalar>(values: &[S]) -> Vec<f64> {
    let mut out = Vec::with_capacity(values.len() * parts::<S>());
    for z in values.iter().map(|x| x.to_complex()) {
        out.push(z.re);
        if S::IS_COMPLEX {
            out.push(z.im);
        }
    }
    out
}

impl Snapshot {
    /// Copies y and f to where the integrator keeps them.
    pub(super) fn load<S: Scalar>(&self, state: &mut [S], slope: &mut [S]) {
        let step = parts::<S>();
        for (from, to) in [(&self.state, state), (&self.slope, slope)] {
            for (x, pair) in to.iter_mut().zip(from.chunks_exact(step)) {
                *x = S::from_complex(Complex64::new(pair[0], pair[step - 1]));
            }
        }
    }
}

/// What an observer may do with the integration it watches.
pub(super) trait Watched {
    fn snapshot(&self) -> Snapshot;
    fn resume(&self, snapshot: Snapshot) -> Result<(), OdeError>;
}

/// The integrator's variables, lent to the observer.
pub(super) struct Moment<'a, S> {
    pub(super) time: f64,
    pub(super) step: f64,
    pub(super) previous_error: f64,
    pub(super) outputs: usize,
    pub(super) statistics: Statistics,
    pub(super) largest: &'a [f64],
    pub(super) state: &'a [S],
    pub(super) slope: &'a [S],
    /// The output times still to come, and the place of a snapshot to go on
    /// from: before the first step only.
    pub(super) wanted: Option<(&'a [f64], &'a RefCell<Option<Snapshot>>)>,
}

impl<S: Scalar> Watched for Moment<'_, S> {
    fn snapshot(&self) -> Snapshot {
        Snapshot {
            time: self.time,
            step: self.step,
            previous_error: self.previous_error,
            outputs: self.outputs,
            statistics: self.statistics,
            largest: self.largest.to_vec(),
            state: flat(self.state),
            slope: flat(self.slope),
        }
    }

    fn resume(&self, snapshot: Snapshot) -> Result<(), OdeError> {
        let refuse = |reason: String| Err(OdeError::Snapshot { reason });
        let Some((times, place)) = self.wanted else {
            return refuse("the integration has begun already".to_owned());
        };
        let unknowns = self.state.len() * parts::<S>();
        for (what, found, expected) in [
            ("y", snapshot.state.len(), unknowns),
            ("f", snapshot.slope.len(), unknowns),
            ("sizes", snapshot.largest.len(), self.largest.len()),
        ] {
            if found != expected {
                return refuse(format!("{what}: {found} numbers, expected {expected}"));
            }
        }
        let end = times.last().copied().unwrap_or(self.time);
        let before = snapshot.outputs.checked_sub(1).and_then(|k| times.get(k));
        let after = times.get(snapshot.outputs).copied();
        let sound = (self.time..=end).contains(&snapshot.time)
            && snapshot.step > 0.0
            && before.is_some_and(|&t| t <= snapshot.time)
            && after.is_none_or(|t| t > snapshot.time);
        if !sound {
            let (time, outputs) = (snapshot.time, snapshot.outputs);
            return refuse(format!("t = {time} after {outputs} outputs does not fit"));
        }
        place.replace(Some(snapshot));
        Ok(())
    }
}

/// A [`Watched`] behind [`Progress`](crate::Progress).
#[derive(Clone, Copy)]
pub(super) struct Handle<'a>(pub(super) &'a dyn Watched);

impl fmt::Debug for Handle<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("..")
    }
}
/// Shows the observer where the integration is.
pub(super) fn report<S: Scalar>(
    observer: &mut Observer<'_>,
    moment: &Moment<'_, S>,
    (start, end): (f64, f64),
    clock: Instant,
) -> Result<(), OdeError> {
    let time = moment.time;
    let progress = Progress {
        time,
        start,
        end,
        steps: moment.statistics.steps,
        rhs_evaluations: moment.statistics.rhs_evaluations,
        elapsed: clock.elapsed(),
        moment: Handle(moment),
    };
    if observer(&progress) {
        Ok(())
    } else {
        Err(OdeError::Interrupted { time })
    }
}

/// Asks the observer for a snapshot to go on from.
pub(super) fn begin<S: Scalar>(
    observer: &mut Observer<'_>,
    initial: &[S],
    largest: &[f64],
    times: &[f64],
    clock: Instant,
) -> Result<Option<Snapshot>, OdeError> {
    let (start, end) = (times[0], times[times.len() - 1]);
    let wanted = RefCell::new(None);
    let moment = Moment {
        time: start,
        step: 0.0,
        previous_error: FIRST_ERROR,
        outputs: 0,
        statistics: Statistics::default(),
        largest,
        state: initial,
        slope: &[],
        wanted: Some((times, &wanted)),
    };
    report(observer, &moment, (start, end), clock)?;
    Ok(wanted.into_inner())
}

#[cfg(test)]
mod tests;
