//! The recursion of Theorem 1.4: a solution of its own for every N.

use std::cell::RefCell;

use meanfield::abstract_model::{norm, to_user};
use meanfield::expansion::recursion::{self, RecursionState};
use meanfield::expansion::{ExactPair, ExpansionError, coefficients};
use meanfield::ode::{Options, Progress};
use meanfield::tensor::{Scalar, SymmetricLayout};

use super::at_n::AtN;
use super::exact::Solved;
use super::expansion::{difference, watch};
use super::observe::observe;
use super::outputs::What;
use super::record::{KEPT_ENTRIES, Record};
use super::writer::Writer;
use super::{ByN, Run, highest_marginal, sorted, sorted_model};
use crate::failure::Failure;

/// Solves for every N and records. The truncation compared with the exact
/// solution is (33) at the order asked for; lower orders are other solutions.
/// Solves before number `first` are done already.
pub(super) fn solve<S: Scalar>(
    run: &Run<'_, S>,
    exact: &ByN<Solved<S>>,
    writer: &mut Writer<'_>,
    record: &mut Record,
    first: usize,
) -> Result<(), Failure> {
    let config = run.config;
    let model = run.problem.model.as_ref();
    let start = &run.problem.start;
    let order = config.expansion.order;
    let (times, recorded) = run.solver_times();
    let initial = coefficients::initial_errors(model, start, order).map_err(sorted)?;
    let options = Options {
        tolerance: config.time.tolerance,
        ..Options::default()
    };
    for (round, n) in run.numbers().into_iter().enumerate().skip(first) {
        let meter = run.meter(&format!("recursion, N = {n}"));
        let held = RefCell::new((&mut *writer, &mut *record));
        let observer = |progress: &Progress| run.keeper.see(progress, &meter, round, &held);
        let mut failed = None;
        let statistics = recursion::solve(
            model,
            order,
            n,
            start.one_body(),
            &initial,
            &times,
            &options,
            observer,
            |k, at| -> Result<(), ExpansionError> {
                let Some(k) = recorded(k) else { return Ok(()) };
                let (writer, record) = &mut *held.borrow_mut();
                let done = slice(run, exact, writer, record, (round, n, k), &at);
                done.map_err(|failure| {
                    failed = Some(failure);
                    let time = times[k];
                    ExpansionError::Ode(meanfield::ode::OdeError::Interrupted { time })
                })
            },
        );
        if let Some(failure) = failed {
            return Err(failure);
        }
        record.add_statistics(statistics.map_err(sorted)?);
    }
    Ok(())
}

/// Writes and records output time k at N.
fn slice<S: Scalar>(
    run: &Run<'_, S>,
    exact: &ByN<Solved<S>>,
    writer: &mut Writer<'_>,
    record: &mut Record,
    (round, n, k): (usize, usize, usize),
    at: &RecursionState<S>,
) -> Result<(), Failure> {
    let config = run.config;
    let model = run.problem.model.as_ref();
    let layout = &run.layout;
    let order = config.expansion.order;
    if round == 0 {
        // F does not depend on N: once is enough.
        let what = What::Coefficient { j: 1, m: 0 };
        writer.append(what, model, layout, at.one_body())?;
        record.note_state(at.one_body());
        let user = to_user(model, layout, 1, at.one_body());
        let kept = user.iter().take(KEPT_ENTRIES).copied().collect();
        record.entries.push(vec![kept]);
        let pair = ExactPair {
            layout,
            first: at.one_body(),
            second: None,
            particles: usize::MAX,
        };
        let observed = observe(&pair, model, &run.problem.quantities).map_err(sorted_model)?;
        // Without correlations only the means have a limit.
        let limit = observed.into_iter().zip(&run.problem.quantities);
        record.observed.push(
            limit
                .map(|(mut o, quantity)| {
                    o.limit_only(quantity.powers_lost > 0);
                    o
                })
                .collect(),
        );
    }
    for planned in &run.outputs.written {
        if let What::Recursion {
            j,
            k: half,
            n: at_n,
        } = planned.what
            && at_n == n
            && let Some(term) = at.terms().get(&(j, half))
        {
            let wide = SymmetricLayout::new(layout.dimension(), j).map_err(Failure::input)?;
            writer.append(planned.what, model, &wide, term)?;
        }
    }
    let highest = highest_marginal(config, run.problem).min(n);
    let marginal = |j| at.marginal(layout, j).map_err(sorted);
    for &j in &config.expansion.marginals {
        let truncated = marginal(j)?;
        if config.particles.contains(&n) {
            writer.append(What::AtN { j, n }, model, layout, &truncated)?;
            watch(run, record, j, n, k, &truncated)?;
        }
        if let Some(solved) = exact.get(&n) {
            let error = difference(&truncated, solved.marginal(k, j));
            let size = norm(model, layout, j, &error).map_err(sorted_model)?;
            record
                .true_errors
                .entry((j, order, n))
                .or_default()
                .push(size);
        }
    }
    let first = marginal(1)?;
    let second = if highest >= 2 {
        Some(marginal(2)?)
    } else {
        None
    };
    let pair = ExactPair {
        layout,
        first: &first,
        second: second.as_deref(),
        particles: n,
    };
    let observed = observe(&pair, model, &run.problem.quantities).map_err(sorted_model)?;
    let user = to_user(model, layout, 1, &first);
    let entries = user.iter().take(KEPT_ENTRIES).copied().collect();
    let values = AtN::of_numbers(&observed, entries, n);
    record.corrected.entry(n).or_default().push(values);
    Ok(())
}
