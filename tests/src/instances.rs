//! Instances of every kind of model, each with a start, that several suites
//! measure on.

use meanfield::models::kac::{Caricature, CrossSection, Kac, KacHermite};
use meanfield::models::levels::problems::{random_levels, random_open_levels, random_state};
use meanfield::models::levels::{Dissipation, Levels, TransverseField};
use meanfield::prelude::*;
use ndarray::Array2;
use num_complex::Complex64;

/// A model with a one-body start.
pub struct Instance<S: Scalar> {
    /// The model.
    pub model: Box<dyn Model<Scalar = S>>,
    /// F(0) in engine coordinates.
    pub f: Vec<S>,
}

impl<S: Scalar> Instance<S> {
    /// Of that model and F(0).
    pub fn new(model: impl Model<Scalar = S> + 'static, f: Vec<S>) -> Self {
        let model = Box::new(model);
        Self { model, f }
    }

    /// The start F^{⊗N}.
    pub fn product(&self) -> Start<S> {
        Start::Product { f: self.f.clone() }
    }
}

/// The SIS population of the reference.
#[must_use]
pub fn sis() -> Instance<f64> {
    Instance::new(problems::sis().expect("valid rates"), vec![0.4, 0.6])
}

/// The three-state jump process of the reference.
#[must_use]
pub fn jump() -> Instance<f64> {
    Instance::new(
        problems::three_states().expect("valid rates"),
        vec![0.5, 0.3, 0.2],
    )
}

/// A three-state jump process with strong correlations, so that the digits of
/// every E_j survive inclusion and exclusion.
#[must_use]
pub fn correlated_jump() -> Instance<f64> {
    Instance::new(
        problems::random_jump_process(3, 3).expect("valid rates"),
        vec![0.8, 0.15, 0.05],
    )
}

/// S + I → 2 I at rate 1/N without recovery, that share infected: while it is small,
/// the linearised flow grows as fast as the bounds say.
#[must_use]
pub fn epidemic(infected: f64) -> Instance<f64> {
    let infects = |from: (usize, usize), to| f64::from(u8::from(from.0 != from.1 && to == (1, 1)));
    Instance::new(
        problems::jump_process(2, |_, _| 0.0, infects).expect("valid rates"),
        vec![1.0 - infected, infected],
    )
}

/// Arbitrary complex arrays with a trace of arbitrary weights.
#[must_use]
pub fn arrays() -> Instance<Complex64> {
    let model = problems::random_arrays::<Complex64>(3, 12).expect("traceless by construction");
    let f = problems::random_element(model.space().trace(), 5);
    Instance::new(model, f)
}

fn with_state(model: Levels, user: &[Complex64]) -> Instance<f64> {
    let f = one_body_state(&model, "F", user).expect("a state");
    Instance::new(model, f)
}

/// Two-level atoms in a transverse field, from a pure state.
#[must_use]
pub fn two_levels() -> Instance<f64> {
    spins(1.0, [0.6, 0.0, 0.8])
}

/// The same with any ħ, from that Bloch vector. (1, 0, 0) does not move; the linearised
/// flow grows there, at rate 1/ħ.
#[must_use]
pub fn spins(hbar: f64, [x, y, z]: [f64; 3]) -> Instance<f64> {
    let field = TransverseField {
        omega: 1.0,
        chi: 1.0,
    };
    let model = field.model(Dissipation::default(), hbar).expect("in range");
    let user = model.bloch(x, y, z).expect("inside the Bloch ball");
    with_state(model, &user)
}

/// Two levels, arbitrary h and v, a mixed state.
#[must_use]
pub fn mixed_levels() -> Instance<f64> {
    let model = random_levels(2, 7).expect("Hermitian by construction");
    with_state(model, &random_state(2, 3))
}

/// Three levels with Lindblad jumps, a mixed state.
#[must_use]
pub fn open_levels() -> Instance<f64> {
    let model = random_open_levels(3, 2, 9).expect("Hermitian by construction");
    with_state(model, &random_state(3, 4))
}

