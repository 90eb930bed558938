//! The Bose–Hubbard dimer: bosons in two wells.

use meanfield_abstract::ModelError;
use ndarray::Array4;
use num_complex::Complex64;

use super::Dissipation;
use crate::levels::{Levels, pauli};
use crate::parameter::finite;

/// H = −J Σ_i σx_i + (U/N) Σ_{i<j} (|00⟩⟨00| + |11⟩⟨11|)_ij: two wells, level 0
/// the left and level 1 the right one; a pair pays U when both are in the same
/// well (Milburn et al. 1997, doi:10.1103/PhysRevA.55.4318).
///
/// In second quantisation H = −J(a₀†a₁ + a₁†a₀) + (U/2N) Σ_s n_s(n_s − 1). Here
/// `decay` takes a particle from the left to the right well.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoseHubbardDimer {
    /// J, the tunnelling energy.
    pub tunnelling: f64,
    /// U, the energy of a pair in one well.
    pub interaction: f64,
}

impl BoseHubbardDimer {
    /// The model.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] naming the key that is out of range.
    pub fn model(&self, dissipation: Dissipation, hbar: f64) -> Result<Levels, ModelError> {
        let tunnelling = finite("tunnelling", self.tunnelling)?;
        let interaction = finite("interaction", self.interaction)?;
        let h = pauli::x().mapv(|z| z * -tunnelling);
        let mut v = Array4::zeros((2, 2, 2, 2));
        for site in 0..2 {
            v[[site; 4]] = Complex64::from(interaction);
        }
        Levels::new(&h, &v, &dissipation.jumps()?, hbar)
    }
}
