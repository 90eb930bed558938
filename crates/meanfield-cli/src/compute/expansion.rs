//! The expansion by the methods whose coefficients do not depend on N.

use std::cell::RefCell;

use meanfield::abstract_model::{Model, least_value, norm, to_user};
use meanfield::expansion::coefficients::{self, Coefficients};
use meanfield::expansion::{self as engine, Moments, Settings, TensorSeries};
use meanfield::ode::{Options, Progress};
use meanfield::tensor::{Scalar, SymmetricLayout};

use super::at_n::AtN;
use super::correlation::Correlation;
use super::exact::Solved;
use super::observe::{FromMarginals, Observed, observe};
use super::outputs::What;
use super::record::{KEPT_ENTRIES, Least, Record};
use super::writer::Writer;
use super::{ByN, Run, highest_asked, highest_marginal, sorted, sorted_model};
use crate::config::{ErrorEstimate, Method};
use crate::failure::Failure;

/// Least eigenvalues are found at every output time up to this many rows d^j.
const WATCHED_ROWS: usize = 64;

/// Solves and records.
pub(super) fn solve<S: Scalar>(
    run: &Run<'_, S>,
    exact: &ByN<Solved<S>>,
    writer: &mut Writer<'_>,
    record: &mut Record,
) -> Result<(), Failure> {
    let config = run.config;
    let model = run.problem.model.as_ref();
    let start = &run.problem.start;
    let (times, recorded) = run.solver_times();
    let order = solved_order(config.expansion.order, config.expansion.error);
    let meter = run.meter("expansion");
    let held = RefCell::new((writer, record));
    let observer = |progress: &Progress| run.keeper.see(progress, &meter, 0, &held);
    let statistics = match config.expansion.method {
        Method::Coefficients => {
            let initial = coefficients::initial_errors(model, start, order).map_err(sorted)?;
            let options = Options {
                tolerance: config.time.tolerance,
                ..Options::default()
            };
            let f = start.one_body();
            coefficients::solve(
                model,
                order,
                f,
                &initial,
                &times,
                &options,
                observer,
                |k, at| {
                    let Some(k) = recorded(k) else { return Ok(()) };
                    let (writer, record) = &mut *held.borrow_mut();
                    write_errors(run, writer, &at)?;
                    let marginals =
                        from_coefficients(&run.layout, &at, highest_marginal(config, run.problem));
                    let observed = observe_marginals(run, &marginals)?;
                    if let (true, Some(second)) = (run.is_last(k), marginals.get(2)) {
                        let moments = FromMarginals {
                            layout: &run.layout,
                            first: &marginals[1],
                            second: Some(second),
                        };
                        record.correlation = Correlation::of(model, &moments, run.problem.together);
                    }
                    slice(run, exact, writer, record, k, &marginals, observed)
                        .map_err(Stop::Failure)
                },
            )
        }
        _ => {
            let settings = Settings {
                order,
                marginals: highest_marginal(config, run.problem),
                times: times.clone(),
                tolerance: config.time.tolerance,
                memory: usize::MAX,
            };
            engine::solve_observed(model, start, &settings, observer, |k, at| {
                let Some(k) = recorded(k) else { return Ok(()) };
                let (writer, record) = &mut *held.borrow_mut();
                for planned in &run.outputs.written {
                    if let What::Cumulant { j, l } = planned.what
                        && let Some(g) = at.get(j, l)
                    {
                        writer.append(planned.what, model, at.layout(), g)?;
                    }
                }
                let marginals = at.marginals(highest_asked(config));
                let observed = observe_moments(run, &at)?;
                if run.is_last(k) {
                    record.correlation = Correlation::of(model, &at, run.problem.together);
                }
                slice(run, exact, writer, record, k, &marginals, observed).map_err(Stop::Failure)
            })
        }
    };
    let (_, record) = held.into_inner();
    record.add_statistics(statistics.map_err(Failure::from)?);
    Ok(())
}

/// The order that is solved: one more for the "next" estimate.
pub(super) fn solved_order(order: usize, error: ErrorEstimate) -> usize {
    order + usize::from(error == ErrorEstimate::Next)
}

/// Why an output callback stopped the solver.
pub(super) enum Stop {
    Engine(meanfield::expansion::ExpansionError),
    Failure(Failure),
}

impl From<meanfield::expansion::ExpansionError> for Stop {
    fn from(error: meanfield::expansion::ExpansionError) -> Self {
        Self::Engine(error)
    }
}

impl From<crate::arrays::ArrayError> for Stop {
    fn from(error: crate::arrays::ArrayError) -> Self {
        Self::Failure(error.into())
    }
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Engine(error) => sorted(error),
            Stop::Failure(failure) => failure,
        }
    }
}

/// The observables at one time.
pub(super) fn observe_moments<S: Scalar>(
    run: &Run<'_, S>,
    at: &impl Moments<S>,
) -> Result<Vec<Observed>, Stop> {
    observe(at, run.problem.model.as_ref(), &run.problem.quantities)
        .map_err(|error| Stop::Failure(sorted_model(error)))
}

