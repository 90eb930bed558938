//! K₁, V and Q in plane waves.

use std::ops::Range;

use meanfield_abstract::{Capabilities, Effort, Interaction, Linearisation, Model};
use meanfield_tensor::{Lent, Pool, Space, pair_count};
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
    /// Work space of the operators.
    pub(super) scratch: Pool<Complex64>,
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
            scratch: Pool::new(),
        }
    }

    pub(super) fn slot(&self) -> Slot<'_> {
        Slot::new(&self.hartree.spectrum, &self.scratch)
    }

    /// −(i/ħ)c, with the factors d of a transform of one slot each way taken away.
    pub(super) fn rate(&self, c: Complex64) -> Complex64 {
        self.hartree.rate(c) / self.slot().len() as f64
    }

    /// Columns of a panel as states in position, d times too large.
    fn positions(&self, x: ArrayView2<'_, Complex64>) -> Lent<'_, Complex64> {
        let slot = self.slot();
        let mut states = self.scratch.lend(x.len(), Complex64::ZERO);
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
    ///
    /// Both into `seen`, 2d numbers.
    fn seen_by(&self, state: &[Complex64], k: usize, p: usize, seen: &mut [Complex64]) {
        let (slot, d) = (self.slot(), self.minus.nrows());
        let (left, right) = seen.split_at_mut(d);
        for (kq, &q) in self.minus.column(k).iter().enumerate() {
            left[q] = state[kq * d + p];
        }
        let row = &state[k * d..(k + 1) * d];
        for (z, &pq) in right.iter_mut().zip(self.minus.row(p)) {
            *z = row[pq];
        }
        slot.potential(left);
        slot.potential(right);
    }

    /// Rows of X⊗Y under V, X in plane waves and Y in position: those of the first
    /// slot in `rows`, up to the diagonal, which lie together in `out`.
    fn add_rows(
        &self,
        rate: Complex64,
        (first, second): (&[Complex64], &[Complex64]),
        rows: Range<usize>,
        out: &mut [Complex64],
    ) {
        let (slot, d) = (self.slot(), self.minus.nrows());
        if rows.len() > STATES {
            let middle = rows.start.midpoint(rows.end);
            let (low, high) = out.split_at_mut(pair_count(middle) - pair_count(rows.start));
            let factors = (first, second);
            rayon::join(
                || self.add_rows(rate, factors, rows.start..middle, low),
                || self.add_rows(rate, factors, middle..rows.end, high),
            );
            return;
        }
        let mut image = self.scratch.lend(slot.len(), Complex64::ZERO);
        let mut seen = self.scratch.lend(2 * d, Complex64::ZERO);
        let mut rest = out;
        for a in rows {
            let (row, behind) = rest.split_at_mut(a + 1);
            rest = behind;
            self.seen_by(first, a / d, a % d, &mut seen);
            let (left, right) = seen.split_at(d);
            image.copy_from_slice(second);
            slot.multiply(left, right, &mut image);
            slot.to_some_momenta(a / d + 1, &mut image);
            for (z, &moved) in row.iter_mut().zip(image.iter()) {
                *z += rate * moved;
            }
        }
    }
}

impl Model for PlaneWaves<'_> {
    type Scalar = Complex64;

    fn space(&self) -> &Space<Complex64> {
        self.hartree.space()
    }

    fn add_k(&self, c: Complex64, x: ArrayView2<'_, Complex64>, out: ArrayViewMut2<'_, Complex64>) {
        let slot = self.slot();
        let mut trap = self.scratch.lend(slot.levels(), Complex64::ZERO);
        for (u, &value) in trap.iter_mut().zip(&self.hartree.field) {
            *u = value.into();
        }
        slot.on_columns(self.rate(c), x, out, |state| {
            slot.to_position(state);
            slot.multiply(&trap, &trap, state);
            slot.to_momentum(state);
        });
    }

    /// F and the potential for each linearisation; states and their images on every
    /// thread, and pairs of states where these come.
    fn effort(&self, columns: usize, pairs: usize) -> Effort {
        let (slot, d, len) = (self.slot(), self.slot().levels(), self.slot().len());
        let threads = rayon::current_num_threads();
        let together = slot.together().min(columns.max(1));
        let each = len.saturating_mul(together + 1) + 3 * d + slot.needed();
        let wide = if pairs > 0 {
            let pairs = pairs.max(len);
            len.saturating_mul(len).saturating_add(3 * len * pairs)
        } else {
            0
        };
        // A transform of d numbers takes about 5 d log₂d operations, a state 2d.
        let log = u64::from(d.ilog2()) + 1;
        let (len_ops, d_ops) = (len as u64, d as u64);
        let state = 10 * len_ops * log;
        Effort {
            linearisation: len + d,
            generator: len + d,
            scratch: (threads * each)
                .saturating_add(len * (d + 2) + d)
                .saturating_add(wide),
            column: 2 * state + 10 * d_ops * log + 20 * len_ops,
            pair: len_ops * (state + 10 * d_ops * log + 16 * len_ops),
            traced: 8 * len_ops * len_ops,
            fewest_columns: slot.together(),
        }
    }

    fn linearised_generator(&self) -> Box<dyn Linearisation<Complex64> + '_> {
        Box::new(Linearised::new(self, true))
    }

    fn interaction(&self) -> &dyn Interaction<Complex64> {
        self
    }

    fn capabilities(&self) -> Capabilities<'_, Complex64> {
        Capabilities {
            k_is_zero: self.hartree.field.iter().all(|&u| u == 0.0),
            ..Capabilities::of(self.space())
        }
    }
}

