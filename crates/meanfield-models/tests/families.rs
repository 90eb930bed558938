//! Named two-level systems: their collective-spin forms, the conventions of
//! their jumps, and the mean-field flow of a published reference.

use meanfield_abstract::{Hamiltonian, Model, ModelError, Observable, one_body_state};
use meanfield_models::levels::problems::two_level_reference;
use meanfield_models::levels::{
    BoseHubbardDimer, Dissipation, Levels, Lipkin, OneAxisTwisting, TransverseField, pauli,
};
use meanfield_testing::mean_field;
use ndarray::Array2;
use ndarray::linalg::kron;
use num_complex::Complex64;

const NO_JUMPS: Dissipation = Dissipation {
    decay: 0.0,
    dephasing: 0.0,
};

/// H for two particles: h⊗1 + 1⊗h + v/2.
fn two_particles(model: &Levels) -> Array2<Complex64> {
    let one = Array2::eye(2);
    let h = model.one_body();
    kron(&h, &one) + kron(&one, &h) + Hamiltonian::pair(model).mapv(|z| z * 0.5)
}

/// J_a = ½(σ_a⊗1 + 1⊗σ_a).
fn collective(sigma: &Array2<Complex64>) -> Array2<Complex64> {
    let one = Array2::eye(2);
    (kron(sigma, &one) + kron(&one, sigma)).mapv(|z| z * 0.5)
}

fn assert_equal(found: &Array2<Complex64>, expected: &Array2<Complex64>) {
    let largest = (found - expected)
        .iter()
        .map(|z| z.norm())
        .fold(0.0, f64::max);
    assert!(largest < 1e-14, "{largest:e}");
}

/// The means of the Pauli matrices after `time` of the mean-field flow.
fn bloch_after(model: &Levels, start: [f64; 3], time: f64) -> [f64; 3] {
    let state = model.bloch(start[0], start[1], start[2]).unwrap();
    let f = one_body_state(model, "F", &state).unwrap();
    let f = mean_field(model, &f, &[0.0, time]).pop().unwrap();
    ["sx", "sy", "sz"].map(|name| Observable::named(model, name).unwrap().mean(&f))
}

#[test]
fn law_one_axis_twisting_and_transverse_field_are_collective() {
    let (jx, jz) = (collective(&pauli::x()), collective(&pauli::z()));
    let identity = Array2::<Complex64>::eye(4);
    let chi = 0.7;
    // (χ/N)Σσzσz = (2χ/N)J_z² − χ/2 at N = 2.
    let twisting = jz.dot(&jz).mapv(|z| z * chi) - identity.mapv(|z| z * (chi / 2.0));
    let model = OneAxisTwisting { chi }.model(NO_JUMPS, 1.0).unwrap();
    assert_equal(&two_particles(&model), &twisting);
    assert!(model.capabilities().k_is_zero);
    let model = TransverseField { omega: 1.3, chi };
    let expected = twisting + jx.mapv(|z| z * 1.3);
    assert_equal(
        &two_particles(&model.model(NO_JUMPS, 1.0).unwrap()),
        &expected,
    );
}

#[test]
fn law_lipkin_is_its_collective_form() {
    let raising = collective(&pauli::lowering().t().to_owned()).mapv(|z| z * 2.0);
    let lowering = collective(&pauli::lowering()).mapv(|z| z * 2.0);
    let identity = Array2::<Complex64>::eye(4);
    let (epsilon, v, w) = (0.9, -0.4, 0.3);
    // V/2N and W/2N at N = 2.
    let both = raising.dot(&raising) + lowering.dot(&lowering);
    let exchange = raising.dot(&lowering) + lowering.dot(&raising) - identity.mapv(|z| z * 2.0);
    let expected = collective(&pauli::z()).mapv(|z| z * epsilon)
        + both.mapv(|z| z * (v / 4.0))
        + exchange.mapv(|z| z * (w / 4.0));
    let model = Lipkin { epsilon, v, w }.model(NO_JUMPS, 1.0).unwrap();
    assert_equal(&two_particles(&model), &expected);
}

#[test]
fn law_bosons_in_one_well_pay_the_interaction() {
    let dimer = BoseHubbardDimer {
        tunnelling: 0.5,
        interaction: 1.2,
    };
    let h = two_particles(&dimer.model(NO_JUMPS, 1.0).unwrap());
    // U/(2N)·n(n−1) = U/2 with both in one well, 0 with one in each.
    let diagonal: Vec<f64> = h.diag().iter().map(|z| z.re).collect();
    assert_eq!(diagonal, [0.6, 0.0, 0.0, 0.6]);
    // −J(a₀†a₁ + h.c.) between |2,0⟩ and (|LR⟩ + |RL⟩)/√2 is −√2 J.
    let element = (h[[0, 1]] + h[[0, 2]]).re / 2_f64.sqrt();
    assert!((element + 2_f64.sqrt() * 0.5).abs() < 1e-15);
}

