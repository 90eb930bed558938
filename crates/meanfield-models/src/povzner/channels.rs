//! The terms h_k(x₁−x₂) A_k of V, from the rule of collisions.

use std::f64::consts::PI;

use meanfield_abstract::{ModelError, PairEntry};

use super::collisions::Channel;
use super::grid::Grid;
use super::velocity::VelocityPairs;
use super::velocity_space::VelocitySpace;
use crate::hermite::{VelocityBasis, along};
use crate::kac::{CrossSection, LARGEST_COLLISION_LIST, collisions};
use crate::parameter::refused;

/// The terms of V with the profile h. On a lattice of velocities, and in one
/// dimension of space, there is one of them.
pub(super) fn channels(
    grid: &Grid,
    space: &VelocitySpace,
    cross_section: CrossSection,
    h: Vec<f64>,
) -> Result<Vec<Channel>, ModelError> {
    let (n, trace) = (space.len(), space.trace());
    let channel = |h, entries: &[PairEntry<f64>]| {
        Channel::new(grid, n, h, VelocityPairs::new(&trace, entries))
    };
    match space {
        VelocitySpace::Lattice { points, .. } => {
            let entries = collisions::entries(points, cross_section.exponent()?)?;
            Ok(vec![channel(h, &entries)])
        }
        // A(n) = A(−n): on a line there is one direction, at x₁ = x₂ too.
        VelocitySpace::Hermite(basis) if grid.dimension == 1 => {
            let entries = along(basis, cross_section, &direction(basis, 0.0))?;
            Ok(vec![channel(h, &entries)])
        }
        VelocitySpace::Hermite(basis) => {
            let collisions = Angular::new(basis, cross_section)?;
            let mut terms = Vec::new();
            for mode in collisions.modes() {
                let places = h.iter().enumerate();
                let profile: Vec<f64> = places.map(|(s, h)| h * mode.mean(grid, s)).collect();
                // On the smallest grids no separation has this mode.
                if profile.iter().any(|x| *x != 0.0) {
                    terms.push(channel(profile, &collisions.amplitude(mode)));
                }
            }
            terms.retain(|term| !term.is_empty());
            Ok(terms)
        }
    }
}

fn direction(basis: &VelocityBasis, angle: f64) -> Vec<f64> {
    let mut n = vec![0.0; basis.dimension()];
    n[0] = angle.cos();
    if let Some(y) = n.get_mut(1) {
        *y = angle.sin();
    }
    n
}

/// cos 2kθ or sin 2kθ of the direction θ of a separation.
#[derive(Debug, Clone, Copy)]
struct Mode {
    k: usize,
    is_sine: bool,
}

impl Mode {
    fn at(self, angle: f64) -> f64 {
        let phase = 2.0 * self.k as f64 * angle;
        if self.is_sine {
            phase.sin()
        } else {
            phase.cos()
        }
    }

    /// The mean over the minimal images of a separation: at exactly half a box
    /// there are two, or four, and only their mean respects the exchange of
    /// particles; at x₁ = x₂ every direction counts, which leaves the mean
    /// alone.
    fn mean(self, grid: &Grid, s: usize) -> f64 {
        let [i, j] = grid.minimal_image(s).map(|k| k as f64);
        if (i, j) == (0.0, 0.0) {
            return f64::from(u8::from(self.k == 0));
        }
        // θ and −θ are the two images up to sign; A(n) = A(−n).
        let half = (0..2).any(|axis| 2 * grid.on_axis(s, axis) == grid.points);
        let angle = j.atan2(i);
        if half {
            0.5 * (self.at(angle) + self.at(-angle))
        } else {
            self.at(angle)
        }
    }
}

/// Most entries of V that all directions may have together: about half a
/// gigabyte while the modes are made.
const LARGEST_SAMPLE: usize = LARGEST_COLLISION_LIST / 4;

/// A(θ) = Σ_k A_k^c cos 2kθ + A_k^s sin 2kθ for the direction n = (cos θ, sin
/// θ, 0): between functions of degree ≤ 2M a rotation is a trigonometric
/// polynomial of degree 2M, so k ≤ 2M, and 4M+1 directions determine it.
struct Angular {
    highest: usize,
    /// A in all directions, entry by entry with its direction.
    samples: Vec<(f64, PairEntry<f64>)>,
}

impl Angular {
    fn new(basis: &VelocityBasis, cross_section: CrossSection) -> Result<Self, ModelError> {
        let highest = 2 * basis.degree();
        let directions = 2 * highest + 1;
        let mut samples = Vec::new();
        for p in 0..directions {
            let angle = PI * p as f64 / directions as f64;
            let found = along(basis, cross_section, &direction(basis, angle))?;
            if samples.len() + found.len() > LARGEST_SAMPLE {
                let found = format!("{}, in {directions} directions", basis.degree());
                let expected = format!("a V of at most {LARGEST_SAMPLE} entries in all of them");
                return refused("degree", found, expected);
            }
            samples.extend(found.into_iter().map(|e| (angle, e)));
        }
        Ok(Self { highest, samples })
    }

    fn modes(&self) -> impl Iterator<Item = Mode> {
        let all = (0..=self.highest).flat_map(|k| [false, true].map(|is_sine| Mode { k, is_sine }));
        all.filter(|mode| mode.k > 0 || !mode.is_sine)
    }

    /// A_k^c or A_k^s; repeated entries add up.
    fn amplitude(&self, mode: Mode) -> Vec<PairEntry<f64>> {
        let norm = if mode.k == 0 { 1.0 } else { 2.0 } / (2 * self.highest + 1) as f64;
        let scaled = self.samples.iter().map(|&(angle, e)| PairEntry {
            value: norm * mode.at(angle) * e.value,
            ..e
        });
        scaled.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_the_modes_are_the_collision_in_every_direction() {
        let basis = VelocityBasis::new(2, 3, 0.8).unwrap();
        let section = CrossSection::HardSphere;
        let angular = Angular::new(&basis, section).unwrap();
        let n = basis.len();
        for angle in [0.0, 0.3, 1.9, -2.2] {
            let mut difference = vec![0.0; n.pow(4)];
            let place = |e: &PairEntry<f64>| ((e.a * n + e.b) * n + e.c) * n + e.d;
            let direct = along(&basis, section, &direction(&basis, angle)).unwrap();
            let largest = direct.iter().map(|e| e.value.abs()).fold(0.0, f64::max);
            direct.iter().for_each(|e| difference[place(e)] += e.value);
            for mode in angular.modes() {
                for e in &angular.amplitude(mode) {
                    difference[place(e)] -= mode.at(angle) * e.value;
                }
            }
            let worst = difference.iter().map(|x| x.abs()).fold(0.0, f64::max);
            assert!(worst < 1e-13 * largest, "{worst:e} of {largest}");
        }
    }
}
