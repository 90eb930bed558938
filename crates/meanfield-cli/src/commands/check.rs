//! `meanfield check CONFIG`.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use meanfield::expansion::{CumulantHierarchy, Plan, initial_cumulants};
use meanfield::ode::System;
use meanfield::tensor::Scalar;

use crate::compute::{Layout, Sizes, available_memory, highest_marginal, possible, solver_bytes};
use crate::config::{Config, ErrorEstimate, Method};
use crate::failure::Failure;
use crate::outcome::title;
use crate::problem::{AnyProblem, Problem, build};
use crate::terminal::{self, bytes, seconds};

/// Says what would be computed.
///
/// # Errors
/// [`Failure::Input`] with what is wrong.
pub(crate) fn check(path: &Path) -> Result<(), Failure> {
    let config = Config::load(path)?;
    super::use_threads(&config)?;
    let text = match build(&config)? {
        AnyProblem::Real(problem) => describe(&config, &problem)?,
        AnyProblem::Complex(problem) => describe(&config, &problem)?,
    };
    terminal::print(&text)
}

fn describe<S: Scalar>(config: &Config, problem: &Problem<S>) -> Result<String, Failure> {
    let (exact, skipped) = possible(config, problem)?;
    let model = problem.model.as_ref();
    let dimension = model.space().dimension();
    let layout = Layout::new(config, exact, dimension, model.basis().is_complex());
    let sizes = Sizes::new(config, problem, &layout)?;
    sizes.require(config)?;

    let mut out = String::new();
    let mut row = |name: &str, value: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "  {name:<18} {value}");
    };
    row("output times", layout.times.len().to_string());
    if config.expansion.method == Method::Cumulants {
        cost(config, problem, &mut row)?;
    } else {
        row("solver", bytes(sizes.solver));
    }
    for &n in &layout.exact {
        let plan = meanfield::exact::plan(model, &problem.start, n).map_err(Failure::input)?;
        let unknowns = plan
            .dimension
            .map_or("too many".to_owned(), |d| d.to_string());
        let size = plan
            .bytes
            .map_or("too much".to_owned(), |b| bytes(b as u64));
        row(
            &format!("exact, N = {n}"),
            format!("{unknowns} unknowns, {size}"),
        );
    }
    for (n, reason) in &skipped {
        row(&format!("exact, N = {n}"), format!("left out: {reason}"));
    }
    let allowed = config.limits.memory.or_else(available_memory);
    let allowed = allowed.map_or(String::new(), |b| format!(" of {} allowed", bytes(b)));
    row("memory", format!("{}{allowed}", bytes(sizes.planned())));
    row(
        "result.npz",
        format!("{} arrays, {}", layout.written.len(), bytes(layout.total())),
    );
    for planned in &layout.omitted {
        let limit = bytes(config.output.limit);
        let size = bytes(planned.bytes);
        row(
            "left out",
            format!("{} ({size}, limit {limit})", planned.what.name()),
        );
    }
    let sound = format!("{} is sound\n", config.path.display());
    Ok(format!("{}\n{out}{sound}", title(config, dimension)))
}

/// Unknowns, memory and time of the cumulant method, and of one order more.
fn cost<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    row: &mut dyn FnMut(&str, String),
) -> Result<(), Failure> {
    let dimension = problem.model.space().dimension();
    let highest = highest_marginal(config);
    let order = config.expansion.order;
    let counted =
        |order| Plan::cost(dimension, order, highest, size_of::<S>()).map_err(Failure::input);
    let solved = order + usize::from(config.expansion.error == ErrorEstimate::Next);
    let cost = counted(solved)?;
    let needed = bytes(cost.bytes as u64);
    row(
        "unknowns",
        format!("{} ({needed} for the solver)", cost.unknowns),
    );
    let once = right_hand_side(config, problem, solved)?;
    let times = evaluations(config, problem)?;
    row("right-hand side", seconds(once));
    row(
        "solve",
        format!(
            "about {} ({times} right-hand sides as for the mean field)",
            seconds(once * times as f64)
        ),
    );
    if config.expansion.error != ErrorEstimate::Next
        && let Ok(next) = counted(order + 1)
    {
        let size = bytes(solver_bytes(config, problem, order + 1));
        let factor = next.unknowns as f64 / cost.unknowns as f64;
        row(
            "error = \"next\"",
            format!(
                "{} unknowns ({factor:.1} times as many), {size}",
                next.unknowns
            ),
        );
    }
    Ok(())
}

/// Seconds of one right-hand side, the best of a few.
fn right_hand_side<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    order: usize,
) -> Result<f64, Failure> {
    const TRIES: usize = 3;
    let model = problem.model.as_ref();
    let dimension = model.space().dimension();
    let plan = Plan::new::<S>(dimension, order, highest_marginal(config), usize::MAX)
        .map_err(Failure::input)?;
    let y = initial_cumulants(&plan, &problem.start).map_err(Failure::input)?;
    let mut system = CumulantHierarchy::new(model, &plan, problem.start.one_body());
    let mut image = y.clone();
    let mut best = f64::INFINITY;
    for _ in 0..TRIES {
        let clock = Instant::now();
        system.rhs(0.0, &y, &mut image);
        best = best.min(clock.elapsed().as_secs_f64());
    }
    Ok(best)
}

/// Right-hand sides of the mean field to the same tolerance: the corrections
/// need about as many.
fn evaluations<S: Scalar>(config: &Config, problem: &Problem<S>) -> Result<usize, Failure> {
    use meanfield::expansion::{ExpansionError, Settings, solve};
    let mut settings = Settings::new(0, vec![0.0, config.time.end]);
    settings.tolerance = config.time.tolerance;
    let model = problem.model.as_ref();
    let statistics = solve(model, &problem.start, &settings, |_, _| {
        Ok::<(), ExpansionError>(())
    });
    statistics
        .map(|s| s.rhs_evaluations)
        .map_err(crate::compute::sorted)
}
