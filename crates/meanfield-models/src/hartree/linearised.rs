//! The interaction linearised about a state, without a D×D matrix.

use meanfield_abstract::{Hamiltonian, Linearisation};
use ndarray::{ArrayView2, ArrayViewMut2};
use num_complex::Complex64;

use super::Hartree;
use super::operators::{on_rows, rows};

/// Δ_1 G = −(i/ħ)([V∗ρ_F, G] + [V∗ρ_G, F]), (26)–(27), or K + Δ_1, where h +
/// V∗ρ_F stands for V∗ρ_F. Both commutators with V are entrywise: d numbers
/// V∗ρ_F and, for each column, one convolution of its diagonal.
///
/// Holds F and a panel of the size it is applied to.
pub(super) struct GridLinearisation<'a> {
    model: &'a Hartree,
    with_k: bool,
    f: Vec<Complex64>,
    /// V∗ρ_F, with the trap when K is included.
    potential: Vec<Complex64>,
}

impl<'a> GridLinearisation<'a> {
    pub(super) fn new(model: &'a Hartree, with_k: bool) -> Self {
        let d = model.levels();
        let mut new = Self {
            model,
            with_k,
            f: vec![Complex64::ZERO; d * d],
            potential: vec![Complex64::ZERO; d],
        };
        new.set_potential();
        new
    }

    fn set_potential(&mut self) {
        self.potential
            .copy_from_slice(&self.model.potentials(1, &self.f));
        if self.with_k {
            for (u, trap) in self.potential.iter_mut().zip(self.model.trap_values()) {
                *u += trap;
            }
        }
    }
}

impl Linearisation<Complex64> for GridLinearisation<'_> {
    fn update(&mut self, f: &[Complex64]) {
        self.f.copy_from_slice(f);
        self.set_potential();
    }

    fn add_apply(
        &self,
        c: Complex64,
        x: ArrayView2<'_, Complex64>,
        out: ArrayViewMut2<'_, Complex64>,
    ) {
        let (d, columns, rate) = (self.model.levels(), x.ncols(), self.model.rate(c));
        on_rows(&x, out, |x, out| {
            if self.with_k {
                // The kinetic part of the image.
                let mut kinetic = self.model.scratch.filled(x.len(), Complex64::ZERO);
                self.model.kinetic.add_commutator(columns, x, &mut kinetic);
                for (out, moved) in out.chunks_exact_mut(columns).zip(rows(&kinetic, columns)) {
                    out.iter_mut().zip(moved).for_each(|(o, &t)| *o += rate * t);
                }
            }
            // V∗ρ_G, column by column.
            let made = self.model.potentials(columns, x);
            let each = rows(x, columns).zip(out.chunks_exact_mut(columns));
            for (k, (x, out)) in each.enumerate() {
                let (left, right) = (k / d, k % d);
                if left == right {
                    continue;
                }
                let u = rate * (self.potential[left] - self.potential[right]);
                let f = rate * self.f[k];
                let (left, right) = (&made[left * columns..], &made[right * columns..]);
                for (((o, &z), &l), &r) in out.iter_mut().zip(x).zip(left).zip(right) {
                    *o += u * z + f * (l - r);
                }
            }
        });
    }
}
