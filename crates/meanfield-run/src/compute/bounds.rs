//! `bounds = true`: what the error of the truncation cannot exceed, at every N and time.

use meanfield::abstract_model::Start;
use meanfield::expansion::ExpansionError;
use meanfield::expansion::bounds::{Settings, required_bytes, required_scalars, solve_observed};
use meanfield::ode::Progress;
use meanfield::tensor::{Norm, Scalar};

use super::outputs::OutputPlan;
use super::record::Record;
use super::{Run, highest_asked, numbers, sorted};
use crate::config::Config;
use crate::failure::Failure;
use crate::problem::Problem;

/// What is solved, of the N at which something is evaluated.
fn settings(config: &Config, particles: Vec<usize>, times: Vec<f64>) -> Settings {
    let mut settings = Settings::new(config.expansion.order, times, particles);
    settings.marginals = highest_asked(config);
    settings.tolerance = config.time.tolerance;
    settings
}

/// Bytes it takes; 0 where it is not asked for.
///
/// # Errors
/// [`Failure::Input`] where there is no bound.
pub(super) fn bytes<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    particles: Vec<usize>,
) -> Result<u64, Failure> {
    if !config.expansion.bounds {
        return Ok(0);
    }
    let model = problem.model.as_ref();
    let refused = |why: &str| {
        let path = config.path.display();
        Failure::input(format!("{path}: `expansion.bounds`: {why}"))
    };
    if particles.is_empty() {
        return Err(refused(
            "a bound is one at some N; name them in `particles.N`",
        ));
    }
    if !matches!(problem.start, Start::Product { .. }) {
        return Err(refused(
            "bounds are for independent particles at the start; take initial.start = \"product\", \
             or leave it out",
        ));
    }
    if !matches!(model.space().norm(), Norm::L1 | Norm::Trace { .. }) {
        return Err(refused(
            "this model's F is neither a probability nor a density matrix, and in its norm no bound \
             holds; leave it out, and see the exact solution at small N with `compare.exact`",
        ));
    }
    let settings = settings(config, particles, Vec::new());
    let scalars =
        required_scalars(model, &settings).map_err(|error| refused(&error.to_string()))?;
    let dimension = model.space().dimension();
    let bytes = required_bytes::<S>(dimension, settings.order, scalars);
    Ok(bytes.map_or(u64::MAX, |bytes| bytes as u64))
}

/// Solves them while `listener`, which hears the share of the time reached, says so.
pub(crate) fn of_a_moment<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    outputs: &OutputPlan,
    listener: &mut dyn FnMut(f64) -> bool,
) {
    let settings = settings(config, numbers(config, outputs), vec![0.0, config.time.end]);
    let f = problem.start.one_body();
    let heard = |progress: &Progress<'_>| listener(share(progress));
    let _ = solve_observed(problem.model.as_ref(), f, &settings, heard);
}

fn share(progress: &Progress<'_>) -> f64 {
    (progress.time - progress.start) / (progress.end - progress.start)
}

/// Solves and records them.
pub(super) fn solve<S: Scalar>(run: &Run<'_, S>, record: &mut Record) -> Result<(), Failure> {
    if !run.config.expansion.bounds {
        return Ok(());
    }
    let (times, recorded) = run.solver_times();
    let settings = settings(run.config, run.numbers(), times);
    let meter = run.stage("bounds");
    let found = solve_observed(
        run.problem.model.as_ref(),
        run.problem.start.one_body(),
        &settings,
        |progress| {
            meter.set(share(progress));
            !run.watch.stop()
        },
    );
    let found = found.map_err(|error| match error {
        ExpansionError::Ode(_) => sorted(error),
        other => {
            let path = run.config.path.display();
            Failure::input(format!("{path}: `expansion.bounds`: {other}"))
        }
    })?;
    for (k, at) in found.iter().enumerate() {
        if recorded(k).is_none() {
            continue;
        }
        for bound in at {
            for &j in &run.config.expansion.marginals {
                let list = record.bounds.entry((j, bound.particles)).or_default();
                list.extend(bound.value(j));
            }
        }
    }
    Ok(())
}
