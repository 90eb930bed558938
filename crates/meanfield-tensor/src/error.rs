//! What can go wrong when a tensor is laid out or a matrix is factored.

/// Errors of the tensor layer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TensorError {
    /// The packed tensor has more entries than an index can count.
    #[error(
        "a symmetric tensor of degree {degree} over dimension {dimension} has more than {limit} entries"
    )]
    TooManyEntries {
        /// Dimension D of the one-body space.
        dimension: usize,
        /// Degree j of the tensor.
        degree: usize,
        /// The largest number of entries that can be indexed.
        limit: usize,
    },
    /// An array has another shape than the operation needs.
    #[error("{what}: found shape {found:?}, expected {expected:?}")]
    Shape {
        /// What the array is.
        what: &'static str,
        /// Its shape.
        found: Vec<usize>,
        /// The shape that was needed.
        expected: Vec<usize>,
    },
    /// A factorisation did not converge, or the matrix is singular.
    #[error("{what} failed for a matrix of size {size}; does it hold non-finite entries?")]
    Factorisation {
        /// Which factorisation.
        what: &'static str,
        /// Number of rows.
        size: usize,
    },
}
