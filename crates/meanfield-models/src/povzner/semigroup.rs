//! e^{τK} of free flight on a lattice of velocities: for each velocity a
//! convolution over the cells, a product of one kernel for each direction.

use std::f64::consts::PI;

use meanfield_abstract::{Model, Propagator, Semigroup, WithoutK};

use super::circulant::Circulant;
use super::grid::Grid;
use super::model::Povzner;
use super::options::Transport;

/// States that are gathered together: a row of one velocity is then a few cache
/// lines.
const STATES: usize = 32;
/// Weights of jumps below this share of the largest are left out.
const NEGLIGIBLE: f64 = 1e-18;

/// K₀ = K: what remains are the collisions.
pub(super) struct FreeFlow<'a> {
    model: &'a Povzner,
    rest: WithoutK<'a, Povzner>,
}

impl<'a> FreeFlow<'a> {
    pub(super) fn new(model: &'a Povzner) -> Self {
        Self {
            model,
            rest: WithoutK(model),
        }
    }
}

impl Semigroup<f64> for FreeFlow<'_> {
    fn rest(&self) -> &dyn Model<Scalar = f64> {
        &self.rest
    }

    /// Cost for each state: a convolution over the cells for every velocity.
    fn at(&self, tau: f64) -> Propagator<'_, f64> {
        let grid = &self.model.collisions().grid;
        let transport = self.model.options().transport;
        let velocities = self.model.velocities();
        let moving = velocities.iter().enumerate().filter_map(|(v, velocity)| {
            let velocity = &velocity[..grid.dimension];
            let moves = velocity.iter().any(|&x| x != 0.0);
            moves.then(|| {
                (
                    v,
                    Circulant::new(grid, &kernel(grid, transport, velocity, tau)),
                )
            })
        });
        let flow = Flow {
            cells: grid.cells(),
            velocities: velocities.len(),
            moving: moving.collect(),
        };
        Propagator::States(Box::new(move |states| flow.carry(states)))
    }
}

/// The convolutions of one increment.
struct Flow {
    cells: usize,
    velocities: usize,
    moving: Vec<(usize, Circulant)>,
}

impl Flow {
    fn carry(&self, states: &mut [f64]) {
        let (cells, n) = (self.cells, self.velocities);
        let most = STATES.min(states.len() / (cells * n));
        let mut before = vec![0.0; cells * most];
        let mut after = before.clone();
        for some in states.chunks_mut(cells * n * STATES) {
            let width = some.len() / (cells * n);
            let (before, after) = (&mut before[..cells * width], &mut after[..cells * width]);
            for (v, convolution) in &self.moving {
                for (m, state) in some.chunks_exact(cells * n).enumerate() {
                    let own = state[*v..].iter().step_by(n);
                    let to = before[m..].iter_mut().step_by(width);
                    to.zip(own).for_each(|(to, &x)| *to = x);
                }
                after.fill(0.0);
                convolution.add(1.0, before, width, after);
                for (m, state) in some.chunks_exact_mut(cells * n).enumerate() {
                    let own = state[*v..].iter_mut().step_by(n);
                    let from = after[m..].iter().step_by(width);
                    own.zip(from).for_each(|(x, &from)| *x = from);
                }
            }
        }
    }
}

/// The kernel of e^{τK} for one velocity, over the cells.
fn kernel(grid: &Grid, transport: Transport, velocity: &[f64], tau: f64) -> Vec<f64> {
    let along = |&v: &f64| match transport {
        Transport::Upwind => jumps(grid.points, v * tau / grid.step()),
        Transport::Spectral => shift(grid.points, v * tau / grid.step()),
    };
    let axes: Vec<Vec<f64>> = velocity.iter().map(along).collect();
    let value = |cell| {
        let factors = axes.iter().enumerate();
        factors
            .map(|(axis, kernel)| kernel[grid.on_axis(cell, axis)])
            .product()
    };
    (0..grid.cells()).map(value).collect()
}

