//! The embedded Runge–Kutta pair 5(4) of Dormand and Prince (J. Comput. Appl.
//! Math. 6, 19, 1980) with first-same-as-last and the free fourth-order
//! interpolant (Hairer, Nørsett, Wanner, *Solving ODEs I*, II.6).

mod combine;
mod interaction;
mod interpolant;
mod sizes;
mod snapshot;

use std::borrow::Cow;
use std::time::{Duration, Instant};

use meanfield_tensor::Scalar;

use self::combine::{combine, slices};
use self::sizes::Sizes;
pub use self::snapshot::Snapshot;
use self::snapshot::{Handle, Moment, begin, report};
use crate::OdeError;
use crate::output::{Ended, Output, collected};

/// A system ∂t y = f(t, y) whose unknowns come in blocks; or ∂t y = K y +
/// f(t, y) with K split off, see [`System::semigroup`].
pub trait System {
    /// The scalar of the unknowns.
    type Scalar: Scalar;

    /// Lengths of the blocks, in order; their sum is the length of y. Each
    /// block meets the tolerance relative to its own size.
    fn blocks(&self) -> &[usize];

    /// Writes f(t, y) to `dydt`, every entry of it.
    fn rhs(&mut self, t: f64, y: &[Self::Scalar], dydt: &mut [Self::Scalar]);

    /// The linear part K of ∂t y = K y + f(t, y), where e^{τK} is cheap: then
    /// [`rhs`](System::rhs) writes f alone, and [`integrate`] works in the
    /// interaction picture of K. `None`, the default: K = 0.
    ///
    /// The steps then do not depend on ‖K‖, but on f and on how fast e^{−τK} f(e^{τK} y)
    /// changes with τ, that is on commutators of K with f along the solution.
    fn semigroup(&mut self) -> Option<&mut dyn Semigroup<Self::Scalar>> {
        None
    }

    /// With a [`semigroup`](System::semigroup), makes of the unknowns at an output
    /// time t what `output` is given, in place: nothing, by default. `scratch` has
    /// room for [`STORED_STAGES`] vectors of the length of y and may be overwritten.
    fn present(&mut self, t: f64, y: &mut [Self::Scalar], scratch: &mut [Self::Scalar]) {
        let _ = (t, y, scratch);
    }

    /// The size of an entry of the block below which it counts as small; a
    /// block smaller than `floor` times this is measured against that instead.
    fn natural_size(&self, block: usize) -> f64 {
        let _ = block;
        1.0
    }
}

/// A linear semigroup e^{τK}, τ ≥ 0: it may have no inverse (heat, upwind
/// transport, Lindblad), and is never asked for one.
pub trait Semigroup<S> {
    /// `y ← e^{τK} y` for τ ≥ 0, on a vector of all unknowns.
    fn propagate(&mut self, tau: f64, y: &mut [S]);
}

/// What is told how far an integration has come; `false` stops it.
pub type Observer<'a> = dyn FnMut(&Progress) -> bool + 'a;

/// How far an integration has come.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// Time reached.
    pub time: f64,
    /// Time at which the integration began.
    pub start: f64,
    /// Time at which it will end.
    pub end: f64,
    /// Accepted steps so far.
    pub steps: usize,
    /// Evaluations of the right-hand side so far.
    pub rhs_evaluations: usize,
    /// Wall-clock time spent.
    pub elapsed: Duration,
    moment: Handle<'a>,
}

impl Progress<'_> {
    /// Everything that is needed to go on from here with the same bits.
    /// Copies y and f.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.moment.0.snapshot()
    }

    /// Goes on from a snapshot of an integration of the same system to the
    /// same output times. Outputs handed out before it are not repeated.
    ///
    /// # Errors
    /// [`OdeError::Snapshot`] for one of another system or other times, or
    /// when the first step is done.
    pub fn resume(&self, snapshot: Snapshot) -> Result<(), OdeError> {
        self.moment.0.resume(snapshot)
    }
}

/// Options of [`integrate`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Relative error allowed per step in every block (1e-10).
    pub tolerance: f64,
    /// Size below which a block counts as zero, relative to its
    /// [`System::natural_size`] (1e-4).
    pub floor: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tolerance: 1e-10,
            floor: 1e-4,
        }
    }
}

/// What an integration cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Statistics {
    /// Accepted steps.
    pub steps: usize,
    /// Rejected steps.
    pub rejected: usize,
    /// Evaluations of the right-hand side.
    pub rhs_evaluations: usize,
}

/// Stages of the pair, the last of which is the first of the next step.
pub const STAGES: usize = 7;