#[test]
fn law_a_spin_precesses_about_the_field_in_the_right_sense() {
    // dS/dt = ω x × S: from +z towards −y.
    let field = TransverseField {
        omega: 2.0,
        chi: 0.0,
    };
    let model = field.model(NO_JUMPS, 1.0).unwrap();
    let [x, y, z] = bloch_after(&model, [0.0, 0.0, 1.0], 0.25);
    assert!(x.abs() < 1e-12);
    assert!((y + 0.5_f64.sin()).abs() < 1e-9 && (z - 0.5_f64.cos()).abs() < 1e-9);
    let slower = field.model(NO_JUMPS, 2.0).unwrap();
    let [_, y, _] = bloch_after(&slower, [0.0, 0.0, 1.0], 0.25);
    assert!((y + 0.25_f64.sin()).abs() < 1e-9);
}

#[test]
fn law_decay_and_dephasing_have_the_rates_they_promise() {
    let free = OneAxisTwisting { chi: 0.0 };
    let (rate, time) = (0.8, 1.5);
    let decay = Dissipation {
        decay: rate,
        dephasing: 0.0,
    };
    let model = free.model(decay, 1.0).unwrap();
    let [x, _, z] = bloch_after(&model, [0.6, 0.0, 0.2], time);
    assert!((x - 0.6 * (-rate * time / 2.0).exp()).abs() < 1e-9);
    assert!(((1.0 + z) / 2.0 - 0.6 * (-rate * time).exp()).abs() < 1e-9);
    let dephasing = Dissipation {
        decay: 0.0,
        dephasing: rate,
    };
    let model = free.model(dephasing, 1.0).unwrap();
    let [x, _, z] = bloch_after(&model, [0.6, 0.0, 0.2], time);
    assert!((x - 0.6 * (-rate * time).exp()).abs() < 1e-9);
    assert!((z - 0.2).abs() < 1e-12);
}

#[test]
fn validate_the_limit_of_the_two_level_reference() {
    let model = two_level_reference().unwrap();
    let found = bloch_after(&model, [0.6, 0.0, 0.8], 1.0);
    // The reference is printed with twelve decimals.
    let expected = [0.492373014610, 0.099708721253, 0.864654257718];
    for (x, y) in found.into_iter().zip(expected) {
        assert!((x - y).abs() < 1e-9, "{x} {y}");
    }
}

#[test]
fn law_parameters_out_of_range_are_named() {
    let key = |result: Result<Levels, ModelError>| match result {
        Err(ModelError::Parameter { key, .. }) => key,
        other => panic!("{other:?}"),
    };
    let nan = f64::NAN;
    let jumps = |decay, dephasing| Dissipation { decay, dephasing };
    let field = |omega, chi| TransverseField { omega, chi };
    assert_eq!(key(field(nan, 1.0).model(NO_JUMPS, 1.0)), "omega");
    assert_eq!(key(field(1.0, nan).model(NO_JUMPS, 1.0)), "chi");
    assert_eq!(key(field(1.0, 1.0).model(jumps(-1.0, 0.0), 1.0)), "decay");
    assert_eq!(
        key(field(1.0, 1.0).model(jumps(0.0, nan), 1.0)),
        "dephasing"
    );
    assert_eq!(
        key(OneAxisTwisting { chi: nan }.model(NO_JUMPS, 1.0)),
        "chi"
    );
    for (values, name) in [
        ([nan, 0.0, 0.0], "epsilon"),
        ([0.0, nan, 0.0], "v"),
        ([0.0, 0.0, nan], "w"),
    ] {
        let [epsilon, v, w] = values;
        assert_eq!(key(Lipkin { epsilon, v, w }.model(NO_JUMPS, 1.0)), name);
    }
    let dimer = |tunnelling, interaction| BoseHubbardDimer {
        tunnelling,
        interaction,
    };
    assert_eq!(key(dimer(nan, 1.0).model(NO_JUMPS, 1.0)), "tunnelling");
    assert_eq!(key(dimer(1.0, nan).model(NO_JUMPS, 1.0)), "interaction");
}
