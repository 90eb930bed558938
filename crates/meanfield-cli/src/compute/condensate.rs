//! Order 1 of a pure start in factored form.

use std::cell::RefCell;

use meanfield::abstract_model::Start;
use meanfield::expansion::bogoliubov::{self, Settings};
use meanfield::expansion::{Moments, TensorSeries};
use meanfield::ode::Progress;
use meanfield::tensor::Scalar;
use num_complex::Complex64;

use super::correlation::Correlation;
use super::exact::Solved;
use super::expansion::{Stop, observe_moments, slice};
use super::record::Record;
use super::writer::Writer;
use super::{ByN, Run, sorted};
use crate::failure::Failure;
use crate::problem::Problem;

/// Refuses what has no factored form: a model without a position, a start that
/// is not pure.
///
/// # Errors
/// [`Failure::Input`] with the reason.
pub(super) fn wave_function<S: Scalar>(problem: &Problem<S>) -> Result<Vec<Complex64>, Failure> {
    let why = "`expansion.method` is \"bogoliubov\", which";
    if problem.model.capabilities().position_hamiltonian.is_none() {
        return Err(Failure::Input(anyhow::anyhow!(
            "{why} needs a model with kind = \"hartree\"; use method = \"cumulants\""
        )));
    }
    let Start::Product { f } = &problem.start else {
        return Err(Failure::Input(anyhow::anyhow!(
            "{why} needs start = \"product\"; use method = \"cumulants\""
        )));
    };
    let f: Vec<Complex64> = f.iter().map(|x| x.to_complex()).collect();
    bogoliubov::wave_function(&f).map_err(|error| {
        Failure::Input(anyhow::anyhow!(
            "{why} needs a pure start: {error}; use method = \"cumulants\""
        ))
    })
}

/// Solves and records.
pub(super) fn solve<S: Scalar>(
    run: &Run<'_, S>,
    exact: &ByN<Solved<S>>,
    writer: &mut Writer<'_>,
    record: &mut Record,
) -> Result<(), Failure> {
    let phi = wave_function(run.problem)?;
    let Some(hamiltonian) = run.problem.model.capabilities().position_hamiltonian else {
        unreachable!("a model without one was refused");
    };
    let (times, recorded) = run.solver_times();
    let settings = Settings {
        tolerance: run.config.time.tolerance,
        ..Settings::new(times)
    };
    let meter = run.meter("expansion");
    let held = RefCell::new((writer, record));
    let observer = |progress: &Progress| run.keeper.see(progress, &meter, 0, &held);
    let solved = bogoliubov::solve_observed(hamiltonian, &phi, &settings, observer, |k, state| {
        let Some(k) = recorded(k) else { return Ok(()) };
        let moments = state.moments::<S>();
        let first = moments.first().into_iter().map(<[S]>::to_vec).collect();
        let marginals = [TensorSeries::one(2), TensorSeries(first)];
        let observed = observe_moments(run, &moments)?;
        let (writer, record) = &mut *held.borrow_mut();
        if run.is_last(k) {
            record.correlation = Correlation::of(run.problem.model.as_ref(), &moments, 1);
        }
        slice(run, exact, writer, record, k, &marginals, observed).map_err(Stop::Failure)
    });
    let (_, record) = held.into_inner();
    record.add_statistics(solved.map_err(|stop: Stop| match stop {
        Stop::Engine(error) => sorted(error),
        Stop::Failure(failure) => failure,
    })?);
    Ok(())
}
