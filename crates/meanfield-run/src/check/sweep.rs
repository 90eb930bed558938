//! Of a sweep: every point is built and counted, a few are
//! timed.

use std::sync::{Mutex, PoisonError};

use meanfield::tensor::Scalar;

use super::{Rows, moment, solve_seconds};
use crate::compute::{OutputPlan, Sizes, possible};
use crate::config::{Config, Method, Sweep};
use crate::failure::Failure;
use crate::memory::available_memory;
use crate::problem::{AnyProblem, Problem, build};
use crate::units::{about, bytes};
use crate::watch::Watch;
use crate::workers::each;

/// At most this many points are timed: a second each.
const TIMED: usize = 5;

/// What the points take.
#[derive(Default)]
struct Totals {
    /// Bytes: the largest plan, and without what the program holds.
    planned: u64,
    own: u64,
    /// Bytes of result.npz.
    result: u64,
    /// D, least and largest.
    dimensions: Option<(usize, usize)>,
    /// The first point that cannot be computed.
    refused: Option<(usize, Failure)>,
}

/// The rows about a sweep.
///
/// # Errors
/// [`Failure::Input`] for a point that cannot be computed.
pub(super) fn describe(config: &Config, sweep: &Sweep, watch: &dyn Watch) -> Result<Rows, Failure> {
    let totals = Mutex::new(Totals::default());
    let threads = rayon::current_num_threads();
    each(sweep.points(), threads, watch, |number| {
        let config = sweep.config(number)?;
        let counted = build(&config).and_then(|problem| match problem {
            AnyProblem::Real(problem) => count(&config, &problem),
            AnyProblem::Complex(problem) => count(&config, &problem),
        });
        let mut totals = totals.lock().unwrap_or_else(PoisonError::into_inner);
        match counted {
            Ok((sizes, dimension, result)) => {
                totals.planned = totals.planned.max(sizes.planned());
                totals.own = totals.own.max(sizes.planned() - sizes.held);
                totals.result = totals.result.saturating_add(result);
                let (least, most) = totals.dimensions.unwrap_or((dimension, dimension));
                totals.dimensions = Some((least.min(dimension), most.max(dimension)));
            }
            // The first by number, whoever finds out first.
            Err(failure) if totals.refused.as_ref().is_none_or(|(k, _)| *k > number) => {
                totals.refused = Some((number, failure));
            }
            Err(_) => {}
        }
        Ok(())
    })?;
    let totals = totals.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some((number, failure)) = totals.refused {
        return Err(failure.at_point(&sweep.name(number)));
    }

    let mut rows = Rows::new();
    let mut row = |name: &str, value: String| rows.push((name.to_owned(), value));
    for axis in &sweep.axes {
        let count = axis.values.len();
        let ends = [&axis.values[0], &axis.values[count - 1]].map(|value| value.shown());
        let value = if count == 1 {
            format!("1 value, {}", ends[0])
        } else {
            format!("{count} values, {} … {}", ends[0], ends[1])
        };
        row(&axis.key, value);
    }
    let side_by_side = threads.min(sweep.points());
    row(
        "points",
        format!("{}, {side_by_side} at a time", sweep.points()),
    );
    if let Some((least, most)) = totals.dimensions {
        let range = if least == most {
            most.to_string()
        } else {
            format!("{least} … {most}")
        };
        row("D", range);
    }
    if config.expansion.method == Method::Cumulants {
        let time = timed(sweep)? / side_by_side as f64;
        row("solve", about(time));
    }
    let allowed = config.limits.memory.or_else(available_memory);
    let allowed = allowed.map_or(String::new(), |b| format!(" of {} allowed", bytes(b)));
    let all = totals.own.saturating_mul(side_by_side as u64 - 1);
    row(
        "memory",
        format!(
            "{} for the largest point, at most {} side by side{allowed}",
            bytes(totals.planned),
            bytes(totals.planned.saturating_add(all))
        ),
    );
    row("result.npz", bytes(totals.result));
    Ok(rows)
}

fn count<S: Scalar>(config: &Config, problem: &Problem<S>) -> Result<(Sizes, usize, u64), Failure> {
    let (exact, _) = possible(config, problem)?;
    let dimension = problem.model.space().dimension();
    let complex = problem.model.capabilities().basis.is_complex();
    let outputs = OutputPlan::new(config, exact, dimension, complex);
    let sizes = Sizes::new(config, problem, &outputs)?;
    sizes.require(config)?;
    Ok((sizes, dimension, outputs.total()))
}

/// Seconds for all points on one thread, from a few of them.
fn timed(sweep: &Sweep) -> Result<f64, Failure> {
    let points = sweep.points();
    let count = points.min(TIMED);
    let mut sum = 0.0;
    for k in 0..count {
        // Evenly spread, the ends among them.
        let number = k * (points - 1) / (count - 1).max(1);
        let config = sweep.config(number)?;
        sum += match build(&config)? {
            AnyProblem::Real(problem) => of_point(&config, &problem)?,
            AnyProblem::Complex(problem) => of_point(&config, &problem)?,
        };
    }
    Ok(sum / count as f64 * points as f64)
}

/// Seconds of a point, its exact solutions and files among them.
fn of_point<S: Scalar>(config: &Config, problem: &Problem<S>) -> Result<f64, Failure> {
    let (numbers, _) = possible(config, problem)?;
    let mut exact = 0.0;
    for &n in &numbers {
        exact += moment::exact(config, problem, n)?.unwrap_or(0.0);
    }
    let model = problem.model.as_ref();
    let (dimension, complex) = (
        model.space().dimension(),
        model.capabilities().basis.is_complex(),
    );
    let outputs = OutputPlan::new(config, numbers, dimension, complex);
    let others =
        moment::bounds(config, problem, &outputs) + moment::files(config, problem, &outputs);
    Ok(solve_seconds(config, problem)? + exact + others)
}
