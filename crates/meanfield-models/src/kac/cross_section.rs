//! How often a pair collides, by its relative speed.

use meanfield_abstract::ModelError;

use crate::parameter::not_negative;

/// The total collision rate B(g) = g^γ of a pair with relative speed
/// g = |v₁ − v₂|, before the factor 1/N.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum CrossSection {
    /// γ = 0: every pair collides at rate 1 (Maxwell molecules).
    Maxwell,
    /// γ = 1: the rate is the relative speed (hard spheres).
    HardSphere,
    /// Any γ ≥ 0.
    Power(f64),
}

impl CrossSection {
    /// γ, checked.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] (key `power`) for a γ that is negative or not
    /// finite.
    pub fn exponent(self) -> Result<f64, ModelError> {
        match self {
            Self::Maxwell => Ok(0.0),
            Self::HardSphere => Ok(1.0),
            Self::Power(gamma) => not_negative("power", gamma),
        }
    }
}
