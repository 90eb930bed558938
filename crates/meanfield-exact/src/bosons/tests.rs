//! The bosonic sector against Sym^N(L), the full tensor and closed forms.

use meanfield_abstract::Start;
use meanfield_abstract::problems::Noise;
use meanfield_tensor::{SymmetricLayout, norms};

use super::*;
use crate::closed_form::one_axis_twisting::{OneAxisTwisting, squeezing};
use crate::symmetric;
use crate::test_models::{
    Levels, Pauli, PauliLevels, bloch_state, c, kron, mean_one, random_levels, sigma,
};

/// Rounding of an evolution of a few hundred products.
const ROUNDING: f64 = 1e-11;

fn distance(a: &[Complex64], b: &[Complex64]) -> f64 {
    assert_eq!(a.len(), b.len());
    let moduli = a.iter().zip(b).map(|(x, y)| (x - y).norm());
    moduli.fold(0.0, f64::max)
}

fn bloch_of(f: &[Complex64]) -> [f64; 3] {
    [0, 1, 2].map(|axis| mean_one(f, &sigma(axis)))
}

fn correlations(f2: &[Complex64]) -> [[f64; 3]; 3] {
    let layout = SymmetricLayout::new(4, 2).unwrap();
    let tensor = dense::from_packed(&layout, 2, f2);
    let rho = norms::operator_matrix(&tensor, 2);
    [0, 1, 2].map(|a| [0, 1, 2].map(|b| rho.dot(&kron(&sigma(a), &sigma(b))).diag().sum().re))
}

fn against_twisting(n: usize, s: [f64; 3], times: &[f64]) {
    let model = Levels::twisting(1.0);
    let exact = solve(&model, &bloch_state(s), n, times, 2, None).unwrap();
    assert_eq!(exact.dimension, n + 1);
    let known = OneAxisTwisting {
        chi: 1.0,
        n: n as u32,
        bloch: s,
    };
    for (k, &t) in times.iter().enumerate() {
        let (one, two) = (known.one_body(t), known.two_body(t));
        let (found, pair) = (
            bloch_of(exact.marginal(k, 1).unwrap()),
            correlations(exact.marginal(k, 2).unwrap()),
        );
        for a in 0..3 {
            assert!((found[a] - one[a]).abs() < ROUNDING, "N {n} t {t} {a}");
            for b in 0..3 {
                assert!((pair[a][b] - two[a][b]).abs() < ROUNDING, "{a}{b}");
            }
        }
        let xi = squeezing(n as f64, found, pair).unwrap();
        assert!((xi - known.squeezing(t).unwrap()).abs() < 1e-8);
    }
}

#[test]
fn validate_one_axis_twisting() {
    for n in [2, 20, 400] {
        against_twisting(n, [1.0, 0.0, 0.0], &[0.0, 0.5, 2.0]);
        against_twisting(n, [0.48, 0.64, 0.6], &[0.7]);
    }
}

#[test]
fn validate_one_axis_twisting_of_a_mixed_start_in_the_symmetric_sector() {
    let model = Levels::twisting(1.0);
    let s = [0.5, -0.3, 0.4];
    let start = Start::Product { f: bloch_state(s) };
    let exact = symmetric::solve(&model, &start, 6, &[0.8], 2, None).unwrap();
    let known = OneAxisTwisting {
        chi: 1.0,
        n: 6,
        bloch: s,
    };
    let (one, two) = (known.one_body(0.8), known.two_body(0.8));
    let (found, pair) = (
        bloch_of(exact.marginal(0, 1).unwrap()),
        correlations(exact.marginal(0, 2).unwrap()),
    );
    for a in 0..3 {
        assert!((found[a] - one[a]).abs() < ROUNDING);
        for b in 0..3 {
            assert!((pair[a][b] - two[a][b]).abs() < ROUNDING);
        }
    }
}

