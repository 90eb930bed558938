//! The model in plane waves, where the kinetic energy is diagonal and split
//! off: F(k,k') = (1/d) Σ e^{−ikx+ik'x'} F(x,x') for each slot.
//!
//! What remains acts in position and is entrywise there: one slot at a time is
//! transformed, d numbers along each of its two indices, and no panel ever is as a
//! whole.

mod linearised;
mod model;
mod state;

use meanfield_abstract::{Frame, Model, Propagator, Semigroup};
use num_complex::Complex64;

use self::model::PlaneWaves;
use super::Hartree;

/// K₀ = −(i/ħ)[−ħ²Δ/2m, ·].
pub(super) struct FreeMotion<'a>(PlaneWaves<'a>);

impl<'a> FreeMotion<'a> {
    pub(super) fn new(model: &'a Hartree) -> Self {
        Self(PlaneWaves::new(model))
    }
}

impl Semigroup<Complex64> for FreeMotion<'_> {
    fn rest(&self) -> &dyn Model<Scalar = Complex64> {
        &self.0
    }

    /// e^{−iτ(E_k − E_k')/ħ}.
    fn at(&self, tau: f64) -> Propagator<'_, Complex64> {
        let hartree = self.0.hartree;
        let rate = -tau / hartree.hbar;
        let energies = &hartree.spectrum.energies;
        let phase = |&energy: &f64| Complex64::cis(rate * energy);
        let phases: Vec<Complex64> = energies.iter().map(phase).collect();
        let each = phases.iter();
        Propagator::Diagonal(
            each.flat_map(|&p| phases.iter().map(move |q| p * q.conj()))
                .collect(),
        )
    }

    fn frame(&self) -> Option<&dyn Frame<Complex64>> {
        Some(self)
    }
}

impl Frame<Complex64> for FreeMotion<'_> {
    fn enter(&self, states: &mut [Complex64]) {
        let slot = self.0.slot();
        for state in states.chunks_exact_mut(slot.len()) {
            slot.transpose(state);
            slot.to_momentum(state);
            slot.scale(state);
        }
    }

    fn leave(&self, states: &mut [Complex64]) {
        let slot = self.0.slot();
        for state in states.chunks_exact_mut(slot.len()) {
            slot.to_position(state);
            slot.transpose(state);
            slot.scale(state);
        }
    }
}
