//! The operations on faer.

use faer::linalg::solvers::Solve;
use faer::{Accum, Mat, MatMut, MatRef, Par, Side};
use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2};
use num_complex::Complex64;

use super::Factored;
use crate::Scalar;

fn matrix<S: Scalar + faer::traits::ComplexField>(a: ArrayView2<'_, S>) -> Mat<S> {
    Mat::from_fn(a.nrows(), a.ncols(), |i, j| a[[i, j]])
}

fn array<S: Scalar + faer::traits::ComplexField>(a: MatRef<'_, S>) -> Array2<S> {
    Array2::from_shape_fn((a.nrows(), a.ncols()), |(i, j)| a[(i, j)])
}

macro_rules! factored {
    ($scalar:ty) => {
        impl Factored for $scalar {
            fn gemm(
                alpha: Self,
                a: ArrayView2<'_, Self>,
                b: ArrayView2<'_, Self>,
                c: &mut ArrayViewMut2<'_, Self>,
            ) {
                let (a, b) = (a.as_standard_layout(), b.as_standard_layout());
                let (m, k, n) = (a.nrows(), a.ncols(), b.ncols());
                let (Some(left), Some(right)) = (a.as_slice(), b.as_slice()) else {
                    return;
                };
                let (left, right) = (
                    MatRef::from_row_major_slice(left, m, k),
                    MatRef::from_row_major_slice(right, k, n),
                );
                let product = |to: MatMut<'_, Self>, accumulate| {
                    faer::linalg::matmul::matmul(to, accumulate, left, right, alpha, Par::Seq);
                };
                if let Some(out) = c.as_slice_mut() {
                    product(MatMut::from_row_major_slice_mut(out, m, n), Accum::Add);
                } else {
                    let mut out = Mat::zeros(m, n);
                    product(out.as_mut(), Accum::Replace);
                    *c += &array(out.as_ref());
                }
            }

            fn eigh(a: ArrayView2<'_, Self>) -> Option<(Array1<f64>, Array2<Self>)> {
                let factors = matrix(a).self_adjoint_eigen(Side::Lower).ok()?;
                let values = factors.S().column_vector();
                Some((
                    (0..a.nrows()).map(|i| Scalar::re(values[i])).collect(),
                    array(factors.U()),
                ))
            }

            fn singular_values(a: ArrayView2<'_, Self>) -> Option<Array1<f64>> {
                Some(matrix(a).singular_values().ok()?.into_iter().collect())
            }

            fn solve(a: ArrayView2<'_, Self>, b: ArrayView2<'_, Self>) -> Option<Array2<Self>> {
                Some(array(matrix(a).partial_piv_lu().solve(matrix(b)).as_ref()))
            }
        }
    };
}

factored!(f64);
factored!(Complex64);
