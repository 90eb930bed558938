//! Problems shared by the benchmarks.

use meanfield::expansion::{Plan, initial_cumulants};
use meanfield::prelude::*;

/// The ring walk with its usual start: `F(0)[s]` ∝ 1 + ½ cos(2πs/D).
///
/// # Panics
/// Never for at least one state: the rates are valid.
#[must_use]
pub fn ring_walk(states: usize) -> (Custom<f64>, Start<f64>) {
    let model = problems::ring_walk(states).expect("the rates are valid");
    let angle = |s: usize| 2.0 * std::f64::consts::PI * s as f64 / states as f64;
    let weights = (0..states).map(|s| 1.0 + 0.5 * angle(s).cos());
    let total: f64 = weights.clone().sum();
    let f = weights.map(|x| x / total).collect();
    (model, Start::Product { f })
}

/// A plan with a vector of unknowns in which no cumulant vanishes.
///
/// # Panics
/// When the tensors cannot be indexed.
#[must_use]
pub fn dense_unknowns(start: &Start<f64>, states: usize, order: usize) -> (Plan, Vec<f64>) {
    let plan = Plan::new::<f64>(states, order, 1, usize::MAX).expect("the tensors fit");
    let mut y = initial_cumulants(&plan, start).expect("a product start always expands");
    let mut noise = problems::Noise::new(1);
    for x in &mut y[states..] {
        *x = noise.uniform() - 0.5;
    }
    (plan, y)
}
