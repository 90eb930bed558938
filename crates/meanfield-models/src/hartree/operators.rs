//! K, V and Q on panels: entrywise products, convolutions of diagonals, and h
//! along the axes of the grid.

use meanfield_abstract::Hamiltonian;
use meanfield_tensor::{Lent, pair_rank};
use ndarray::{Array2, ArrayView2, ArrayViewMut2};
use num_complex::Complex64;

use super::Hartree;

/// The rows of a panel in row-major order.
pub(super) fn rows<S>(data: &[S], columns: usize) -> std::slice::ChunksExact<'_, S> {
    data.chunks_exact(columns)
}

/// Calls `add` with the numbers of both panels row by row, whatever their
/// layout.
pub(super) fn on_rows(
    x: &ArrayView2<'_, Complex64>,
    out: ArrayViewMut2<'_, Complex64>,
    add: impl FnOnce(&[Complex64], &mut [Complex64]),
) {
    if x.is_empty() {
        return;
    }
    let x = x.as_standard_layout();
    let Some(x) = x.as_slice() else {
        unreachable!("a panel in standard layout is a slice");
    };
    into_rows(out, |out| add(x, out));
}

/// The same for the result alone.
fn into_rows(mut out: ArrayViewMut2<'_, Complex64>, add: impl FnOnce(&mut [Complex64])) {
    if out.is_empty() {
        return;
    }
    if let Some(out) = out.as_slice_mut() {
        return add(out);
    }
    let mut image = Array2::zeros(out.raw_dim());
    if let Some(image) = image.as_slice_mut() {
        add(image);
    }
    out += &image;
}

/// `out += c x`.
fn add_scaled(c: Complex64, x: &[Complex64], out: &mut [Complex64]) {
    for (o, &z) in out.iter_mut().zip(x) {
        *o += c * z;
    }
}

impl Hartree {
    /// h between sites, real and symmetric.
    pub(super) fn one_body_matrix(&self) -> Array2<f64> {
        let mut h = self.kinetic.matrix();
        for (x, u) in h.diag_mut().iter_mut().zip(&self.field) {
            *x += u;
        }
        h
    }

    /// `out += −(i/ħ)c [h, x]`.
    pub(super) fn add_free(
        &self,
        c: Complex64,
        x: ArrayView2<'_, Complex64>,
        out: ArrayViewMut2<'_, Complex64>,
    ) {
        let (d, columns, rate) = (self.levels(), x.ncols(), self.rate(c));
        on_rows(&x, out, |x, out| {
            let mut image = self.scratch.filled(x.len(), Complex64::ZERO);
            self.kinetic.add_commutator(columns, x, &mut image);
            let each = rows(x, columns).zip(rows(&image, columns));
            for (k, ((x, image), out)) in each.zip(out.chunks_exact_mut(columns)).enumerate() {
                let u = self.field[k / d] - self.field[k % d];
                for ((o, &z), &t) in out.iter_mut().zip(x).zip(image) {
                    *o += rate * (t + z * u);
                }
            }
        });
    }

    /// `out += −(i/ħ)c (v(x₁−x₂) − v(x₁'−x₂')) x`, D²×M.
    pub(super) fn multiply_pairs(
        &self,
        c: Complex64,
        x: ArrayView2<'_, Complex64>,
        out: ArrayViewMut2<'_, Complex64>,
    ) {
        let (d, columns, rate) = (self.levels(), x.ncols(), self.rate(c));
        let v = self.pair_table();
        on_rows(&x, out, |x, out| {
            // Rows that share x₁, x₁', x₂; x₂' runs.
            let each = x
                .chunks_exact(d * columns)
                .zip(out.chunks_exact_mut(d * columns));
            for (k, (x, out)) in each.enumerate() {
                let (first, first_p, second) = (k / (d * d), k / d % d, k % d);
                let here = v[[first, second]];
                let factors = v.row(first_p);
                let factors = factors.iter().map(|there| rate * (here - there));
                if columns == 1 {
                    for ((o, &z), factor) in out.iter_mut().zip(x).zip(factors) {
                        *o += factor * z;
                    }
                } else {
                    let each = out.chunks_exact_mut(columns).zip(rows(x, columns));
                    for ((out, x), factor) in each.zip(factors) {
                        add_scaled(factor, x, out);
                    }
                }
            }
        });
    }

    /// The partial trace of the above over the second slot: `out +=
    /// −(i/ħ)c Σ_y (v(x−y) − v(x'−y)) x[(x,x'), (y,y)]`.
    pub(super) fn trace_pairs(
        &self,
        c: Complex64,
        x: ArrayView2<'_, Complex64>,
        out: ArrayViewMut2<'_, Complex64>,
    ) {
        let (d, columns, rate) = (self.levels(), x.ncols(), self.rate(c));
        let v = self.pair_table();
        on_rows(&x, out, |x, out| {
            let each = x
                .chunks_exact(d * d * columns)
                .zip(out.chunks_exact_mut(columns));
            for (k, (x, out)) in each.enumerate() {
                let (left, right) = (k / d, k % d);
                if left == right {
                    continue;
                }
                for (y, x) in rows(x, columns).step_by(d + 1).enumerate() {
                    add_scaled(rate * (v[[left, y]] - v[[right, y]]), x, out);
                }
            }
        });
    }

