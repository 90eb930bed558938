//! ‖E_j‖ from the hierarchy itself and ‖F_j − F^{⊗j}‖ from exact data.

use meanfield::abstract_model::norm;
use meanfield::hierarchy::{correlation_errors, correlation_flow, mean_field_flow};
use meanfield::ode::Options;
use meanfield::prelude::*;
use meanfield::tensor::norms;

use crate::instances::Instance;

/// Relative tolerance per step and block. Over three states ‖E_60‖ is 10^−43 at
/// N = 400: a floor near the natural size, which is 10^−27, would give that no digit.
const STEP: Options = Options {
    tolerance: 1e-8,
    floor: 1e-24,
};

/// ‖E_j‖ for j = 0 … J at time t, in the model's norm, of N particles; the
/// hierarchy is closed after degree J.
pub(super) fn error_norms<S: Scalar>(
    instance: &Instance<S>,
    time: f64,
    (particles, degree): (usize, usize),
) -> Vec<f64> {
    let model = &*instance.model;
    let flow = correlation_flow(model, (particles, degree), &instance.f, &[0.0, time], &STEP)
        .expect("a regular flow");
    let layout = SymmetricLayout::new(model.space().dimension(), degree).expect("small");
    let scale = (particles as f64).sqrt();
    let scaled = flow[1].iter().enumerate();
    scaled
        .map(|(j, e)| norm(model, &layout, j, e).expect("finite") * scale.powi(-(j as i32)))
        .collect()
}

/// ‖E_j‖ in L¹ for j = 0 … J by inclusion and exclusion on exact marginals, with
/// the rounding it has, 2^j ε.
pub(super) fn exact_error_norms(
    instance: &Instance<f64>,
    time: f64,
    (particles, degree): (usize, usize),
) -> Vec<(f64, f64)> {
    let (f, marginals, layout) = exact_marginals(instance, time, (particles, degree));
    let errors = correlation_errors(&layout, &f, &marginals).unwrap();
    let sized = errors.iter().enumerate();
    sized
        .map(|(j, e)| {
            let lost = 2.0_f64.powi(j as i32) * f64::EPSILON;
            (norms::l1(&layout, j, e), lost)
        })
        .collect()
}

/// ‖F_j − F^{⊗j}‖ in L¹ for j = 0 … J: no digits are lost in it.
pub(super) fn distances(
    instance: &Instance<f64>,
    time: f64,
    (particles, degree): (usize, usize),
) -> Vec<f64> {
    let (f, marginals, layout) = exact_marginals(instance, time, (particles, degree));
    let sized = marginals.iter().enumerate();
    sized
        .map(|(j, exact)| {
            let product = layout.power(&f, j);
            let gap: Vec<f64> = exact.iter().zip(&product).map(|(x, y)| x - y).collect();
            norms::l1(&layout, j, &gap)
        })
        .collect()
}

/// F(t), F_0 … F_J and their layout.
fn exact_marginals(
    instance: &Instance<f64>,
    time: f64,
    (particles, degree): (usize, usize),
) -> (Vec<f64>, Vec<Vec<f64>>, SymmetricLayout) {
    let model = &*instance.model;
    let options = Options {
        tolerance: 1e-14,
        ..Options::default()
    };
    let f = mean_field_flow(model, &instance.f, &[0.0, time], &options).expect("a regular flow");
    let exact =
        meanfield::exact::solve(model, &instance.product(), particles, &[time], degree, None)
            .expect("the sector fits");
    let mut marginals = vec![vec![1.0]];
    marginals.extend((1..=degree).map(|j| exact.marginal(0, j).unwrap().to_vec()));
    let layout = SymmetricLayout::new(model.space().dimension(), degree).expect("small");
    (f[1].clone(), marginals, layout)
}

/// Σ_{1≤k≤j} binom(j, k) ‖E_k‖, what (19) bounds ‖F_j − F^{⊗j}‖ by.
pub(super) fn sum_over_subsets(errors: &[f64], j: usize) -> f64 {
    let mut ways = 1.0;
    let mut sum = 0.0;
    for (k, size) in errors.iter().enumerate().take(j + 1).skip(1) {
        ways *= (j + 1 - k) as f64 / k as f64;
        sum += ways * size;
    }
    sum
}

/// The j, not an integer in general, at which an increasing sequence reaches 1.
pub(super) fn reaches_one(values: impl Fn(usize) -> f64, highest: usize) -> f64 {
    let Some(j) = (1..=highest).find(|&j| values(j) >= 1.0) else {
        return f64::NAN;
    };
    let (below, above) = (values(j - 1).max(f64::MIN_POSITIVE).ln(), values(j).ln());
    (j - 1) as f64 + below / (below - above)
}

/// The slope of log y against log x through two points.
pub(super) fn slope((x0, y0): (f64, f64), (x1, y1): (f64, f64)) -> f64 {
    (y1 / y0).ln() / (x1 / x0).ln()
}
