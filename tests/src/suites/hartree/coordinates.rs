//! A Hartree model in the real coordinates of a Hermitian basis: K and V are
//! those of the model, column by column. Exact evolutions of many particles
//! keep their digits there, since the trace sits on one element.

use meanfield::abstract_model::{Basis, Model};
use meanfield::models::hartree::Hartree;
use meanfield::models::levels::HermitianBasis;
use meanfield::prelude::*;
use meanfield::tensor::{Norm, linalg};
use meanfield_testing::worse;
use ndarray::{Array2, ArrayView2, ArrayViewMut2};
use num_complex::Complex64;

/// What the imaginary parts of real operators may leave, relative to entries
/// of order one.
const ROUNDING: f64 = 1e-12;

/// The model.
pub(super) struct Coordinates {
    basis: HermitianBasis,
    space: Space<f64>,
    k: Array2<f64>,
    pair: Array2<f64>,
}

/// a⊗a for a matrix of one slot.
fn squared(a: &Array2<Complex64>) -> Array2<Complex64> {
    let n = a.nrows();
    Array2::from_shape_fn((n * n, n * n), |(row, column)| {
        a[[row / n, column / n]] * a[[row % n, column % n]]
    })
}

/// The real part of a matrix that is real.
fn real(a: &Array2<Complex64>) -> Array2<f64> {
    let imaginary = a.iter().map(|z| z.im.abs()).fold(0.0, worse);
    assert!(imaginary < ROUNDING, "Hermitian operators stay Hermitian");
    a.mapv(|z| z.re)
}

impl Coordinates {
    /// All columns of K and of V are asked of the model.
    pub(super) fn new(model: &Hartree) -> Self {
        let levels = model.grid().levels();
        let size = levels * levels;
        let basis = HermitianBasis::new(levels);
        let [to_user, from_user] = [basis.user_from_engine(), basis.engine_from_user()]
            .map(|matrix| matrix.expect("a change of basis").clone());
        let mut k = Array2::zeros((size, size));
        model.add_k(Complex64::ONE, Array2::eye(size).view(), k.view_mut());
        let mut pair = Array2::zeros((size * size, size * size));
        let identity = Array2::eye(size * size);
        model
            .interaction()
            .add_pair(Complex64::ONE, identity.view(), pair.view_mut());
        // Element 0 is 1/√d, the others have no trace.
        let mut trace = vec![0.0; size];
        trace[0] = (levels as f64).sqrt();
        Self {
            space: Space::new(trace, Norm::Trace { levels }),
            k: real(&from_user.dot(&k).dot(&to_user)),
            pair: real(&squared(&from_user).dot(&pair).dot(&squared(&to_user))),
            basis,
        }
    }
}

impl Model for Coordinates {
    type Scalar = f64;

    fn space(&self) -> &Space<f64> {
        &self.space
    }

    fn add_k(&self, c: f64, x: ArrayView2<'_, f64>, out: ArrayViewMut2<'_, f64>) {
        linalg::gemm(c, self.k.view(), x, out);
    }

    fn interaction(&self) -> &dyn Interaction<f64> {
        self
    }

    fn capabilities(&self) -> Capabilities<'_, f64> {
        Capabilities {
            basis: &self.basis,
            ..Capabilities::of(self.space())
        }
    }
}

impl Interaction<f64> for Coordinates {
    fn one_body_space(&self) -> &Space<f64> {
        self.space()
    }

    fn add_pair(&self, c: f64, x: ArrayView2<'_, f64>, out: ArrayViewMut2<'_, f64>) {
        linalg::gemm(c, self.pair.view(), x, out);
    }
}
