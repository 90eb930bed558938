//! Generators that are sums of terms: the three forms against closed forms, against exact
//! N-body evolution, and against each other.

mod closed_forms;
mod forms;
mod refusals;
mod seasons;
mod split;

use meanfield_abstract::{Model, Start};
use meanfield_ode::Options;
use meanfield_tensor::{Scalar, SymmetricLayout};
use meanfield_testing::{Evolve, difference, largest};

pub(crate) const OPTIONS: Options = Options {
    tolerance: 1e-12,
    floor: 1e-4,
};
/// A few hundred steps at that tolerance.
pub(crate) const FLOW: f64 = 1e-9;

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
    let b = Evolve::to(t).form_b(model, start, order);
    Evolve::to(t).cumulants(model, start, (order, 2 * order), |c| {
        assert!(difference(b.one_body(), c.mean_field()) < FLOW, "{what}: F");
        let errors = c.correlation_errors(2 * order);
        for (&(j, m), e) in b.coefficients() {
            let found = difference(e, errors[j].term(m)) / largest(e).max(1.0);
            assert!(found < FLOW, "{what}, e_{j}^{m}: {found:e}");
        }
    });
    let layout = SymmetricLayout::new(model.space().dimension(), 2 * order).unwrap();
    for j in 1..=2 {
        let gap = |n| {
            let a = Evolve::to(t).form_a(model, start, (order, n));
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
