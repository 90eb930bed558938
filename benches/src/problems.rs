//! Problems shared by the benchmarks.

use meanfield::expansion::{Plan, initial_cumulants};
use meanfield::models::hartree::{Grid, Hartree, Potential, Trap};
use meanfield::prelude::*;
use num_complex::Complex64;

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

/// A repelling wave packet that moves in a harmonic trap, and its wave function.
///
/// # Panics
/// Never for a grid of some dozen points: the packet fits the box.
#[must_use]
pub fn wave_packet(dimension: usize, points: usize) -> (Hartree, Vec<Complex64>) {
    let grid = Grid::new(dimension, points, 12.0).expect("a grid");
    let repulsion = Potential::Gaussian {
        strength: 2.0,
        width: 1.0,
    };
    let trap = Some(Trap::Harmonic { omega: 1.0 });
    let model = Hartree::new(grid, 1.0, 1.0, repulsion, trap).expect("regular parameters");
    let phi = model
        .gaussian_wave(
            &[1.0; 2][..dimension],
            &[0.8; 2][..dimension],
            &[0.5; 2][..dimension],
        )
        .expect("the packet fits the box");
    (model, phi)
}
