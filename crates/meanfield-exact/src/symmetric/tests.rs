//! Sym^N(L) against the full tensor and against reference values.

use meanfield_abstract::problems::{self, Noise};
use meanfield_abstract::{Envelope, Model, Power, Start, SumOfTerms, WithoutK, WithoutV};
use meanfield_tensor::{Scalar, SymmetricLayout, dense, norms};
use num_complex::Complex64;

use super::*;
use crate::closed_form::fixed_counts;
use crate::full;
use crate::pair_map::PairMap;
use crate::test_models::{Levels, Pauli, bloch_state, c, kron, sigma};

/// The values are printed to twelve digits.
const PRINTED: f64 = 6e-13;
/// Rounding of an evolution of a few hundred products.
const ROUNDING: f64 = 1e-12;

fn product<S: Scalar>(f: &[S]) -> Start<S> {
    Start::Product { f: f.to_vec() }
}

fn distance<S: Scalar>(a: &[S], b: &[S]) -> f64 {
    assert_eq!(a.len(), b.len());
    let moduli = a.iter().zip(b).map(|(&x, &y)| (x - y).modulus());
    moduli.fold(0.0, f64::max)
}

/// Reference A: SIS with pair contacts, N = 10, F(0)(I) = 0.6.
#[test]
fn validate_sis_transients_from_both_starts() {
    let model = problems::sis().unwrap();
    let f = vec![0.4, 0.6];
    let times = [0.5, 1.0, 2.0];
    let iid = [
        (0.604076346476, 0.368762955805),
        (0.605093581433, 0.370410799702),
        (0.605495278146, 0.370941586468),
    ];
    let fixed = [
        (0.606490975644, 0.368727337532),
        (0.606180161271, 0.371363255739),
        (0.605634692849, 0.371101098063),
    ];
    let fixed_start = Start::FixedCounts { f: f.clone() };
    for (start, expected) in [(product(&f), iid), (fixed_start, fixed)] {
        let exact = solve(&model, &start, 10, &times, 2, None).unwrap();
        assert_eq!(exact.dimension, 11);
        for (k, (one, two)) in expected.into_iter().enumerate() {
            assert!((exact.marginal(k, 1).unwrap()[1] - one).abs() < PRINTED);
            assert!((exact.marginal(k, 2).unwrap()[2] - two).abs() < PRINTED);
        }
    }
}

/// Reference A: stationary infected fraction at N = 5 … 100.
#[test]
fn validate_sis_stationary_fraction() {
    let model = problems::sis().unwrap();
    for (n, expected) in [
        (5, 0.592904081509616),
        (20, 0.611818408788814),
        (100, 0.6167964159131236),
    ] {
        let exact = solve(&model, &product(&[0.4, 0.6]), n, &[40.0], 1, None).unwrap();
        // The slowest mode decays like e^{−2.2t} at least.
        assert!((exact.marginal(0, 1).unwrap()[1] - expected).abs() < 1e-12);
    }
}

/// Reference B: three states, t = 1, independent particles.
#[test]
fn validate_three_states() {
    let model = problems::three_states().unwrap();
    for (n, expected) in [
        (10, [0.421654517252, 0.250624722028, 0.327720760721]),
        (20, [0.418751438681, 0.251583596634, 0.329664964685]),
        (40, [0.417371985712, 0.252053166427, 0.330574847861]),
    ] {
        let exact = solve(&model, &product(&[0.5, 0.3, 0.2]), n, &[1.0], 1, None).unwrap();
        assert!(
            distance(exact.marginal(0, 1).unwrap(), &expected) < PRINTED,
            "{n}"
        );
    }
}

