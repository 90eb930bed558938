//! What a configuration would compute, how large it is and how long it takes.

mod itemised;
mod moment;
mod sweep;

use std::time::Instant;

use meanfield::expansion::{
    CumulantHierarchy, ExpansionError, InteractionPicture, Plan, Settings, initial_cumulants,
    operations, solve_observed,
};
use meanfield::ode::{OdeError, Progress, System};
use meanfield::tensor::Scalar;
use serde_json::{Map, Value, json};

use self::itemised::Itemised;
use crate::compute::{OutputPlan, Sizes, highest_marginal, possible, solver_bytes};
use crate::config::{Config, ErrorEstimate, Method};
use crate::failure::Failure;
use crate::memory::available_memory;
use crate::outcome::title;
use crate::problem::{AnyProblem, Problem, build};
use crate::run::on_threads;
use crate::units::{about, bytes, seconds};
use crate::watch::Watch;

/// What would be computed.
#[derive(Debug, Clone)]
pub struct Forecast {
    /// One line: which model at which order, or how many points of a sweep.
    pub title: String,
    /// Sizes, memory, time: a name and a value in words for each line.
    pub rows: Rows,
    /// The same in numbers, by the names that `meanfield check --json` prints.
    pub numbers: Map<String, Value>,
}

/// A name and a value in words for each line.
type Rows = Vec<(String, String)>;

/// Says what would be computed, after a second of trying: builds the model, counts what
/// it takes, and times right-hand sides.
///
/// # Errors
/// [`Failure::is_input`] with what is wrong, or with the size of what does not fit.
pub fn check(config: &Config, watch: &dyn Watch) -> Result<Forecast, Failure> {
    let sweep = config.sweep()?;
    on_threads(config, || match &sweep {
        Some(sweep) => {
            let title = format!("{}: {} points", config.model.kind.name, sweep.points());
            Ok(Forecast {
                title,
                rows: sweep::describe(config, sweep, watch)?,
                numbers: Map::from_iter([("points".to_owned(), json!(sweep.points()))]),
            })
        }
        None => match build(config)? {
            AnyProblem::Real(problem) => describe(config, &problem),
            AnyProblem::Complex(problem) => describe(config, &problem),
        },
    })
}

fn describe<S: Scalar>(config: &Config, problem: &Problem<S>) -> Result<Forecast, Failure> {
    let (exact, skipped) = possible(config, problem)?;
    let model = problem.model.as_ref();
    let dimension = model.space().dimension();
    let outputs = OutputPlan::new(
        config,
        exact,
        dimension,
        model.capabilities().basis.is_complex(),
    );
    let sizes = Sizes::new(config, problem, &outputs)?;
    sizes.require(config)?;

    let (mut rows, mut numbers) = (Vec::new(), Map::new());
    let mut row = |name: &str, value: String| rows.push((name.to_owned(), value));
    row("output times", outputs.times.len().to_string());
    // Seconds of every part, and the parts of which they are not known.
    let (mut took, mut unknown) = (Vec::new(), Vec::new());
    let itemised = match config.expansion.method {
        Method::Cumulants => {
            let order = solved(config);
            let itemised = Itemised::new(model, order, &sizes).map_err(Failure::input)?;
            let (tensors, memory) = itemised.json();
            numbers.insert("tensors".to_owned(), tensors);
            numbers.insert("memory".to_owned(), memory);
            took.push((
                "solve",
                cost(config, problem, &itemised, &mut numbers, &mut row)?,
            ));
            Some(itemised)
        }
        _ => {
            row("solver", bytes(sizes.solver));
            unknown.push("the solve");
            None
        }
    };
    numbers.insert("bytes".to_owned(), sizes.planned().into());
    for &n in &outputs.exact {
        let plan = meanfield::exact::plan(model, &problem.start, n).map_err(Failure::input)?;
        let unknowns = plan
            .dimension
            .map_or("too many".to_owned(), |d| d.to_string());
        let size = plan
            .bytes
            .map_or("too much".to_owned(), |b| bytes(b as u64));
        let time = match moment::exact(config, problem, n)? {
            Some(time) => {
                took.push(("exact", time));
                format!(", {}", about(time))
            }
            None => {
                unknown.push("an exact solution");
                String::new()
            }
        };
        row(
            &format!("exact, N = {n}"),
            format!("{unknowns} unknowns, {size}{time}"),
        );
    }
    for (n, reason) in &skipped {
        row(&format!("exact, N = {n}"), format!("left out: {reason}"));
    }
    let allowed = config.limits.memory.or_else(available_memory);
    let allowed = allowed.map_or(String::new(), |b| format!(" of {} allowed", bytes(b)));
    row("memory", format!("{}{allowed}", bytes(sizes.planned())));
    if let Some(itemised) = &itemised {
        itemised.memory(&mut row);
    }
    row(
        "result.npz",
        format!(
            "{} tensors, {}",
            outputs.written.len(),
            bytes(outputs.total())
        ),
    );
    for planned in &outputs.omitted {
        let limit = bytes(config.output.limit);
        let size = bytes(planned.bytes);
        row(
            "left out",
            format!("{} ({size}, limit {limit})", planned.what.name()),
        );
    }
    if config.expansion.bounds {
        let time = moment::bounds(config, problem, &outputs);
        took.push(("bounds", time));
        row("bounds", about(time));
    }
    if let Some(coarser) = config.coarser()? {
        let time = match build(&coarser)? {
            AnyProblem::Real(problem) => solve_seconds(&coarser, &problem)?,
            AnyProblem::Complex(problem) => solve_seconds(&coarser, &problem)?,
        };
        took.push(("coarser", time));
        row("coarser", about(time));
    }
    took.push(("files", moment::files(config, problem, &outputs)));
    let all: f64 = took.iter().map(|(_, time)| time).sum();
    unknown.dedup();
    let beside = match unknown.is_empty() {
        true => String::new(),
        false => format!(", and {}", unknown.join(" and ")),
    };
    row("in all", format!("{}{beside}", about(all)));
    let mut parts: Map<String, Value> = Map::new();
    for (part, time) in took {
        let before = parts.get(part).and_then(Value::as_f64).unwrap_or(0.0);
        parts.insert(part.to_owned(), json!(before + time));
    }
    numbers.insert("seconds".to_owned(), Value::Object(parts));
    numbers.insert("dimension".to_owned(), json!(dimension));
    Ok(Forecast {
        title: title(config, dimension),
        rows,
        numbers,
    })
}

