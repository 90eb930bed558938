//! Finite-level systems: the real generators against commutators of complex
//! matrices, and the structure the expansion rests on.

use meanfield_abstract::problems::Noise;
use meanfield_abstract::{
    Hamiltonian, Model, ModelError, PairOperator, check_assumptions, in_every_slot,
};
use meanfield_models::levels::problems::{
    random_hermitian, random_levels, random_open_levels, random_state, two_level_reference,
};
use meanfield_models::levels::{Levels, pauli};
use meanfield_tensor::norms::operator_matrix;
use ndarray::{Array2, Array4, ArrayD, IxDyn};
use num_complex::Complex64;
use proptest::prelude::*;

/// Rounding of sums of a few hundred products of numbers of order one.
const ROUNDING: f64 = 1e-12;

fn commutator(a: &Array2<Complex64>, b: &Array2<Complex64>) -> Array2<Complex64> {
    a.dot(b) - b.dot(a)
}

fn largest(a: impl IntoIterator<Item = Complex64>) -> f64 {
    a.into_iter().map(|z| z.norm()).fold(0.0, f64::max)
}

/// The coordinates of a user tensor, which must be real.
fn coordinates(model: &Levels, user: &ArrayD<Complex64>) -> Vec<f64> {
    let engine = in_every_slot(model.capabilities().basis.engine_from_user().unwrap(), user);
    assert!(engine.iter().all(|z| z.im.abs() < ROUNDING));
    engine.iter().map(|z| z.re).collect()
}

/// The user tensor of coordinates with `slots` slots.
fn matrices(model: &Levels, slots: usize, engine: &Array2<f64>) -> ArrayD<Complex64> {
    let shape = vec![model.space().dimension(); slots];
    let values = engine.iter().copied().map(Complex64::from).collect();
    let tensor = ArrayD::from_shape_vec(IxDyn(&shape), values).unwrap();
    in_every_slot(
        model.capabilities().basis.user_from_engine().unwrap(),
        &tensor,
    )
}

/// A Hermitian operator of `particles` particles, as a matrix and as a user
/// tensor over the indices x·d + x'.
fn hermitian(d: usize, particles: usize, seed: u64) -> (Array2<Complex64>, ArrayD<Complex64>) {
    let size = d.pow(particles as u32);
    let matrix = random_hermitian(size, &mut Noise::new(seed));
    let tensor = ArrayD::from_shape_fn(IxDyn(&vec![d * d; particles]), |index| {
        let (mut row, mut column) = (0, 0);
        for slot in 0..particles {
            row = row * d + index[slot] / d;
            column = column * d + index[slot] % d;
        }
        matrix[[row, column]]
    });
    (matrix, tensor)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn law_assumptions_hold_with_and_without_jumps(
        d in 1_usize..=3, jumps in 0_usize..=2, seed in any::<u64>(),
    ) {
        let model = random_open_levels(d, jumps, seed).unwrap();
        let found = check_assumptions(&model);
        prop_assert!(found.hold(), "{found:?}");
        prop_assert_eq!(model.capabilities().hamiltonian.is_some(), jumps == 0);
    }

    #[test]
    fn law_k_is_the_commutator_and_the_dissipator(
        d in 2_usize..=3, jumps in 0_usize..=2, seed in any::<u64>(),
    ) {
        let model = random_open_levels(d, jumps, seed).unwrap();
        let (rho, user) = hermitian(d, 1, seed ^ 1);
        let x = Array2::from_shape_vec((d * d, 1), coordinates(&model, &user)).unwrap();
        let mut out = Array2::zeros((d * d, 1));
        model.add_k(1.0, x.view(), out.view_mut());
        let found = operator_matrix(&matrices(&model, 1, &out), d);

        let mut expected = commutator(&model.one_body(), &rho).mapv(|z| -Complex64::I * z);
        for j in model.jumps() {
            let adjoint = j.t().mapv(|z| z.conj());
            let rate = adjoint.dot(j);
            expected = expected + j.dot(&rho).dot(&adjoint)
                - (rate.dot(&rho) + rho.dot(&rate)).mapv(|z| 0.5 * z);
        }
        prop_assert!(largest(&found - &expected) < ROUNDING);
    }

    #[test]
    fn law_v_is_the_commutator_and_q_its_partial_trace(d in 2_usize..=3, seed in any::<u64>()) {
        let model = random_levels(d, seed).unwrap();
        let (g, user) = hermitian(d, 2, seed ^ 2);
        let x = Array2::from_shape_vec((d.pow(4), 1), coordinates(&model, &user)).unwrap();
        let expected = commutator(&Hamiltonian::pair(&model), &g).mapv(|z| -Complex64::I * z);

        let mut out = Array2::zeros((d.pow(4), 1));
        model.interaction().add_pair(1.0, x.view(), out.view_mut());
        let found = operator_matrix(&matrices(&model, 2, &out), d);
        prop_assert!(largest(&found - &expected) < ROUNDING);

        let mut out = Array2::zeros((d * d, 1));
        model.interaction().add_q(1.0, x.view(), out.view_mut());
        let found = operator_matrix(&matrices(&model, 1, &out), d);
        let traced = Array2::from_shape_fn((d, d), |(a, c)| {
            (0..d).map(|b| expected[[a * d + b, c * d + b]]).sum::<Complex64>()
        });
        prop_assert!(largest(&found - &traced) < ROUNDING);
    }
}

