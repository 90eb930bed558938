//! The front door: the cheapest exact sector a model and a start allow.

use meanfield_abstract::{Model, Start};
use meanfield_tensor::Scalar;

use crate::evolution::Listener;
use crate::{ExactError, bosons, spins, symmetric};

/// The most that is allocated (16 GiB). A caller with a tighter budget
/// compares [`plan()`] with it first.
pub const LARGEST_BYTES: usize = 16 << 30;

/// The space an exact evolution takes place in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sector {
    /// Amplitudes over the occupation numbers of d levels: a pure product start
    /// of a Hamiltonian model.
    Bosons,
    /// Density matrices by total spin: any other product start of a two-level
    /// Hamiltonian model.
    TotalSpin,
    /// Probabilities of the occupation numbers of D states.
    Probabilities,
    /// Expectation values of products of D observables.
    Expectations,
}

/// What an exact evolution takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The sector.
    pub sector: Sector,
    /// Number of one-body basis elements: D, or d for [`Sector::Bosons`] and
    /// [`Sector::TotalSpin`].
    pub levels: usize,
    /// Number of unknowns, C(N+levels−1, N), or the amplitudes kept in
    /// [`Sector::TotalSpin`]; `None` when it cannot be counted.
    pub dimension: Option<usize>,
    /// Bytes held, marginals included; `None` when the unknowns cannot be
    /// indexed.
    pub bytes: Option<usize>,
}

/// Exact marginals at the times asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct ExactMarginals<S> {
    /// The sector used.
    pub sector: Sector,
    /// Number of unknowns.
    pub dimension: usize,
    /// Products with the generator.
    pub products: usize,
    pub(crate) marginals: Vec<Vec<Vec<S>>>,
}

impl<S> ExactMarginals<S> {
    /// F_j at `times[k]` in engine coordinates, packed by a layout over D.
    ///
    /// # Panics
    /// When k or j ≥ 1 is beyond what was asked for.
    #[must_use]
    pub fn marginal(&self, k: usize, j: usize) -> &[S] {
        &self.marginals[k][j - 1]
    }

    /// All of them: by time, then j − 1.
    #[must_use]
    pub fn into_marginals(self) -> Vec<Vec<Vec<S>>> {
        self.marginals
    }

    /// Number of times.
    #[must_use]
    pub fn times(&self) -> usize {
        self.marginals.len()
    }
}

/// Bytes an evolution in Sym^N(L) over `dimension` real basis elements holds at
/// least; [`plan()`] adds the matrix that is built where it pays. `None` when the
/// tensors cannot be indexed.
#[must_use]
pub fn required_bytes(dimension: usize, n: usize) -> Option<usize> {
    crate::evolution::required_bytes::<f64>(dimension, n, 2, None)
}

/// Refuses N < J and what does not fit.
pub(crate) fn check_size(plan: &Plan, n: usize, highest_j: usize) -> Result<(), ExactError> {
    if n == 0 || n < highest_j {
        return Err(ExactError::TooFewParticles {
            n,
            highest: highest_j.max(1),
        });
    }
    match plan.bytes {
        Some(bytes) if bytes <= LARGEST_BYTES => Ok(()),
        bytes => Err(ExactError::TooLarge {
            levels: plan.levels,
            n,
            bytes,
            limit: LARGEST_BYTES,
        }),
    }
}

/// The sum of sizes, `None` when one of them cannot be counted.
pub(crate) fn sum(sizes: &[Option<usize>]) -> Option<usize> {
    sizes
        .iter()
        .try_fold(0_usize, |sum, size| sum.checked_add((*size)?))
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
        _ => return Err(ExactError::CumulantsStart),
    }
    Ok(symmetric::plan(model, n, n.min(2)))
}

/// The exact marginals F_1 … F_J of N particles at `times` ≥ 0: in the bosonic
/// sector where the start is a pure product and the model Hamiltonian, by total
/// spin where it is a mixed product and the model has two levels, in Sym^N(L)
/// otherwise, which is also where models with further terms go. `progress` hears the fraction done and stops the
/// evolution by returning `false`.
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
