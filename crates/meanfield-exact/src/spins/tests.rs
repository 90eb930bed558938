//! Total spins against Sym^N(L), the bosonic sector and closed forms.

use meanfield_abstract::Start;
use meanfield_tensor::{Scalar, norms};

use super::*;
use crate::closed_form::one_axis_twisting::OneAxisTwisting;
use crate::test_models::{
    Levels, Pauli, PauliLevels, bloch_state, c, kron, mean_one, random_levels, sigma,
};
use crate::{bosons, symmetric};

/// Rounding of a few hundred products, on entries of at most one.
const ROUNDING: f64 = 1e-12;

fn distance<S: Scalar>(a: &[S], b: &[S]) -> f64 {
    assert_eq!(a.len(), b.len());
    let moduli = a.iter().zip(b).map(|(&x, &y)| (x - y).modulus());
    moduli.fold(0.0, f64::max)
}

#[test]
fn validate_random_models_against_the_symmetric_sector() {
    let times = [0.0, 0.2, 0.7, 1.5];
    let starts = [
        [0.3, -0.4, 0.5],
        [0.0, 0.0, 0.0],
        [0.1, 0.05, -0.9],
        [0.48, 0.64, 0.6],
    ];
    for (seed, s) in (1..).zip(starts) {
        let model = random_levels(2, seed);
        let f = bloch_state(s);
        for n in [1, 2, 3, 6, 7] {
            let highest = n.min(3);
            let found = solve(&model, &f, n, &times, highest, None).unwrap();
            let start = Start::Product { f: f.clone() };
            let known = symmetric::solve(&model, &start, n, &times, highest, None).unwrap();
            for k in 0..times.len() {
                for j in 1..=highest {
                    let off =
                        distance(found.marginal(k, j).unwrap(), known.marginal(k, j).unwrap());
                    assert!(off < ROUNDING, "{s:?} N {n} t_{k} F_{j}: {off:e}");
                }
            }
            // A state that no Hamiltonian can move stands for itself.
            let moved = distance(found.marginal(2, 1).unwrap(), &f);
            assert_eq!(moved > 1e-2, s != [0.0; 3], "{s:?} N {n}: {moved}");
        }
    }
}

/// Marginals of every particle there is, among them one beyond the degree of H.
#[test]
fn validate_all_marginals_of_four_particles() {
    let model = random_levels(2, 9);
    let f = bloch_state([0.2, 0.5, -0.3]);
    let found = solve(&model, &f, 4, &[0.9], 4, None).unwrap();
    let start = Start::Product { f };
    let known = symmetric::solve(&model, &start, 4, &[0.9], 4, None).unwrap();
    for j in 1..=4 {
        assert!(distance(found.marginal(0, j).unwrap(), known.marginal(0, j).unwrap()) < ROUNDING);
    }
}

#[test]
fn validate_pure_starts_against_bosons() {
    let model = random_levels(2, 3);
    let f = bloch_state([0.48, -0.64, 0.6]);
    let times = [0.3, 1.1];
    let found = solve(&model, &f, 60, &times, 3, None).unwrap();
    let known = bosons::solve(&model, &f, 60, &times, 3, None).unwrap();
    for k in 0..times.len() {
        for j in 1..=3 {
            let off = distance(found.marginal(k, j).unwrap(), known.marginal(k, j).unwrap());
            // H has a norm of some 200: as many roundings.
            assert!(off < 1e-11, "t_{k} F_{j}: {off:e}");
        }
    }
}

/// An F as it is printed: its trace is one to seven digits.
#[test]
fn validate_a_trace_that_is_not_quite_one() {
    let model = random_levels(2, 4);
    for s in [[0.2, 0.5, -0.3], [0.48, 0.64, 0.6]] {
        let f: Vec<_> = bloch_state(s).iter().map(|x| x * (1.0 + 3e-7)).collect();
        let found = solve(&model, &f, 6, &[0.9], 2, None).unwrap();
        let start = Start::Product { f };
        let known = symmetric::solve(&model, &start, 6, &[0.9], 2, None).unwrap();
        for j in 1..=2 {
            assert!(
                distance(found.marginal(0, j).unwrap(), known.marginal(0, j).unwrap()) < ROUNDING
            );
        }
    }
}

/// A real engine in the basis of Pauli matrices.
#[test]
fn validate_in_a_hermitian_basis() {
    let model = PauliLevels::new(1.3);
    let f = Pauli::state([0.4, 0.1, 0.5]);
    let start = Start::Product { f: f.clone() };
    let found = solve(&model, &f, 9, &[0.5, 1.2], 3, None).unwrap();
    let known = symmetric::solve(&model, &start, 9, &[0.5, 1.2], 3, None).unwrap();
    for k in 0..2 {
        for j in 1..=3 {
            assert!(
                distance(found.marginal(k, j).unwrap(), known.marginal(k, j).unwrap()) < ROUNDING
            );
        }
    }
}