#[test]
fn law_doubling_hbar_halves_the_commutators_but_not_the_jumps() {
    let one = random_open_levels(3, 1, 5).unwrap();
    let d = one.levels();
    let pair = Hamiltonian::pair(&one);
    let v = Array4::from_shape_fn((d, d, d, d), |(a, b, c, e)| pair[[a * d + b, c * d + e]]);
    let two = Levels::new(&one.one_body(), &v, one.jumps(), 2.0).unwrap();
    let jumps = Levels::new(
        &Array2::zeros((d, d)),
        &(&v * Complex64::ZERO),
        one.jumps(),
        1.0,
    );
    let dense = |model: &Levels| {
        let size = model.space().dimension();
        let mut k = Array2::zeros((size, size));
        model.add_k(1.0, Array2::eye(size).view(), k.view_mut());
        let mut v = Array2::zeros((size * size, size * size));
        model
            .interaction()
            .add_pair(1.0, Array2::eye(size * size).view(), v.view_mut());
        (k, v)
    };
    let ((k1, v1), (k2, v2), (kj, vj)) = (dense(&one), dense(&two), dense(&jumps.unwrap()));
    assert!((&v2 * 2.0 - &v1).iter().all(|x: &f64| x.abs() < ROUNDING));
    assert!(
        ((&k2 - &kj) * 2.0 - (&k1 - &kj))
            .iter()
            .all(|x: &f64| x.abs() < ROUNDING)
    );
    assert!(vj.iter().all(|&x| x == 0.0));
    assert_eq!(
        two.interaction().pair_norm().unwrap() * 2.0,
        one.interaction().pair_norm().unwrap()
    );
}

#[test]
fn law_the_pair_norm_bounds_v_and_is_attained() {
    // σz⊗σz has the eigenvalues ±1, so the norm is 2/ħ; |ψ⟩⟨φ| + |φ⟩⟨ψ| between
    // eigenvectors of the two attains it.
    let model = two_level_reference().unwrap();
    assert_eq!(model.interaction().pair_norm(), Some(2.0));
    let mut attaining = ArrayD::zeros(IxDyn(&[4, 4]));
    attaining[[0, 1]] = Complex64::ONE; // |00⟩⟨01|
    attaining[[0, 2]] = Complex64::ONE; // |01⟩⟨00|
    let norm = |t: &ArrayD<Complex64>| meanfield_tensor::norms::trace_norm(t, 2).unwrap();
    let x = Array2::from_shape_vec((16, 1), coordinates(&model, &attaining)).unwrap();
    let mut out = Array2::zeros((16, 1));
    model.interaction().add_pair(1.0, x.view(), out.view_mut());
    let image = norm(&matrices(&model, 2, &out));
    assert!((image / norm(&attaining) - 2.0).abs() < 1e-13);
}

#[test]
fn law_v_of_commuting_pauli_products_is_sparse() {
    // [σz⊗σz, B_γ⊗B_δ] has one term for each of the 8 products of I or σz with
    // σx or σy.
    let model = two_level_reference().unwrap();
    assert_eq!(
        model
            .interaction()
            .pair_operator()
            .map(PairOperator::entries),
        Some(8)
    );
}

#[test]
fn law_random_states_are_states() {
    let model = random_levels(3, 2).unwrap();
    for seed in 0..5 {
        let state = random_state(3, seed);
        meanfield_abstract::one_body_state(&model, "F", &state).unwrap();
    }
}

#[test]
fn law_what_is_wrong_is_named() {
    let (h, v) = (pauli::x(), pauli::product(1.0, &pauli::z(), &pauli::z()));
    let no_jumps: &[Array2<Complex64>] = &[];
    let error = |h: &Array2<Complex64>, v: &Array4<Complex64>, hbar| {
        Levels::new(h, v, no_jumps, hbar).unwrap_err()
    };

    let wide = Array2::zeros((2, 3));
    assert!(matches!(error(&wide, &v, 1.0), ModelError::Shape { array, .. } if array == "h"));
    let empty = Array2::zeros((0, 0));
    assert!(matches!(error(&empty, &v, 1.0), ModelError::Shape { array, .. } if array == "h"));
    let three = Array2::zeros((3, 3));
    assert!(matches!(error(&three, &v, 1.0), ModelError::Shape { array, .. } if array == "v"));
    assert!(matches!(
        error(&pauli::lowering(), &v, 1.0),
        ModelError::NotHermitian { array, .. } if array == "h"
    ));
    let lowering = pauli::product(1.0, &pauli::lowering(), &pauli::lowering());
    assert!(matches!(
        error(&h, &lowering, 1.0),
        ModelError::NotHermitian { array, .. } if array == "v"
    ));
    let one_sided = pauli::product(1.0, &pauli::z(), &pauli::x());
    assert!(matches!(
        error(&h, &one_sided, 1.0),
        ModelError::NotExchangeSymmetric { array, .. } if array == "v"
    ));
    let mut infinite = h.clone();
    infinite[[0, 0]] = Complex64::new(f64::INFINITY, 0.0);
    assert!(matches!(
        error(&infinite, &v, 1.0),
        ModelError::NotFinite { array, .. } if array == "h"
    ));
    for hbar in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(
            error(&h, &v, hbar),
            ModelError::Parameter { key: "hbar", .. }
        ));
    }
    let large_jump = [Array2::zeros((3, 3))];
    assert!(matches!(
        Levels::new(&h, &v, &large_jump, 1.0),
        Err(ModelError::Shape { array, .. }) if array == "jump"
    ));
}
