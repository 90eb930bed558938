//! Hamiltonians whose interaction is diagonal in position.
//!
//! ```math
//! H = \sum_i (T + U)_i + \frac{1}{N} \sum_{i<j} v(x_i, x_j)
//! ```
//!
//! on d points: T is diagonal in a *momentum* basis reached by a fast unitary
//! transform, the trap U and the pair potential v in position. Wave functions
//! are d numbers in an orthonormal position basis; several of them lie one
//! after another.

mod sites;

use ndarray::ArrayView2;
use num_complex::Complex64;

pub use sites::Sites;

/// A Hamiltonian H = Σ_i (T + U)_i + (1/N) Σ_{i<j} v(x_i, x_j) by what it does to
/// wave functions of one particle.
///
/// A slice of M·d numbers holds M wave functions, each contiguous. The transforms
/// may be called from several threads at once.
pub trait PositionHamiltonian: Send + Sync {
    /// The number of points d.
    fn points(&self) -> usize;

    /// ħ in the model's units.
    fn hbar(&self) -> f64;

    /// The d eigenvalues of T, in the order of the momentum basis.
    fn kinetic_energies(&self) -> &[f64];

    /// `ψ ← Wψ` for every wave function: from position to momentum, W unitary
    /// and T = W† diag(energies) W.
    fn to_momentum(&self, waves: &mut [Complex64]);

    /// `ψ ← W†ψ` for every wave function: from momentum to position.
    fn to_position(&self, waves: &mut [Complex64]);

    /// The trap U at every point.
    fn trap(&self) -> &[f64];

    /// v(x, y), d×d, real and symmetric.
    fn pair_potential(&self) -> ArrayView2<'_, f64>;

    /// `ψ(x) ← Σ_y v(x, y) ψ(y)` for every wave function: v∗ψ. The default costs
    /// d² operations for each.
    fn convolve(&self, waves: &mut [Complex64]) {
        let v = self.pair_potential();
        let mut image = vec![Complex64::ZERO; self.points()];
        for wave in waves.chunks_exact_mut(self.points()) {
            for (value, row) in image.iter_mut().zip(v.rows()) {
                *value = row.iter().zip(&*wave).map(|(&v, &z)| z * v).sum();
            }
            wave.copy_from_slice(&image);
        }
    }

    /// `ψ ← Tψ` for every wave function. Cost: two transforms.
    fn apply_kinetic(&self, waves: &mut [Complex64]) {
        self.to_momentum(waves);
        for wave in waves.chunks_exact_mut(self.points()) {
            for (z, &energy) in wave.iter_mut().zip(self.kinetic_energies()) {
                *z *= energy;
            }
        }
        self.to_position(waves);
    }

    /// `ψ ← e^{−iτT/ħ}ψ` for every wave function. Cost: two transforms.
    fn propagate_kinetic(&self, tau: f64, waves: &mut [Complex64]) {
        let phases = self.kinetic_phases(tau);
        self.to_momentum(waves);
        for wave in waves.chunks_exact_mut(self.points()) {
            for (z, &phase) in wave.iter_mut().zip(&phases) {
                *z *= phase;
            }
        }
        self.to_position(waves);
    }

    /// e^{−iτE/ħ} for every kinetic energy E.
    fn kinetic_phases(&self, tau: f64) -> Vec<Complex64> {
        let rate = -tau / self.hbar();
        let energies = self.kinetic_energies().iter();
        energies.map(|&e| Complex64::cis(rate * e)).collect()
    }
}
