//! The bound and the estimates against exact data on random models of several
//! kinds.

use meanfield::expansion::bounds;
use meanfield::prelude::problems::Noise;

use super::compare::{STEP, compare};
use crate::each;
use crate::kinds::{Draw, Kind};

/// The kinds that are drawn from, in turn: populations, arrays without any
/// positivity, finite-level particles with and without jumps.
const KINDS: [Kind; 5] = [
    Kind::Jump,
    Kind::RealArrays,
    Kind::Levels,
    Kind::ComplexArrays,
    Kind::OpenLevels,
];

/// What the draws were found to be.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The largest error in units of its bound.
    pub(super) worst: f64,
    /// How many bounds were below 1.
    pub(super) useful: usize,
    /// Comparisons in all.
    pub(super) all: usize,
    /// (error, next, ratio) where the error is a small one that is not rounding.
    pub(super) small: Vec<(f64, f64, f64)>,
}

/// An error above this is not small.
const SMALL: f64 = 0.1;
/// An error below this is what integration leaves.
const ROUNDING: f64 = 1e-6;
/// How many times larger or smaller an estimate may be.
pub(super) const FACTOR: f64 = 3.0;

impl Found {
    /// The share of small errors that an estimate meets within a factor of 3.
    pub(super) fn share_met(&self, estimate: fn(&(f64, f64, f64)) -> f64) -> f64 {
        let meets = |small: &&(f64, f64, f64)| {
            let factor = estimate(small) / small.0;
            (1.0 / FACTOR..=FACTOR).contains(&factor)
        };
        self.small.iter().filter(meets).count() as f64 / self.small.len() as f64
    }

    /// The share of small errors that are at most an estimate.
    pub(super) fn share_covered(&self, estimate: fn(&(f64, f64, f64)) -> f64) -> f64 {
        let covered = self.small.iter().filter(|small| small.0 <= estimate(small));
        covered.count() as f64 / self.small.len() as f64
    }
}

/// Runs `count` draws: D ≤ 4, N ≤ 12, j = 1 and 2, t ≤ 0.65 at rates of order one;
/// `sharpen` as in [`compare`].
pub(super) fn draws(count: u64, sharpen: fn(&mut bounds::Measured)) -> Found {
    let mut found = Found::default();
    for seed in 0..count {
        let kind = KINDS[seed as usize % KINDS.len()];
        let mut noise = Noise::new(seed ^ 0xB0);
        let mut pick =
            |from: usize, to: usize| from + (noise.uniform() * (to - from + 1) as f64) as usize;
        let quantum = matches!(kind, Kind::Levels | Kind::OpenLevels);
        let size = match kind {
            Kind::Jump => pick(2, 4),
            Kind::OpenLevels => 2,
            _ => pick(2, 3),
        };
        let n = pick(3, 12);
        // Singular values at every stage, and D = 4, are left to low orders.
        let order = pick(0, 2 - usize::from(size == 4 || quantum));
        let time = 0.05 + 0.6 * noise.uniform();
        let draw = Draw { kind, seed, size };
        let compared =
            each!(draw, instance => compare(&instance, (order, time, STEP), &[n], sharpen));
        for c in compared.into_iter().flatten() {
            found.all += 1;
            let share = c.error_in_bound / c.bound;
            // A NaN must not pass for a small number.
            let share = if share.is_finite() {
                share
            } else {
                f64::INFINITY
            };
            found.worst = found.worst.max(share);
            found.useful += usize::from(c.bound < 1.0);
            if c.error < SMALL && c.error > ROUNDING {
                found.small.push((c.error, c.next, c.ratio));
            }
        }
    }
    found
}