/// Stages that are stored: neither the last stage nor the error nor the
/// interpolant asks for the second one, whose place the last one takes.
pub const STORED_STAGES: usize = STAGES - 1;

/// Vectors of the length of y that [`integrate`] holds, apart from those of
/// the system itself: the state, the trial state and the stages. An initial
/// vector that is handed over is among them, one that is lent is not.
pub const HELD_VECTORS: usize = 2 + STORED_STAGES;

/// The same with a [`System::semigroup`]: the state and its slope are kept
/// beside the copies that travel along a step.
pub const HELD_VECTORS_WITH_SEMIGROUP: usize = 2 + HELD_VECTORS;

/// Where the second stage is stored, and the last one after it.
const LAST: usize = 1;

/// Where stage `stage` is stored.
const fn place(stage: usize) -> usize {
    if stage + 1 == STAGES { LAST } else { stage }
}

const NODES: [f64; 7] = [0.0, 0.2, 0.3, 0.8, 8.0 / 9.0, 1.0, 1.0];
const WEIGHTS: [&[f64]; 6] = [
    &[0.2],
    &[3.0 / 40.0, 9.0 / 40.0],
    &[44.0 / 45.0, -56.0 / 15.0, 32.0 / 9.0],
    &[
        19372.0 / 6561.0,
        -25360.0 / 2187.0,
        64448.0 / 6561.0,
        -212.0 / 729.0,
    ],
    &[
        9017.0 / 3168.0,
        -355.0 / 33.0,
        46732.0 / 5247.0,
        49.0 / 176.0,
        -5103.0 / 18656.0,
    ],
    &[
        35.0 / 384.0,
        0.0,
        500.0 / 1113.0,
        125.0 / 192.0,
        -2187.0 / 6784.0,
        11.0 / 84.0,
    ],
];
/// Of the stages where they are stored.
const ERROR: [f64; STORED_STAGES] = [
    71.0 / 57600.0,
    -1.0 / 40.0,
    -71.0 / 16695.0,
    71.0 / 1920.0,
    -17253.0 / 339200.0,
    22.0 / 525.0,
];

/// Integrates from `times[0]` to the last of `times` and calls `output(k, y)`
/// with the solution at `times[k]`, k = 0, 1, …. `initial` is a vector, which the
/// integrator then works in, or a slice, which it copies.
///
/// Memory: [`HELD_VECTORS`], or [`HELD_VECTORS_WITH_SEMIGROUP`]. Outputs between
/// steps need none beyond that.
///
/// The error of a step in a block is its root mean square, divided by the
/// largest root mean square that the block, or one step's change of it, has had;
/// a block that starts at zero is so measured against its own growth.
///
/// With a [`System::semigroup`] a step is that of Lawson (SIAM J. Numer. Anal.
/// 4, 372, 1967): the state and the stages are carried from node to node by
/// e^{(c_i−c_j)hK}, c_i ≥ c_j, 20 propagations of one vector per step, and
/// steps end at the output times.
///
/// # Errors
/// [`OdeError`], or whatever `output` returns. What was handed to `output`
/// before stays valid.
pub fn integrate<'a, Y, E>(
    system: &mut Y,
    initial: impl Into<Cow<'a, [Y::Scalar]>>,
    times: &[f64],
    options: &Options,
    output: impl FnMut(usize, &[Y::Scalar]) -> Result<(), E>,
) -> Result<Statistics, E>
where
    Y: System<Scalar: 'a>,
    E: From<OdeError>,
{
    integrate_observed(system, initial, times, options, |_| true, output)
}

/// As [`integrate`], with `observer` called before the first step and after every
/// accepted one; returning `false` it stops with [`OdeError::Interrupted`].
///
/// # Errors
/// As [`integrate`].
pub fn integrate_observed<'a, Y, E>(
    system: &mut Y,
    initial: impl Into<Cow<'a, [Y::Scalar]>>,
    times: &[f64],
    options: &Options,
    mut observer: impl FnMut(&Progress) -> bool,
    output: impl FnMut(usize, &[Y::Scalar]) -> Result<(), E>,
) -> Result<Statistics, E>
where
    Y: System<Scalar: 'a>,
    E: From<OdeError>,
{
    let y = initial.into().into_owned();
    let observer: &mut Observer<'_> = &mut observer;
    collected(output, |output| {
        check(times, options)?;
        if system.semigroup().is_some() {
            interaction::integrate(system, y, times, options, observer, output)
        } else {
            direct(system, y, times, options, observer, output)
        }
    })
}

