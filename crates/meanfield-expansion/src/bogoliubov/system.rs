//! The unknowns in the momentum basis, as a system for the integrator.

use meanfield_abstract::PositionHamiltonian;
use meanfield_ode::{Semigroup, System};
use num_complex::Complex64;

use super::equations::{Fields, Slopes, write_slopes};
use super::transforms::{Kind, Target, in_blocks, matrix, vector};

/// The equations of φ, χ, α, γ (in this order, in the momentum basis; matrices
/// column by column), with the kinetic energy split off.
pub struct BogoliubovSystem<'a> {
    model: &'a dyn PositionHamiltonian,
    blocks: [usize; 4],
    /// The unknowns in position.
    position: Vec<Complex64>,
    panel: Vec<Complex64>,
}

/// Vectors as long as the unknowns that the system holds: the unknowns in
/// position, and half a one for the panel.
pub(super) const HELD_HALVES: usize = 3;

/// Number of unknowns: 2d² + 2d; `None` when they cannot be counted.
pub(super) fn unknowns(d: usize) -> Option<usize> {
    d.checked_mul(2)?.checked_mul(d.checked_add(1)?)
}

/// φ, χ, α, γ of a vector of unknowns.
pub(super) fn parts(d: usize, y: &[Complex64]) -> Fields<'_> {
    let (vectors, matrices) = y.split_at(2 * d);
    let (phi, chi) = vectors.split_at(d);
    let (alpha, gamma) = matrices.split_at(d * d);
    Fields {
        phi,
        chi,
        alpha,
        gamma,
    }
}

pub(super) fn parts_mut(d: usize, y: &mut [Complex64]) -> Slopes<'_> {
    let (vectors, matrices) = y.split_at_mut(2 * d);
    let (phi, chi) = vectors.split_at_mut(d);
    let (alpha, gamma) = matrices.split_at_mut(d * d);
    Slopes {
        phi,
        chi,
        alpha,
        gamma,
    }
}

/// Transforms all unknowns, in place. Cost: 4d + 2 transforms.
pub(super) fn transform(model: &dyn PositionHamiltonian, into: Target, y: &mut [Complex64]) {
    let all = parts_mut(model.points(), y);
    vector(model, into, all.phi);
    vector(model, into, all.chi);
    matrix(model, into, Kind::Symmetric, all.alpha);
    matrix(model, into, Kind::Hermitian, all.gamma);
}

impl<'a> BogoliubovSystem<'a> {
    /// The equations of that Hamiltonian.
    #[must_use]
    pub fn new(model: &'a dyn PositionHamiltonian) -> Self {
        let d = model.points();
        Self {
            model,
            blocks: [d, d, d * d, d * d],
            position: vec![Complex64::ZERO; 2 * d * (d + 1)],
            panel: vec![Complex64::ZERO; d * d],
        }
    }

    /// The unknowns of a product start: φ in momentum, no fluctuations.
    #[must_use]
    pub fn start(&self, phi: &[Complex64]) -> Vec<Complex64> {
        let d = self.model.points();
        let mut y = vec![Complex64::ZERO; self.position.len()];
        y[..d].copy_from_slice(phi);
        vector(self.model, Target::Momentum, &mut y[..d]);
        y
    }
}

impl System for BogoliubovSystem<'_> {
    type Scalar = Complex64;

    fn blocks(&self) -> &[usize] {
        &self.blocks
    }

    fn rhs(&mut self, _t: f64, y: &[Complex64], dydt: &mut [Complex64]) {
        let d = self.model.points();
        self.position.copy_from_slice(y);
        transform(self.model, Target::Position, &mut self.position);
        let fields = parts(d, &self.position);
        write_slopes(self.model, fields, &mut self.panel, parts_mut(d, dydt));
        transform(self.model, Target::Momentum, dydt);
    }

    fn semigroup(&mut self) -> Option<&mut dyn Semigroup<Complex64>> {
        Some(self)
    }

    /// The size of an entry when the norm of the block is 1.
    fn natural_size(&self, block: usize) -> f64 {
        1.0 / (self.blocks[block] as f64).sqrt()
    }
}

impl Semigroup<Complex64> for BogoliubovSystem<'_> {
    /// φ_k, χ_k turn by e^{−iE_kτ/ħ}, α_kp by both indices, γ_kp by k and against p.
    fn propagate(&mut self, tau: f64, y: &mut [Complex64]) {
        let d = self.model.points();
        let phases = self.model.kinetic_phases(tau);
        let turn = |wave: &mut [Complex64], other: Complex64| {
            for (z, &phase) in wave.iter_mut().zip(&phases) {
                *z *= phase * other;
            }
        };
        let all = parts_mut(d, y);
        turn(all.phi, Complex64::ONE);
        turn(all.chi, Complex64::ONE);
        in_blocks(d, all.alpha, |first, columns| {
            for (p, column) in columns.chunks_exact_mut(d).enumerate() {
                turn(column, phases[first + p]);
            }
        });
        in_blocks(d, all.gamma, |first, columns| {
            for (p, column) in columns.chunks_exact_mut(d).enumerate() {
                turn(column, phases[first + p].conj());
            }
        });
    }
}
