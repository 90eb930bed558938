//! Panels: the numbers of a slice, row by row, as a matrix.

use ndarray::{ArrayView2, ArrayViewMut2};

/// The matrix of `rows` rows over its numbers, row by row.
///
/// # Panics
/// When the length is no multiple of `rows`.
#[must_use]
pub fn panel<S>(rows: usize, data: &[S]) -> ArrayView2<'_, S> {
    let columns = data.len() / rows.max(1);
    match ArrayView2::from_shape((rows, columns), data) {
        Ok(view) if view.len() == data.len() => view,
        _ => panic!("{} numbers in {rows} rows", data.len()),
    }
}

/// The same, to be written to.
///
/// # Panics
/// When the length is no multiple of `rows`.
#[must_use]
pub fn panel_mut<S>(rows: usize, data: &mut [S]) -> ArrayViewMut2<'_, S> {
    let (columns, len) = (data.len() / rows.max(1), data.len());
    match ArrayViewMut2::from_shape((rows, columns), data) {
        Ok(view) if view.len() == len => view,
        _ => panic!("{len} numbers in {rows} rows"),
    }
}
