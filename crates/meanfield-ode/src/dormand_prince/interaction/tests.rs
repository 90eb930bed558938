//! The interaction picture against the plain pair, exact flows, and ‖K‖ → ∞.

use num_complex::Complex64;

use super::super::{Semigroup, integrate, integrate_observed};
use super::*;
use crate::{LinearAction, exponential};

/// Fourier modes −n…n of ∂t u = c(½∂x² u − cos(x) u − |u₀|² u), u₀ the mean: c = i
/// is a Schrödinger equation, c = 1 a heat equation with a sink.
struct Line {
    n: usize,
    c: Complex64,
    /// Strength of the nonlinear term.
    cubic: f64,
    /// Whether ½∂x² is split off.
    split: bool,
    blocks: [usize; 1],
}

impl Line {
    fn new(n: usize, c: Complex64, split: bool) -> Self {
        Self {
            n,
            c,
            cubic: 1.0,
            split,
            blocks: [2 * n + 1],
        }
    }

    /// −k²/2 of a mode.
    fn symbol(&self, mode: usize) -> f64 {
        let k = mode as f64 - self.n as f64;
        -0.5 * k * k
    }

    /// A smooth start, the same function for every n ≥ 12.
    fn start(&self) -> Vec<Complex64> {
        let amplitude = |mode: usize| (0.5 * self.symbol(mode)).exp();
        (0..=2 * self.n)
            .map(|mode| Complex64::new(amplitude(mode), 0.3 * amplitude(mode)))
            .collect()
    }

    fn solve(&mut self, tolerance: f64, times: &[f64]) -> (Vec<Vec<Complex64>>, Statistics) {
        let options = Options {
            tolerance,
            ..Options::default()
        };
        let mut out = Vec::new();
        let start = self.start();
        let statistics = integrate(self, &start, times, &options, |_, y| {
            out.push(y.to_vec());
            Ok::<(), OdeError>(())
        })
        .unwrap();
        (out, statistics)
    }
}

impl System for Line {
    type Scalar = Complex64;
    fn blocks(&self) -> &[usize] {
        &self.blocks
    }
    fn rhs(&mut self, _t: f64, y: &[Complex64], dydt: &mut [Complex64]) {
        let last = 2 * self.n;
        let sink = self.cubic * y[self.n].norm_sqr();
        for mode in 0..=last {
            let left = if mode > 0 {
                y[mode - 1]
            } else {
                Complex64::ZERO
            };
            let right = if mode < last {
                y[mode + 1]
            } else {
                Complex64::ZERO
            };
            dydt[mode] = -self.c * (0.5 * (left + right) + sink * y[mode]);
            if !self.split {
                dydt[mode] += self.c * self.symbol(mode) * y[mode];
            }
        }
    }
    fn semigroup(&mut self) -> Option<&mut dyn Semigroup<Complex64>> {
        self.split.then_some(self as &mut dyn Semigroup<Complex64>)
    }
}

impl Semigroup<Complex64> for Line {
    fn propagate(&mut self, tau: f64, y: &mut [Complex64]) {
        assert!(tau >= 0.0, "a semigroup has no inverse: {tau}");
        for (mode, z) in y.iter_mut().enumerate() {
            *z *= (self.c * tau * self.symbol(mode)).exp();
        }
    }
}

impl LinearAction for Line {
    type Scalar = Complex64;
    fn apply(&mut self, x: &[Complex64], out: &mut [Complex64]) {
        self.rhs(0.0, x, out);
    }
}

fn distance(a: &[Complex64], b: &[Complex64]) -> f64 {
    let squares = a.iter().zip(b).map(|(x, y)| (x - y).norm_sqr());
    squares.sum::<f64>().sqrt()
}

/// Some thirty steps, each with an error of a few times the tolerance.
const ADDED_UP: f64 = 100.0;

#[test]
fn law_the_picture_does_not_change_the_solution() {
    let times = [0.0, 0.0, 0.4, 0.41, 1.0, 1.0];
    for c in [Complex64::I, Complex64::ONE] {
        let (with, _) = Line::new(12, c, true).solve(1e-11, &times);
        let (without, _) = Line::new(12, c, false).solve(1e-11, &times);
        assert_eq!((with.len(), without.len()), (times.len(), times.len()));
        for (a, b) in with.iter().zip(&without) {
            assert!(distance(a, b) < ADDED_UP * 1e-11, "{}", distance(a, b));
        }
    }
}

#[test]
fn law_error_falls_with_the_tolerance_at_order_five() {
    for c in [Complex64::I, Complex64::ONE] {
        let (exact, _) = Line::new(16, c, true).solve(1e-13, &[0.0, 4.0]);
        let end = |tolerance| {
            let (out, statistics) = Line::new(16, c, true).solve(tolerance, &[0.0, 4.0]);
            (distance(&out[1], &exact[1]), statistics.steps as f64)
        };
        let ((e1, n1), (e2, n2)) = (end(1e-6), end(1e-10));
        let order = (e1 / e2).ln() / (n2 / n1).ln();
        assert!((4.3..6.5).contains(&order), "observed order {order}");
    }
}

