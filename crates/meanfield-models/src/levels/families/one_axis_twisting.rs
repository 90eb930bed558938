//! One-axis twisting.

use meanfield_abstract::ModelError;
use ndarray::Array2;

use super::Dissipation;
use crate::levels::{Levels, pauli};
use crate::parameter::finite;

/// H = (χ/N) Σ_{i<j} σz_i σz_j = (2χ/N) J_z² + constant, with J_z = ½Σσz: spin
/// squeezing (Kitagawa and Ueda 1993, doi:10.1103/PhysRevA.47.5138). Its
/// marginals are known in closed form at every N.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OneAxisTwisting {
    /// χ, an energy.
    pub chi: f64,
}

impl OneAxisTwisting {
    /// The model.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] naming the key that is out of range.
    pub fn model(&self, dissipation: Dissipation, hbar: f64) -> Result<Levels, ModelError> {
        let chi = finite("chi", self.chi)?;
        let v = pauli::product(chi, &pauli::z(), &pauli::z());
        Levels::new(&Array2::zeros((2, 2)), &v, &dissipation.jumps()?, hbar)
    }
}
