//! The one-body space L: its dimension, its trace functional and its norm.

use crate::Scalar;

/// The norm a model measures its n-body tensors with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Norm {
    /// Σ|entries|: probabilities.
    L1,
    /// The trace norm Σ(singular values) of the operator on (C^d)^{⊗j} that
    /// the tensor represents; `levels` is d.
    Trace {
        /// Dimension d of the one-particle Hilbert space; D = d².
        levels: usize,
    },
    /// The Euclidean (Hilbert–Schmidt) norm of the entries: where no norm is
    /// singled out by the theory.
    Euclidean,
}

/// The discretised one-body space L with Tr(F) = Σ_a `trace[a]·F[a]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Space<S> {
    trace: Vec<S>,
    norm: Norm,
}

impl<S: Scalar> Space<S> {
    /// The space of dimension `trace.len()` with that trace functional.
    #[must_use]
    pub fn new(trace: Vec<S>, norm: Norm) -> Self {
        Self { trace, norm }
    }

    /// The space of `dimension` probabilities: Tr is the plain sum, the norm L¹.
    #[must_use]
    pub fn probabilities(dimension: usize) -> Self {
        Self::new(vec![S::from_re(1.0); dimension], Norm::L1)
    }

    /// Dimension D.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.trace.len()
    }

    /// The trace functional as a vector of length D.
    #[must_use]
    pub fn trace(&self) -> &[S] {
        &self.trace
    }

    /// The norm.
    #[must_use]
    pub fn norm(&self) -> Norm {
        self.norm
    }

    /// Tr(F) of a one-body element.
    #[must_use]
    pub fn trace_of(&self, f: &[S]) -> S {
        f.iter().zip(&self.trace).map(|(&x, &t)| x * t).sum()
    }
}
