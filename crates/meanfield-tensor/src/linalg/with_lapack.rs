//! The operations on the system's OpenBLAS.

use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2, ShapeBuilder};
use ndarray_linalg::{Eigh, JobSvd, SVDDC, UPLO};
use num_complex::Complex64;

use super::Factored;
use crate::Scalar;

macro_rules! factored {
    ($scalar:ty) => {
        impl Factored for $scalar {
            fn gemm(
                alpha: Self,
                a: ArrayView2<'_, Self>,
                b: ArrayView2<'_, Self>,
                c: &mut ArrayViewMut2<'_, Self>,
            ) {
                let one = <$scalar as Scalar>::from_re(1.0);
                ndarray::linalg::general_mat_mul(alpha, &a, &b, one, c);
            }

            fn eigh(a: ArrayView2<'_, Self>) -> Option<(Array1<f64>, Array2<Self>)> {
                // In C order ndarray-linalg factors the transpose, whose
                // eigenvectors are the conjugates.
                let mut columns = Array2::zeros(a.raw_dim().f());
                columns.assign(&a);
                columns.eigh(UPLO::Lower).ok()
            }

            fn singular_values(a: ArrayView2<'_, Self>) -> Option<Array1<f64>> {
                Some(a.to_owned().svddc(JobSvd::None).ok()?.1)
            }

            fn solve(a: ArrayView2<'_, Self>, b: ArrayView2<'_, Self>) -> Option<Array2<Self>> {
                use ndarray_linalg::{FactorizeInto, Solve};
                let factors = a.to_owned().factorize_into().ok()?;
                let mut out = b.to_owned();
                for mut column in out.columns_mut() {
                    let solved = factors.solve(&column.to_owned()).ok()?;
                    column.assign(&solved);
                }
                Some(out)
            }
        }
    };
}

factored!(f64);
factored!(Complex64);
