//! The three forms against each other, and what the coefficients must satisfy.

use meanfield_abstract::{Custom, Model, Start, problems};
use meanfield_expansion::coefficients::initial_errors;
use meanfield_expansion::recursion::{RecursionSystem, Terms};
use meanfield_expansion::{ExpansionError, Settings};
use meanfield_hierarchy::Operators;
use meanfield_ode::{System, integrate};
use meanfield_tensor::{Scalar, SymmetricLayout};
use num_complex::Complex64;

use meanfield_testing::{Evolve, difference, largest};

use super::{FLOW, OPTIONS, three_states};

/// ‖F_j^{N,n} of (a) − Σ_{m≤n} N^{−m} f_{j,m} of (b)‖ = O(N^{−n−1}), (Remark 1.8).
fn forms_differ_at_the_next_order<S: Scalar>(model: &Custom<S>, start: &Start<S>, t: f64) {
    let layout = SymmetricLayout::new(model.space().dimension(), 4).unwrap();
    for order in 1..=2 {
        let b = Evolve::to(t).form_b(model, start, order);
        for j in 1..=3 {
            let gap = |n| {
                let a = Evolve::to(t)
                    .form_a(model, start, (order, n))
                    .marginal(&layout, j)
                    .unwrap();
                difference(&a, &b.marginal(&layout, j, n).unwrap())
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
    let b = Evolve::to(t).form_b(model, start, order);
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
                let f = b.marginal_coefficient(c.layout(), j, m).unwrap();
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
    let layout = SymmetricLayout::new(3, 4).unwrap();
    let f = start.one_body().to_vec();
    for start in [start, Start::FixedCounts { f }] {
        let at = Evolve::to(1.0).form_b(&model, &start, 2);
        let g = at.coefficient(2, 1).unwrap();
        let mut wick = vec![0.0; layout.len(4)];
        layout.add_product((2, g), (2, g), 0.5, &mut wick);
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
        let even = Evolve::to(1.0).form_a(&model, &start, (2, 7));
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
    let layout = SymmetricLayout::new(3, 4).unwrap();
    let b = Evolve::to(1.0).form_b(&model, &start, 2);
    let a = Evolve::to(1.0).form_a(&model, &start, (2, 9));
    for (&(j, _), e) in b.coefficients().iter().chain(a.terms()) {
        assert!(largest(&layout.contract(j, &[1.0; 3], e)) < 1e-11);
    }
}

/// ∂t F_2 = (K² + T_2/2) F_2: the whole evolution of two particles.
struct TwoParticles<'a> {
    operators: Operators<'a, f64>,
    blocks: [usize; 1],
}

impl System for TwoParticles<'_> {
    type Scalar = f64;
    fn blocks(&self) -> &[usize] {
        &self.blocks
    }
    fn rhs(&mut self, _t: f64, y: &[f64], dydt: &mut [f64]) {
        dydt.fill(0.0);
        self.operators.add_k(1.0, 2, y, dydt).unwrap();
        self.operators.add_t(0.5, 2, y, dydt).unwrap();
    }
}

#[test]
fn law_for_two_particles_the_recursion_sums_to_the_exact_state() {
    // Orders above N are dropped without loss, D_N^1 = 0 (39); what remains is
    // a series in bounded couplings, which converges at any N.
    let (model, start) = three_states();
    let layout = SymmetricLayout::new(3, 3).unwrap();
    let mut two = TwoParticles {
        operators: Operators::new(&model, 2).unwrap(),
        blocks: [layout.len(2)],
    };
    let pair = layout.power(start.one_body(), 2);
    let mut exact = Vec::new();
    integrate(&mut two, &pair, &[0.0, 0.5], &OPTIONS, |_, y| {
        exact = y.to_vec();
        Ok::<(), ExpansionError>(())
    })
    .unwrap();
    let errors = [1, 2, 3, 5].map(|order| {
        let state = Evolve::to(0.5).form_a(&model, &start, (order, 2));
        assert_eq!(state.terms().keys().map(|&(j, _)| j).max(), Some(2));
        let one = difference(
            &state.marginal(&layout, 1).unwrap(),
            &layout.contract(2, &[1.0; 3], &exact),
        );
        one.max(difference(&state.marginal(&layout, 2).unwrap(), &exact))
    });
    assert!(errors[3] < 1e-12, "{errors:?}");
    assert!(errors.windows(2).all(|e| e[1] < 0.1 * e[0]), "{errors:?}");
}
