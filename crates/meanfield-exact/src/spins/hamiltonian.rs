//! The Hamiltonian on one total spin: five diagonals.
//!
//! H = Σ h_ac e_ac + (1/2N) Σ v_ab,ce e_{ac,be} with the collective operators of
//! [`super::collective`]; products of two lower i by at most two.

use meanfield_abstract::Hamiltonian;
use meanfield_ode::LinearAction;
use ndarray::Array2;
use num_complex::Complex64;

use super::collective::{Collective, UNITS};
use crate::ExactError;
use crate::pair_map;

/// h and v between the eigenvectors of F, over ħ.
pub(super) struct Interaction {
    /// By unit ac.
    one: [Complex64; UNITS],
    /// By units ac, be; over 2N.
    two: [[Complex64; UNITS]; UNITS],
}

impl Interaction {
    /// The arrays of a two-level Hamiltonian in the basis of the columns of
    /// `vectors`.
    ///
    /// # Errors
    /// [`ExactError::HamiltonianShape`].
    pub(super) fn new(
        hamiltonian: &dyn Hamiltonian,
        vectors: &Array2<Complex64>,
        n: usize,
    ) -> Result<Self, ExactError> {
        let (h, v) = pair_map::hamiltonian_arrays(hamiltonian)?;
        let adjoint = |m: &Array2<Complex64>| m.t().mapv(|z| z.conj());
        let both = Array2::from_shape_fn((4, 4), |(row, column)| {
            vectors[[row / 2, column / 2]] * vectors[[row % 2, column % 2]]
        });
        let h = adjoint(vectors).dot(&h).dot(vectors);
        let v = adjoint(&both).dot(&v).dot(&both);
        let of_h = 1.0 / hamiltonian.hbar();
        let of_v = of_h / (2 * n) as f64;
        let unit = |u: usize| (u / 2, u % 2);
        let one = [0, 1, 2, 3].map(|u| h[unit(u)] * of_h);
        let two = [0, 1, 2, 3].map(|u| {
            let (a, c) = unit(u);
            [0, 1, 2, 3].map(|w| {
                let (b, e) = unit(w);
                v[[a * 2 + b, c * 2 + e]] * of_v
            })
        });
        Ok(Self { one, two })
    }
}

/// A Hermitian matrix of five diagonals, acting on vectors that lie one after
/// the other.
pub(super) struct Pentadiagonal {
    diagonal: Vec<f64>,
    /// H[i, i+1] and H[i, i+2]; empty where all are zero.
    upper: [Vec<Complex64>; 2],
}

impl Pentadiagonal {
    /// H/ħ on one total spin.
    pub(super) fn new(interaction: &Interaction, collective: &Collective<'_>) -> Self {
        let dimension = collective.diagonal(0, 0).1.len();
        let mut bands = [0, 1, 2].map(|s| vec![Complex64::ZERO; dimension.saturating_sub(s)]);
        let mut add = |factor: Complex64, (s, entries): (isize, &[f64])| {
            // The lower triangle is the adjoint of the upper one.
            let Ok(s) = usize::try_from(s) else { return };
            for (band, &x) in bands[s].iter_mut().zip(entries.iter().skip(s)) {
                *band += factor * x;
            }
        };
        for (u, &factor) in interaction.one.iter().enumerate() {
            add(factor, collective.diagonal(1, collective.rank(&[u])));
        }
        for (u, row) in interaction.two.iter().enumerate() {
            for (w, &factor) in row.iter().enumerate() {
                add(factor, collective.diagonal(2, collective.rank(&[u, w])));
            }
        }
        let [diagonal, first, second] = bands;
        let used = |band: Vec<Complex64>| {
            let any = band.iter().any(|&x| x != Complex64::ZERO);
            if any { band } else { Vec::new() }
        };
        Self {
            diagonal: diagonal.iter().map(|x| x.re).collect(),
            upper: [used(first), used(second)],
        }
    }

    /// An interval that holds the spectrum: Gershgorin's discs.
    pub(super) fn spectrum(&self) -> (f64, f64) {
        let mut radii = vec![0.0; self.diagonal.len()];
        for (s, band) in (1..).zip(&self.upper) {
            for (i, x) in band.iter().enumerate() {
                radii[i] += x.norm();
                radii[i + s] += x.norm();
            }
        }
        let discs = self.diagonal.iter().zip(&radii);
        discs.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (d, r)| {
            (low.min(d - r), high.max(d + r))
        })
    }
}

impl LinearAction for Pentadiagonal {
    type Scalar = Complex64;

    fn apply(&mut self, x: &[Complex64], out: &mut [Complex64]) {
        let dimension = self.diagonal.len();
        for (x, out) in x
            .chunks_exact(dimension)
            .zip(out.chunks_exact_mut(dimension))
        {
            for ((out, &x), d) in out.iter_mut().zip(x).zip(&self.diagonal) {
                *out = x * d;
            }
            for (s, band) in (1..).zip(&self.upper) {
                if band.is_empty() {
                    continue;
                }
                for ((out, &x), &h) in out.iter_mut().zip(&x[s..]).zip(band) {
                    *out += h * x;
                }
                for ((out, &x), h) in out[s..].iter_mut().zip(x).zip(band) {
                    *out += h.conj() * x;
                }
            }
        }
    }
}
