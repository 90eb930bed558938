//! A sparse matrix by rows, or a dense one when most entries are there.

use meanfield_tensor::{Scalar, linalg};
use ndarray::{Array2, ArrayView2, ArrayViewMut2};

/// Above this share of non-zero entries a matrix product beats the list:
/// measured break-even at 6 to 7 % for D = 8 to 32 and 8 to 512 columns.
const DENSE_SHARE: f64 = 0.065;
/// Largest number of columns for which the matrix is also kept (32 MiB of real
/// numbers).
const DENSE_COLUMNS: usize = 2048;

/// A sparse matrix by rows, with a dense copy where that is faster.
#[derive(Debug, Clone)]
pub(super) struct Rows<S> {
    pub(super) start: Vec<usize>,
    pub(super) column: Vec<u32>,
    pub(super) value: Vec<S>,
    pub(super) dense: Option<Array2<S>>,
}

/// Whether a matrix of that many entries is kept as one too.
fn is_dense(rows: usize, columns: usize, entries: usize) -> bool {
    let share = entries as f64 / (rows * columns).max(1) as f64;
    share > DENSE_SHARE && columns <= DENSE_COLUMNS && columns > 16
}

impl<S: Scalar> Rows<S> {
    /// From entries (row, column, value); repeated ones are added up.
    pub(super) fn new(rows: usize, columns: usize, entries: Vec<(usize, usize, S)>) -> Self {
        Self::from_visits(rows, columns, |visit| {
            for &(row, column, value) in &entries {
                visit(row, column, value);
            }
        })
    }

    /// From a function that visits the same entries each time it is called:
    /// nothing but the result is held.
    pub(super) fn from_visits(
        rows: usize,
        columns: usize,
        for_each: impl Fn(&mut dyn FnMut(usize, usize, S)),
    ) -> Self {
        let mut start = vec![0; rows + 1];
        for_each(&mut |row, _, _| start[row + 1] += 1);
        for r in 0..rows {
            start[r + 1] += start[r];
        }
        let mut next = start.clone();
        let mut column = vec![0_u32; start[rows]];
        let mut value = vec![S::from_re(0.0); start[rows]];
        for_each(&mut |row, c, x| {
            (column[next[row]], value[next[row]]) = (c as u32, x);
            next[row] += 1;
        });
        drop(next);
        // Each row in order of its columns, entries of the same column as one.
        let (mut kept, mut sorted) = (0, Vec::new());
        for r in 0..rows {
            let range = start[r]..start[r + 1];
            sorted.clear();
            sorted.extend(range.clone().map(|k| (column[k], value[k])));
            sorted.sort_by_key(|&(c, _)| c);
            start[r] = kept;
            for (k, &(c, x)) in sorted.iter().enumerate() {
                if k > 0 && column[kept - 1] == c {
                    value[kept - 1] += x;
                } else {
                    (column[kept], value[kept]) = (c, x);
                    kept += 1;
                }
            }
        }
        start[rows] = kept;
        column.truncate(kept);
        value.truncate(kept);
        column.shrink_to_fit();
        value.shrink_to_fit();
        let dense = is_dense(rows, columns, kept).then(|| {
            let mut matrix = Array2::zeros((rows, columns));
            for r in 0..rows {
                for k in start[r]..start[r + 1] {
                    matrix[[r, column[k] as usize]] = value[k];
                }
            }
            matrix
        });
        Self {
            start,
            column,
            value,
            dense,
        }
    }

    /// Bytes taken at most while a matrix of that many entries is made.
    pub(super) fn required_bytes(rows: usize, columns: usize, entries: usize) -> usize {
        let dense = if is_dense(rows, columns, entries) {
            rows.saturating_mul(columns).saturating_mul(size_of::<S>())
        } else {
            0
        };
        let list = entries.saturating_mul(size_of::<S>() + size_of::<u32>());
        let places = rows
            .saturating_add(1)
            .saturating_mul(2 * size_of::<usize>());
        dense.saturating_add(list).saturating_add(places)
    }

    pub(super) fn add(&self, c: S, x: ArrayView2<'_, S>, mut out: ArrayViewMut2<'_, S>) {
        if let Some(matrix) = &self.dense {
            linalg::gemm(c, matrix.view(), x, out);
            return;
        }
        // Of a single column a row is one number: as many sums as there are rows.
        if let (1, Some(x), Some(out)) = (x.ncols(), x.as_slice(), out.as_slice_mut()) {
            for (sum, range) in out.iter_mut().zip(self.start.windows(2)) {
                for k in range[0]..range[1] {
                    *sum += c * self.value[k] * x[self.column[k] as usize];
                }
            }
            return;
        }
        for r in 0..self.start.len() - 1 {
            let mut row = out.row_mut(r);
            for k in self.start[r]..self.start[r + 1] {
                row.scaled_add(c * self.value[k], &x.row(self.column[k] as usize));
            }
        }
    }

    pub(super) fn bytes(&self) -> usize {
        let entry = size_of::<S>() + size_of::<u32>();
        self.value.len() * entry
            + self.start.len() * size_of::<usize>()
            + self.dense.as_ref().map_or(0, |m| m.len() * size_of::<S>())
    }
}