/// The order that is solved.
fn solved(config: &Config) -> usize {
    config.expansion.order + usize::from(config.expansion.error == ErrorEstimate::Next)
}

/// Unknowns, memory and time of the cumulant method, and of one order more; the seconds.
fn cost<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    itemised: &Itemised,
    numbers: &mut Map<String, Value>,
    row: &mut dyn FnMut(&str, String),
) -> Result<f64, Failure> {
    let dimension = problem.model.space().dimension();
    let order = config.expansion.order;
    let counted = |order| Plan::cost(dimension, order, size_of::<S>()).map_err(Failure::input);
    let solved = solved(config);
    let cost = counted(solved)?;
    let needed = bytes(solver_bytes(config, problem, solved)?);
    row(
        "unknowns",
        format!("{} ({needed} for the solver)", cost.unknowns),
    );
    itemised.tensors(row);
    let operations = operations(problem.model.as_ref(), solved).map_err(Failure::input)?;
    let Once { rhs, stepping } = once(config, problem, solved)?;
    let Count { times, order: seen } = evaluations(config, problem, solved, rhs)?;
    row(
        "right-hand side",
        format!("{}, about {operations:.1e} operations", seconds(rhs)),
    );
    numbers.insert(
        "right_hand_side".to_owned(),
        json!({"operations": operations, "seconds": rhs}),
    );
    let whole = (rhs + stepping) * times;
    numbers.insert(
        "solve".to_owned(),
        json!({"right_hand_sides": times, "counted_at_order": seen, "seconds": whole}),
    );
    let took = seconds(whole);
    row(
        "solve",
        if seen < solved {
            // A coefficient that grows from nothing takes its own first steps.
            format!("{took} or more ({times:.0} right-hand sides at order {seen})")
        } else {
            format!("{} ({times:.0} right-hand sides)", about(whole))
        },
    );
    if config.expansion.error != ErrorEstimate::Next
        && let Ok(next) = counted(order + 1)
    {
        let size = bytes(solver_bytes(config, problem, order + 1)?);
        let factor = next.unknowns as f64 / cost.unknowns as f64;
        let more = meanfield::expansion::operations(problem.model.as_ref(), order + 1);
        let more = more.map_err(Failure::input)? / operations.max(1.0);
        row(
            "error = \"next\"",
            format!(
                "{} unknowns ({factor:.1} times as many), {size}, {} in place of {took}: the \
                 best figure",
                next.unknowns,
                about(whole * more)
            ),
        );
    }
    Ok(whole)
}

