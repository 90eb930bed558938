//! The front door: the cheapest exact sector a model and a start allow.

use meanfield_abstract::{Model, Start};
use meanfield_tensor::{Scalar, SymmetricLayout, packed_len};

use crate::evolution::Listener;
use crate::sector::{ExactMarginals, Plan, Sector, sum};
use crate::{ExactError, bosons, spins, symmetric};

/// Bytes an evolution in Sym^N(L) over `dimension` real basis elements holds at
/// least; [`plan()`] adds the matrix that is built where it pays. `None` when the
/// tensors cannot be indexed.
#[must_use]
pub fn required_bytes(dimension: usize, n: usize) -> Option<usize> {
    crate::evolution::required_bytes::<f64>(dimension, n, 2, None)
}

/// Which sector [`solve`] would use, and what that takes with marginals up to
/// F_2.
///
/// # Errors
/// [`ExactError`] for a start that does not fit the model, does not fix the
/// N-body state, or has fixed counts that are not integers at this N, and for
/// N = 0; not for a state that is merely too large.
pub fn plan<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    n: usize,
) -> Result<Plan, ExactError> {
    start.check(model)?;
    if n == 0 {
        return Err(ExactError::TooFewParticles { n, highest: 1 });
    }
    match start {
        Start::Product { f } => {
            // Further terms are not part of what a model says of its Hamiltonian.
            let hamiltonian = match model.further_terms().is_empty() {
                true => model.capabilities().hamiltonian,
                false => None,
            };
            if let Some(hamiltonian) = hamiltonian {
                match bosons::wave_function(model, f) {
                    Ok(_) => return bosons::plan(hamiltonian, n, n.min(2)),
                    Err(ExactError::NotPure { .. }) => {}
                    Err(error) => return Err(error),
                }
                if let Some(state) = spins::diagonal_state(model, f)? {
                    return Ok(spins::plan(n, state.ratio, n.min(2)));
                }
            }
        }
        Start::FixedCounts { .. } => {
            if let Some(element) = symmetric::traced_element(model.space().trace()) {
                return Err(ExactError::FixedCountsOfExpectations { element });
            }
            start.counts(n)?;
        }
        Start::Cumulants { .. } => {
            let mut plan = symmetric::plan(model, n, n.min(2));
            let d = model.space().dimension();
            // The start: every marginal on the way to F^N.
            let all = (0..=n).map(|j| packed_len(d, j)?.checked_mul(size_of::<S>()));
            let marginals = all.sum::<Option<usize>>();
            plan.bytes = sum(&[plan.bytes, SymmetricLayout::table_bytes(d, n), marginals]);
            return Ok(plan);
        }
        _ => return Err(ExactError::UnknownStart),
    }
    Ok(symmetric::plan(model, n, n.min(2)))
}

/// The exact marginals F_1 … F_J of N particles at `times` ≥ 0: in the bosonic
/// sector where the start is a pure product and the model Hamiltonian, by total
/// spin where it is a mixed product and the model has two levels, in Sym^N(L)
/// otherwise, which is also where models with further terms go. `progress` hears the
/// fraction done and stops the evolution by returning `false`.
///
/// # Errors
/// [`ExactError`]: N < J, since F_J does not exist; a state that does not fit;
/// cumulants as a start; counts N·F that are not integers; times that decrease;
/// an interruption.
pub fn solve<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    n: usize,
    times: &[f64],
    highest_j: usize,
    progress: Listener<'_>,
) -> Result<ExactMarginals<S>, ExactError> {
    let plan = plan(model, start, n)?;
    match (plan.sector, start) {
        (Sector::Bosons, Start::Product { f }) => {
            bosons::solve(model, f, n, times, highest_j, progress)
        }
        (Sector::TotalSpin, Start::Product { f }) => {
            spins::solve(model, f, n, times, highest_j, progress)
        }
        _ => symmetric::solve(model, start, n, times, highest_j, progress),
    }
}

#[cfg(test)]
mod tests;