fn random_pure(d: usize, seed: u64) -> Vec<Complex64> {
    let mut noise = Noise::new(seed);
    let phi: Vec<Complex64> = noise.vector(d);
    let norm: f64 = phi.iter().map(|z| z.norm_sqr()).sum();
    (0..d * d)
        .map(|k| phi[k / d] * phi[k % d].conj() / norm)
        .collect()
}

#[test]
fn validate_against_the_symmetric_sector() {
    let times = [0.0, 0.3, 0.9];
    for (d, n, highest) in [(2, 1, 1), (2, 2, 2), (2, 6, 3), (3, 3, 3)] {
        let model = random_levels(d, 4);
        let f = random_pure(d, 6);
        let bosons = solve(&model, &f, n, &times, highest, None).unwrap();
        let start = Start::Product { f: f.clone() };
        let general = symmetric::solve(&model, &start, n, &times, highest, None).unwrap();
        assert!(bosons.dimension < general.dimension);
        for k in 0..times.len() {
            for j in 1..=highest {
                let found = distance(
                    bosons.marginal(k, j).unwrap(),
                    general.marginal(k, j).unwrap(),
                );
                assert!(found < ROUNDING, "d {d} N {n} t_{k} F_{j}: {found:e}");
            }
        }
        assert!(distance(bosons.marginal(2, 1).unwrap(), &f) > 1e-2);
    }
}

/// A real engine in a Hermitian basis: amplitudes against expectation values.
#[test]
fn validate_in_a_hermitian_basis() {
    let model = PauliLevels::new(1.3);
    let f = Pauli::state([0.48, 0.64, 0.6]);
    let times = [0.0, 0.5, 1.2];
    let bosons = solve(&model, &f, 12, &times, 3, None).unwrap();
    let start = Start::Product { f: f.clone() };
    let general = symmetric::solve(&model, &start, 12, &times, 3, None).unwrap();
    for k in 0..times.len() {
        for j in 1..=3 {
            let pairs = bosons
                .marginal(k, j)
                .unwrap()
                .iter()
                .zip(general.marginal(k, j).unwrap());
            for (x, y) in pairs {
                assert!((x - y).abs() < ROUNDING, "t_{k} F_{j}: {x} against {y}");
            }
        }
    }
    assert!((bosons.marginal(2, 1).unwrap()[1] - f[1]).abs() > 1e-2);
}

#[test]
fn law_marginals_are_consistent_states() {
    let (d, n) = (3, 12);
    let model = random_levels(d, 5);
    let exact = solve(&model, &random_pure(d, 1), n, &[0.7], 3, None).unwrap();
    let layout = SymmetricLayout::new(d * d, 3).unwrap();
    let trace: Vec<_> = (0..d * d)
        .map(|k| c(f64::from(u8::from(k / d == k % d)), 0.0))
        .collect();
    for j in 2..=3 {
        let down = layout.contract(j, &trace, exact.marginal(0, j).unwrap());
        assert!(distance(&down, exact.marginal(0, j - 1).unwrap()) < ROUNDING);
        let tensor = dense::from_packed(&layout, j, exact.marginal(0, j).unwrap());
        assert!(norms::least_eigenvalue(&tensor, d).unwrap() > -1e-13);
    }
    let total: Complex64 = (0..d)
        .map(|x| exact.marginal(0, 1).unwrap()[x * d + x])
        .sum();
    assert!((total - 1.0).norm() < ROUNDING);
}

#[test]
fn law_mixed_states_and_wrong_shapes_are_refused() {
    let model = Levels::twisting(1.0);
    let mixed = bloch_state([0.5, 0.0, 0.0]);
    assert!(matches!(
        solve(&model, &mixed, 4, &[0.0], 1, None),
        Err(ExactError::NotPure { .. })
    ));
    let phi = wave_function(&model, &bloch_state([0.6, 0.0, 0.8])).unwrap();
    assert!((phi[0].norm_sqr() - 0.9).abs() < 1e-14);
    assert!(wave_function(&model, &bloch_state([0.6, 0.0, 0.8])[..3]).is_err());
}
