//! What the operators of a finite-level system must satisfy.

use meanfield_abstract::ModelError;
use ndarray::{Array2, Array4};
use num_complex::Complex64;

/// Rounding of operators that were typed in or read from a file, relative to
/// their largest entry.
const ROUNDING: f64 = 1e-12;

/// d×d and finite.
pub(super) fn require_matrix(
    array: &str,
    levels: usize,
    matrix: &Array2<Complex64>,
) -> Result<(), ModelError> {
    if levels == 0 || matrix.dim() != (levels, levels) {
        let expected = if array == "h" {
            "(d, d) with d ≥ 1".to_owned()
        } else {
            format!("({levels}, {levels}), as `h`")
        };
        return Err(ModelError::Shape {
            array: array.to_owned(),
            found: matrix.shape().to_vec(),
            expected,
        });
    }
    for ((a, b), z) in matrix.indexed_iter() {
        require_finite(array, &[a, b], *z)?;
    }
    Ok(())
}

/// d×d×d×d, finite, Hermitian ⟨ab|v|ce⟩ = ⟨ce|v|ab⟩* and exchange symmetric
/// ⟨ab|v|ce⟩ = ⟨ba|v|ec⟩.
pub(super) fn require_pair(levels: usize, v: &Array4<Complex64>) -> Result<(), ModelError> {
    let d = levels;
    if v.dim() != (d, d, d, d) {
        return Err(ModelError::Shape {
            array: "v".to_owned(),
            found: v.shape().to_vec(),
            expected: format!("({d}, {d}, {d}, {d}), as `h` is ({d}, {d})"),
        });
    }
    for ((a, b, c, e), z) in v.indexed_iter() {
        require_finite("v", &[a, b, c, e], *z)?;
    }
    let allowed = ROUNDING * v.iter().map(|z| z.norm()).fold(0.0, f64::max);
    for ((a, b, c, e), &z) in v.indexed_iter() {
        let mirror = v[[c, e, a, b]];
        if (z - mirror.conj()).norm() > allowed {
            return Err(ModelError::NotHermitian {
                array: "v".to_owned(),
                index: vec![a, b, c, e],
                found: z.to_string(),
                mirror: mirror.to_string(),
            });
        }
        let other = v[[b, a, e, c]];
        if (z - other).norm() > allowed {
            return Err(ModelError::NotExchangeSymmetric {
                array: "v".to_owned(),
                index: [a, b, c, e],
                found: z.to_string(),
                partner: [b, a, e, c],
                other: other.to_string(),
            });
        }
    }
    Ok(())
}

fn require_finite(array: &str, index: &[usize], z: Complex64) -> Result<(), ModelError> {
    if z.re.is_finite() && z.im.is_finite() {
        return Ok(());
    }
    Err(ModelError::NotFinite {
        array: array.to_owned(),
        index: index.to_vec(),
        found: z.to_string(),
    })
}