impl Interaction<Complex64> for PlaneWaves<'_> {
    fn one_body_space(&self) -> &Space<Complex64> {
        self.space()
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
        let mut states = self.scratch.lend(len * len, Complex64::ZERO);
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
            for (z, &image) in out.iter_mut().zip(states.iter()) {
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
        let mut densities = self.scratch.filled(len * d * columns, Complex64::ZERO);
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
        let mut first = self.scratch.lend(x.len(), Complex64::ZERO);
        gather(x, &mut first);
        let second = self.positions(y);
        let width = y.ncols();
        let tasks = out.axis_chunks_iter_mut(Axis(0), len).into_par_iter();
        tasks.enumerate().for_each(|(a, mut out)| {
            let together = slot.together().min(width);
            let mut images = self.scratch.lend(len * together, Complex64::ZERO);
            let mut seen = self.scratch.lend(2 * d, Complex64::ZERO);
            let parts = out.axis_chunks_iter_mut(Axis(1), width);
            for (mut out, x) in parts.zip(first.chunks_exact(len)) {
                self.seen_by(x, a / d, a % d, &mut seen);
                let (left, right) = seen.split_at(d);
                let some = second.chunks(len * slot.together());
                for (y, out) in some.zip(out.axis_chunks_iter_mut(Axis(1), slot.together())) {
                    let images = &mut images[..y.len()];
                    images.copy_from_slice(y);
                    for image in images.chunks_exact_mut(len) {
                        slot.multiply(left, right, image);
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
        let mut potentials = self.scratch.filled(d * width, Complex64::ZERO);
        let each = potentials.chunks_exact_mut(d).zip(y.axis_iter(Axis(1)));
        each.for_each(|(rho, column)| {
            self.add_densities(column.insert_axis(Axis(1)), rho);
            slot.potential(rho);
        });
        let potentials = &potentials;
        let first = self.positions(x);
        let parts = out.axis_chunks_iter_mut(Axis(1), width).into_par_iter();
        let tasks = parts.zip(first.par_chunks_exact(len));
        tasks.for_each(|(mut out, x)| {
            let some = potentials.chunks(d * slot.together());
            let together = slot.together().min(width);
            let mut images = self.scratch.lend(len * together, Complex64::ZERO);
            for (u, out) in some.zip(out.axis_chunks_iter_mut(Axis(1), slot.together())) {
                let images = &mut images[..len * (u.len() / d)];
                for (image, u) in images.chunks_exact_mut(len).zip(u.chunks_exact(d)) {
                    image.copy_from_slice(x);
                    slot.multiply(u, u, image);
                    slot.to_momentum(image);
                }
                add_columns(rate, images, out);
            }
        });
    }

    /// Each row of the first slot up to the diagonal, by
    /// [`add_pair_product`](Interaction::add_pair_product)'s factors, and for x ≠ y with both
    /// in exchange.
    fn add_symmetric_product(
        &self,
        c: Complex64,
        x: &[Complex64],
        y: &[Complex64],
        out: &mut [Complex64],
    ) {
        let (slot, rate) = (self.slot(), self.rate(c));
        let rows = 0..slot.len();
        let mut second = self.scratch.lend(slot.len(), Complex64::ZERO);
        let mut add = |rate, x: &[Complex64], y: &[Complex64]| {
            second.copy_from_slice(y);
            slot.to_position(&mut second);
            self.add_rows(rate, (x, &second), rows.clone(), out);
        };
        if x == y {
            return add(rate, x, y);
        }
        add(0.5 * rate, x, y);
        add(0.5 * rate, y, x);
    }

    /// As [`add_q`](Interaction::add_q), by the densities beside every plane wave: D·d
    /// numbers.
    fn add_symmetric_q(&self, c: Complex64, pairs: &[Complex64], out: &mut [Complex64]) {
        let (d, len, rate) = (self.slot().levels(), out.len(), self.hartree.rate(c));
        // Those of one q lie together.
        let mut densities = self.scratch.filled(d * len, Complex64::ZERO);
        let mut own = self.scratch.lend(d, Complex64::ZERO);
        let mut rows = pairs;
        for (b, &qb) in self.minus.iter().enumerate() {
            let (row, behind) = rows.split_at(b + 1);
            rows = behind;
            let to = &mut densities[qb * len..][..b + 1];
            to.iter_mut().zip(row).for_each(|(z, &value)| *z += value);
            own.fill(Complex64::ZERO);
            for (&value, &qa) in row[..b].iter().zip(&self.minus) {
                own[qa] += value;
            }
            let places = densities[b..].iter_mut().step_by(len);
            places.zip(own.iter()).for_each(|(z, &value)| *z += value);
        }
        for (q, &factor) in self.hartree.spectrum.kernel.iter().enumerate() {
            let rho = &densities[q * len..][..len];
            let (factor, negative) = (rate * factor, self.minus[[0, q]]);
            for (a, z) in out.iter_mut().enumerate() {
                let (k, p) = (a / d, a % d);
                // k' + q is the number from which q leads back to k'.
                let left = rho[self.minus[[k, q]] * d + p];
                let right = rho[k * d + self.minus[[p, negative]]];
                *z += factor * (left - right);
            }
        }
    }

    fn linearisation(&self) -> Box<dyn Linearisation<Complex64> + '_> {
        Box::new(Linearised::new(self, false))
    }
}
