//! The pair potential v(r) and the external potential, on the grid.

use meanfield_abstract::ModelError;
use ndarray::Array2;
use std::f64::consts::PI;

use super::Grid;
use crate::parameter::{finite, positive, refused};

/// A pair potential of the minimal-image displacement r between two sites. A
/// pair is counted once, and 1/N stands in front.
///
/// The Coulomb potential and the contact interaction are bounded on a grid and
/// unbounded as the grid is refined: on a given grid the theorem holds with the
/// ‖V‖ of that grid.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Potential {
    /// strength·exp(−r²/2width²).
    Gaussian {
        /// Value at r = 0.
        strength: f64,
        /// Standard deviation.
        width: f64,
    },
    /// strength/√(r² + softening²).
    SoftCoulomb {
        /// Strength of the 1/r tail.
        strength: f64,
        /// Distance below which it levels off.
        softening: f64,
    },
    /// strength·cos(2πr/L); in two dimensions the sum over the components of r.
    Cosine {
        /// Value at r = 0 (twice that in two dimensions).
        strength: f64,
    },
    /// strength·δ_{xx'}/Δx^dimension: strength·δ(r) on the grid.
    Contact {
        /// Integral of the potential.
        strength: f64,
    },
}

impl Potential {
    /// v between every two sites, d×d, symmetric and invariant under
    /// translations of the grid.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] naming `strength`, `width` or `softening`.
    pub(super) fn table(&self, grid: &Grid) -> Result<Array2<f64>, ModelError> {
        let (key, unit) = match *self {
            Self::Gaussian { strength, width } => {
                finite("strength", strength)?;
                ("width", positive("width", width)?)
            }
            Self::SoftCoulomb {
                strength,
                softening,
            } => {
                finite("strength", strength)?;
                ("softening", positive("softening", softening)?)
            }
            Self::Cosine { strength } | Self::Contact { strength } => {
                ("strength", finite("strength", strength)?)
            }
        };
        let row: Vec<f64> = (0..grid.levels())
            .map(|site| self.value(grid, site))
            .collect();
        if row.iter().any(|v| !v.is_finite()) {
            return refused(
                key,
                unit,
                "a value for which the potential can be represented",
            );
        }
        let n = grid.points();
        let site = |x: usize, y: usize| {
            // The site of the displacement y − x, component by component.
            (0..grid.dimension()).fold(0, |sum, axis| {
                sum * n + (n + grid.index(y, axis) - grid.index(x, axis)) % n
            })
        };
        let d = grid.levels();
        Ok(Array2::from_shape_fn((d, d), |(x, y)| row[site(x, y)]))
    }

    /// v at the displacement from site 0 to `site`.
    fn value(&self, grid: &Grid, site: usize) -> f64 {
        let displacement = grid.displacement(0, site);
        let square = displacement.iter().map(|x| x * x).sum::<f64>();
        match *self {
            Self::Gaussian { strength, width } => {
                strength * (-0.5 * square / (width * width)).exp()
            }
            Self::SoftCoulomb {
                strength,
                softening,
            } => strength / square.sqrt().hypot(softening),
            Self::Cosine { strength } => {
                let components = displacement.iter().take(grid.dimension());
                let waves = components.map(|x| (2.0 * PI * x / grid.length()).cos());
                strength * waves.sum::<f64>()
            }
            Self::Contact { strength } if site == 0 => {
                strength / grid.spacing().powi(grid.dimension() as i32)
            }
            Self::Contact { .. } => 0.0,
        }
    }
}

/// An external potential, the same for every particle.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Trap {
    /// ½mω²x², in two dimensions ½mω²(x² + y²).
    Harmonic {
        /// Angular frequency ω.
        omega: f64,
    },
    /// depth·sin²(π·periods·x/L), in two dimensions summed over x and y.
    Lattice {
        /// Height of the barriers.
        depth: f64,
        /// Number of wells per dimension.
        periods: usize,
    },
    /// height·((2x/separation)² − 1)²: wells at x = ±separation/2 with a
    /// barrier between them. In two dimensions the particles are free along y.
    DoubleWell {
        /// Distance of the wells.
        separation: f64,
        /// Height of the barrier at x = 0.
        height: f64,
    },
}

impl Trap {
    /// The potential at every site.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] naming the key that is out of range.
    pub(super) fn values(&self, grid: &Grid, mass: f64) -> Result<Vec<f64>, ModelError> {
        let (key, parameter) = match *self {
            Self::Harmonic { omega } => ("omega", positive("omega", omega)?),
            Self::Lattice { depth, periods } => {
                // More wells than half the points alias to fewer wells.
                if periods == 0 || 2 * periods > grid.points() {
                    let expected = format!(
                        "a number of wells between 1 and half the {} points per dimension",
                        grid.points()
                    );
                    return refused("periods", periods, expected);
                }
                ("depth", finite("depth", depth)?)
            }
            Self::DoubleWell { separation, height } => {
                let separation = positive("separation", separation)?;
                if separation >= grid.length() {
                    let expected = format!("wells inside the box of length {}", grid.length());
                    return refused("separation", separation, expected);
                }
                ("height", finite("height", height)?)
            }
        };
        let positions = grid.positions();
        let coordinates = |site| (0..grid.dimension()).map(move |axis| grid.index(site, axis));
        let at = |site: usize| -> f64 {
            match *self {
                Self::Harmonic { omega } => coordinates(site)
                    .map(|i| 0.5 * mass * (omega * positions[i]).powi(2))
                    .sum(),
                Self::Lattice { depth, periods } => coordinates(site)
                    .map(|i| {
                        let phase = PI * periods as f64 * positions[i] / grid.length();
                        depth * phase.sin().powi(2)
                    })
                    .sum(),
                Self::DoubleWell { separation, height } => {
                    let x = positions[grid.index(site, 0)];
                    height * ((2.0 * x / separation).powi(2) - 1.0).powi(2)
                }
            }
        };
        let values: Vec<f64> = (0..grid.levels()).map(at).collect();
        if values.iter().any(|v| !v.is_finite()) {
            return refused(
                key,
                parameter,
                "a value for which the trap can be represented",
            );
        }
        Ok(values)
    }
}
