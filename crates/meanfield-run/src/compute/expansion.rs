//! The expansion by the methods whose coefficients do not depend on N.

use std::cell::RefCell;

use meanfield::abstract_model::{Model, least_value, norm, to_user};
use meanfield::expansion::{ExpansionError, State, Stop, TensorSeries};
use meanfield::ode::{Options, Progress};
use meanfield::tensor::{Norm, Scalar, SymmetricLayout, norms};

use super::at_n::AtN;
use super::correlation::Correlation;
use super::exact::Solved;
use super::form::form;
use super::observe::{Observed, observe};
use super::outputs::What;
use super::record::{KEPT_ENTRIES, Least, Record};
use super::writer::Writer;
use super::{ByN, Run, highest_asked, sorted, sorted_model};
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
    let (config, problem) = (run.config, run.problem);
    let order = solved_order(config.expansion.order, config.expansion.error);
    let form = form(config, problem, order, &run.layout, None)?;
    let (model, together) = (problem.model.as_ref(), problem.together);
    let (times, recorded) = run.solver_times();
    let options = integrator(run);
    let meter = run.stage("expansion");
    let held = RefCell::new((writer, record));
    let mut observer = |progress: &Progress| {
        let watched = (run.watch, &*meter);
        run.keeper.see(progress, watched, 0, &held)
    };
    let mut output = |k: usize, at: &dyn State<S>| -> Result<(), Stop> {
        let Some(k) = recorded(k) else { return Ok(()) };
        let (writer, record) = &mut *held.borrow_mut();
        let wanted = |what| match what {
            What::Cumulant { j, l } => Some((j, l)),
            What::Error { j, m } => Some((j, m)),
            _ => None,
        };
        write_unknowns(run, writer, at, wanted)?;
        record.correlations.push(correlations(run, at, order));
        let marginals = at.marginals(highest_asked(run.config));
        let observed = observe(at, model, &run.problem.quantities)?;
        if run.is_last(k) {
            record.correlation = Correlation::of(model, at, together);
        }
        Ok(slice(run, exact, writer, record, k, &marginals, observed)?)
    };
    let solved = form.evolve(&times, &options, &mut observer, &mut output);
    let (_, record) = held.into_inner();
    record.add_statistics(solved.map_err(stopped)?);
    Ok(())
}

/// ‖g_{2,m−1}‖ at m = 1 … `order`, of forms that have it, or e_2^m, among their unknowns: in
/// L¹ for probabilities, else by squares, which costs no factorisation.
fn correlations<S: Scalar>(run: &Run<'_, S>, at: &dyn State<S>, order: usize) -> Vec<f64> {
    let pair = |m: usize| match run.config.expansion.method {
        Method::Cumulants => at.unknown(2, m - 1),
        _ => at.unknown(2, m),
    };
    // Where no pairs are laid out, as on the fine grids of the factored form, no tables
    // for them are made.
    if order == 0 || pair(1).is_none() {
        return Vec::new();
    }
    let Ok(layout) = SymmetricLayout::new(run.layout.dimension(), 2) else {
        return Vec::new();
    };
    let size = |m: usize| {
        let packed = pair(m)?;
        Some(match run.problem.model.space().norm() {
            Norm::L1 => norms::l1(&layout, 2, packed),
            _ => norms::euclidean(&layout, 2, packed),
        })
    };
    std::iter::once(0.0)
        .chain((1..=order).map_while(size))
        .collect()
}

/// What a configuration says of the time steps.
pub(super) fn integrator<S>(run: &Run<'_, S>) -> Options {
    Options {
        tolerance: run.config.time.tolerance,
        ..Options::default()
    }
}

/// Writes the form's own unknowns, of those arrays that `wanted` gives two indices.
pub(super) fn write_unknowns<S: Scalar>(
    run: &Run<'_, S>,
    writer: &mut Writer<'_>,
    at: &dyn State<S>,
    wanted: impl Fn(What) -> Option<(usize, usize)>,
) -> Result<(), Failure> {
    let model = run.problem.model.as_ref();
    for planned in &run.outputs.written {
        if let Some((j, second)) = wanted(planned.what)
            && let Some(tensor) = at.unknown(j, second)
        {
            let layout = SymmetricLayout::new(run.layout.dimension(), j);
            writer.append(
                planned.what,
                model,
                &layout.map_err(Failure::input)?,
                tensor,
            )?;
        }
    }
    Ok(())
}

/// Why a solve ended early.
pub(super) fn stopped(stop: Stop) -> Failure {
    let stop = match stop.downcast::<Failure>() {
        Ok(failure) => return *failure,
        Err(stop) => stop,
    };
    match stop.downcast::<ExpansionError>() {
        Ok(error) => sorted(*error),
        Err(other) => Failure::Internal(other),
    }
}

/// The order that is solved: one more for the "next" estimate.
pub(super) fn solved_order(order: usize, error: ErrorEstimate) -> usize {
    order + usize::from(error == ErrorEstimate::Next)
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
    require_finite(marginals, &observed, run.outputs.times[k])?;
    // The trace norm costs a factorisation: only where it is used.
    if config.expansion.error != ErrorEstimate::None || !config.particles.is_empty() {
        let asked = config.expansion.marginals.iter().copied();
        for j in std::iter::once(1).chain(asked.filter(|&j| j > 1)) {
            let terms = marginals[j].0.iter();
            let norms = terms.map(|term| norm(model, &run.layout, j, term));
            let norms: Result<Vec<f64>, _> = norms.collect();
            let list = record.norms.entry(j).or_default();
            list.push(norms.map_err(sorted_model)?);
        }
    }
    for &j in &config.expansion.marginals {
        let series = &marginals[j];
        for m in 0..=order {
            let what = What::Coefficient { j, m };
            writer.append(what, model, &run.layout, series.term(m))?;
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
        .push(first.0.iter().map(|term| kept(term)).collect());
    for n in run.numbers() {
        let entries = kept(&first.at(n as f64, order));
        let at_n = AtN::of_series(&observed, entries, n, order);
        record.corrected.entry(n).or_default().push(at_n);
    }
    record.observed.push(observed);
    record.note_state(first.term(0));
    Ok(())
}

/// That everything is a number.
fn require_finite<S: Scalar>(
    marginals: &[TensorSeries<S>],
    observed: &[Observed],
    time: f64,
) -> Result<(), Failure> {
    let terms = marginals.iter().flat_map(|series| &series.0);
    let finite = terms.flatten().all(|x| x.to_complex().is_finite());
    if finite && observed.iter().all(Observed::is_finite) {
        return Ok(());
    }
    Err(Failure::ended(format!("no finite number at t = {time}")))
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
        let least = Least {
            what: what.to_owned(),
            value,
            time: run.outputs.times[k],
        };
        record.note_least(j, n, least);
    }
    Ok(())
}

/// x − y.
pub(super) fn difference<S: Scalar>(x: &[S], y: &[S]) -> Vec<S> {
    x.iter().zip(y).map(|(&a, &b)| a - b).collect()
}
