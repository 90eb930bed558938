//! The pair in the interaction picture of a semigroup, forward increments only.
//!
//! For ∂t y = K y + f(t, y) the pair acts on z(s) = e^{−sK} y(t+s). Carried back
//! to y, and to the node at hand, it never needs e^{−sK}:
//!
//! ```math
//! Y_i = e^{c_i hK} y + h \sum_j a_{ij}\, e^{(c_i-c_j)hK} k_j, \qquad
//! k_j = f(t + c_j h, Y_j), \quad c_i \ge c_j
//! ```
//!
//! (Lawson 1967). The state and the stages travel from node to node in place.

use std::time::Instant;

use meanfield_tensor::Scalar;

use super::combine::{combine, slices};
use super::sizes::Sizes;
use super::snapshot::{Moment, begin, report};
use super::{FIRST_ERROR, LAST, NODES, Observer, STORED_STAGES, WEIGHTS, grow, place, shrink};
use crate::output::{Ended, Output};
use crate::{OdeError, Options, Statistics, System};

/// The arrays of one step, each of the length of y.
struct Step<S> {
    /// The state at t, and f there: what a rejected step starts from again.
    kept: Vec<S>,
    slope: Vec<S>,
    /// The state carried to the node at hand; between steps, a state on its way
    /// out.
    carried: Vec<S>,
    /// The stages, carried likewise, one behind the other.
    stages: Vec<S>,
    /// The argument of the stage at hand; at the last node, y(t+h).
    trial: Vec<S>,
}

/// Vectors of n numbers that lie one behind the other.
fn apart<S>(stages: &mut [S], n: usize) -> [&mut [S]; STORED_STAGES] {
    let mut each = stages.chunks_exact_mut(n.max(1));
    std::array::from_fn(|_| each.next().unwrap_or_default())
}

impl<S: Scalar> Step<S> {
    fn new(initial: Vec<S>) -> Self {
        let zeros = |count: usize| vec![S::from_re(0.0); count * initial.len()];
        Self {
            slope: zeros(1),
            carried: zeros(1),
            stages: zeros(STORED_STAGES),
            trial: zeros(1),
            kept: initial,
        }
    }

    /// All stages of a step h; every vector ends at t + h.
    fn run(&mut self, system: &mut dyn System<Scalar = S>, t: f64, h: f64) {
        let mut stages = apart(&mut self.stages, self.kept.len());
        self.carried.copy_from_slice(&self.kept);
        stages[0].copy_from_slice(&self.slope);
        for (stage, weights) in WEIGHTS.iter().enumerate() {
            let increment = (NODES[stage + 1] - NODES[stage]) * h;
            if increment > 0.0
                && let Some(semigroup) = system.semigroup()
            {
                semigroup.propagate(increment, &mut self.carried);
                for k in &mut stages[..=stage] {
                    semigroup.propagate(increment, k);
                }
            }
            combine(&self.carried, slices(&stages), weights, h, &mut self.trial);
            let time = t + NODES[stage + 1] * h;
            system.rhs(time, &self.trial, stages[place(stage + 1)]);
        }
    }

    /// The error of the step that was run, in units of what is allowed.
    fn error(&mut self, sizes: &Sizes<'_>, h: f64) -> f64 {
        let stages = apart(&mut self.stages, self.kept.len());
        sizes.error(&self.carried, &self.trial, slices(&stages), h)
    }

    /// Moves to the end of the step.
    fn accept(&mut self) {
        std::mem::swap(&mut self.kept, &mut self.trial);
        let stages = apart(&mut self.stages, self.kept.len());
        self.slope.copy_from_slice(stages[LAST]);
    }

    /// What `output` is given of the state.
    fn present(&mut self, system: &mut dyn System<Scalar = S>, t: f64) -> &[S] {
        self.carried.copy_from_slice(&self.kept);
        system.present(t, &mut self.carried, &mut self.stages);
        &self.carried
    }
}

