//! Pauli matrices and products of operators of two particles. Level 0 is the
//! eigenvalue +1 of σz.

use ndarray::{Array2, Array4, arr2};
use num_complex::Complex64;

const ZERO: Complex64 = Complex64::ZERO;
const ONE: Complex64 = Complex64::ONE;
const I: Complex64 = Complex64::I;

/// σx.
#[must_use]
pub fn x() -> Array2<Complex64> {
    arr2(&[[ZERO, ONE], [ONE, ZERO]])
}

/// σy.
#[must_use]
pub fn y() -> Array2<Complex64> {
    arr2(&[[ZERO, -I], [I, ZERO]])
}

/// σz.
#[must_use]
pub fn z() -> Array2<Complex64> {
    arr2(&[[ONE, ZERO], [ZERO, -ONE]])
}

/// σ− = (σx − iσy)/2 = |1⟩⟨0|: from σz = +1 to σz = −1.
#[must_use]
pub fn lowering() -> Array2<Complex64> {
    arr2(&[[ZERO, ZERO], [ONE, ZERO]])
}

/// The pair operator `weight`·a⊗b as ⟨xy|a⊗b|ue⟩, d×d×d×d.
#[must_use]
pub fn product(weight: f64, a: &Array2<Complex64>, b: &Array2<Complex64>) -> Array4<Complex64> {
    let d = a.nrows();
    Array4::from_shape_fn((d, d, d, d), |(row, partner, column, other)| {
        a[[row, column]] * b[[partner, other]] * weight
    })
}
