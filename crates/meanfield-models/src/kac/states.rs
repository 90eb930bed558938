//! Named one-body states on the velocity lattice: weights that sum to 1.

use meanfield_abstract::ModelError;

use super::Kac;
use crate::parameter::{finite, positive, refused};

impl Kac {
    /// The discrete Maxwellian, weights ∝ exp(−|v − u|²/2T) at the lattice
    /// points, with u = `drift`: a fixed point of the limit equation. T and u
    /// are parameters; the moments on the lattice differ from them.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] (keys `temperature`, `drift`) unless T > 0 and
    /// u has as many finite components as the velocities.
    pub fn maxwellian(&self, temperature: f64, drift: &[f64]) -> Result<Vec<f64>, ModelError> {
        let temperature = positive("temperature", temperature)?;
        if drift.len() != self.dimension() {
            let found = format!("of {} components", drift.len());
            return refused("drift", found, format!("{} components", self.dimension()));
        }
        for &u in drift {
            finite("drift", u)?;
        }
        gaussian(self, drift, temperature, ("drift", drift[0]))
    }

    /// Two opposite beams, weights ½Σ± exp(−|v ∓ u|²/2w²)/Z± at the lattice
    /// points, with u = (`speed`, 0, …), w = `width` and each beam normalised
    /// on the lattice.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] (keys `speed`, `width`) unless the speed is
    /// finite and the width positive.
    pub fn beams(&self, speed: f64, width: f64) -> Result<Vec<f64>, ModelError> {
        let speed = finite("speed", speed)?;
        let width = positive("width", width)?;
        let mut center = vec![0.0; self.dimension()];
        center[0] = speed;
        let right = gaussian(self, &center, width * width, ("speed", speed))?;
        center[0] = -speed;
        let left = gaussian(self, &center, width * width, ("speed", speed))?;
        Ok(right.iter().zip(left).map(|(x, y)| 0.5 * (x + y)).collect())
    }
}

/// Normalised weights ∝ exp(−|v − center|²/2·variance); `named` is the
/// parameter to blame when the squares overflow.
fn gaussian(
    kac: &Kac,
    center: &[f64],
    variance: f64,
    named: (&'static str, f64),
) -> Result<Vec<f64>, ModelError> {
    let exponent = |v: &Vec<f64>| {
        let distance: f64 = v.iter().zip(center).map(|(x, u)| (x - u).powi(2)).sum();
        distance / (2.0 * variance)
    };
    let exponents: Vec<f64> = kac.velocities().iter().map(exponent).collect();
    // The nearest point has weight 1 before normalisation: however narrow or
    // far away the Gaussian, something is left to normalise.
    let nearest = exponents.iter().copied().fold(f64::INFINITY, f64::min);
    if !nearest.is_finite() {
        let expected = "a Gaussian within reach of the lattice";
        return refused(named.0, named.1, expected);
    }
    let weights: Vec<f64> = exponents.iter().map(|e| (nearest - e).exp()).collect();
    let total: f64 = weights.iter().sum();
    Ok(weights.into_iter().map(|w| w / total).collect())
}