/// Seconds of the solve.
fn solve_seconds<S: Scalar>(config: &Config, problem: &Problem<S>) -> Result<f64, Failure> {
    let order = config.expansion.order;
    let solved = order + usize::from(config.expansion.error == ErrorEstimate::Next);
    let Once { rhs, stepping } = once(config, problem, solved)?;
    Ok((rhs + stepping) * evaluations(config, problem, solved, rhs)?.times)
}

/// Seconds of one right-hand side.
struct Once {
    rhs: f64,
    /// What the steps take for each of them where K is exponentiated.
    stepping: f64,
}

/// The best of a few.
fn once<S: Scalar>(config: &Config, problem: &Problem<S>, order: usize) -> Result<Once, Failure> {
    let model = problem.model.as_ref();
    let dimension = model.space().dimension();
    let plan = Plan::new::<S>(
        dimension,
        order,
        highest_marginal(config, problem),
        usize::MAX,
    )
    .map_err(Failure::input)?;
    let y = initial_cumulants(&plan, &problem.start).map_err(Failure::input)?;
    let f = problem.start.one_body();
    Ok(match model.capabilities().semigroup() {
        Some(split) => timed(InteractionPicture::new(split.as_ref(), &plan, f), y),
        None => timed(CumulantHierarchy::new(model, &plan, f), y),
    })
}

fn timed<S: System>(mut system: S, mut y: Vec<S::Scalar>) -> Once {
    const TRIES: usize = 3;
    /// Propagations for each right-hand side: 20 a step, which has six.
    const PROPAGATIONS: f64 = 20.0 / 6.0;
    /// An increment of an ordinary step.
    const INCREMENT: f64 = 0.01;
    let mut image = y.clone();
    let mut best = [f64::INFINITY; 2];
    for _ in 0..TRIES {
        let clock = Instant::now();
        system.rhs(0.0, &y, &mut image);
        best[0] = best[0].min(clock.elapsed().as_secs_f64());
        let clock = Instant::now();
        if let Some(semigroup) = system.semigroup() {
            semigroup.propagate(INCREMENT, &mut y);
        }
        best[1] = best[1].min(clock.elapsed().as_secs_f64());
    }
    Once {
        rhs: best[0],
        stepping: PROPAGATIONS * best[1],
    }
}

/// Right-hand sides of a solve.
struct Count {
    times: f64,
    /// The order at which they were counted.
    order: usize,
}

/// How many right-hand sides the solve needs: counted while solving for a
/// moment, then extrapolated with the step size reached.
fn evaluations<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    order: usize,
    once: f64,
) -> Result<Count, Failure> {
    /// Seconds that may be spent on the count.
    const MOMENT: f64 = 1.0;
    /// An order whose first steps would take longer is counted at a lower one,
    /// where steps are fewer.
    const FIRST_STEPS: f64 = 60.0;
    /// Stages of a step; the last one is the first of the next.
    const STAGES: f64 = 6.0;
    let dimension = problem.model.space().dimension();
    let unknowns = |order| Plan::cost(dimension, order, size_of::<S>()).map(|c| c.unknowns);
    let all = unknowns(order).map_err(Failure::input)? as f64;
    let fits = |order: &usize| {
        let share = unknowns(*order).map_or(1.0, |n| n as f64 / all);
        once * share * FIRST_STEPS <= MOMENT
    };
    let order = (0..=order).rev().find(fits).unwrap_or(0);
    let end = config.time.end;
    let mut settings = Settings::new(order, vec![0.0, end]);
    settings.tolerance = config.time.tolerance;
    let (mut before, mut estimate) = (0.0, 0.0);
    let observer = |progress: &Progress| {
        let step = progress.time - before;
        if progress.steps == 0 {
            return true;
        }
        before = progress.time;
        estimate = STAGES * (progress.steps as f64 + (end - progress.time) / step);
        progress.elapsed.as_secs_f64() < MOMENT
    };
    let model = problem.model.as_ref();
    let solved = solve_observed(model, &problem.start, &settings, observer, |_, _| {
        Ok::<(), ExpansionError>(())
    });
    let times = match solved {
        Ok(statistics) => statistics.rhs_evaluations as f64,
        Err(ExpansionError::Ode(OdeError::Interrupted { .. })) => estimate,
        Err(error) => return Err(crate::compute::sorted(error)),
    };
    Ok(Count { times, order })
}
