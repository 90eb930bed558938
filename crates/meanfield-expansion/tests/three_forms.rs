//! The recursion (a), the coefficients free of N (b) and the cumulants (c):
//! against values from elsewhere, and against each other.

use std::collections::BTreeMap;

use meanfield_abstract::{Custom, Model, Start, problems};
use meanfield_expansion::coefficients::{self, Coefficients, initial_errors};
use meanfield_expansion::recursion::{self, RecursionState, RecursionSystem, Terms};
use meanfield_expansion::{ExpansionError, Settings};
use meanfield_hierarchy::Operators;
use meanfield_ode::{Options, System, integrate};
use meanfield_tensor::{Ladder, Scalar};
use num_complex::Complex64;

const OPTIONS: Options = Options {
    tolerance: 1e-12,
    floor: 1e-4,
};
/// A few hundred steps at that tolerance.
const FLOW: f64 = 1e-9;

fn largest<S: Scalar>(x: &[S]) -> f64 {
    x.iter().map(|x| x.modulus()).fold(0.0, f64::max)
}

fn difference<S: Scalar>(x: &[S], y: &[S]) -> f64 {
    assert_eq!(x.len(), y.len());
    largest(&x.iter().zip(y).map(|(&a, &b)| a - b).collect::<Vec<_>>())
}

/// All coefficients of form (b) at t.
fn form_b<S: Scalar>(model: &Custom<S>, start: &Start<S>, order: usize, t: f64) -> Coefficients<S> {
    let initial = initial_errors(model, start, order).unwrap();
    let (f, times) = (start.one_body(), [0.0, t]);
    let mut last = None;
    coefficients::solve(
        model,
        order,
        f,
        &initial,
        &times,
        &OPTIONS,
        |_| true,
        |_, at| {
            last = Some(at);
            Ok::<(), ExpansionError>(())
        },
    )
    .unwrap();
    last.unwrap()
}

/// The state of form (a) at t.
fn form_a<S: Scalar>(
    model: &Custom<S>,
    start: &Start<S>,
    order: usize,
    n: usize,
    t: f64,
) -> RecursionState<S> {
    let initial = initial_errors(model, start, order).unwrap();
    let (f, times) = (start.one_body(), [0.0, t]);
    let mut last = None;
    recursion::solve(
        model,
        order,
        n,
        f,
        &initial,
        &times,
        &OPTIONS,
        |_| true,
        |_, at| {
            last = Some(at);
            Ok::<(), ExpansionError>(())
        },
    )
    .unwrap();
    last.unwrap()
}

fn three_states() -> (Custom<f64>, Start<f64>) {
    let f = vec![0.5, 0.3, 0.2];
    (problems::three_states().unwrap(), Start::Product { f })
}

#[test]
fn validate_coefficients_of_sis_from_both_starts() {
    let model = problems::sis().unwrap();
    let ladder = Ladder::new(2, 4).unwrap();
    let f = vec![0.4, 0.6];
    let product = Start::Product { f: f.clone() };
    let fixed = Start::FixedCounts { f };
    // The reference gives c1 to about 7 digits, c2 to 4.
    for (t, start, c0, c1, c2) in [
        (0.5, &product, 0.6121061040, -0.0805541, 0.002127),
        (0.5, &fixed, 0.6121061040, -0.0565477, 0.004024),
        (2.0, &product, 0.6178263328, -0.1222809, -0.012678),
        (2.0, &fixed, 0.6178263328, -0.1210394, -0.011018),
    ] {
        let at = form_b(&model, start, 2, t);
        let found = [0, 1, 2].map(|m| at.marginal_coefficient(&ladder, 1, m)[1]);
        assert!((found[0] - c0).abs() < 1e-10, "c0 at {t}: {}", found[0]);
        assert!((found[1] - c1).abs() < 1.5e-7, "c1 at {t}: {}", found[1]);
        assert!((found[2] - c2).abs() < 1e-5, "c2 at {t}: {}", found[2]);
    }
}

#[test]
fn validate_coefficients_of_three_states() {
    let (model, start) = three_states();
    let at = form_b(&model, &start, 2, 1.0);
    let ladder = Ladder::new(3, 4).unwrap();
    let expected = [
        [0.416038005728, 0.252516331177, 0.331445663095],
        [0.052474457111, -0.018400156449, -0.034074300662],
        [0.034906229858, -0.005024622928, -0.029881606930],
    ];
    for (m, expected) in expected.iter().enumerate() {
        let found = at.marginal_coefficient(&ladder, 1, m);
        assert!(difference(&found, expected) < 1e-11, "f^{m}: {found:?}");
    }
    let f2 = at.marginal_coefficient(&ladder, 2, 1);
    for (b, expected) in [0.044111867433, 0.003760375445, 0.004602214233]
        .iter()
        .enumerate()
    {
        assert!((f2[ladder.rank(&[0, b])] - expected).abs() < 1e-11);
    }
}