/// Kac collisions on a lattice, from two beams of different strength.
#[must_use]
pub fn kac(dimension: usize, radius: f64) -> Instance<f64> {
    let model = Kac::lattice(dimension, radius, CrossSection::HardSphere).expect("a lattice");
    // Beams along x, tilted so that no symmetry is left.
    let mut f = model.beams(1.0, 0.7).expect("positive width");
    for (k, x) in f.iter_mut().enumerate() {
        *x *= 1.0 + 0.3 * (k as f64).sin();
    }
    let total: f64 = f.iter().sum();
    f.iter_mut().for_each(|x| *x /= total);
    Instance::new(model, f)
}

/// Kac's caricature in Hermite functions, from one beam.
#[must_use]
pub fn caricature(degree: usize) -> Instance<f64> {
    let model = Caricature::new(degree, 1.0).expect("a degree");
    let f = model.velocities().gaussian(&[0.7], 0.5);
    Instance::new(model, f.expect("within the weighted space"))
}

/// Hard spheres in Hermite functions, from one beam with a stress.
#[must_use]
pub fn kac_hermite(dimension: usize, degree: usize) -> Instance<f64> {
    let model = KacHermite::new(dimension, degree, 1.0, CrossSection::HardSphere).expect("small");
    let center = &[0.7, -0.4, 0.2][..dimension];
    let f = model.velocities().gaussian(center, 0.5);
    Instance::new(model, f.expect("within the weighted space"))
}

/// The same levels in the user's coordinates: complex matrix elements, K and V
/// as arrays, the trace on the diagonal. Nothing is Hermitian by construction.
#[must_use]
pub fn in_matrix_elements(levels: &Instance<f64>) -> Instance<Complex64> {
    let (model, f) = matrix_elements(levels);
    let d = f.len().isqrt();
    let model = model.with_levels(d);
    Instance::new(
        model.expect("the structure does not depend on the basis"),
        f,
    )
}

/// The arrays alone: N x_a particles in |a⟩⟨a|, in random order, are fixed counts of
/// them.
#[must_use]
pub fn as_arrays(levels: &Instance<f64>) -> Instance<Complex64> {
    let (model, f) = matrix_elements(levels);
    Instance::new(model, f)
}

fn matrix_elements(levels: &Instance<f64>) -> (Custom<Complex64>, Vec<Complex64>) {
    let basis = levels.model.capabilities().basis;
    let (Some(user), Some(engine), Some(d)) = (
        basis.user_from_engine(),
        basis.engine_from_user(),
        basis.levels(),
    ) else {
        unreachable!("levels work in a basis of their own");
    };
    let n = d * d;
    let (mut k, mut v) = (Array2::zeros((n, n)), Array2::zeros((n * n, n * n)));
    levels.model.add_k(1.0, Array2::eye(n).view(), k.view_mut());
    levels
        .model
        .interaction()
        .add_pair(1.0, Array2::eye(n * n).view(), v.view_mut());
    let pair = |m: &Array2<Complex64>| {
        Array2::from_shape_fn((n * n, n * n), |(row, column)| {
            m[[row / n, column / n]] * m[[row % n, column % n]]
        })
    };
    let k = user.dot(&k.mapv(Complex64::from)).dot(engine);
    let v = pair(user).dot(&v.mapv(Complex64::from)).dot(&pair(engine));
    let v = v
        .into_shape_with_order((n, n, n, n))
        .expect("as many entries");
    let diagonal = |x: usize| Complex64::from(f64::from(u8::from(x / d == x % d)));
    let trace: Vec<Complex64> = (0..n).map(diagonal).collect();
    let model = Custom::from_dense(&k, &v, &trace, Norm::Euclidean);
    let f = ndarray::Array1::from(levels.f.clone()).mapv(Complex64::from);
    (model.expect("traces are kept"), user.dot(&f).to_vec())
}