/// The length of a step of wished length `wish` towards the next output
/// `left` ahead, and whether it gets there. The last two steps before an
/// output share what is left, so that no sliver remains.
fn length(wish: f64, left: f64) -> (f64, bool) {
    if wish * (1.0 + 1e-12) >= left {
        (left, true)
    } else if 2.0 * wish > left {
        (0.5 * left, false)
    } else {
        (wish, false)
    }
}

/// [`super::integrate`] for a system with a semigroup.
pub(super) fn integrate<S: Scalar>(
    system: &mut dyn System<Scalar = S>,
    initial: Vec<S>,
    times: &[f64],
    options: &Options,
    observer: &mut Observer<'_>,
    output: &mut Output<'_, S>,
) -> Result<Statistics, Ended> {
    let mut statistics = Statistics::default();
    let (Some(&start), Some(&end)) = (times.first(), times.last()) else {
        return Ok(statistics);
    };
    let clock = Instant::now();
    let blocks = system.blocks().to_vec();
    let floors = (0..blocks.len()).map(|block| options.floor * system.natural_size(block));
    let mut sizes = Sizes {
        blocks: &blocks,
        largest: floors.collect(),
        tolerance: options.tolerance,
    };
    let mut step = Step::new(initial);
    let mut next = 0;
    let mut t = start;
    let mut wish = 0.0;
    let mut previous_error = FIRST_ERROR;
    if let Some(snapshot) = begin(observer, &step.kept, &sizes.largest, times, clock)? {
        snapshot.load(&mut step.kept, &mut step.slope);
        (t, wish, next) = (snapshot.time, snapshot.step, snapshot.outputs);
        (previous_error, statistics) = (snapshot.previous_error, snapshot.statistics);
        sizes.largest = snapshot.largest;
    } else {
        while next < times.len() && times[next] <= start {
            output(next, step.present(system, times[next]))?;
            next += 1;
        }
        if next < times.len() {
            system.rhs(start, &step.kept, &mut step.slope);
            statistics.rhs_evaluations += 1;
            wish = sizes.first_step(&step.kept, &step.slope, end - start);
        }
    }
    while next < times.len() {
        let (h, arrives) = length(wish, times[next] - t);
        let smallest = 16.0 * f64::EPSILON * t.abs().max(end.abs());
        if h < smallest && !arrives {
            return Err(OdeError::StepTooSmall {
                time: t,
                step: h,
                tolerance: options.tolerance,
            }
            .into());
        }
        step.run(system, t, h);
        statistics.rhs_evaluations += WEIGHTS.len();
        let error = step.error(&sizes, h);
        if !error.is_finite() {
            if h <= smallest * 16.0 {
                return Err(OdeError::NotFinite { time: t }.into());
            }
            statistics.rejected += 1;
            wish = 0.1 * h;
            continue;
        }
        if error > 1.0 {
            statistics.rejected += 1;
            wish = h * shrink(error);
            continue;
        }
        statistics.steps += 1;
        step.accept();
        sizes.accept(&step.kept, &step.slope, h);
        t = if arrives { times[next] } else { t + h };
        while next < times.len() && times[next] <= t {
            output(next, step.present(system, times[next]))?;
            next += 1;
        }
        // A step cut short by an output says nothing against the longer one
        // that was wished for, nor about the trend of the error.
        wish = if h < wish {
            wish.max(h * grow(error, &mut previous_error.clone()))
        } else {
            h * grow(error, &mut previous_error)
        };
        let moment = Moment {
            time: t,
            step: wish,
            previous_error,
            outputs: next,
            statistics,
            largest: &sizes.largest,
            state: &step.kept,
            slope: &step.slope,
            wanted: None,
        };
        report(observer, &moment, (start, end), clock)?;
    }
    Ok(statistics)
}

#[cfg(test)]
mod tests;