/// Exact F_1 of the three-state process at t = 1.
const EXACT: [(usize, [f64; 3]); 3] = [
    (10, [0.421654517252, 0.250624722028, 0.327720760721]),
    (20, [0.418751438681, 0.251583596634, 0.329664964685]),
    (40, [0.417371985712, 0.252053166427, 0.330574847861]),
];

#[test]
fn validate_both_forms_converge_to_exact_marginals_at_the_rate_claimed() {
    let (model, start) = three_states();
    let ladder = Ladder::new(3, 4).unwrap();
    let initial: BTreeMap<_, _> = initial_errors(&model, &start, 2).unwrap();
    assert!(initial.is_empty());
    for order in 0..=2 {
        let b = form_b(&model, &start, order, 1.0);
        let errors = EXACT.map(|(n, exact)| {
            let a = form_a(&model, &start, order, n, 1.0);
            let a = difference(&a.marginal(&ladder, 1).unwrap(), &exact);
            let b = difference(&b.marginal(&ladder, 1, n).unwrap(), &exact);
            (a, b)
        });
        // From N = 20 to 40 the next order is still a tenth of the error.
        let rate = (order + 1) as f64;
        let (a, b) = (
            (errors[1].0 / errors[2].0).log2(),
            (errors[1].1 / errors[2].1).log2(),
        );
        assert!(
            (b - rate).abs() < 0.25,
            "(b), n = {order}: rate {b}, {errors:?}"
        );
        assert!(
            (a - rate).abs() < 0.25,
            "(a), n = {order}: rate {a}, {errors:?}"
        );
    }
}

/// ‖F_j^{N,n} of (a) − Σ_{m≤n} N^{−m} f_{j,m} of (b)‖ = O(N^{−n−1}), (Remark 1.8).
fn forms_differ_at_the_next_order<S: Scalar>(model: &Custom<S>, start: &Start<S>, t: f64) {
    let ladder = Ladder::new(model.space().dimension(), 4).unwrap();
    for order in 1..=2 {
        let b = form_b(model, start, order, t);
        for j in 1..=3 {
            let gap = |n| {
                let a = form_a(model, start, order, n, t)
                    .marginal(&ladder, j)
                    .unwrap();
                difference(&a, &b.marginal(&ladder, j, n).unwrap())
            };
            let (near, far) = (gap(100), gap(200));
            assert!(near > 1e-9, "the two forms are not the same numbers");
            let rate = (near / far).log2();
            assert!(
                (rate - (order + 1) as f64).abs() < 0.1,
                "n = {order}, j = {j}: rate {rate}"
            );
        }
    }
}

#[test]
fn law_recursion_and_coefficients_differ_at_the_next_order() {
    let (model, product) = three_states();
    forms_differ_at_the_next_order(&model, &product, 1.0);
    let f = product.one_body().to_vec();
    forms_differ_at_the_next_order(&model, &Start::FixedCounts { f }, 0.5);
    let complex = problems::random_arrays::<Complex64>(2, 5).unwrap();
    let f = problems::random_element(complex.space().trace(), 6);
    forms_differ_at_the_next_order(&complex, &Start::Product { f }, 0.2);
}

fn coefficients_are_those_of_the_cumulants<S: Scalar>(model: &Custom<S>, start: &Start<S>) {
    let (order, t) = (3, 0.2);
    let b = form_b(model, start, order, t);
    let mut settings = Settings::new(order, vec![0.0, t]);
    settings.tolerance = OPTIONS.tolerance;
    settings.marginals = 2 * order;
    meanfield_expansion::solve(model, start, &settings, |k, c| {
        if k == 0 {
            return Ok::<(), ExpansionError>(());
        }
        let (errors, marginals) = (c.correlation_errors(2 * order), c.marginals(3));
        for (&(j, m), e) in b.coefficients() {
            let scale = largest(e).max(1.0);
            let found = difference(e, errors[j].term(m)) / scale;
            assert!(found < FLOW, "e_{j}^{m}: {found:e}");
        }
        for j in 1..=3 {
            for m in 0..=order {
                let f = b.marginal_coefficient(c.ladder(), j, m);
                let scale = largest(&f).max(1.0);
                assert!(difference(&f, marginals[j].term(m)) / scale < FLOW);
            }
        }
        Ok(())
    })
    .unwrap();
}