#[test]
fn law_the_step_does_not_know_the_size_of_k() {
    for c in [Complex64::I, Complex64::ONE] {
        // ‖K‖ = 128 and 524288.
        let count = |n| Line::new(n, c, true).solve(1e-8, &[0.0, 1.0]);
        let ((coarse, few), (fine, many)) = (count(16), count(1024));
        assert_eq!(few.rhs_evaluations, many.rhs_evaluations);
        let middle = &fine[1][1024 - 16..=1024 + 16];
        assert!(distance(middle, &coarse[1]) < ADDED_UP * 1e-8);
        let (_, plain) = Line::new(64, c, false).solve(1e-8, &[0.0, 1.0]);
        assert!(
            plain.rhs_evaluations > 10 * few.rhs_evaluations,
            "{} against {}",
            plain.rhs_evaluations,
            few.rhs_evaluations
        );
    }
}

#[test]
fn validate_a_stiff_semigroup_against_the_matrix_exponential() {
    // A heat equation with a real spectrum down to −800 and a potential.
    let mut line = Line::new(40, Complex64::ONE, true);
    line.cubic = 0.0;
    let (found, statistics) = line.solve(1e-10, &[0.0, 0.3, 2.0]);
    line.split = false;
    let start = line.start();
    let mut exact = Vec::new();
    exponential(&mut line, &start, &[0.0, 0.3, 2.0], |_, y| {
        exact.push(y.to_vec());
        Ok::<(), OdeError>(())
    })
    .unwrap();
    for (a, b) in found.iter().zip(&exact) {
        assert!(distance(a, b) < ADDED_UP * 1e-10, "{}", distance(a, b));
    }
    assert!(statistics.rhs_evaluations < 1000, "{statistics:?}");
}

/// y' = −y + p(t), K = −1, with a pulse p = e^{−t} w'(t), w = tanh((t−1)/ε): y =
/// e^{−t}(y(0) + w(t) − w(0)).
struct Pulse;
const WIDTH: f64 = 1e-3;

impl System for Pulse {
    type Scalar = f64;
    fn blocks(&self) -> &[usize] {
        &[1]
    }
    fn rhs(&mut self, t: f64, _y: &[f64], dydt: &mut [f64]) {
        dydt[0] = (-t).exp() / WIDTH / ((t - 1.0) / WIDTH).cosh().powi(2);
    }
    fn semigroup(&mut self) -> Option<&mut dyn Semigroup<f64>> {
        Some(self)
    }
}

impl Semigroup<f64> for Pulse {
    fn propagate(&mut self, tau: f64, y: &mut [f64]) {
        assert!(tau >= 0.0);
        y[0] *= (-tau).exp();
    }
}

#[test]
fn law_a_rejected_step_starts_again_from_where_it_was() {
    let options = Options {
        tolerance: 1e-10,
        ..Options::default()
    };
    // Outputs every tenth keep the pulse from being stepped over.
    let times: Vec<f64> = (0..=20).map(|k| 0.1 * f64::from(k)).collect();
    let w = |t: f64| ((t - 1.0) / WIDTH).tanh();
    let statistics = integrate(&mut Pulse, &[3.0], &times, &options, |k, y| {
        let t = times[k];
        let exact = (-t).exp() * (3.0 + w(t) - w(0.0));
        assert!((y[0] - exact).abs() < ADDED_UP * 1e-10, "{t}: {y:?}");
        Ok::<(), OdeError>(())
    })
    .unwrap();
    assert!(statistics.rejected > 3, "{statistics:?}");
    assert_eq!(
        statistics.rhs_evaluations,
        1 + 6 * (statistics.steps + statistics.rejected)
    );
}

#[test]
fn law_outputs_cost_at_most_a_step_each() {
    let (_, one) = Line::new(16, Complex64::I, true).solve(1e-8, &[0.0, 4.0]);
    let times: Vec<f64> = (0..=40).map(|k| 0.1 * f64::from(k)).collect();
    let (_, many) = Line::new(16, Complex64::I, true).solve(1e-8, &times);
    assert!(many.steps <= one.steps + 40, "{one:?} {many:?}");
}

#[test]
fn law_interruption_and_singularities_are_errors() {
    struct Ends;
    impl System for Ends {
        type Scalar = f64;
        fn blocks(&self) -> &[usize] {
            &[1]
        }
        fn rhs(&mut self, _t: f64, y: &[f64], dydt: &mut [f64]) {
            dydt[0] = y[0] * y[0];
        }
        fn semigroup(&mut self) -> Option<&mut dyn Semigroup<f64>> {
            Some(self)
        }
    }
    impl Semigroup<f64> for Ends {
        fn propagate(&mut self, tau: f64, y: &mut [f64]) {
            y[0] *= (0.1 * tau).exp();
        }
    }
    let ended = |on| {
        integrate_observed(
            &mut Ends,
            &[1.0],
            &[0.0, 2.0],
            &Options::default(),
            |_| on,
            |_, y| {
                assert!(y[0].is_finite());
                Ok::<(), OdeError>(())
            },
        )
    };
    assert!(matches!(ended(false), Err(OdeError::Interrupted { .. })));
    assert!(matches!(
        ended(true),
        Err(OdeError::StepTooSmall { .. } | OdeError::NotFinite { .. })
    ));
}
