//! An integration that goes on from a snapshot is the one that never stopped.

use num_complex::Complex64;

use super::*;
use crate::{Options, Semigroup, System, integrate_observed};

/// A chain of driven modes, its diagonal split off or not, with a small block, and an
/// observer that takes or gives a snapshot.
struct Chain {
    modes: Modes,
    /// Steps after which to stop, with the snapshot taken there.
    stop: usize,
    taken: Option<Snapshot>,
    given: Option<Snapshot>,
    refused: Option<OdeError>,
}

struct Modes {
    split: bool,
    blocks: [usize; 2],
}

const N: usize = 12;

impl Chain {
    fn new(split: bool) -> Self {
        Self {
            modes: Modes {
                split,
                blocks: [N - 2, 2],
            },
            stop: usize::MAX,
            taken: None,
            given: None,
            refused: None,
        }
    }

    fn observe(&mut self, progress: &Progress) -> bool {
        if progress.steps == 0
            && let Some(snapshot) = self.given.take()
        {
            self.refused = progress.resume(snapshot).err();
            return self.refused.is_none();
        }
        if progress.steps == self.stop {
            self.taken = Some(progress.snapshot());
            return false;
        }
        true
    }
}

impl Modes {
    fn symbol(mode: usize) -> Complex64 {
        Complex64::new(-0.1 * mode as f64, mode as f64 * mode as f64)
    }
}

impl System for Modes {
    type Scalar = Complex64;
    fn blocks(&self) -> &[usize] {
        &self.blocks
    }
    fn rhs(&mut self, t: f64, y: &[Complex64], dydt: &mut [Complex64]) {
        for mode in 0..N {
            dydt[mode] = y[(mode + 1) % N] * y[0].norm_sqr() - y[mode].scale(0.3) + 0.1 * t.sin();
            if !self.split {
                dydt[mode] += Self::symbol(mode) * y[mode];
            }
        }
    }
    fn semigroup(&mut self) -> Option<&mut dyn Semigroup<Complex64>> {
        if self.split { Some(self) } else { None }
    }
}

impl Semigroup<Complex64> for Modes {
    fn propagate(&mut self, tau: f64, y: &mut [Complex64]) {
        for (mode, z) in y.iter_mut().enumerate() {
            *z *= (Self::symbol(mode) * tau).exp();
        }
    }
}

type Outputs = Vec<(usize, Vec<Complex64>)>;

/// Appends the outputs to `out`, which survive a stop.
fn solve(chain: &mut Chain, out: &mut Outputs) -> Result<Statistics, OdeError> {
    let start: Vec<Complex64> = (0..N)
        .map(|k| Complex64::new(1.0 / (1.0 + k as f64), 0.1))
        .collect();
    let times: Vec<f64> = (0..=9).map(|k| f64::from(k) * 0.11).collect();
    let options = Options {
        tolerance: 1e-8,
        ..Options::default()
    };
    let mut modes = Modes { ..chain.modes };
    let output = |k: usize, y: &[Complex64]| {
        out.push((k, y.to_vec()));
        Ok(())
    };
    let observe = |progress: &Progress| chain.observe(progress);
    integrate_observed(&mut modes, &start, &times, &options, observe, output)
}

#[test]
fn law_a_resumed_integration_has_the_same_bits() {
    for split in [false, true] {
        let mut whole = Vec::new();
        let cost = solve(&mut Chain::new(split), &mut whole).unwrap();
        for stop in [1, 2, cost.steps / 2, cost.steps - 1] {
            let mut pieces = Vec::new();
            let mut first = Chain::new(split);
            first.stop = stop;
            assert!(solve(&mut first, &mut pieces).is_err());
            let mut second = Chain::new(split);
            second.given = first.taken;
            let resumed = solve(&mut second, &mut pieces).unwrap();
            assert_eq!(pieces, whole, "split {split}, stopped after {stop} steps");
            assert_eq!(resumed, cost);
        }
    }
}

#[test]
fn law_a_snapshot_of_something_else_is_refused() {
    let mut first = Chain::new(false);
    first.stop = 5;
    assert!(solve(&mut first, &mut Vec::new()).is_err());
    let sound = first.taken.unwrap();
    let spoil: [fn(&mut Snapshot); 6] = [
        |s| s.state.truncate(3),
        |s| s.slope.clear(),
        |s| s.largest.push(1.0),
        |s| s.time = 7.0,
        |s| s.step = f64::NAN,
        |s| s.outputs += 3,
    ];
    for change in spoil {
        let mut other = sound.clone();
        change(&mut other);
        let mut second = Chain::new(false);
        second.given = Some(other);
        let mut out = Vec::new();
        assert!(solve(&mut second, &mut out).is_err());
        assert!(matches!(second.refused, Some(OdeError::Snapshot { .. })));
        assert!(out.is_empty(), "nothing was handed out");
    }
}
