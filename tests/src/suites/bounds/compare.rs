//! One truncation against its exact marginals, its bound and its estimates.

use meanfield::abstract_model::norm;
use meanfield::expansion::{bounds, estimates};
use meanfield::hierarchy::{OperatorNorms, correlation_errors, mean_field_flow};
use meanfield::ode::Options;
use meanfield::prelude::*;
use meanfield::tensor::norms;

use crate::instances::Instance;

/// Relative tolerance per step on random models: what it leaves is below any error
/// that is compared.
pub(super) const STEP: f64 = 1e-8;

/// The same where a bound is read off: what integration may leave is part of it,
/// and must be small beside it.
pub(super) const FINE: f64 = 1e-11;

/// Highest j whose marginal is compared.
const MARGINALS: usize = 2;

/// The truncation at one N against the exact marginal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Compared {
    /// ‖F_j − F_j^{N,n}‖.
    pub(super) error: f64,
    /// The same in the norm of the bound.
    pub(super) error_in_bound: f64,
    /// The bound.
    pub(super) bound: f64,
    /// The estimate from the next order.
    pub(super) next: f64,
    /// The estimate from the last two terms.
    pub(super) ratio: f64,
}

/// The last of twenty times up to `end` until which the bound on F_1 at order 1
/// stays below 1.
pub(super) fn latest_time<S: Scalar>(instance: &Instance<S>, n: usize, end: f64) -> f64 {
    let times: Vec<f64> = (0..=20).map(|k| end * f64::from(k) / 20.0).collect();
    let mut settings = bounds::Settings::new(1, times.clone(), vec![n]);
    settings.tolerance = STEP;
    let found = bounds::solve(&*instance.model, &instance.f, &settings).expect("norms");
    let useful = found
        .iter()
        .take_while(|at| at[0].value(1).is_some_and(|bound| bound < 1.0))
        .count();
    times[useful.saturating_sub(1)]
}

/// The bounds at order n, time t and each N for j ≤ 2.
fn bounds_at<S: Scalar>(
    instance: &Instance<S>,
    (order, time, tolerance): (usize, f64, f64),
    particles: &[usize],
    sharpen: impl FnMut(&mut bounds::Measured),
) -> Vec<bounds::Bound> {
    let mut settings = bounds::Settings::new(order, vec![0.0, time], particles.to_vec());
    settings.marginals = MARGINALS;
    settings.tolerance = tolerance;
    let mut found = bounds::solve_with(&*instance.model, &instance.f, &settings, sharpen)
        .expect("a model with norms");
    found.pop().expect("two times")
}

/// ‖f_{j,m}‖ by j, then m ≤ `order`, and the coefficients themselves.
fn series<S: Scalar>(
    instance: &Instance<S>,
    (order, time): (usize, f64),
) -> (Vec<Vec<f64>>, Vec<TensorSeries<S>>) {
    let mut settings = Settings::new(order, vec![0.0, time]);
    settings.marginals = MARGINALS;
    settings.tolerance = FINE;
    let mut series = Vec::new();
    solve(&*instance.model, &instance.product(), &settings, |_, g| {
        series = g.marginals(MARGINALS);
        Ok::<(), ExpansionError>(())
    })
    .expect("a regular expansion");
    let layout = SymmetricLayout::new(instance.f.len(), MARGINALS).expect("small");
    let size = |j: usize, x: &[S]| norm(&*instance.model, &layout, j, x).expect("finite");
    let sizes = series.iter().enumerate();
    let sizes = sizes.map(|(j, s)| s.0.iter().map(|term| size(j, term)).collect());
    (sizes.collect(), series)
}