    /// [`Hartree::multiply_pairs`] of a product x⊗y, whose panel is not formed.
    pub(super) fn multiply_products(
        &self,
        c: Complex64,
        x: ArrayView2<'_, Complex64>,
        y: ArrayView2<'_, Complex64>,
        out: ArrayViewMut2<'_, Complex64>,
    ) {
        let (d, rate) = (self.levels(), self.rate(c));
        let (m1, m2) = (x.ncols(), y.ncols());
        let v = self.pair_table();
        on_rows(&y, out, |y, out| {
            let each = out.chunks_exact_mut(d * d * m1 * m2).zip(x.rows());
            for (k, (out, x)) in each.enumerate() {
                let (first, first_p) = (k / d, k % d);
                let factors = v.row(first_p);
                for second in 0..d {
                    let here = v[[first, second]];
                    let out = &mut out[second * d * m1 * m2..][..d * m1 * m2];
                    let y = &y[second * d * m2..][..d * m2];
                    if m1 * m2 == 1 {
                        let factor = rate * x[0];
                        for ((o, &z), there) in out.iter_mut().zip(y).zip(factors) {
                            *o += factor * z * (here - there);
                        }
                        continue;
                    }
                    let each = out.chunks_exact_mut(m1 * m2).zip(rows(y, m2));
                    for ((out, y), there) in each.zip(factors) {
                        let factor = rate * (here - there);
                        for (&x, out) in x.iter().zip(out.chunks_exact_mut(m2)) {
                            add_scaled(factor * x, y, out);
                        }
                    }
                }
            }
        });
    }

    /// The symmetric part of the same for two states, on packed pairs: ½(x_a y_b + x_b y_a)
    /// times a factor that does not depend on the order.
    pub(super) fn multiply_symmetric(
        &self,
        c: Complex64,
        x: &[Complex64],
        y: &[Complex64],
        out: &mut [Complex64],
    ) {
        let (d, rate, v) = (self.levels(), 0.5 * self.rate(c), self.pair_table());
        let mut rest = out;
        for b in 0..x.len() {
            let (row, behind) = rest.split_at_mut(b + 1);
            rest = behind;
            let (here, there) = (v.row(b / d), v.row(b % d));
            for (a, z) in row.iter_mut().enumerate() {
                let factor = rate * (here[a / d] - there[a % d]);
                *z += factor * (x[a] * y[b] + x[b] * y[a]);
            }
        }
    }

    /// [`Hartree::trace_pairs`] of a symmetric pair, packed.
    pub(super) fn trace_symmetric(&self, c: Complex64, pairs: &[Complex64], out: &mut [Complex64]) {
        let (d, rate, v) = (self.levels(), self.rate(c), self.pair_table());
        for (a, z) in out.iter_mut().enumerate() {
            let (left, right) = (v.row(a / d), v.row(a % d));
            for y in 0..d {
                let b = y * (d + 1);
                *z += rate * (left[y] - right[y]) * pairs[pair_rank(a, b)];
            }
        }
    }

    /// `out += −(i/ħ)c [V∗ρ_y, x]`, columns m₁·M₂ + m₂.
    pub(super) fn trace_products(
        &self,
        c: Complex64,
        x: ArrayView2<'_, Complex64>,
        y: ArrayView2<'_, Complex64>,
        out: ArrayViewMut2<'_, Complex64>,
    ) {
        let (d, rate) = (self.levels(), self.rate(c));
        let (m1, m2) = (x.ncols(), y.ncols());
        on_rows(&y, out, |y, out| {
            let potential = self.potentials(m2, y);
            let each = out.chunks_exact_mut(m1 * m2).zip(x.rows());
            for (k, (out, x)) in each.enumerate() {
                let (left, right) = (k / d, k % d);
                if left == right {
                    continue;
                }
                let (left, right) = (
                    &potential[left * m2..][..m2],
                    &potential[right * m2..][..m2],
                );
                for (&x, out) in x.iter().zip(out.chunks_exact_mut(m2)) {
                    let factor = rate * x;
                    for ((o, &l), &r) in out.iter_mut().zip(left).zip(right) {
                        *o += factor * (l - r);
                    }
                }
            }
        });
    }

    /// V∗ρ, d×columns, for the densities of the columns of a panel of d² rows:
    /// its rows x·(d+1).
    pub(super) fn potentials(&self, columns: usize, x: &[Complex64]) -> Lent<'_, Complex64> {
        let d = self.levels();
        let mut rho = self.scratch.lend(d * columns, Complex64::ZERO);
        for (to, row) in rho
            .chunks_exact_mut(columns)
            .zip(rows(x, columns).step_by(d + 1))
        {
            to.copy_from_slice(row);
        }
        let mut out = self.scratch.filled(rho.len(), Complex64::ZERO);
        self.convolution.add(columns, &rho, &mut out);
        out
    }
}
