//! Seconds of what is not the expansion: a moment of it is done, and the rest extrapolated.

use std::time::Instant;

use meanfield::exact::{self, ExactError};
use meanfield::ode::OdeError;
use meanfield::tensor::Scalar;

use crate::compute::{OutputPlan, bounds_of_a_moment, sorted_exact};
use crate::config::Config;
use crate::failure::Failure;
use crate::problem::Problem;

/// Seconds that may be spent on each.
const MOMENT: f64 = 0.5;
/// An exact state of more unknowns is tried at a smaller N: its tables alone take a moment.
const TRIED: usize = 100_000;
/// Bytes a second that go to an ordinary disk, twice: slices first, the archive from them.
const WRITTEN: f64 = 1.5e8;
/// Seconds of a page, and of every number by time in it.
const PAGE: (f64, f64) = (0.02, 2e-6);

/// Calls what hears its progress; seconds of all of it.
fn extrapolated<T>(run: impl FnOnce(&mut dyn FnMut(f64) -> bool) -> T) -> f64 {
    let clock = Instant::now();
    let mut done = 0.0;
    run(&mut |share| {
        done = share;
        clock.elapsed().as_secs_f64() < MOMENT
    });
    let took = clock.elapsed().as_secs_f64();
    match took < MOMENT || done <= 0.0 {
        true => took,
        false => took / done,
    }
}

/// Seconds of the exact solution at N; `None` where no smaller one stands for it.
///
/// # Errors
/// [`Failure`], where the run would have it too.
pub(super) fn exact<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    n: usize,
) -> Result<Option<f64>, Failure> {
    let model = problem.model.as_ref();
    let unknowns = |n| exact::plan(model, &problem.start, n).ok()?.dimension;
    let smaller = std::iter::successors(Some(n), |n| Some(n / 2).filter(|&n| n > 0));
    let tried = smaller.filter_map(|n| Some((n, unknowns(n)?)));
    let mut fitting = tried.filter(|&(_, unknowns)| unknowns <= TRIED);
    let (Some((tried, of_tried)), Some(all)) = (fitting.next(), unknowns(n)) else {
        return Ok(None);
    };
    let times = [0.0, config.time.end];
    let mut ended = Ok(());
    let took = extrapolated(|listener| {
        let solved = exact::solve(model, &problem.start, tried, &times, 1, Some(listener));
        ended = solved.map(drop);
    });
    match ended {
        Ok(()) | Err(ExactError::Ode(OdeError::Interrupted { .. })) => {}
        // Given cumulants may be those of a state at N, and not at fewer.
        Err(ExactError::NoState { .. }) => return Ok(None),
        Err(error) => return Err(sorted_exact(error)),
    }
    // Products as many as N·t rates, each of all unknowns.
    let larger = all as f64 / of_tried as f64 * (n as f64 / tried as f64);
    Ok(Some(took * larger))
}

/// Seconds of the bounds; 0 where none are asked for.
pub(super) fn bounds<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    outputs: &OutputPlan,
) -> f64 {
    match config.expansion.bounds {
        true => extrapolated(|listener| bounds_of_a_moment(config, problem, outputs, listener)),
        false => 0.0,
    }
}

/// Seconds of result.npz and report.html, by their size.
pub(super) fn files<S: Scalar>(config: &Config, problem: &Problem<S>, outputs: &OutputPlan) -> f64 {
    let quantities: usize = problem.quantities.iter().map(|q| q.components()).sum();
    let curves = (config.expansion.order + 2 + config.particles.len()) * (quantities + 16);
    let numbers = (curves * outputs.times.len()) as f64;
    outputs.total() as f64 / WRITTEN + PAGE.0 + PAGE.1 * numbers
}
