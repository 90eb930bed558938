//! The spaces an exact evolution may take place in: what each takes, and what it gives.

use crate::ExactError;

/// The most that is allocated (16 GiB). A caller with a tighter budget
/// compares [`plan()`](crate::plan()) with it first.
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
    /// F_j at `times[k]` in engine coordinates, packed by a layout over D; `None` for
    /// j = 0 and for a k or j beyond what was asked for.
    #[must_use]
    pub fn marginal(&self, k: usize, j: usize) -> Option<&[S]> {
        let tensor = self.marginals.get(k)?.get(j.checked_sub(1)?)?;
        Some(tensor)
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