/// Jumps to the next of n cells on a ring, |a| of them on average, ahead for a > 0: the
/// weights e^{−|a|} |a|^m/m! of Poisson's law, wrapped around; positive and of sum 1.
fn jumps(n: usize, a: f64) -> Vec<f64> {
    /// Where the slowest mode of a ring has decayed by e^{−40}, all cells are alike to rounding.
    const ALIKE: f64 = 40.0;
    let mean = a.abs();
    let slowest = 1.0 - (std::f64::consts::TAU / n as f64).cos();
    if n == 1 || mean * slowest > ALIKE {
        return vec![1.0 / n as f64; n];
    }
    // From the largest weight on, which is 1 before normalisation: e^{−|a|}
    // itself may be too small a number.
    let top = mean.floor();
    let mut weights = vec![0.0; n];
    let mut total = 0.0;
    let mut add = |m: f64, weight: f64| {
        let steps = (m % n as f64) as usize;
        weights[if a > 0.0 { steps } else { (n - steps) % n }] += weight;
        total += weight;
    };
    let (mut m, mut weight) = (top, 1.0);
    while weight > NEGLIGIBLE {
        add(m, weight);
        m += 1.0;
        weight *= mean / m;
    }
    (m, weight) = (top, 1.0);
    while m > 0.0 && weight > NEGLIGIBLE {
        weight *= m / mean;
        m -= 1.0;
        add(m, weight);
    }
    weights.iter_mut().for_each(|w| *w /= total);
    weights
}

/// The trigonometric interpolant through n points on a ring moved by `a` steps,
///
/// > (1/n) Σ_{|k|<n/2} e^{2πik(s−a)/n} = sin(pθ)/(n sin θ), θ = π(s−a)/n, p = 2⌈n/2⌉−1,
///
/// and for even n (−1)^s/n: the Nyquist mode has no derivative and stays.
fn shift(n: usize, a: f64) -> Vec<f64> {
    let (points, p) = (n as f64, (2 * n.div_ceil(2) - 1) as f64);
    let value = |s: usize| {
        let steps = s as f64 - a;
        let steps = steps - points * (steps / points).round();
        let angle = PI * steps / points;
        let waves = if angle == 0.0 {
            p
        } else {
            (p * angle).sin() / angle.sin()
        };
        let still = match (n.is_multiple_of(2), s.is_multiple_of(2)) {
            (false, _) => 0.0,
            (true, true) => 1.0,
            (true, false) => -1.0,
        };
        (waves + still) / points
    };
    (0..n).map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rounding of sums of a few dozen terms of order one.
    const ROUNDING: f64 = 1e-13;

    #[test]
    fn law_a_shift_is_the_sum_of_its_waves() {
        for n in [1, 2, 3, 7, 8] {
            for a in [0.0, 1.0, 0.4, -2.7, 31.25, 1e-9] {
                let found = shift(n, a);
                for (s, found) in found.iter().enumerate() {
                    let wave = |k: i32| {
                        let moved = if 2 * k.unsigned_abs() as usize == n {
                            s as f64
                        } else {
                            s as f64 - a
                        };
                        (2.0 * PI * f64::from(k) * moved / n as f64).cos() / n as f64
                    };
                    let (low, high) = (-(n as i32 - 1) / 2, n as i32 / 2);
                    let expected: f64 = (low..=high).map(wave).sum();
                    assert!((found - expected).abs() < ROUNDING, "{n} {a} {s}");
                }
            }
        }
    }

    #[test]
    fn law_many_jumps_reach_every_cell_alike_and_end() {
        for n in [1, 2, 7, 64] {
            let slowest = 1.0 - (2.0 * PI / n as f64).cos();
            // Below the mean from which on no sum is made, and at a count that has no successor.
            for mean in [
                0.99 * 40.0 / slowest.max(1.0),
                0.99 * 40.0 / slowest.max(1e-3),
                1e17,
            ] {
                let weights = jumps(n, mean);
                let even = mean * slowest > 39.0 || n == 1;
                for w in weights.iter().filter(|_| even) {
                    assert!((w - 1.0 / n as f64).abs() < ROUNDING, "{n} {mean:e} {w}");
                }
            }
        }
    }

    #[test]
    fn law_jumps_are_a_law_of_probability_whose_mean_and_variance_agree() {
        for a in [0.0, 0.3, -4.2, 25.0] {
            let weights = jumps(200, a);
            assert!(weights.iter().all(|w| *w >= 0.0));
            assert!((weights.iter().sum::<f64>() - 1.0).abs() < ROUNDING);
            let at = |s: usize| if s < 100 { s as f64 } else { s as f64 - 200.0 };
            let moment = |center: f64, power: i32| -> f64 {
                let each = weights.iter().enumerate();
                each.map(|(s, w)| w * (at(s) - center).powi(power)).sum()
            };
            assert!((moment(0.0, 1) - a).abs() < 1e3 * ROUNDING);
            assert!((moment(a, 2) - a.abs()).abs() < 1e4 * ROUNDING);
        }
        // So many that e^{−|a|} is no number any more: uniform on a short ring.
        let many = jumps(4, 2000.0);
        assert!(many.iter().all(|w| (w - 0.25).abs() < ROUNDING));
    }
}
