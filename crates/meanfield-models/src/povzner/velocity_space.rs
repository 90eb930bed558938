//! The velocities of a particle: points of a lattice, or Hermite functions.

use meanfield_abstract::ModelError;

use super::options::Velocities;
use super::transport::Multiplication;
use crate::hermite::VelocityBasis;
use crate::kac::lattice::{Point, points_of};
use crate::parameter::refused;

/// One slot's velocities.
#[derive(Debug, Clone)]
pub(super) enum VelocitySpace {
    /// Weights of points.
    Lattice {
        /// The points, as the rule of collisions reads them.
        points: Vec<Point>,
        /// The points, each with the components it has.
        velocities: Vec<Vec<f64>>,
    },
    /// Coefficients.
    Hermite(VelocityBasis),
}

impl VelocitySpace {
    pub(super) fn new(components: usize, velocities: Velocities) -> Result<Self, ModelError> {
        match velocities {
            Velocities::Lattice { radius } => {
                let points = points_of(components, radius)?;
                let each = |v: &Point| v[..components].iter().map(|&x| x as f64).collect();
                Ok(Self::Lattice {
                    velocities: points.iter().map(each).collect(),
                    points,
                })
            }
            Velocities::Hermite {
                degree,
                temperature,
            } => VelocityBasis::new(components, degree, temperature).map(Self::Hermite),
        }
    }

    /// n_v.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Lattice { points, .. } => points.len(),
            Self::Hermite(basis) => basis.len(),
        }
    }

    /// The trace functional.
    pub(super) fn trace(&self) -> Vec<f64> {
        match self {
            Self::Lattice { points, .. } => vec![1.0; points.len()],
            Self::Hermite(basis) => basis.space().trace().to_vec(),
        }
    }

    /// Multiplication by component `axis` of the velocity.
    pub(super) fn multiplication(&self, axis: usize) -> Multiplication {
        match self {
            Self::Lattice { velocities, .. } => {
                let each = velocities.iter().enumerate();
                each.map(|(k, v)| (k, k, v[axis])).collect()
            }
            Self::Hermite(basis) => basis.multiplication(axis).map_or_else(Vec::new, |matrix| {
                let entries = matrix.indexed_iter().filter(|(_, x)| **x != 0.0);
                entries.map(|((v, w), &x)| (v, w, x)).collect()
            }),
        }
    }

    /// The functional f ↦ ∫ p f of a polynomial, by its terms (factor, powers);
    /// `None` when it has a higher degree than the functions.
    pub(super) fn functional(&self, polynomial: &[(f64, [usize; 3])]) -> Option<Vec<f64>> {
        match self {
            Self::Lattice { velocities, .. } => {
                let value = |v: &Vec<f64>| -> f64 {
                    let term = |(factor, powers): &(f64, [usize; 3])| {
                        let factors = v.iter().zip(powers).map(|(x, &p)| x.powi(p as i32));
                        factor * factors.product::<f64>()
                    };
                    polynomial.iter().map(term).sum()
                };
                Some(velocities.iter().map(value).collect())
            }
            Self::Hermite(basis) => basis.polynomial(polynomial),
        }
    }

    /// Normalised weights ∝ exp(−|v − center|²/2·variance) at the points of a
    /// lattice; `key` is the parameter to blame when the squares overflow.
    pub(super) fn lattice_gaussian(
        velocities: &[Vec<f64>],
        center: &[f64],
        variance: f64,
        key: &'static str,
    ) -> Result<Vec<f64>, ModelError> {
        let exponent = |v: &Vec<f64>| {
            let distance: f64 = v.iter().zip(center).map(|(x, u)| (x - u).powi(2)).sum();
            distance / (2.0 * variance)
        };
        let exponents: Vec<f64> = velocities.iter().map(exponent).collect();
        // The nearest point has weight 1 before normalisation: however narrow
        // or far away the Gaussian, something is left to normalise.
        let nearest = exponents.iter().copied().fold(f64::INFINITY, f64::min);
        if !nearest.is_finite() {
            return refused(key, center[0], "a Gaussian within reach of the lattice");
        }
        let weights: Vec<f64> = exponents.iter().map(|e| (nearest - e).exp()).collect();
        let total: f64 = weights.iter().sum();
        Ok(weights.into_iter().map(|w| w / total).collect())
    }
}