fn against_full<M: Model>(model: &M, f: &[M::Scalar], n: usize) {
    let d = model.space().dimension();
    let layout = SymmetricLayout::new(d, n).unwrap();
    let times = [0.0, 0.3, 0.8];
    let exact = solve(model, &product(f), n, &times, n, None).unwrap();
    let start = dense::from_packed(&layout, n, &layout.power(f, n));
    let literal = full::evolve(model, &start, &times).unwrap();
    for (k, tensor) in literal.iter().enumerate() {
        let largest = tensor.iter().map(|x| x.modulus()).fold(1.0, f64::max);
        for j in 1..=n {
            let slow = dense::to_packed(&layout, &full::marginal(model, tensor, j));
            let found = distance(exact.marginal(k, j).unwrap(), &slow);
            assert!(found < ROUNDING * largest, "t_{k}, F_{j}: {found:e}");
        }
    }
    let moved = distance(exact.marginal(2, 1).unwrap(), f);
    assert!(moved > 1e-2, "nothing happened: {moved:e}");
}

#[test]
fn validate_against_the_full_tensor() {
    for n in [1, 2, 3, 4] {
        let model = problems::random_jump_process(3, 5).unwrap();
        against_full(&model, &Noise::new(1).probabilities(3), n);
    }
    for n in [3, 4] {
        let model = problems::random_arrays::<f64>(3, 8).unwrap();
        let f = problems::random_element(model.space().trace(), 2);
        against_full(&model, &f, n);
        let model = problems::random_arrays::<Complex64>(2, 9).unwrap();
        let f = problems::random_element(model.space().trace(), 3);
        against_full(&model, &f, n);
    }
}

#[test]
fn validate_expectations_against_the_full_tensor() {
    let model = Pauli::model(1.3);
    assert_eq!(plan(&model, 4, 2).sector, Sector::Expectations);
    for n in [1, 2, 3, 4] {
        against_full(&model, &Pauli::state([0.6, 0.2, 0.5]), n);
    }
}

/// The same physics in two representations: matrix elements with the trace on
/// the diagonal, and expectation values of Pauli matrices.
#[test]
fn validate_expectations_against_probabilities() {
    let h = sigma(0).mapv(|x| x * 0.5);
    let elements = Levels::new(h, kron(&sigma(2), &sigma(2)), 1.0);
    let s = [0.6, 0.2, 0.5];
    let times = [0.4, 1.0];
    let a = solve(&elements, &product(&bloch_state(s)), 6, &times, 1, None).unwrap();
    let start = product(&Pauli::state(s));
    let b = solve(&Pauli::model(1.0), &start, 6, &times, 1, None).unwrap();
    assert_eq!(a.sector, Sector::Probabilities);
    for k in 0..2 {
        let f = b.marginal(k, 1).unwrap();
        let turned = bloch_state([2.0 * f[1], 2.0 * f[2], 2.0 * f[3]]);
        assert!(distance(a.marginal(k, 1).unwrap(), &turned) < 1e-11);
    }
}

/// Every entry is the mean of a product of Pauli matrices: bounded by one at
/// any N, so that no digits are lost where multiplicities reach 10^18.
#[test]
fn law_expectations_do_not_cancel_at_many_particles() {
    let n = 40;
    let start = product(&Pauli::state([1.0, 0.0, 0.0]));
    let exact = solve(&Pauli::model(1.0), &start, n, &[0.0, 0.5], 2, None).unwrap();
    let traced = exact.marginal(1, 1).unwrap()[0];
    assert!((traced - 0.5).abs() < ROUNDING);
    let f2 = exact.marginal(1, 2).unwrap();
    let layout = SymmetricLayout::new(4, 2).unwrap();
    let down = layout.contract(2, &[2.0, 0.0, 0.0, 0.0], f2);
    assert!(distance(&down, exact.marginal(1, 1).unwrap()) < ROUNDING);
    assert!(f2.iter().all(|x| x.abs() <= 0.25 + ROUNDING));
}

