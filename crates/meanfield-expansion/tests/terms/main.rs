//! Generators that are sums of terms: the three forms against closed forms, against exact
//! N-body evolution, and against each other.

mod closed_forms;
mod forms;
mod refusals;
mod seasons;
mod split;

use meanfield_abstract::{Model, Start};
use meanfield_exact::symmetric;
use meanfield_expansion::coefficients::{self, Coefficients, initial_errors};
use meanfield_expansion::recursion::{self, RecursionState};
use meanfield_expansion::{ExpansionError, Settings, solve};
use meanfield_ode::Options;
use meanfield_tensor::{Scalar, SymmetricLayout};

pub(crate) const OPTIONS: Options = Options {
    tolerance: 1e-12,
    floor: 1e-4,
};
/// A few hundred steps at that tolerance.
pub(crate) const FLOW: f64 = 1e-9;

pub(crate) fn largest<S: Scalar>(x: &[S]) -> f64 {
    x.iter().map(|x| x.modulus()).fold(0.0, f64::max)
}

pub(crate) fn difference<S: Scalar>(x: &[S], y: &[S]) -> f64 {
    assert_eq!(x.len(), y.len());
    largest(&x.iter().zip(y).map(|(&a, &b)| a - b).collect::<Vec<_>>())
}

/// Every g_{j,l} at t, form (c), in the order of the plan.
pub(crate) fn form_c<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    order: usize,
    t: f64,
) -> Vec<Vec<S>> {
    let mut settings = Settings::new(order, vec![0.0, t]);
    settings.tolerance = OPTIONS.tolerance;
    let mut out = Vec::new();
    solve(model, start, &settings, |_, g| {
        let places = (0..=order).flat_map(|p| (1..=p + 1).rev().map(move |j| (j, p + 1 - j)));
        out = places.map(|(j, l)| g.get(j, l).unwrap().to_vec()).collect();
        Ok::<(), ExpansionError>(())
    })
    .unwrap();
    out
}

/// f_{j,m} at t for m ≤ `order`, form (c).
pub(crate) fn marginal_series<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    (order, j): (usize, usize),
    t: f64,
) -> Vec<Vec<S>> {
    let mut settings = Settings::new(order, vec![0.0, t]);
    settings.tolerance = OPTIONS.tolerance;
    settings.marginals = j;
    let mut out = Vec::new();
    solve(model, start, &settings, |_, g| {
        let f = &g.marginals(j)[j];
        out = (0..=order).map(|m| f.term(m).to_vec()).collect();
        Ok::<(), ExpansionError>(())
    })
    .unwrap();
    out
}

/// All coefficients of form (b) at t.
pub(crate) fn form_b<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    order: usize,
    t: f64,
) -> Coefficients<S> {
    let initial = initial_errors(model, start, order).unwrap();
    let mut last = None;
    let keep = |_: usize, at| {
        last = Some(at);
        Ok::<(), ExpansionError>(())
    };
    let (f, times) = (start.one_body(), [0.0, t]);
    coefficients::solve(model, order, f, &initial, &times, &OPTIONS, |_| true, keep).unwrap();
    last.unwrap()
}

/// The state of form (a) at t.
pub(crate) fn form_a<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    (order, n): (usize, usize),
    t: f64,
) -> RecursionState<S> {
    let initial = initial_errors(model, start, order).unwrap();
    let mut last = None;
    let keep = |_: usize, at| {
        last = Some(at);
        Ok::<(), ExpansionError>(())
    };
    let (f, times) = (start.one_body(), [0.0, t]);
    recursion::solve(
        model,
        order,
        n,
        f,
        &initial,
        &times,
        &OPTIONS,
        |_| true,
        keep,
    )
    .unwrap();
    last.unwrap()
}

/// F_1 … F_J at t of N particles, exactly.
pub(crate) fn exact<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    (n, highest): (usize, usize),
    t: f64,
) -> Vec<Vec<S>> {
    let found = symmetric::solve(model, start, n, &[t], highest, None).unwrap();
    found.into_marginals().remove(0)
}

/// log₂ of the ratio of the errors of each truncation of F_j at N and 2N.
pub(crate) fn slopes<S: Scalar>(
    series: &[Vec<S>],
    exact: impl Fn(usize) -> Vec<S>,
    n: usize,
) -> Vec<f64> {
    let errors = |n: usize| -> Vec<f64> {
        let exact = exact(n);
        let mut sum = vec![S::from_re(0.0); exact.len()];
        let mut weight = 1.0;
        let term = |term: &Vec<S>| {
            for (x, &y) in sum.iter_mut().zip(term) {
                *x += y.scaled(weight);
            }
            weight /= n as f64;
            difference(&sum, &exact)
        };
        series.iter().map(term).collect()
    };
    let (near, far) = (errors(n), errors(2 * n));
    near.iter().zip(&far).map(|(x, y)| (y / x).log2()).collect()
}

/// Slopes −1, −2, … of the truncations of order 0, 1, ….
#[track_caller]
pub(crate) fn fall(what: &str, found: &[f64]) {
    for (order, slope) in found.iter().enumerate() {
        let expected = -(order as f64) - 1.0;
        assert!((slope - expected).abs() < 0.2, "{what}: {found:?}");
    }
}

/// The forms (b) and (c) have the same coefficients; (a) sums to the same up to the next
/// order.
#[track_caller]
pub(crate) fn forms_agree<S: Scalar>(
    what: &str,
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    order: usize,
    t: f64,
) {
    let b = form_b(model, start, order, t);
    let mut settings = Settings::new(order, vec![0.0, t]);
    settings.tolerance = OPTIONS.tolerance;
    settings.marginals = 2 * order;
    solve(model, start, &settings, |k, c| {
        if k == 0 {
            return Ok::<(), ExpansionError>(());
        }
        assert!(difference(b.one_body(), c.mean_field()) < FLOW, "{what}: F");
        let errors = c.correlation_errors(2 * order);
        for (&(j, m), e) in b.coefficients() {
            let found = difference(e, errors[j].term(m)) / largest(e).max(1.0);
            assert!(found < FLOW, "{what}, e_{j}^{m}: {found:e}");
        }
        Ok(())
    })
    .unwrap();
    let layout = SymmetricLayout::new(model.space().dimension(), 2 * order).unwrap();
    for j in 1..=2 {
        let gap = |n| {
            let a = form_a(model, start, (order, n), t);
            let b = b.marginal(&layout, j, n).unwrap();
            difference(&a.marginal(&layout, j).unwrap(), &b)
        };
        let (near, far) = (gap(100), gap(200));
        let rate = (near / far).log2();
        let expected = (order + 1) as f64;
        assert!(
            far < 1e-13 || (rate - expected).abs() < 0.15,
            "{what}, F_{j}: rate {rate}, {near:e}, {far:e}"
        );
    }
}
