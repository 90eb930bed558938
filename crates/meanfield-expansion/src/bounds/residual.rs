//! What the truncated expansion leaves of the hierarchy, and its norm.

use meanfield_hierarchy::{Constants, HierarchyError, OperatorNorms, Operators};
use meanfield_tensor::Scalar;

use crate::ExpansionError;
use crate::coefficients::Coefficients;

/// What the scalar hierarchy is made of at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Norms and growth rates of the operators at F(t).
    pub constants: Constants,
    /// ‖σ_j‖ for j = 0 … 2n+2; σ_0 = 0.
    pub residual: Vec<f64>,
    /// ‖e_j^m‖ for 1 ≤ j ≤ 2n by `[j][m]`, the sizes of the truncated expansion.
    pub terms: Vec<Vec<f64>>,
}

/// σ_j = (T_j + R_j) e_j^n − j C_{j+1} e_{j+1}^n + Γ_j e_{j−1}^n + S_j e_{j−2}^n: N^{n+1} times
/// what the truncation Ê_j = Σ_{m≤n} N^{−m} e_j^m leaves of (34), (117), packed, for
/// 1 ≤ j ≤ 2n+2; zero beyond. Units: those of a rate.
///
/// `operators` must reach degree 2n+2 and stand at the state F of `at`.
/// Cost: one of each operator.
///
/// # Errors
/// [`HierarchyError::Degree`] for a j beyond that of `operators`;
/// [`HierarchyError::Length`] when they are those of another model.
pub fn residual<S: Scalar>(
    operators: &mut Operators<'_, S>,
    at: &Coefficients<S>,
    j: usize,
) -> Result<Vec<S>, HierarchyError> {
    let highest = operators.layout().degree();
    if j > highest {
        return Err(HierarchyError::Degree { found: j, highest });
    }
    let one = S::from_re(1.0);
    let n = at.order();
    let unit = [one];
    // e_0^m = δ_{m0}.
    let e = |j: usize| match (j, n) {
        (0, 0) => Some(&unit[..]),
        _ => at.coefficient(j, n),
    };
    let mut out = vec![S::from_re(0.0); operators.layout().len(j)];
    if let Some(same) = e(j) {
        operators.add_t(one, j, same, &mut out)?;
        operators.add_r(one, j, same, &mut out)?;
    }
    if let Some(above) = e(j + 1) {
        operators.add_c(S::from_re(-(j as f64)), j, above, &mut out)?;
    }
    if let Some(lower) = j.checked_sub(1).and_then(e) {
        operators.add_gamma(one, j, lower, &mut out)?;
    }
    if let Some(lowest) = j.checked_sub(2).and_then(e) {
        operators.add_s(one, j, lowest, &mut out)?;
    }
    Ok(out)
}

/// All norms at the state of `at`, to which `operators` are moved.
pub(super) fn measure<S: Scalar>(
    operators: &mut Operators<'_, S>,
    norms: &OperatorNorms<S>,
    at: &Coefficients<S>,
) -> Result<Measured, ExpansionError> {
    let n = at.order();
    let model = operators.model();
    operators.set_state(at.one_body())?;
    let constants = norms.at(operators)?;
    let mut sizes = vec![0.0];
    for j in 1..=2 * n + 2 {
        let sigma = residual(operators, at, j)?;
        sizes.push(norms.size(model, operators.layout(), j, &sigma)?);
    }
    let mut terms = vec![vec![0.0; n + 1]; 2 * n + 1];
    for (&(j, m), values) in at.coefficients() {
        terms[j][m] = norms.size(model, operators.layout(), j, values)?;
    }
    Ok(Measured {
        constants,
        residual: sizes,
        terms,
    })
}
