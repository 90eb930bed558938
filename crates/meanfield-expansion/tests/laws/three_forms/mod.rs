//! The recursion (a), the coefficients free of N (b) and the cumulants (c):
//! against values from elsewhere, and against each other.

mod agreement;
mod boundaries;
mod reference;

use meanfield_abstract::{Custom, Start, problems};
use meanfield_expansion::ExpansionError;
use meanfield_expansion::coefficients::{self, Coefficients, initial_errors};
use meanfield_expansion::recursion::{self, RecursionState};
use meanfield_ode::Options;
use meanfield_tensor::Scalar;

pub(super) const OPTIONS: Options = Options {
    tolerance: 1e-12,
    floor: 1e-4,
};
/// A few hundred steps at that tolerance.
pub(super) const FLOW: f64 = 1e-9;

pub(super) fn largest<S: Scalar>(x: &[S]) -> f64 {
    x.iter().map(|x| x.modulus()).fold(0.0, f64::max)
}

pub(super) fn difference<S: Scalar>(x: &[S], y: &[S]) -> f64 {
    assert_eq!(x.len(), y.len());
    largest(&x.iter().zip(y).map(|(&a, &b)| a - b).collect::<Vec<_>>())
}

/// All coefficients of form (b) at t.
pub(super) fn form_b<S: Scalar>(
    model: &Custom<S>,
    start: &Start<S>,
    order: usize,
    t: f64,
) -> Coefficients<S> {
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
pub(super) fn form_a<S: Scalar>(
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

pub(super) fn three_states() -> (Custom<f64>, Start<f64>) {
    let f = vec![0.5, 0.3, 0.2];
    (problems::three_states().unwrap(), Start::Product { f })
}
