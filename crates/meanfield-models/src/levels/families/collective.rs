//! Decay, pumping and dephasing of all two-level particles together.

use meanfield_abstract::ModelError;
use ndarray::Array2;
use num_complex::Complex64;

use crate::levels::pauli;
use crate::parameter::not_negative;

/// Jumps L = Σ_i L_i of all particles together at rate Γ/N, for
/// [`Levels::with_collective_jumps`](crate::levels::Levels::with_collective_jumps); none by
/// default.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Collective {
    /// Γ of L = √Γ Σσ−: superradiant decay.
    pub decay: f64,
    /// Γ of L = √Γ Σσ+.
    pub pumping: f64,
    /// Γ of L = √Γ Σσz/2.
    pub dephasing: f64,
}

impl Collective {
    /// The operators of one particle; a rate of zero gives none.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] (keys `collective_decay`, `collective_pumping`,
    /// `collective_dephasing`) for a negative or infinite rate.
    pub fn jumps(&self) -> Result<Vec<Array2<Complex64>>, ModelError> {
        let raising = pauli::lowering().t().to_owned();
        let each = [
            ("collective_decay", self.decay, pauli::lowering()),
            ("collective_pumping", self.pumping, raising),
            (
                "collective_dephasing",
                self.dephasing,
                pauli::z() * Complex64::from(0.5),
            ),
        ];
        let mut jumps = Vec::new();
        for (key, rate, operator) in each {
            let rate = not_negative(key, rate)?;
            if rate > 0.0 {
                jumps.push(operator * Complex64::from(rate.sqrt()));
            }
        }
        Ok(jumps)
    }
}
