//! The recursion of Theorem 1.4: a solution of its own for every N.

use std::cell::RefCell;

use meanfield::abstract_model::{norm, to_user};
use meanfield::expansion::{ExactPair, State, Stop};
use meanfield::ode::Progress;
use meanfield::tensor::Scalar;

use super::at_n::AtN;
use super::exact::Solved;
use super::expansion::{difference, integrator, stopped, watch, write_unknowns};
use super::form::form;
use super::observe::observe;
use super::outputs::What;
use super::record::{KEPT_ENTRIES, Record};
use super::writer::Writer;
use super::{ByN, Run, sorted_model};
use crate::failure::Failure;
use crate::problem::Meaning;

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
    let order = config.expansion.order;
    let (times, recorded) = run.solver_times();
    let options = integrator(run);
    for (round, n) in run.numbers().into_iter().enumerate().skip(first) {
        let form = form(config, run.problem, order, &run.layout, Some(n))?;
        let meter = run.stage(&format!("recursion, N = {n}"));
        let held = RefCell::new((&mut *writer, &mut *record));
        let mut observer = |progress: &Progress| {
            let watched = (run.watch, &*meter);
            run.keeper.see(progress, watched, round, &held)
        };
        let mut output = |k: usize, at: &dyn State<S>| -> Result<(), Stop> {
            let Some(k) = recorded(k) else { return Ok(()) };
            let (writer, record) = &mut *held.borrow_mut();
            Ok(slice(run, exact, writer, record, (round, n, k), at)?)
        };
        let solved = form.evolve(&times, &options, &mut observer, &mut output);
        record.add_statistics(solved.map_err(stopped)?);
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
    at: &dyn State<S>,
) -> Result<(), Failure> {
    let config = run.config;
    let model = run.problem.model.as_ref();
    let layout = &run.layout;
    let order = config.expansion.order;
    if round == 0 {
        // F does not depend on N: once is enough.
        let what = What::Coefficient { j: 1, m: 0 };
        writer.append(what, model, layout, at.mean_field())?;
        record.note_state(at.mean_field());
        let user = to_user(model, layout, 1, at.mean_field());
        let kept = user.iter().take(KEPT_ENTRIES).copied().collect();
        record.entries.push(vec![kept]);
        let pair = ExactPair {
            layout,
            first: at.mean_field(),
            second: None,
            particles: usize::MAX,
        };
        let observed = observe(&pair, model, &run.problem.quantities).map_err(sorted_model)?;
        // Without correlations only the means have a limit.
        let limit = observed.into_iter().zip(&run.problem.quantities);
        record.observed.push(
            limit
                .map(|(mut o, quantity)| {
                    let pairs = matches!(quantity.meaning, Meaning::Covariance(..));
                    o.limit_only(quantity.powers_lost > 0 || pairs);
                    o
                })
                .collect(),
        );
    }
    let wanted = |what| match what {
        What::Recursion { j, k, n: of } if of == n => Some((j, k)),
        _ => None,
    };
    write_unknowns(run, writer, at, wanted)?;
    // At one N a series has one term.
    let marginals = at.marginals(layout.degree());
    for &j in &config.expansion.marginals {
        let truncated = marginals[j].term(0);
        if config.particles.contains(&n) {
            writer.append(What::AtN { j, n }, model, layout, truncated)?;
            watch(run, record, j, n, k, truncated)?;
        }
        if let Some(solved) = exact.get(&n) {
            let error = difference(truncated, solved.marginal(k, j));
            let size = norm(model, layout, j, &error).map_err(sorted_model)?;
            record
                .true_errors
                .entry((j, order, n))
                .or_default()
                .push(size);
        }
    }
    let observed = observe(at, model, &run.problem.quantities).map_err(sorted_model)?;
    let user = to_user(model, layout, 1, marginals[1].term(0));
    let entries = user.iter().take(KEPT_ENTRIES).copied().collect();
    let values = AtN::of_numbers(&observed, entries, n);
    record.corrected.entry(n).or_default().push(values);
    Ok(())
}
