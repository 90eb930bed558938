//! What can go wrong in the operators and flows of this crate.

use meanfield_tensor::SymmetricLayout;

/// Errors of the flows and of the layout of their tensors.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum HierarchyError {
    /// A vector does not have the length of its tensor, or a family of tensors ends early.
    #[error("{what} has {found} entries, expected {expected}")]
    Length {
        /// What the vector is.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The length it should have.
        expected: usize,
    },
    /// A tensor is of a degree that is not laid out.
    #[error("tensors of degree {found} are asked for, and those up to {highest} are laid out")]
    Degree {
        /// The degree asked for.
        found: usize,
        /// The highest degree of the layout.
        highest: usize,
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

/// Refuses what is no packed tensor of that degree.
pub(crate) fn require_tensor<S>(
    what: &'static str,
    layout: &SymmetricLayout,
    degree: usize,
    tensor: &[S],
) -> Result<(), HierarchyError> {
    require_degree(layout, degree)?;
    require_length(what, tensor, layout.len(degree))
}

/// Refuses a degree above the layout.
pub(crate) fn require_degree(
    layout: &SymmetricLayout,
    degree: usize,
) -> Result<(), HierarchyError> {
    if degree <= layout.degree() {
        return Ok(());
    }
    Err(HierarchyError::Degree {
        found: degree,
        highest: layout.degree(),
    })
}

/// The tensor of degree j of a family that begins with degree 0.
pub(crate) fn member<S>(family: &[Vec<S>], j: usize) -> Result<&[S], HierarchyError> {
    let missing = HierarchyError::Length {
        what: "the family of tensors of degrees 0, 1, …",
        found: family.len(),
        expected: j + 1,
    };
    family.get(j).map(Vec::as_slice).ok_or(missing)
}
