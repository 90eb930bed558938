//! Correlation errors from marginals, and back: an inverse pair.
//!
//! With (A⊙B) the sum over subsets, Σ_{K⊂J} \[F\]^{⊗K} G_{J∖K} = Σ_k F^{⊗k} ⊙ G_{j−k}.

use meanfield_tensor::{Scalar, SymmetricLayout};

use crate::HierarchyError;
use crate::error::{member, require_degree, require_length};

/// E_j = Σ_k (−1)^k F^{⊗k} ⊙ F_{j−k} (18), (107) from the marginals F_0 = 1,
/// F_1, …, F_j (packed). Cost: j·m_j·(entries shared), at most j²·m_j.
///
/// # Errors
/// [`HierarchyError::Length`] when fewer than j+1 marginals are given, or F or a marginal is
/// not as long as its degree says; [`HierarchyError::Degree`] above the layout.
pub fn correlation_error<S: Scalar>(
    layout: &SymmetricLayout,
    f: &[S],
    j: usize,
    marginals: &[Vec<S>],
) -> Result<Vec<S>, HierarchyError> {
    member(marginals, j)?;
    let minus_f: Vec<S> = f.iter().map(|&x| -x).collect();
    insert_everywhere(layout, &minus_f, j, marginals)
}

/// E_0 … E_J from F_0 … F_J (18), (107).
///
/// # Errors
/// Those of [`correlation_error`].
pub fn correlation_errors<S: Scalar>(
    layout: &SymmetricLayout,
    f: &[S],
    marginals: &[Vec<S>],
) -> Result<Vec<Vec<S>>, HierarchyError> {
    (0..marginals.len())
        .map(|j| correlation_error(layout, f, j, marginals))
        .collect()
}

/// F_j = Σ_k F^{⊗k} ⊙ E_{j−k} (19), (109) from E_0 = 1, E_1, …; what is beyond
/// the end of `errors` counts as zero, as in the truncation (33).
///
/// # Errors
/// [`HierarchyError::Length`] when F or a tensor is not as long as its degree says;
/// [`HierarchyError::Degree`] above the layout.
pub fn marginal_from_errors<S: Scalar>(
    layout: &SymmetricLayout,
    f: &[S],
    j: usize,
    errors: &[Vec<S>],
) -> Result<Vec<S>, HierarchyError> {
    insert_everywhere(layout, f, j, errors)
}

/// Σ_k F^{⊗k} ⊙ G_{j−k}.
fn insert_everywhere<S: Scalar>(
    layout: &SymmetricLayout,
    f: &[S],
    j: usize,
    family: &[Vec<S>],
) -> Result<Vec<S>, HierarchyError> {
    require_length("F", f, layout.dimension())?;
    require_degree(layout, j)?;
    let mut out = vec![S::from_re(0.0); layout.len(j)];
    for (degree, tensor) in family.iter().enumerate().take(j + 1) {
        require_length("a packed tensor", tensor, layout.len(degree))?;
        let k = j - degree;
        let power = layout.power(f, k);
        layout.add_product((k, &power), (degree, tensor), S::from_re(1.0), &mut out);
    }
    Ok(out)
}
