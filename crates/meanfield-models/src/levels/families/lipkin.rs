//! The Lipkin–Meshkov–Glick model.

use meanfield_abstract::ModelError;

use super::Dissipation;
use crate::levels::{Levels, pauli};
use crate::parameter::finite;

/// H = ½ε Σ_i σz_i + (1/N) Σ_{i<j} [ (V/2)(σxσx − σyσy) + (W/2)(σxσx + σyσy) ]_ij
///
/// (Lipkin, Meshkov and Glick 1965, doi:10.1016/0029-5582(65)90862-X). With J =
/// ½Σσ and J± = J_x ± iJ_y it is
///
/// ```math
/// H = \varepsilon J_z + \frac{V}{2N} (J_+^2 + J_-^2) + \frac{W}{2N} (J_+ J_- + J_- J_+ - N),
/// ```
///
/// their Hamiltonian with V/N and W/N for V and W.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lipkin {
    /// ε, the distance of the two levels.
    pub epsilon: f64,
    /// V: both particles of a pair change level, in the same direction.
    pub v: f64,
    /// W: the particles of a pair change level in opposite directions.
    pub w: f64,
}

impl Lipkin {
    /// The model.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] naming the key that is out of range.
    pub fn model(&self, dissipation: Dissipation, hbar: f64) -> Result<Levels, ModelError> {
        let epsilon = finite("epsilon", self.epsilon)?;
        let (v, w) = (finite("v", self.v)?, finite("w", self.w)?);
        let h = pauli::z().mapv(|z| z * (epsilon / 2.0));
        let pair = pauli::product((w + v) / 2.0, &pauli::x(), &pauli::x())
            + pauli::product((w - v) / 2.0, &pauli::y(), &pauli::y());
        Levels::new(&h, &pair, &dissipation.jumps()?, hbar)
    }
}
