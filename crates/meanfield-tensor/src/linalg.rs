//! Matrix products and factorisations: the only module that calls a
//! linear-algebra library.
//!
//! faer by default (pure Rust); the system's OpenBLAS through ndarray-linalg
//! with the feature `lapack`. Every function runs on the calling thread.

#[cfg(not(feature = "lapack"))]
mod with_faer;
#[cfg(feature = "lapack")]
mod with_lapack;

use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2};

use crate::{Scalar, TensorError};

/// The operations a linear-algebra library provides for a scalar; call the
/// functions of this module instead.
pub trait Factored: Sized {
    #[doc(hidden)]
    fn gemm(
        alpha: Self,
        a: ArrayView2<'_, Self>,
        b: ArrayView2<'_, Self>,
        c: &mut ArrayViewMut2<'_, Self>,
    );
    #[doc(hidden)]
    fn eigh(a: ArrayView2<'_, Self>) -> Option<(Array1<f64>, Array2<Self>)>;
    #[doc(hidden)]
    fn singular_values(a: ArrayView2<'_, Self>) -> Option<Array1<f64>>;
    #[doc(hidden)]
    fn solve(a: ArrayView2<'_, Self>, b: ArrayView2<'_, Self>) -> Option<Array2<Self>>;
}

/// `C += alpha A B` for A (m×k), B (k×n), C (m×n). Operands that are not
/// row-major are copied first.
///
/// # Panics
/// When the shapes do not fit: that is a mistake in the calling code.
pub fn gemm<S: Scalar>(
    alpha: S,
    a: ArrayView2<'_, S>,
    b: ArrayView2<'_, S>,
    mut c: ArrayViewMut2<'_, S>,
) {
    assert!(
        a.ncols() == b.nrows() && c.dim() == (a.nrows(), b.ncols()),
        "shapes of a matrix product: {:?} times {:?} into {:?}",
        a.dim(),
        b.dim(),
        c.dim()
    );
    if c.is_empty() || a.ncols() == 0 {
        return;
    }
    S::gemm(alpha, a, b, &mut c);
}

/// Eigenvalues in increasing order and orthonormal eigenvectors (columns) of a
/// Hermitian matrix; only the lower triangle is read.
///
/// # Errors
/// [`TensorError::Factorisation`] when the iteration does not converge.
pub fn eigh<S: Scalar>(a: ArrayView2<'_, S>) -> Result<(Array1<f64>, Array2<S>), TensorError> {
    if a.is_empty() {
        return Ok((Array1::zeros(0), Array2::zeros((0, 0))));
    }
    S::eigh(a).ok_or(TensorError::Factorisation {
        what: "Hermitian eigenvalue decomposition",
        size: a.nrows(),
    })
}

/// Singular values in decreasing order.
///
/// # Errors
/// [`TensorError::Factorisation`] when the iteration does not converge.
pub fn singular_values<S: Scalar>(a: ArrayView2<'_, S>) -> Result<Array1<f64>, TensorError> {
    if a.is_empty() {
        return Ok(Array1::zeros(0));
    }
    S::singular_values(a).ok_or(TensorError::Factorisation {
        what: "singular value decomposition",
        size: a.nrows(),
    })
}

/// The solution X of A X = B by LU with partial pivoting.
///
/// # Errors
/// [`TensorError::Shape`] when A is not square or B has another number of
/// rows, [`TensorError::Factorisation`] when A is singular to working precision.
pub fn solve<S: Scalar>(
    a: ArrayView2<'_, S>,
    b: ArrayView2<'_, S>,
) -> Result<Array2<S>, TensorError> {
    if a.nrows() != a.ncols() || b.nrows() != a.nrows() {
        return Err(TensorError::Shape {
            what: "linear system A X = B",
            found: vec![a.nrows(), a.ncols(), b.nrows()],
            expected: vec![a.nrows(), a.nrows(), a.nrows()],
        });
    }
    if b.is_empty() {
        return Ok(b.to_owned());
    }
    S::solve(a, b)
        .filter(|x| x.iter().all(|v| v.finite()))
        .ok_or(TensorError::Factorisation {
            what: "LU solve",
            size: a.nrows(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, arr2};
    use num_complex::Complex64;

    /// Numbers without structure: fractional parts of multiples of √2 and √3.
    fn sample(rows: usize, columns: usize, shift: f64) -> Array2<Complex64> {
        Array2::from_shape_fn((rows, columns), |(i, j)| {
            let k = shift + (1 + i * columns + j) as f64;
            Complex64::new(
                (k * k * 2_f64.sqrt()).fract(),
                (k * k * 3_f64.sqrt()).fract(),
            )
        })
    }

    fn largest(a: &Array2<Complex64>) -> f64 {
        a.iter().map(|z| z.norm()).fold(0.0, f64::max)
    }

    #[test]
    fn law_gemm_adds_to_what_is_there_for_any_layout() {
        let (a, b) = (sample(5, 4, 0.1), sample(4, 6, 0.2));
        let dirty = sample(5, 6, 0.3);
        let two = Complex64::new(0.0, 2.0);
        let expected = &dirty + &a.dot(&b).mapv(|z| z * two);
        let mut c = dirty.clone();
        gemm(two, a.view(), b.view(), c.view_mut());
        assert!(largest(&(&c - &expected)) < 1e-13);
        let mut c = dirty;
        let columns = b.t().as_standard_layout().into_owned();
        gemm(two, a.view(), columns.t(), c.view_mut());
        assert!(largest(&(&c - &expected)) < 1e-13);
    }

    #[test]
    fn law_factorisations_reproduce_the_matrix() {
        let g = sample(6, 6, 0.5);
        let h = &g + &g.t().mapv(|z| z.conj());
        let (values, vectors) = eigh(h.view()).unwrap();
        let rebuilt =
            (&vectors * &values.mapv(Complex64::from)).dot(&vectors.t().mapv(|z| z.conj()));
        assert!(largest(&(&rebuilt - &h)) < 1e-13);
        assert!(values.windows(2).into_iter().all(|w| w[0] <= w[1]));
        let s = singular_values(h.view()).unwrap();
        let mut moduli: Vec<f64> = values.iter().map(|x| x.abs()).collect();
        moduli.sort_by(|x, y| y.total_cmp(x));
        assert!(s.iter().zip(&moduli).all(|(x, y)| (x - y).abs() < 1e-13));
        let x = solve(g.view(), h.view()).unwrap();
        assert!(largest(&(g.dot(&x) - &h)) < 1e-12);
    }

    #[test]
    fn law_a_singular_system_is_an_error() {
        let a = arr2(&[[1.0, 2.0], [2.0, 4.0]]);
        assert!(solve(a.view(), arr2(&[[1.0], [0.0]]).view()).is_err());
    }
}
