//! One slot: a state of d×d numbers, in plane waves or in position.

use meanfield_tensor::Pool;
use ndarray::{ArrayView2, ArrayViewMut2, Axis};
use num_complex::Complex64;
use rayon::prelude::*;

use super::super::position::Spectrum;

/// Side of the tiles of a transposition.
const TILE: usize = 8;
/// Numbers in the states that one task handles, as long as these are more than
/// a few: half a megabyte stays in the second-level cache.
const TASK: usize = 1 << 15;
/// A cache line of a panel's row.
const FEWEST: usize = 4;

/// Transforms of states G(k,k') with k' fastest. In position they are kept
/// transposed, G(x',x) with x fastest, which saves a transposition each way.
pub(super) struct Slot<'a> {
    spectrum: &'a Spectrum,
    scratch: &'a Pool<Complex64>,
}

impl<'a> Slot<'a> {
    pub(super) fn new(spectrum: &'a Spectrum, scratch: &'a Pool<Complex64>) -> Self {
        Self { spectrum, scratch }
    }

    /// d.
    pub(super) fn levels(&self) -> usize {
        self.spectrum.energies.len()
    }

    /// D = d².
    pub(super) fn len(&self) -> usize {
        self.levels().pow(2)
    }

    /// Of d numbers along each row: Σ_x e^{−ikx} … .
    pub(super) fn forward(&self, rows: &mut [Complex64]) {
        let Spectrum {
            fourier, dimension, ..
        } = self.spectrum;
        self.spectrum
            .together(rows, |some| fourier.transform(*dimension, some));
    }

    /// Σ_k e^{ikx} … .
    pub(super) fn backward(&self, rows: &mut [Complex64]) {
        let Spectrum {
            fourier, dimension, ..
        } = self.spectrum;
        self.spectrum
            .together(rows, |some| fourier.backward(*dimension, some));
    }

    /// G(k,k') → d G(x',x): e^{−ik'x'} along the rows, then e^{ikx}.
    pub(super) fn to_position(&self, state: &mut [Complex64]) {
        self.turn(state);
    }

    /// G(x',x) → d G(k,k'): e^{−ikx} along the rows, then e^{ik'x'}.
    pub(super) fn to_momentum(&self, state: &mut [Complex64]) {
        self.turn(state);
    }

    /// The same for the first `rows` values of k; the others mean nothing.
    pub(super) fn to_some_momenta(&self, rows: usize, state: &mut [Complex64]) {
        self.forward(state);
        self.transpose(state);
        self.backward(&mut state[..rows * self.levels()]);
    }

    fn turn(&self, state: &mut [Complex64]) {
        self.to_some_momenta(self.levels(), state);
    }

    /// Takes away the factor d of a transform.
    pub(super) fn scale(&self, state: &mut [Complex64]) {
        let factor = 1.0 / self.levels() as f64;
        state.iter_mut().for_each(|z| *z *= factor);
    }

    pub(super) fn transpose(&self, state: &mut [Complex64]) {
        transpose(self.levels(), state);
    }

    /// The diagonal of a state in position.
    pub(super) fn density(&self, state: &[Complex64], rho: &mut [Complex64]) {
        let diagonal = state.iter().step_by(self.levels() + 1);
        rho.iter_mut().zip(diagonal).for_each(|(to, &z)| *to = z);
    }

    /// v∗ρ for ρ in position, in place.
    pub(super) fn convolve(&self, rho: &mut [Complex64]) {
        self.forward(rho);
        self.potential(rho);
    }

    /// The same for Σ_x e^{−iqx} ρ(x).
    pub(super) fn potential(&self, rho: &mut [Complex64]) {
        for (z, &factor) in rho.iter_mut().zip(&self.spectrum.kernel) {
            *z *= factor;
        }
        self.backward(rho);
    }

    /// (u(x) − w(x')) G, entrywise, for G in position.
    pub(super) fn multiply(&self, u: &[Complex64], w: &[Complex64], state: &mut [Complex64]) {
        for (row, &there) in state.chunks_exact_mut(self.levels()).zip(w) {
            for (z, &here) in row.iter_mut().zip(u) {
                *z *= here - there;
            }
        }
    }

    /// Calls `act` on the columns of x, each as one state, and adds c times what
    /// it makes of them to those of `out`.
    pub(super) fn on_columns(
        &self,
        c: Complex64,
        x: ArrayView2<'_, Complex64>,
        mut out: ArrayViewMut2<'_, Complex64>,
        act: impl Fn(&mut [Complex64]) + Sync,
    ) {
        let (len, width) = (self.len(), self.together());
        let tasks = x.axis_chunks_iter(Axis(1), width).into_par_iter();
        let images = out.axis_chunks_iter_mut(Axis(1), width).into_par_iter();
        tasks.zip(images).for_each(|(x, out)| {
            let mut states = self.scratch.lend(len * x.ncols(), Complex64::ZERO);
            gather(x, &mut states);
            states.chunks_exact_mut(len).for_each(&act);
            add_columns(c, &states, out);
        });
    }

    /// Numbers that a transform holds beside its argument.
    pub(super) fn needed(&self) -> usize {
        self.spectrum.fourier.needed()
    }

    /// How many states are handled at a time.
    pub(super) fn together(&self) -> usize {
        (TASK / self.len()).max(FEWEST)
    }
}

/// `out += c·(states)`, one state for each column.
pub(super) fn add_columns(
    c: Complex64,
    states: &[Complex64],
    mut out: ArrayViewMut2<'_, Complex64>,
) {
    let len = out.nrows();
    for (a, mut row) in out.rows_mut().into_iter().enumerate() {
        for (z, &image) in row.iter_mut().zip(states[a..].iter().step_by(len)) {
            *z += c * image;
        }
    }
}

/// The columns of a panel as states, one after another.
pub(super) fn gather(x: ArrayView2<'_, Complex64>, states: &mut [Complex64]) {
    let len = x.nrows();
    for (a, row) in x.rows().into_iter().enumerate() {
        for (z, &value) in states[a..].iter_mut().step_by(len).zip(row) {
            *z = value;
        }
    }
}

/// Transposes an n×n matrix in place, tile by tile.
pub(super) fn transpose(n: usize, matrix: &mut [Complex64]) {
    for rows in (0..n).step_by(TILE) {
        for columns in (rows..n).step_by(TILE) {
            for i in rows..(rows + TILE).min(n) {
                for j in columns.max(i + 1)..(columns + TILE).min(n) {
                    matrix.swap(i * n + j, j * n + i);
                }
            }
        }
    }
}
