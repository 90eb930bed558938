//! K₁, V and Q in plane waves.

use meanfield_abstract::{Linearisation, Model};
use meanfield_tensor::Space;
use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis};
use num_complex::Complex64;
use rayon::prelude::*;

use super::super::Hartree;
use super::linearised::Linearised;
use super::state::{Slot, add_columns, gather, transpose};

/// States of the first slot that one task handles.
const STATES: usize = 16;

/// The model without its kinetic energy, in plane waves: K₁ = −(i/ħ)[trap, ·]. The
/// trace is the sum of the diagonal here too, and the norm is the same.
pub(super) struct PlaneWaves<'a> {
    pub(super) hartree: &'a Hartree,
    /// k − q for each k and q, modulo the grid.
    minus: Array2<usize>,
}

impl<'a> PlaneWaves<'a> {
    pub(super) fn new(hartree: &'a Hartree) -> Self {
        let (n, d) = (hartree.grid.points(), hartree.grid.levels());
        let minus = |k: usize, q: usize| match hartree.grid.dimension() {
            1 => (n + k - q) % n,
            _ => (n + k / n - q / n) % n * n + (n + k % n - q % n) % n,
        };
        Self {
            hartree,
            minus: Array2::from_shape_fn((d, d), |(k, q)| minus(k, q)),
        }
    }

    pub(super) fn slot(&self) -> Slot<'_> {
        Slot::new(&self.hartree.spectrum)
    }

    /// −(i/ħ)c, with the factors d of a transform of one slot each way taken away.
    pub(super) fn rate(&self, c: Complex64) -> Complex64 {
        self.hartree.rate(c) / self.slot().len() as f64
    }

    /// Columns of a panel as states in position, d times too large.
    fn positions(&self, x: ArrayView2<'_, Complex64>) -> Vec<Complex64> {
        let slot = self.slot();
        let mut states = vec![Complex64::ZERO; x.len()];
        gather(x, &mut states);
        for state in states.chunks_exact_mut(slot.len()) {
            slot.to_position(state);
        }
        states
    }

    /// `out[q] += Σ_{p−p'=q} G(p,p')` = Σ_x e^{−iqx} ρ_G(x), for M states side by side.
    fn add_densities(&self, x: ArrayView2<'_, Complex64>, out: &mut [Complex64]) {
        let columns = x.ncols();
        for (row, &q) in x.rows().into_iter().zip(&self.minus) {
            let to = &mut out[q * columns..(q + 1) * columns];
            to.iter_mut().zip(row).for_each(|(z, &value)| *z += value);
        }
    }

    /// What the second slot of V(X⊗Y) sees of the first, projected on the plane wave
    /// (k,p): a function l(y) of its left index and one r(y') of its right,
    ///
    /// > l(y) = Σ_q (v̂(q)/d) e^{iqy} X(k+q,p),  r(y') = Σ_q (v̂(q)/d) e^{iqy'} X(k,p−q).
    fn seen_by(&self, state: &[Complex64], k: usize, p: usize) -> [Vec<Complex64>; 2] {
        let (slot, d) = (self.slot(), self.minus.nrows());
        let mut left = vec![Complex64::ZERO; d];
        for (kq, &q) in self.minus.column(k).iter().enumerate() {
            left[q] = state[kq * d + p];
        }
        let row = &state[k * d..(k + 1) * d];
        let mut right: Vec<Complex64> = self.minus.row(p).iter().map(|&pq| row[pq]).collect();
        slot.potential(&mut left);
        slot.potential(&mut right);
        [left, right]
    }
}

