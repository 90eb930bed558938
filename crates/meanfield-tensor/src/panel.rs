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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_rows_are_pieces_of_the_slice() {
        let mut data = [0, 1, 2, 3, 4, 5];
        assert_eq!(panel(2, &data)[[1, 0]], 3);
        assert_eq!(panel(0, &data[..0]).dim(), (0, 0));
        panel_mut(3, &mut data)[[2, 1]] = 9;
        assert_eq!(data, [0, 1, 2, 3, 4, 9]);
    }

    #[test]
    #[should_panic(expected = "6 numbers in 4 rows")]
    fn law_what_is_no_matrix_is_a_mistake() {
        let _ = panel(4, &[0; 6]);
    }

    #[test]
    #[should_panic(expected = "6 numbers in 4 rows")]
    fn law_what_is_no_matrix_is_a_mistake_to_write_to() {
        let _ = panel_mut(4, &mut [0; 6]);
    }
}
