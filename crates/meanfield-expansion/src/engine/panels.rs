//! Panels over packed tensors, and how products of them are joined.

use std::ops::Range;

use meanfield_tensor::Scalar;
use ndarray::{ArrayView2, ArrayViewMut2, Axis};

/// A panel of `rows` rows over its numbers, row by row.
pub(super) fn panel<S>(rows: usize, data: &[S]) -> ArrayView2<'_, S> {
    let columns = data.len() / rows.max(1);
    match ArrayView2::from_shape((rows, columns), data) {
        Ok(view) => view,
        Err(_) => unreachable!("a panel's length is a multiple of its rows"),
    }
}

/// The same, to be written to.
pub(super) fn panel_mut<S>(rows: usize, data: &mut [S]) -> ArrayViewMut2<'_, S> {
    let columns = data.len() / rows.max(1);
    match ArrayViewMut2::from_shape((rows, columns), data) {
        Ok(view) => view,
        Err(_) => unreachable!("a panel's length is a multiple of its rows"),
    }
}

/// The columns `range` of a panel.
pub(super) fn columns<S>(panel: ArrayView2<'_, S>, range: Range<usize>) -> ArrayView2<'_, S> {
    let (_, from) = panel.split_at(Axis(1), range.start);
    from.split_at(Axis(1), range.len()).0
}

/// The columns `range` of a panel that is written to.
pub(super) fn columns_mut<S>(
    panel: ArrayViewMut2<'_, S>,
    range: Range<usize>,
) -> ArrayViewMut2<'_, S> {
    let (_, from) = panel.split_at(Axis(1), range.start);
    from.split_at(Axis(1), range.len()).0
}

/// All (j1, l1, j2, l2) with j1 + j2 = `j`, j1, j2 ≥ 1 and l1 + l2 = `l`.
pub(super) fn splittings(j: usize, l: usize) -> impl Iterator<Item = (usize, usize, usize, usize)> {
    (1..j).flat_map(move |j1| (0..=l).map(move |l1| (j1, l1, j - j1, l - l1)))
}

/// `to[row, ranks[m]] += weights[m]·from[row, part.start + m]`, for panels of
/// `rows` rows; `width` and `to_width` are the lengths of their rows.
pub(super) fn scatter_columns<S: Scalar>(
    rows: usize,
    from: &[S],
    (width, part): (usize, Range<usize>),
    ranks: &[u32],
    weights: &[f64],
    (to_width, to): (usize, &mut [S]),
) {
    for row in 0..rows {
        let from = &from[row * width..(row + 1) * width][part.clone()];
        let to = &mut to[row * to_width..(row + 1) * to_width];
        for ((&x, &rank), &weight) in from.iter().zip(ranks).zip(weights) {
            to[rank as usize] += x.scaled(weight);
        }
    }
}
