//! What can go wrong in a flow of this crate.

/// Errors of the flows and of the layout of their tensors.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum HierarchyError {
    /// An initial value does not have the length of its tensor.
    #[error("{what} has {found} entries, expected {expected}")]
    Length {
        /// What the vector is.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The length it should have.
        expected: usize,
    },
    /// The time stepping failed.
    #[error(transparent)]
    Ode(#[from] meanfield_ode::OdeError),
    /// The tensors could not be laid out.
    #[error(transparent)]
    Tensor(#[from] meanfield_tensor::TensorError),
}

/// Refuses a vector of the wrong length.
pub(crate) fn require_length<S>(
    what: &'static str,
    vector: &[S],
    expected: usize,
) -> Result<(), HierarchyError> {
    if vector.len() == expected {
        return Ok(());
    }
    Err(HierarchyError::Length {
        what,
        found: vector.len(),
        expected,
    })
}
