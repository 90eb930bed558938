//! Norms and positivity of n-body tensors.

use ndarray::{Array2, ArrayD};
use num_complex::Complex64;

use crate::linalg;
use crate::{Scalar, SymmetricLayout, TensorError};

/// The L¹ norm Σ|T[z_1, …, z_j]| of a packed tensor of degree `j`.
#[must_use]
pub fn l1<S: Scalar>(layout: &SymmetricLayout, j: usize, packed: &[S]) -> f64 {
    let terms = packed.iter().enumerate();
    terms
        .map(|(k, x)| layout.multiplicity(j, k) * x.modulus())
        .sum()
}

/// The Euclidean (Hilbert–Schmidt) norm of a packed tensor of degree `j`.
#[must_use]
pub fn euclidean<S: Scalar>(layout: &SymmetricLayout, j: usize, packed: &[S]) -> f64 {
    let terms = packed.iter().enumerate();
    terms
        .map(|(k, x)| layout.multiplicity(j, k) * x.modulus().powi(2))
        .sum::<f64>()
        .sqrt()
}

/// The operator on (C^d)^{⊗j} with kernel F(x_1…x_j; x'_1…x'_j) that a dense
/// tensor over the indices x·d + x' stands for, as a d^j × d^j matrix.
#[must_use]
pub fn operator_matrix(tensor: &ArrayD<Complex64>, levels: usize) -> Array2<Complex64> {
    let j = tensor.ndim();
    let size = levels.pow(j as u32);
    let mut out = Array2::zeros((size, size));
    for (index, &value) in tensor.indexed_iter() {
        let (mut row, mut column) = (0, 0);
        for slot in 0..j {
            row = row * levels + index[slot] / levels;
            column = column * levels + index[slot] % levels;
        }
        out[[row, column]] = value;
    }
    out
}

/// The trace norm of the operator that a dense tensor stands for: Σ of the
/// singular values of a d^j × d^j matrix, cost d^{3j}.
///
/// # Errors
/// [`TensorError::Factorisation`] for non-finite entries.
pub fn trace_norm(tensor: &ArrayD<Complex64>, levels: usize) -> Result<f64, TensorError> {
    let matrix = operator_matrix(tensor, levels);
    Ok(linalg::singular_values(matrix.view())?.sum())
}

/// The least eigenvalue of the Hermitian part of the operator that a dense
/// tensor stands for: negative when positivity is lost.
///
/// # Errors
/// [`TensorError::Factorisation`] for non-finite entries.
pub fn least_eigenvalue(tensor: &ArrayD<Complex64>, levels: usize) -> Result<f64, TensorError> {
    let matrix = operator_matrix(tensor, levels);
    let adjoint = matrix.t().mapv(|z| z.conj());
    let hermitian = (&matrix + &adjoint).mapv(|z| z * 0.5);
    let (values, _) = linalg::eigh(hermitian.view())?;
    Ok(values.first().copied().unwrap_or(0.0))
}

/// The least entry: negative when a classical marginal is no longer positive.
#[must_use]
pub fn least_entry<S: Scalar>(packed: &[S]) -> f64 {
    packed.iter().map(|x| x.re()).fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dense;
    use ndarray::IxDyn;

    #[test]
    fn law_norms_of_a_product_are_products() {
        let layout = SymmetricLayout::new(3, 3).unwrap();
        let f = [0.5, -0.25, 0.125];
        let cube = layout.power(&f, 3);
        assert!((l1(&layout, 3, &cube) - 0.875_f64.powi(3)).abs() < 1e-14);
        let square: f64 = f.iter().map(|x| x * x).sum();
        assert!((euclidean(&layout, 3, &cube) - square.powf(1.5)).abs() < 1e-14);
    }

    #[test]
    fn law_trace_norm_sees_the_operator_not_the_entries() {
        // The exchange operator on C²⊗C²: eigenvalues 1, 1, 1, −1.
        let exchange = ArrayD::from_shape_fn(IxDyn(&[4, 4]), |index| {
            let (x, xp) = (index[0] / 2, index[0] % 2);
            let (y, yp) = (index[1] / 2, index[1] % 2);
            Complex64::from(f64::from(u8::from(x == yp && y == xp)))
        });
        assert!((trace_norm(&exchange, 2).unwrap() - 4.0).abs() < 1e-14);
        assert!((least_eigenvalue(&exchange, 2).unwrap() + 1.0).abs() < 1e-14);
        assert!(dense::asymmetry(&exchange) == 0.0);
    }
}