#[test]
fn law_marginals_of_a_jump_process_are_consistent_probabilities() {
    let model = problems::random_jump_process(3, 4).unwrap();
    let layout = SymmetricLayout::new(3, 4).unwrap();
    let times = [0.0, 0.5, 3.0];
    for n in [5, 40] {
        let f = Noise::new(2).probabilities(3);
        let exact = solve(&model, &product(&f), n, &times, 4, None).unwrap();
        for k in 0..times.len() {
            for j in 1..=4 {
                let here = exact.marginal(k, j).unwrap();
                assert!((norms::l1(&layout, j, here) - 1.0).abs() < 1e-11);
                assert!(norms::least_entry(here) > 0.0);
                if j > 1 {
                    let down = layout.contract(j, &[1.0; 3], here);
                    assert!(distance(&down, exact.marginal(k, j - 1).unwrap()) < ROUNDING);
                }
            }
        }
        let start = layout.power(&f, 3);
        assert!(distance(exact.marginal(0, 3).unwrap(), &start) < ROUNDING);
        // Particles meet: they do not stay independent.
        let later = layout.power(exact.marginal(1, 1).unwrap(), 2);
        assert!(distance(exact.marginal(1, 2).unwrap(), &later) > 1e-4);
    }
}

#[test]
fn validate_fixed_counts_at_the_start() {
    let model = problems::three_states().unwrap();
    let start = Start::FixedCounts {
        f: vec![0.5, 0.3, 0.2],
    };
    let exact = solve(&model, &start, 10, &[0.0], 3, None).unwrap();
    let layout = SymmetricLayout::new(3, 3).unwrap();
    for j in 1..=3 {
        for (entry, &found) in exact.marginal(0, j).unwrap().iter().enumerate() {
            let alpha: Vec<usize> = layout
                .occupation(j, entry)
                .iter()
                .map(|&k| k as usize)
                .collect();
            let known = fixed_counts::marginal(&[5, 3, 2], &alpha);
            assert!((found - known).abs() < 1e-15);
        }
    }
    assert!(matches!(
        solve(&model, &start, 11, &[0.0], 1, None),
        Err(ExactError::Model(_))
    ));
    let quantum = Start::FixedCounts {
        f: Pauli::state([0.0; 3]),
    };
    assert!(matches!(
        solve(&Pauli::model(1.0), &quantum, 4, &[0.0], 1, None),
        Err(ExactError::FixedCountsOfExpectations { element: 0 })
    ));
}

/// The trace element need not be the first one.
#[test]
fn law_any_element_may_carry_the_trace() {
    use meanfield_abstract::Custom;
    use meanfield_tensor::Norm;
    use ndarray::{Array2, Array4};
    let first = Pauli::model(0.9);
    let order = [1, 2, 0, 3]; // new index → old index
    let one = Array2::eye(4);
    let mut k = Array2::zeros((4, 4));
    first.add_k(1.0, one.view(), k.view_mut());
    let mut v = Array2::zeros((16, 16));
    first
        .interaction()
        .add_pair(1.0, Array2::eye(16).view(), v.view_mut());
    let k = Array2::from_shape_fn((4, 4), |(a, b)| k[[order[a], order[b]]]);
    let v = Array4::from_shape_fn((4, 4, 4, 4), |(a, b, x, y)| {
        v[[order[a] * 4 + order[b], order[x] * 4 + order[y]]]
    });
    let moved = Custom::from_dense(&k, &v, &[0.0, 0.0, 2.0, 0.0], Norm::Euclidean).unwrap();
    let f = Pauli::state([0.6, 0.2, 0.5]);
    let f: Vec<f64> = order.iter().map(|&a| f[a]).collect();
    against_full(&moved, &f, 4);
}

/// Models too large to tabulate act through their own panels.
#[test]
fn law_the_tabulated_map_is_the_models_own() {
    let model = problems::random_arrays::<Complex64>(3, 21).unwrap();
    let table = PairMap::of_matrix(pair_map::tabulated(&model, 5).unwrap());
    let x = ndarray::Array2::from_shape_fn((6, 4), |(i, j)| c(i as f64, j as f64));
    let mut once = ndarray::Array2::zeros((6, 4));
    table.add(x.view(), once.view_mut());
    let mut literal = ndarray::Array2::zeros((6, 4));
    pair_map::add_model((1.0, &model), 5.0, x.view(), literal.view_mut());
    assert!((&once - &literal).iter().all(|z| z.norm() < 1e-12));
}

#[test]
fn law_progress_is_heard_and_can_stop() {
    let model = problems::sis().unwrap();
    let mut heard = 0;
    let mut stop = |fraction: f64| {
        heard += 1;
        fraction < 0.4
    };
    let start = product(&[0.4, 0.6]);
    let ended = solve(&model, &start, 50, &[0.0, 5.0], 1, Some(&mut stop));
    assert!(matches!(ended, Err(ExactError::Ode(_))));
    assert!(heard > 1);
}