impl Model for PlaneWaves<'_> {
    type Scalar = Complex64;

    fn space(&self) -> &Space<Complex64> {
        self.hartree.space()
    }

    fn add_k(&self, c: Complex64, x: ArrayView2<'_, Complex64>, out: ArrayViewMut2<'_, Complex64>) {
        let slot = self.slot();
        let trap: Vec<Complex64> = self.hartree.field.iter().map(Complex64::from).collect();
        slot.on_columns(self.rate(c), x, out, |state| {
            slot.to_position(state);
            slot.multiply(&trap, &trap, state);
            slot.to_momentum(state);
        });
    }

    fn k_is_zero(&self) -> bool {
        self.hartree.field.iter().all(|&u| u == 0.0)
    }

    /// Both slots to position and back. Cost for each column: 8d·D transforms of d
    /// numbers; holds D² numbers.
    fn add_pair(
        &self,
        c: Complex64,
        x: ArrayView2<'_, Complex64>,
        mut out: ArrayViewMut2<'_, Complex64>,
    ) {
        let (slot, d, v) = (self.slot(), self.slot().levels(), self.hartree.pair_table());
        let len = slot.len();
        let rate = self.rate(c) / len as f64;
        let each = |states: &mut [Complex64], act: &(dyn Fn(&mut [Complex64]) + Sync)| {
            let tasks = states.par_chunks_mut(STATES * len);
            tasks.for_each(|some| some.chunks_exact_mut(len).for_each(act));
        };
        let mut states = vec![Complex64::ZERO; len * len];
        for (x, mut out) in x.columns().into_iter().zip(out.columns_mut()) {
            states.iter_mut().zip(x).for_each(|(z, &value)| *z = value);
            each(&mut states, &|state| slot.to_position(state));
            transpose(len, &mut states);
            let tasks = states.par_chunks_mut(len).enumerate();
            tasks.for_each(|(second, state)| {
                slot.to_position(state);
                // The second slot is at (y',y), transposed like the first.
                let (here, there) = (v.row(second % d), v.row(second / d));
                for (row, &v_there) in state.chunks_exact_mut(d).zip(there) {
                    for (z, &v_here) in row.iter_mut().zip(here) {
                        *z *= v_here - v_there;
                    }
                }
                slot.to_momentum(state);
            });
            transpose(len, &mut states);
            each(&mut states, &|state| slot.to_momentum(state));
            for (z, &image) in out.iter_mut().zip(&states) {
                *z += rate * image;
            }
        }
    }

    /// By the densities of the second slot, Σ_{p−p'=q} G(k,k'; p,p'):
    ///
    /// > −(i/ħ) Σ_q (v̂(q)/d) [ρ̂(k−q,k'; q) − ρ̂(k,k'+q; q)].
    ///
    /// Cost: D·(D + d) additions a column.
    fn add_q(
        &self,
        c: Complex64,
        x: ArrayView2<'_, Complex64>,
        mut out: ArrayViewMut2<'_, Complex64>,
    ) {
        let (slot, columns, rate) = (self.slot(), x.ncols(), self.hartree.rate(c));
        if columns == 0 {
            return;
        }
        let (d, len) = (slot.levels(), slot.len());
        let kernel = &self.hartree.spectrum.kernel;
        let mut densities = vec![Complex64::ZERO; len * d * columns];
        densities
            .par_chunks_exact_mut(d * columns)
            .zip(x.axis_chunks_iter(Axis(0), len).into_par_iter())
            .for_each(|(out, x)| {
                self.add_densities(x, out);
                for (z, &factor) in out.chunks_exact_mut(columns).zip(kernel) {
                    z.iter_mut().for_each(|z| *z *= rate * factor);
                }
            });
        let of =
            |k: usize, p: usize, q: usize| &densities[((k * d + p) * d + q) * columns..][..columns];
        for (a, mut out) in out.rows_mut().into_iter().enumerate() {
            let (k, p) = (a / d, a % d);
            for q in 0..d {
                // k' + q is the number from which q leads back to k'.
                let (left, negative) = (self.minus[[k, q]], self.minus[[0, q]]);
                let right = self.minus[[p, negative]];
                let pairs = of(left, p, q).iter().zip(of(k, right, q));
                for (z, (&l, &r)) in out.iter_mut().zip(pairs) {
                    *z += l - r;
                }
            }
        }
    }

    /// With the first slot projected on a plane wave, V(x⊗y) is y times a function
    /// of the left and one of the right index of the second slot. Cost for each plane
    /// wave and column: 2d + 2 transforms of d numbers.
    fn add_pair_product(
        &self,
        c: Complex64,
        x: ArrayView2<'_, Complex64>,
        y: ArrayView2<'_, Complex64>,
        mut out: ArrayViewMut2<'_, Complex64>,
    ) {
        let (slot, rate) = (self.slot(), self.rate(c));
        let (d, len) = (slot.levels(), slot.len());
        let mut first = vec![Complex64::ZERO; x.len()];
        gather(x, &mut first);
        let second = self.positions(y);
        let width = y.ncols();
        let tasks = out.axis_chunks_iter_mut(Axis(0), len).into_par_iter();
        tasks.enumerate().for_each(|(a, mut out)| {
            let mut images = vec![Complex64::ZERO; len * slot.together().min(width)];
            let parts = out.axis_chunks_iter_mut(Axis(1), width);
            for (mut out, x) in parts.zip(first.chunks_exact(len)) {
                let [left, right] = self.seen_by(x, a / d, a % d);
                let some = second.chunks(len * slot.together());
                for (y, out) in some.zip(out.axis_chunks_iter_mut(Axis(1), slot.together())) {
                    let images = &mut images[..y.len()];
                    images.copy_from_slice(y);
                    for image in images.chunks_exact_mut(len) {
                        slot.multiply(&left, &right, image);
                        slot.to_momentum(image);
                    }
                    add_columns(rate, images, out);
                }
            }
        });
    }

    /// −(i/ħ)[V∗ρ_y, x], (17).
    fn add_q_product(
        &self,
        c: Complex64,
        x: ArrayView2<'_, Complex64>,
        y: ArrayView2<'_, Complex64>,
        mut out: ArrayViewMut2<'_, Complex64>,
    ) {
        let (slot, rate) = (self.slot(), self.rate(c));
        let (d, len, width) = (slot.levels(), slot.len(), y.ncols());
        if width == 0 {
            return;
        }
        let potentials: Vec<Vec<Complex64>> = y
            .axis_iter(Axis(1))
            .map(|column| {
                let mut rho = vec![Complex64::ZERO; d];
                self.add_densities(column.insert_axis(Axis(1)), &mut rho);
                slot.potential(&mut rho);
                rho
            })
            .collect();
        let first = self.positions(x);
        let parts = out.axis_chunks_iter_mut(Axis(1), width).into_par_iter();
        let tasks = parts.zip(first.par_chunks_exact(len));
        tasks.for_each(|(mut out, x)| {
            let some = potentials.chunks(slot.together());
            for (u, out) in some.zip(out.axis_chunks_iter_mut(Axis(1), slot.together())) {
                let mut images = x.repeat(u.len());
                for (image, u) in images.chunks_exact_mut(len).zip(u) {
                    slot.multiply(u, u, image);
                    slot.to_momentum(image);
                }
                add_columns(rate, &images, out);
            }
        });
    }

    fn linearisation(&self) -> Box<dyn Linearisation<Complex64> + '_> {
        Box::new(Linearised::new(self, false))
    }

    fn linearised_generator(&self) -> Box<dyn Linearisation<Complex64> + '_> {
        Box::new(Linearised::new(self, true))
    }
}
