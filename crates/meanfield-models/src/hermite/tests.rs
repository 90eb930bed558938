//! The velocity space and its collisions against independent formulas.

mod basis;
mod collisions;

use super::VelocityBasis;
use crate::kac::CrossSection;

/// Sums of at most a few thousand products of numbers of order one.
const ROUNDING: f64 = 1e-12;
const SECTIONS: [CrossSection; 4] = [
    CrossSection::Maxwell,
    CrossSection::HardSphere,
    CrossSection::Power(0.5),
    CrossSection::Power(2.0),
];

fn basis(dimension: usize, degree: usize, temperature: f64) -> VelocityBasis {
    VelocityBasis::new(dimension, degree, temperature).unwrap()
}
