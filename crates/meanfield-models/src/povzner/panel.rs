//! Panels a block of columns at a time, and the loops over their rows.

use std::ops::Range;

use ndarray::{ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2, Axis};

/// Numbers in a block of columns: a quarter of a megabyte stays in the
/// second-level cache.
const BLOCK: usize = 1 << 15;
/// Least number of columns of a block: rows shorter than two cache lines cost
/// more than they hold.
const NARROWEST: usize = 16;

/// The columns of a panel of `rows` rows, a block at a time.
pub(super) fn blocks(rows: usize, columns: usize) -> impl Iterator<Item = Range<usize>> {
    let width = (BLOCK / rows.max(1)).max(NARROWEST);
    (0..columns)
        .step_by(width)
        .map(move |start| start..(start + width).min(columns))
}

/// The columns `range` of a panel.
pub(super) fn columns(panel: ArrayView2<'_, f64>, range: Range<usize>) -> ArrayView2<'_, f64> {
    let (_, from) = panel.split_at(Axis(1), range.start);
    from.split_at(Axis(1), range.len()).0
}

/// A copy of the panel, row by row, in `out`.
pub(super) fn gather(panel: ArrayView2<'_, f64>, out: &mut Vec<f64>) {
    out.clear();
    for row in panel.rows() {
        match row.to_slice() {
            Some(row) => out.extend_from_slice(row),
            None => out.extend(row.iter()),
        }
    }
}

/// `out[rows][columns] += x`, for x laid out row by row.
pub(super) fn scatter(x: &[f64], range: Range<usize>, out: &mut ArrayViewMut2<'_, f64>) {
    let width = range.len();
    for (r, x) in x.chunks_exact(width.max(1)).enumerate() {
        let row = out.row_mut(r);
        let (_, row) = row.split_at(Axis(0), range.start);
        let (row, _) = row.split_at(Axis(0), width);
        add_slice(1.0, x, row);
    }
}

/// `y += a x`.
pub(super) fn axpy(a: f64, x: &[f64], y: &mut [f64]) {
    for (y, &x) in y.iter_mut().zip(x) {
        *y += a * x;
    }
}

/// `y += a x` for a row of a panel.
pub(super) fn add_slice(a: f64, x: &[f64], mut y: ArrayViewMut1<'_, f64>) {
    match y.as_slice_mut() {
        Some(y) => axpy(a, x, y),
        None => y.iter_mut().zip(x).for_each(|(y, &x)| *y += a * x),
    }
}

/// `y += a x` for a row of a panel.
pub(super) fn add_row(a: f64, x: ArrayView1<'_, f64>, y: &mut [f64]) {
    match x.to_slice() {
        Some(x) => axpy(a, x, y),
        None => y.iter_mut().zip(x).for_each(|(y, &x)| *y += a * x),
    }
}

/// `y += Σ_k a[k] x[k]`, for x the rows of `width` numbers of a block: four at
/// a time, so that y is read and written a quarter as often.
pub(super) fn add_combination(a: &[f64], x: &[f64], width: usize, y: &mut [f64]) {
    let rows = |k: usize| &x[k * width..(k + 1) * width];
    let mut k = 0;
    while k + 4 <= a.len() {
        let (p, q, r, s) = (rows(k), rows(k + 1), rows(k + 2), rows(k + 3));
        let (b, c, d, e) = (a[k], a[k + 1], a[k + 2], a[k + 3]);
        for (m, y) in y.iter_mut().enumerate() {
            *y += b * p[m] + c * q[m] + d * r[m] + e * s[m];
        }
        k += 4;
    }
    for k in k..a.len() {
        axpy(a[k], rows(k), y);
    }
}