#[test]
fn law_coefficients_are_those_of_the_cumulants() {
    let (model, product) = three_states();
    coefficients_are_those_of_the_cumulants(&model, &product);
    let f = product.one_body().to_vec();
    coefficients_are_those_of_the_cumulants(&model, &Start::FixedCounts { f });
    let complex = problems::random_arrays::<Complex64>(2, 5).unwrap();
    let f = problems::random_element(complex.space().trace(), 6);
    coefficients_are_those_of_the_cumulants(&complex, &Start::Product { f });
}

#[test]
fn law_four_particles_correlate_in_pairs_first() {
    // e_4^2 = 3 Sym(g⊗g) with g = e_2^1: the three pairings, each counted twice
    // in g⊙g (Corollary 2.4 and Wick's rule).
    let (model, start) = three_states();
    let ladder = Ladder::new(3, 4).unwrap();
    let f = start.one_body().to_vec();
    for start in [start, Start::FixedCounts { f }] {
        let at = form_b(&model, &start, 2, 1.0);
        let g = at.coefficient(2, 1).unwrap();
        let mut wick = vec![0.0; ladder.len(4)];
        ladder.add_product((2, g), (2, g), 0.5, &mut wick);
        let e4 = at.coefficient(4, 2).unwrap();
        assert!(largest(e4) > 1e-5);
        assert!(difference(e4, &wick) < FLOW * largest(e4));
    }
}

#[test]
fn law_odd_terms_of_the_recursion_vanish() {
    let (model, product) = three_states();
    let f = product.one_body().to_vec();
    for start in [product, Start::FixedCounts { f: f.clone() }] {
        let initial = initial_errors(&model, &start, 2).unwrap();
        let mut system = RecursionSystem::new(&model, 2, 7, Terms::All).unwrap();
        let y = system.start(&f, &initial).unwrap();
        let read = system.reader();
        let mut last = None;
        integrate(&mut system, &y, &[0.0, 1.0], &OPTIONS, |_, y| {
            last = Some(read(y));
            Ok::<(), ExpansionError>(())
        })
        .unwrap();
        let all = last.unwrap();
        let even = form_a(&model, &start, 2, 7, 1.0);
        let mut odd = 0;
        for (&(j, k), term) in all.terms() {
            if (j + k) % 2 == 1 {
                odd += 1;
                assert_eq!(largest(term), 0.0, "𝓔_{j}^{k}");
            } else {
                let other = &even.terms()[&(j, k)];
                assert!(largest(term) > 1e-6 && difference(term, other) < FLOW);
            }
        }
        assert_eq!((odd, even.terms().len(), all.terms().len()), (4, 6, 10));
    }
}

#[test]
fn law_every_error_term_has_zero_trace() {
    let (model, start) = three_states();
    let ladder = Ladder::new(3, 4).unwrap();
    let b = form_b(&model, &start, 2, 1.0);
    let a = form_a(&model, &start, 2, 9, 1.0);
    for (&(j, _), e) in b.coefficients().iter().chain(a.terms()) {
        assert!(largest(&ladder.contract(j, &[1.0; 3], e)) < 1e-11);
    }
}

/// ∂t F_2 = (K² + T_2/2) F_2: the whole evolution of two particles.
struct TwoParticles<'a> {
    operators: Operators<'a, Custom<f64>>,
    blocks: [usize; 1],
}

impl System for TwoParticles<'_> {
    type Scalar = f64;
    fn blocks(&self) -> &[usize] {
        &self.blocks
    }
    fn rhs(&mut self, _t: f64, y: &[f64], dydt: &mut [f64]) {
        dydt.fill(0.0);
        self.operators.add_k(1.0, 2, y, dydt);
        self.operators.add_t(0.5, 2, y, dydt);
    }
}