fn against_twisting(n: usize, s: [f64; 3], times: &[f64]) {
    let model = Levels::twisting(1.0);
    let found = solve(&model, &bloch_state(s), n, times, 2, None).unwrap();
    let known = OneAxisTwisting {
        chi: 1.0,
        n: n as u32,
        bloch: s,
    };
    let layout = SymmetricLayout::new(4, 2).unwrap();
    for (k, &t) in times.iter().enumerate() {
        let (one, two) = (known.one_body(t), known.two_body(t));
        let pair = dense::from_packed(&layout, 2, found.marginal(k, 2).unwrap());
        let rho = norms::operator_matrix(&pair, 2);
        for a in 0..3 {
            let mean = mean_one(found.marginal(k, 1).unwrap(), &sigma(a));
            assert!((mean - one[a]).abs() < 1e-11, "N {n} t {t} {a}: {mean}");
            for b in 0..3 {
                let product = kron(&sigma(a), &sigma(b));
                let mean = rho.dot(&product).diag().sum().re;
                assert!((mean - two[a][b]).abs() < 1e-11, "N {n} t {t} {a}{b}");
            }
        }
    }
}

/// Where d_J reaches 10^300 and more, and where p^N underflows.
#[test]
fn validate_one_axis_twisting_of_mixed_starts() {
    against_twisting(2, [0.3, 0.4, 0.5], &[0.0, 0.5, 2.0]);
    against_twisting(101, [0.3, 0.4, 0.5], &[0.4, 1.0]);
    against_twisting(1200, [0.02, -0.01, 0.03], &[0.5]);
    against_twisting(2500, [0.59, 0.0, 0.8], &[0.02]);
}

#[test]
fn law_marginals_are_consistent_states_and_threads_do_not_matter() {
    let model = random_levels(2, 6);
    let f = bloch_state([0.3, 0.4, 0.5]);
    let found = solve(&model, &f, 40, &[0.6], 3, None).unwrap();
    let layout = SymmetricLayout::new(4, 3).unwrap();
    let trace = [c(1.0, 0.0), c(0.0, 0.0), c(0.0, 0.0), c(1.0, 0.0)];
    for j in 1..=3 {
        let here = found.marginal(0, j).unwrap();
        if j > 1 {
            let down = layout.contract(j, &trace, here);
            assert!(distance(&down, found.marginal(0, j - 1).unwrap()) < ROUNDING);
        }
        let tensor = dense::from_packed(&layout, j, here);
        assert!(norms::least_eigenvalue(&tensor, 2).unwrap() > 0.0);
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    let alone = pool.install(|| solve(&model, &f, 40, &[0.6], 3, None).unwrap());
    assert_eq!(alone, found);
}

#[test]
fn law_what_is_no_two_level_state_is_refused() {
    let twisting = Levels::twisting(1.0);
    let ended = |f: &[Complex64]| solve(&twisting, f, 4, &[0.1], 1, None);
    // Outside the Bloch ball, not Hermitian, of another trace.
    assert_eq!(
        ended(&bloch_state([1.2, 0.0, 0.0])),
        Err(ExactError::NotTwoLevels)
    );
    let mut skew = bloch_state([0.2, 0.1, 0.0]);
    skew[1] += c(0.1, 0.0);
    assert_eq!(ended(&skew), Err(ExactError::NotTwoLevels));
    let twice: Vec<_> = bloch_state([0.0; 3]).iter().map(|x| x * 2.0).collect();
    assert_eq!(ended(&twice), Err(ExactError::NotTwoLevels));
    let three = solve(&random_levels(3, 1), &[c(1.0, 0.0); 9], 4, &[0.1], 1, None);
    assert_eq!(three, Err(ExactError::NotTwoLevels));
    assert_eq!(
        solve(
            &Pauli::model(1.0),
            &Pauli::state([0.0; 3]),
            4,
            &[0.1],
            1,
            None
        ),
        Err(ExactError::NoHamiltonian)
    );
    // The front door takes the sector that any element fits.
    let start = Start::Product { f: skew };
    let plan = crate::plan(&twisting, &start, 4).unwrap();
    assert_eq!(plan.sector, Sector::Probabilities);
}

#[test]
fn law_the_size_is_known_beforehand() {
    let model = Levels::twisting(1.0);
    let plan = |n: usize, s: [f64; 3]| {
        let start = Start::Product { f: bloch_state(s) };
        crate::plan(&model, &start, n).unwrap()
    };
    let found = plan(100, [0.3, 0.4, 0.5]);
    assert_eq!(found.sector, Sector::TotalSpin);
    let solved = solve(&model, &bloch_state([0.3, 0.4, 0.5]), 100, &[0.0], 2, None).unwrap();
    assert_eq!(Some(solved.dimension), found.dimension);
    // C(103, 3) numbers in Sym^N(L).
    assert!(found.dimension.unwrap() < 176_851 / 2);
    let huge = plan(1 << 40, [0.3, 0.4, 0.5]);
    assert_eq!((huge.dimension, huge.bytes), (None, None));
    let ended = solve(&model, &bloch_state([0.1; 3]), 1 << 40, &[0.0], 2, None);
    assert!(matches!(ended, Err(ExactError::TooLarge { levels: 2, .. })));
}

#[test]
fn law_progress_is_heard_and_can_stop() {
    let model = Levels::twisting(1.0);
    let f = bloch_state([0.3, 0.1, 0.2]);
    let mut heard = Vec::new();
    let mut stop = |fraction: f64| {
        heard.push(fraction);
        fraction < 0.5
    };
    let ended = solve(&model, &f, 100, &[0.1], 1, Some(&mut stop));
    assert!(matches!(
        ended,
        Err(ExactError::Ode(OdeError::Interrupted { .. }))
    ));
    assert!(heard.len() > 1 && heard.is_sorted());
}