/// Compares at order n, time t and each N, to that tolerance: by N, then j = 1, 2;
/// what `sharpen` makes of the norms is used for the bound.
pub(super) fn compare<S: Scalar>(
    instance: &Instance<S>,
    (order, time, tolerance): (usize, f64, f64),
    particles: &[usize],
    sharpen: impl FnMut(&mut bounds::Measured),
) -> Vec<Vec<Compared>> {
    let model = &*instance.model;
    let bounds = bounds_at(instance, (order, time, tolerance), particles, sharpen);
    let (sizes, series) = series(instance, (order + 1, time));
    let layout = SymmetricLayout::new(instance.f.len(), MARGINALS).expect("small");
    let norms = OperatorNorms::new(model).expect("a norm");
    let mut out = Vec::new();
    for (&n, bound) in particles.iter().zip(&bounds) {
        let exact =
            meanfield::exact::solve(model, &instance.product(), n, &[time], MARGINALS, None)
                .expect("the sector fits");
        let of_degree = |j: usize| {
            let approximate = series[j].at(n as f64, order);
            let pairs = approximate.iter().zip(exact.marginal(0, j).unwrap());
            let gap: Vec<_> = pairs.map(|(&x, &y)| x - y).collect();
            Compared {
                error: norm(model, &layout, j, &gap).expect("finite"),
                error_in_bound: norms.size(model, &layout, j, &gap).expect("finite"),
                bound: bound.value(j).expect("a bound of every marginal"),
                next: estimates::next(sizes[j][order + 1], order, n as f64),
                ratio: estimates::ratio(&sizes[j][..=order], j, n as f64),
            }
        };
        out.push((1..=MARGINALS).map(of_degree).collect());
    }
    out
}

/// The least N of `particles`, which increase, from which on the bound, the
/// estimate from the next order and the one from the ratio say that F_1 is known
/// to better than 1; NaN where the last does not.
pub(super) fn least_numbers<S: Scalar>(
    instance: &Instance<S>,
    (order, time): (usize, f64),
    particles: &[usize],
) -> [f64; 3] {
    let bounds = bounds_at(instance, (order, time, STEP), particles, |_| ());
    let (sizes, _) = series(instance, (order + 1, time));
    let least = |says: &dyn Fn(usize, f64) -> f64| {
        // NaN says nothing.
        let idle = |&k: &usize| {
            let found = says(k, particles[k] as f64);
            found.is_nan() || found >= 1.0
        };
        let first = (0..particles.len()).rev().find(idle).map_or(0, |k| k + 1);
        particles.get(first).map_or(f64::NAN, |&n| n as f64)
    };
    [
        least(&|k, _| bounds[k].value(1).unwrap_or(f64::INFINITY)),
        least(&|_, n| estimates::next(sizes[1][order + 1], order, n)),
        least(&|_, n| estimates::ratio(&sizes[1][..=order], 1, n)),
    ]
}

/// The largest ‖E_j‖/u_j for j ≤ `degree` at order 0, on exact data of one N.
pub(super) fn largest_share(
    instance: &Instance<f64>,
    time: f64,
    (n, degree): (usize, usize),
    sharpen: impl FnMut(&mut bounds::Measured),
) -> f64 {
    let model = &*instance.model;
    let bound = &bounds_at(instance, (0, time, STEP), &[n], sharpen)[0];
    let options = Options {
        tolerance: 1e-13,
        ..Options::default()
    };
    let f = mean_field_flow(model, &instance.f, &[0.0, time], &options).expect("a regular flow");
    let exact = meanfield::exact::solve(model, &instance.product(), n, &[time], degree, None)
        .expect("the sector fits");
    let mut marginals = vec![vec![1.0]];
    marginals.extend((1..=degree).map(|j| exact.marginal(0, j).unwrap().to_vec()));
    let layout = SymmetricLayout::new(instance.f.len(), degree).expect("small");
    let errors = correlation_errors(&layout, &f[1], &marginals).unwrap();
    let share = |j: usize| norms::l1(&layout, j, &errors[j]) / bound.errors[j];
    (1..=degree).map(share).fold(0.0, f64::max)
}