#[test]
fn law_for_two_particles_the_recursion_sums_to_the_exact_state() {
    // Orders above N are dropped without loss, D_N^1 = 0 (39); what remains is
    // a series in bounded couplings, which converges at any N.
    let (model, start) = three_states();
    let ladder = Ladder::new(3, 3).unwrap();
    let mut two = TwoParticles {
        operators: Operators::new(&model, 2).unwrap(),
        blocks: [ladder.len(2)],
    };
    let pair = ladder.power(start.one_body(), 2);
    let mut exact = Vec::new();
    integrate(&mut two, &pair, &[0.0, 0.5], &OPTIONS, |_, y| {
        exact = y.to_vec();
        Ok::<(), ExpansionError>(())
    })
    .unwrap();
    let errors = [1, 2, 3, 5].map(|order| {
        let state = form_a(&model, &start, order, 2, 0.5);
        assert_eq!(state.terms().keys().map(|&(j, _)| j).max(), Some(2));
        let one = difference(
            &state.marginal(&ladder, 1).unwrap(),
            &ladder.contract(2, &[1.0; 3], &exact),
        );
        one.max(difference(&state.marginal(&ladder, 2).unwrap(), &exact))
    });
    assert!(errors[3] < 1e-12, "{errors:?}");
    assert!(errors.windows(2).all(|e| e[1] < 0.1 * e[0]), "{errors:?}");
}

#[test]
fn law_marginals_of_too_few_particles_are_refused() {
    let (model, start) = three_states();
    let state = form_a(&model, &start, 1, 2, 0.1);
    let ladder = Ladder::new(3, 3).unwrap();
    let refused = state.marginal(&ladder, 3);
    assert!(matches!(
        refused,
        Err(ExpansionError::TooFewParticles {
            particles: 2,
            marginal: 3
        })
    ));
    let refused = RecursionSystem::new(&model, 1, 0, Terms::Even).map(|_| ());
    assert!(matches!(
        refused,
        Err(ExpansionError::TooFewParticles { .. })
    ));
}

#[test]
fn law_initial_data_that_do_not_fit_are_refused() {
    let (model, start) = three_states();
    let f = start.one_body();
    let mut system = RecursionSystem::new(&model, 2, 9, Terms::Even).unwrap();
    let mut refuse = |f: &[f64], key, values: Vec<f64>| {
        let found = system.start(f, &BTreeMap::from([(key, values)]));
        assert!(matches!(found, Err(ExpansionError::Model(_))), "{key:?}");
    };
    refuse(&f[1..], (1, 1), vec![0.0; 3]);
    refuse(f, (2, 1), vec![0.0; 9]);
    refuse(f, (3, 1), vec![0.0; 10]);
    refuse(f, (0, 0), vec![1.0]);
    // A higher order than is kept is left out.
    let kept = system
        .start(f, &BTreeMap::from([((1, 3), vec![1.0; 3])]))
        .unwrap();
    assert_eq!(largest(&kept[3..]), 0.0);
}

#[test]
fn law_memory_is_counted_before_it_is_used() {
    let (model, _) = three_states();
    let system = RecursionSystem::new(&model, 2, 9, Terms::Even).unwrap();
    let unknowns: usize = system.blocks().iter().sum();
    let counted = RecursionSystem::<Custom<f64>>::bytes(3, 2, 9).unwrap();
    assert!(counted > 8 * 10 * unknowns);
    let counted = coefficients::CoefficientSystem::<Custom<f64>>::bytes(50, 2).unwrap();
    // e_4^2 alone: C(53, 4) = 292825 entries in ten vectors.
    assert!(counted > 292_825 * 80 && counted < 292_825 * 800);
    assert_eq!(RecursionSystem::<Custom<f64>>::bytes(4096, 20, 100), None);
}

#[test]
fn law_an_observer_stops_the_solve_and_errors_of_the_caller_come_back() {
    let (model, start) = three_states();
    let (none, f) = (BTreeMap::new(), start.one_body());
    let quiet = |_, _| Ok::<(), ExpansionError>(());
    let stopped = coefficients::solve(&model, 1, f, &none, &[0.0, 1.0], &OPTIONS, |_| false, quiet);
    assert!(matches!(
        stopped,
        Err(ExpansionError::Ode(
            meanfield_ode::OdeError::Interrupted { .. }
        ))
    ));
    #[derive(Debug, PartialEq)]
    enum Mine {
        Full,
        Other(ExpansionError),
    }
    impl From<ExpansionError> for Mine {
        fn from(error: ExpansionError) -> Self {
            Self::Other(error)
        }
    }
    let full = recursion::solve(
        &model,
        1,
        5,
        f,
        &none,
        &[0.0, 1.0],
        &OPTIONS,
        |_| true,
        |_, _| Err(Mine::Full),
    );
    assert_eq!(full, Err(Mine::Full));
    let early = recursion::solve(
        &model,
        1,
        0,
        f,
        &none,
        &[0.0],
        &OPTIONS,
        |_| true,
        |_, _| Err(Mine::Full),
    );
    assert!(matches!(early, Err(Mine::Other(_))));
}
