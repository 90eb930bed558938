//! The infinite-range Ising model in a transverse field.

use meanfield_abstract::ModelError;

use super::Dissipation;
use crate::levels::{Levels, pauli};
use crate::parameter::finite;

/// H = ½ω Σ_i σx_i + (χ/N) Σ_{i<j} σz_i σz_j = ω J_x + (2χ/N) J_z² + constant,
/// with J = ½Σσ. χ < 0 is the ferromagnet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TransverseField {
    /// ω, the splitting of one particle by the field along x.
    pub omega: f64,
    /// χ, the energy of a pair.
    pub chi: f64,
}

impl TransverseField {
    /// The model.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] naming the key that is out of range.
    pub fn model(&self, dissipation: Dissipation, hbar: f64) -> Result<Levels, ModelError> {
        let omega = finite("omega", self.omega)?;
        let chi = finite("chi", self.chi)?;
        let h = pauli::x().mapv(|z| z * (omega / 2.0));
        let v = pauli::product(chi, &pauli::z(), &pauli::z());
        Levels::new(&h, &v, &dissipation.jumps()?, hbar)
    }
}
