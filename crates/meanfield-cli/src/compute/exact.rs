//! Exact N-body evolution for every N of `[compare]`.

use meanfield::abstract_model::{Start, to_user};
use meanfield::exact::{ExactMarginals, plan, solve};
use meanfield::expansion::ExactPair;
use meanfield::tensor::Scalar;

use super::at_n::AtN;
use super::layout::What;
use super::observe::observe;
use super::record::{KEPT_ENTRIES, Record};
use super::writer::Writer;
use super::{ByN, Run, highest_marginal, sorted_exact, sorted_model};
use crate::config::Config;
use crate::failure::Failure;
use crate::interrupt;
use crate::problem::Problem;

/// A requested N that has no exact solution, and why.
pub(crate) type Skipped = (usize, String);

/// The N of `[compare]` that have an exact solution, and those that do not:
/// fixed counts N·F must be integers.
///
/// # Errors
/// [`Failure::Input`] when none can have one.
pub(crate) fn possible<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
) -> Result<(Vec<usize>, Vec<Skipped>), Failure> {
    let (mut exact, mut skipped) = (Vec::new(), Vec::new());
    for &n in &config.exact {
        match problem.start.counts(n) {
            Err(reason) if matches!(problem.start, Start::FixedCounts { .. }) => {
                skipped.push((n, reason.to_string()));
            }
            _ => {
                plan(problem.model.as_ref(), &problem.start, n).map_err(Failure::input)?;
                exact.push(n);
            }
        }
    }
    Ok((exact, skipped))
}

/// Exact marginals by N; `recorded` says that what is written and recorded of
/// them is there already.
pub(super) fn solve_all<S: Scalar>(
    run: &Run<'_, S>,
    writer: &mut Writer<'_>,
    record: &mut Record,
    recorded: bool,
) -> Result<ByN<ExactMarginals<S>>, Failure> {
    let mut out = ByN::new();
    let times = &run.layout.times;
    for &n in &run.layout.exact {
        let meter = run.meter(&format!("exact, N = {n}"));
        let mut progress = |share: f64| {
            meter.set(share);
            !interrupt::requested()
        };
        let model = run.problem.model.as_ref();
        let highest = highest_marginal(run.config, run.problem).min(n);
        let solved = solve(
            model,
            &run.problem.start,
            n,
            times,
            highest,
            Some(&mut progress),
        )
        .map_err(sorted_exact)?;
        if recorded {
            out.insert(n, solved);
            continue;
        }
        let mut values = Vec::with_capacity(times.len());
        for k in 0..times.len() {
            for &j in &run.config.expansion.marginals {
                writer.append(
                    What::Exact { j, n },
                    model,
                    &run.ladder,
                    solved.marginal(k, j),
                )?;
            }
            let first = solved.marginal(k, 1);
            let pair = ExactPair {
                ladder: &run.ladder,
                first,
                second: (highest >= 2).then(|| solved.marginal(k, 2)),
                particles: n,
            };
            let observed = observe(&pair, model, &run.problem.quantities).map_err(sorted_model)?;
            let entries = to_user(model, &run.ladder, 1, first);
            let entries = entries.iter().take(KEPT_ENTRIES).copied().collect();
            values.push(AtN::of_numbers(&observed, entries, n));
        }
        record.exact.insert(n, values);
        out.insert(n, solved);
    }
    Ok(out)
}
