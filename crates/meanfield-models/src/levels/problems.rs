//! Finite-level problems shared by tests, benches and validation.

use meanfield_abstract::ModelError;
use meanfield_abstract::problems::Noise;
use ndarray::{Array2, Array4};
use num_complex::Complex64;

use super::{Dissipation, Levels, TransverseField};

/// Two-level atoms H = ½Σσx + (1/N) Σ_{i<j} σzσz with ħ = 1. From the Bloch
/// vector (0.6, 0, 0.8) the limit at t = 1 is
/// (0.492373014610, 0.099708721253, 0.864654257718).
///
/// # Errors
/// None in practice: the parameters are valid.
pub fn two_level_reference() -> Result<Levels, ModelError> {
    TransverseField {
        omega: 1.0,
        chi: 1.0,
    }
    .model(Dissipation::default(), 1.0)
}

/// A Hamiltonian without structure: every matrix element of h and v is of
/// order one, ħ = 1.
///
/// # Errors
/// [`ModelError`] for no levels.
pub fn random_levels(levels: usize, seed: u64) -> Result<Levels, ModelError> {
    random_open_levels(levels, 0, seed)
}

/// The same with that many random jump operators.
///
/// # Errors
/// [`ModelError`] for no levels.
pub fn random_open_levels(levels: usize, jumps: usize, seed: u64) -> Result<Levels, ModelError> {
    let mut noise = Noise::new(seed);
    let d = levels;
    let h = random_hermitian(d, &mut noise);
    // v = ½Σ (A⊗B + B⊗A) over Hermitian A and B has every symmetry required.
    let mut v = Array4::zeros((d, d, d, d));
    for _ in 0..d * d {
        let (a, b) = (
            random_hermitian(d, &mut noise),
            random_hermitian(d, &mut noise),
        );
        v += &super::pauli::product(0.5 / d as f64, &a, &b);
        v += &super::pauli::product(0.5 / d as f64, &b, &a);
    }
    let jumps: Vec<_> = (0..jumps)
        .map(|_| Array2::from_shape_simple_fn((d, d), || noise.scalar::<Complex64>() * 0.5))
        .collect();
    Levels::new(&h, &v, &jumps, 1.0)
}

/// A random density matrix without zero eigenvalues, as a user array of d²
/// numbers.
#[must_use]
pub fn random_state(levels: usize, seed: u64) -> Vec<Complex64> {
    let mut noise = Noise::new(seed);
    let root: Array2<Complex64> = Array2::from_shape_simple_fn((levels, levels), || noise.scalar());
    let positive = root.dot(&root.t().mapv(|z| z.conj()));
    let trace = positive.diag().sum().re;
    positive.into_iter().map(|z| z / trace).collect()
}

/// A random Hermitian matrix with entries of order one.
#[must_use]
pub fn random_hermitian(size: usize, noise: &mut Noise) -> Array2<Complex64> {
    let a: Array2<Complex64> = Array2::from_shape_simple_fn((size, size), || noise.scalar());
    (&a + &a.t().mapv(|z| z.conj())).mapv(|z| z * 0.5)
}
