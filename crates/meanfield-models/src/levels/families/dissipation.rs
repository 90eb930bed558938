//! Decay and dephasing of two-level particles.

use meanfield_abstract::ModelError;
use ndarray::Array2;
use num_complex::Complex64;

use crate::levels::pauli;
use crate::parameter::not_negative;

/// Jumps of each particle; none by default.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Dissipation {
    /// Rate γ of J = √γ σ−: the population of level 0 decays as e^{−γt}, the
    /// coherence as e^{−γt/2}.
    pub decay: f64,
    /// Rate γ of J = √(γ/2) σz: the coherence decays as e^{−γt}, the
    /// populations stay.
    pub dephasing: f64,
}

impl Dissipation {
    /// The jump operators; a rate of zero gives none.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] (keys `decay`, `dephasing`) for a negative or
    /// infinite rate.
    pub fn jumps(&self) -> Result<Vec<Array2<Complex64>>, ModelError> {
        let decay = not_negative("decay", self.decay)?;
        let dephasing = not_negative("dephasing", self.dephasing)?;
        let mut jumps = Vec::new();
        if decay > 0.0 {
            jumps.push(pauli::lowering().mapv(|z| z * decay.sqrt()));
        }
        if dephasing > 0.0 {
            jumps.push(pauli::z().mapv(|z| z * (dephasing / 2.0).sqrt()));
        }
        Ok(jumps)
    }
}