fn observe_marginals<S: Scalar>(
    run: &Run<'_, S>,
    marginals: &[TensorSeries<S>],
) -> Result<Vec<Observed>, Stop> {
    if run.problem.quantities.is_empty() {
        return Ok(Vec::new());
    }
    let moments = FromMarginals {
        layout: &run.layout,
        first: &marginals[1],
        second: marginals.get(2),
    };
    observe_moments(run, &moments)
}

/// f_{j,m} for j up to `highest`, from the coefficients of the errors.
fn from_coefficients<S: Scalar>(
    layout: &SymmetricLayout,
    at: &Coefficients<S>,
    highest: usize,
) -> Vec<TensorSeries<S>> {
    (0..=highest)
        .map(|j| {
            let terms = 0..=at.order();
            TensorSeries(
                terms
                    .map(|m| at.marginal_coefficient(layout, j, m))
                    .collect(),
            )
        })
        .collect()
}

fn write_errors<S: Scalar>(
    run: &Run<'_, S>,
    writer: &mut Writer<'_>,
    at: &Coefficients<S>,
) -> Result<(), Stop> {
    for planned in &run.outputs.written {
        if let What::Error { j, m } = planned.what
            && let Some(e) = at.coefficient(j, m)
        {
            let dimension = run.problem.model.space().dimension();
            let layout =
                SymmetricLayout::new(dimension, j).map_err(|e| Stop::Failure(Failure::input(e)))?;
            writer.append(planned.what, run.problem.model.as_ref(), &layout, e)?;
        }
    }
    Ok(())
}

/// Writes and records output time `k`.
pub(super) fn slice<S: Scalar>(
    run: &Run<'_, S>,
    exact: &ByN<Solved<S>>,
    writer: &mut Writer<'_>,
    record: &mut Record,
    k: usize,
    marginals: &[TensorSeries<S>],
    observed: Vec<Observed>,
) -> Result<(), Failure> {
    let config = run.config;
    let model = run.problem.model.as_ref();
    let order = config.expansion.order;
    for &j in &config.expansion.marginals {
        let series = &marginals[j];
        for m in 0..=order {
            let what = What::Coefficient { j, m };
            writer.append(what, model, &run.layout, series.term(m))?;
        }
        // The trace norm costs a factorisation: only where it is used.
        if config.expansion.error != ErrorEstimate::None || !config.particles.is_empty() {
            let norms = series
                .0
                .iter()
                .map(|term| norm(model, &run.layout, j, term));
            let norms: Result<Vec<f64>, _> = norms.collect();
            let list = record.norms.entry(j).or_default();
            list.push(norms.map_err(sorted_model)?);
        }
        for &n in &config.particles {
            let truncated = series.at(n as f64, order);
            writer.append(What::AtN { j, n }, model, &run.layout, &truncated)?;
            watch(run, record, j, n, k, &truncated)?;
        }
        for (&n, solved) in exact {
            let truth = solved.marginal(k, j);
            for truncation in 0..=order {
                let error = difference(&series.at(n as f64, truncation), truth);
                let size = norm(model, &run.layout, j, &error).map_err(sorted_model)?;
                let list = record.true_errors.entry((j, truncation, n)).or_default();
                list.push(size);
            }
        }
    }
    let first = &marginals[1];
    let kept = |packed: &[S]| {
        let user = to_user(model, &run.layout, 1, packed);
        user.iter().take(KEPT_ENTRIES).copied().collect::<Vec<_>>()
    };
    record
        .entries
        .push((0..=order).map(|m| kept(first.term(m))).collect());
    for n in run.numbers() {
        let entries = kept(&first.at(n as f64, order));
        let at_n = AtN::of_series(&observed, entries, n, order);
        record.corrected.entry(n).or_default().push(at_n);
    }
    record.observed.push(observed);
    record.note_state(first.term(0));
    Ok(())
}

/// Notes how far F_j at N is from being positive.
pub(super) fn watch<S: Scalar>(
    run: &Run<'_, S>,
    record: &mut Record,
    j: usize,
    n: usize,
    k: usize,
    packed: &[S],
) -> Result<(), Failure> {
    let model: &dyn Model<Scalar = S> = run.problem.model.as_ref();
    let rows = model
        .capabilities()
        .basis
        .levels()
        .map_or(1, |d| d.saturating_pow(j as u32));
    if rows > WATCHED_ROWS && k + 1 < run.outputs.times.len() {
        return Ok(());
    }
    let found = least_value(model, &run.layout, j, packed).map_err(sorted_model)?;
    if let Some((what, value)) = found {
        let time = run.outputs.times[k];
        record.note_least(j, n, Least { what, value, time });
    }
    Ok(())
}

/// x − y.
pub(super) fn difference<S: Scalar>(x: &[S], y: &[S]) -> Vec<S> {
    x.iter().zip(y).map(|(&a, &b)| a - b).collect()
}