/// [`integrate`] for a system without a semigroup.
fn direct<S: Scalar>(
    system: &mut dyn System<Scalar = S>,
    mut y: Vec<S>,
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
    let mut trial = y.clone();
    let zeros = |_| vec![S::from_re(0.0); y.len()];
    let mut stages: [Vec<S>; STORED_STAGES] = std::array::from_fn(zeros);

    let floors = (0..blocks.len()).map(|block| options.floor * system.natural_size(block));
    let mut sizes = Sizes {
        blocks: &blocks,
        largest: floors.collect(),
        tolerance: options.tolerance,
    };
    let mut next = 0;
    let mut t = start;
    let mut h = 0.0;
    let mut previous_error = FIRST_ERROR;
    if let Some(snapshot) = begin(observer, &y, &sizes.largest, times, clock)? {
        snapshot.load(&mut y, &mut stages[0]);
        (t, h, next) = (snapshot.time, snapshot.step, snapshot.outputs);
        (previous_error, statistics) = (snapshot.previous_error, snapshot.statistics);
        sizes.largest = snapshot.largest;
    } else {
        while next < times.len() && times[next] <= start {
            output(next, &y)?;
            next += 1;
        }
        if next < times.len() {
            system.rhs(start, &y, &mut stages[0]);
            statistics.rhs_evaluations += 1;
            h = sizes.first_step(&y, &stages[0], end - start);
        }
    }
    while t < end {
        let last = t + h * (1.0 + 1e-12) >= end;
        if last {
            h = end - t;
        }
        let smallest = 16.0 * f64::EPSILON * t.abs().max(end.abs());
        if h < smallest && !last {
            return Err(OdeError::StepTooSmall {
                time: t,
                step: h,
                tolerance: options.tolerance,
            }
            .into());
        }
        for (stage, weights) in WEIGHTS.iter().enumerate() {
            combine(&y, slices(&stages), weights, h, &mut trial);
            let time = t + NODES[stage + 1] * h;
            system.rhs(time, &trial, &mut stages[place(stage + 1)]);
        }
        statistics.rhs_evaluations += WEIGHTS.len();
        let error = sizes.error(&y, &trial, slices(&stages), h);
        if !error.is_finite() {
            if h <= smallest * 16.0 {
                return Err(OdeError::NotFinite { time: t }.into());
            }
            statistics.rejected += 1;
            h *= 0.1;
            continue;
        }
        if error > 1.0 {
            statistics.rejected += 1;
            h *= shrink(error);
            continue;
        }
        statistics.steps += 1;
        let reached = if last { end } else { t + h };
        let mut between = false;
        while next < times.len() && times[next] <= reached {
            let theta = (times[next] - t) / h;
            if theta >= 1.0 {
                output(next, &trial)?;
            } else {
                if !std::mem::replace(&mut between, true) {
                    interpolant::prepare(&y, &trial, &mut stages, h);
                }
                output(next, interpolant::at(&y, &mut stages, theta))?;
            }
            next += 1;
        }
        std::mem::swap(&mut y, &mut trial);
        stages.swap(0, LAST);
        sizes.accept(&y, &stages[0], h);
        t = reached;
        h *= grow(error, &mut previous_error);
        let moment = Moment {
            time: t,
            step: h,
            previous_error,
            outputs: next,
            statistics,
            largest: &sizes.largest,
            state: &y,
            slope: &stages[0],
            wanted: None,
        };
        report(observer, &moment, (start, end), clock)?;
    }
    Ok(statistics)
}

/// What the controller takes for the error of the step before the first.
const FIRST_ERROR: f64 = 1e-4;

/// The factor of the step after a rejected one.
fn shrink(error: f64) -> f64 {
    (0.9 * error.powf(-0.2)).clamp(0.2, 0.9)
}

/// The factor of the step after an accepted one: a proportional-integral
/// controller (Gustafsson) avoids a saw-tooth of rejected steps.
fn grow(error: f64, previous: &mut f64) -> f64 {
    let error = error.max(1e-10);
    let factor = (0.9 * error.powf(-0.17) * previous.powf(0.04)).clamp(0.2, 5.0);
    *previous = error;
    factor
}

fn check(times: &[f64], options: &Options) -> Result<(), OdeError> {
    if !(1e-14..=0.1).contains(&options.tolerance) {
        return Err(OdeError::Tolerance {
            found: options.tolerance,
        });
    }
    for pair in times.windows(2) {
        if !(pair[0].is_finite() && pair[1].is_finite() && pair[1] >= pair[0]) {
            return Err(OdeError::Times {
                found: pair[1],
                before: pair[0],
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