/// Pairs in two constant parts, jumps one order later, and both changing in time.
fn with_terms<'a, S: Scalar>(
    model: &'a dyn Model<Scalar = S>,
    changing: bool,
) -> SumOfTerms<'a, S> {
    let factor = |value: f64| match changing {
        true => Envelope::of(move |t| value * (1.0 + (2.0 * t).cos())),
        false => Envelope::constant(value),
    };
    SumOfTerms::new(WithoutV::new(model))
        .with_term(WithoutK(model), Power::Zero, Envelope::constant(0.3))
        .and_then(|sum| sum.with_term(WithoutK(model), Power::Zero, factor(0.7)))
        .and_then(|sum| sum.with_term(model, Power::One, factor(-0.2)))
        .unwrap()
}

#[test]
fn validate_further_terms_against_the_full_tensor() {
    for changing in [false, true] {
        for n in [1, 2, 4] {
            let model = problems::random_jump_process(3, 5).unwrap();
            let f = Noise::new(1).probabilities(3);
            against_full(&with_terms(&model, changing), &f, n);
            let model = problems::random_arrays::<Complex64>(2, 9).unwrap();
            let f = problems::random_element(model.space().trace(), 3);
            against_full(&with_terms(&model, changing), &f, n);
            let model = Pauli::model(1.3);
            let f = Pauli::state([0.6, 0.2, 0.5]);
            against_full(&with_terms(&model, changing), &f, n);
        }
    }
}

#[test]
fn law_constant_terms_are_one_generator_of_jumps() {
    // ‖A‖ of the parts does not decide the series: 2V − V is V, uniformised as V is.
    let model = problems::sis().unwrap();
    let sum = SumOfTerms::new(&model)
        .with_term(&model, Power::Zero, Envelope::constant(1.0))
        .and_then(|sum| sum.with_term(&model, Power::Zero, Envelope::constant(-1.0)))
        .unwrap();
    let start = product(&[0.4, 0.6]);
    let of = |model: &dyn Model<Scalar = f64>| solve(model, &start, 40, &[1.0], 1, None).unwrap();
    let (found, expected) = (of(&sum), of(&model));
    assert_eq!(found.products, expected.products);
    assert!(
        distance(
            found.marginal(0, 1).unwrap(),
            expected.marginal(0, 1).unwrap()
        ) < ROUNDING
    );
}

#[test]
fn law_a_factor_that_does_not_change_may_be_a_function() {
    let model = problems::three_states().unwrap();
    let start = product(&[0.5, 0.3, 0.2]);
    let of = |envelope: Envelope| {
        let sum = SumOfTerms::new(&model)
            .with_term(&model, Power::One, envelope)
            .unwrap();
        solve(&sum, &start, 12, &[0.0, 0.4, 0.4, 2.0], 2, None).unwrap()
    };
    let (function, constant) = (of(Envelope::of(|_| 0.8)), of(Envelope::constant(0.8)));
    for k in 0..4 {
        let apart = distance(
            function.marginal(k, 2).unwrap(),
            constant.marginal(k, 2).unwrap(),
        );
        assert!(apart < 1e-11, "t_{k}: {apart:e}");
    }
    assert!(function.products > constant.products);
    // What it holds is planned, and a listener stops it.
    let changing = with_terms(&model, true);
    let fixed = with_terms(&model, false);
    let bytes = |model: &dyn Model<Scalar = f64>| plan(model, 12, 2).bytes.unwrap();
    assert!(bytes(&changing) > bytes(&fixed));
    let mut heard = Vec::new();
    let mut listen = |fraction: f64| {
        heard.push(fraction);
        fraction < 0.5
    };
    let stopped = solve(&changing, &start, 12, &[1.0, 2.0], 1, Some(&mut listen));
    assert!(stopped.is_err());
    assert!(heard.windows(2).all(|x| x[0] <= x[1]) && heard.last() >= Some(&0.5));
}
