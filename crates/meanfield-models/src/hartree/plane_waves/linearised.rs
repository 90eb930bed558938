//! The interaction linearised about a state, in plane waves.

use meanfield_abstract::Linearisation;
use ndarray::{ArrayView2, ArrayViewMut2};
use num_complex::Complex64;

use super::model::PlaneWaves;

/// Δ_1 G = −(i/ħ)([V∗ρ_F, G] + [V∗ρ_G, F]), (26)–(27), or with the trap in V∗ρ_F.
///
/// Both commutators are entrywise in position. Cost for each column: 4d transforms of
/// d numbers, two for V∗ρ_G, and 2d² products.
pub(super) struct Linearised<'a> {
    waves: &'a PlaneWaves<'a>,
    with_trap: bool,
    /// F in position, transposed.
    f: Vec<Complex64>,
    /// V∗ρ_F, with the trap where that is asked for.
    potential: Vec<Complex64>,
}

impl<'a> Linearised<'a> {
    pub(super) fn new(waves: &'a PlaneWaves<'a>, with_trap: bool) -> Self {
        let slot = waves.slot();
        let mut new = Self {
            waves,
            with_trap,
            f: vec![Complex64::ZERO; slot.len()],
            potential: vec![Complex64::ZERO; slot.levels()],
        };
        new.set_potential();
        new
    }

    fn set_potential(&mut self) {
        let slot = self.waves.slot();
        slot.density(&self.f, &mut self.potential);
        slot.convolve(&mut self.potential);
        if self.with_trap {
            for (u, trap) in self.potential.iter_mut().zip(&self.waves.hartree.field) {
                *u += trap;
            }
        }
    }
}

impl Linearisation<Complex64> for Linearised<'_> {
    fn update(&mut self, f: &[Complex64]) {
        self.f.copy_from_slice(f);
        let slot = self.waves.slot();
        slot.to_position(&mut self.f);
        slot.scale(&mut self.f);
        self.set_potential();
    }

    fn add_apply(
        &self,
        c: Complex64,
        x: ArrayView2<'_, Complex64>,
        out: ArrayViewMut2<'_, Complex64>,
    ) {
        let slot = self.waves.slot();
        let d = slot.levels();
        slot.on_columns(self.waves.rate(c), x, out, |state| {
            slot.to_position(state);
            let mut made = self.waves.scratch.lend(d, Complex64::ZERO);
            slot.density(state, &mut made);
            slot.convolve(&mut made);
            let rows = state.chunks_exact_mut(d).zip(self.f.chunks_exact(d));
            for ((row, f), (&u, &w)) in rows.zip(self.potential.iter().zip(made.iter())) {
                let here = self.potential.iter().zip(made.iter());
                for ((z, &f), (&v, &y)) in row.iter_mut().zip(f).zip(here) {
                    *z = (v - u) * *z + f * (y - w);
                }
            }
            slot.to_momentum(state);
        });
    }
}
