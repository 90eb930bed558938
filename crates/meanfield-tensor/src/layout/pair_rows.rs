//! Rows of a packed symmetric matrix, each side by side: for sums over one of its
//! indices. (One slot beside some columns, as for products, is what
//! [`one_slot_columns`](super::SymmetricLayout::one_slot_columns) gives.)

use std::ops::Range;

use super::pair_index::pair_count;
use crate::simd::{SIDE, Turn, TurningKernel, vectorised_turning};
use crate::{Scalar, TensorError};

/// `out[c·stride + e] = T[{c, e}]` for the rows c in `rows`, counted from the first of
/// them, and all D indices e; T is packed, of degree 2. Cost: D moves for each row.
///
/// # Errors
/// [`TensorError::Shape`] for a T that is not D(D+1)/2 numbers, rows beyond D, a stride
/// below D, or an `out` that is not a stride for each row.
pub fn pair_rows<S: Scalar>(
    dimension: usize,
    packed: &[S],
    rows: Range<usize>,
    stride: usize,
    out: &mut [S],
) -> Result<(), TensorError> {
    let refused = |what, found, expected| TensorError::Shape {
        what,
        found: vec![found],
        expected: vec![expected],
    };
    if packed.len() != pair_count(dimension) {
        let expected = pair_count(dimension);
        return Err(refused("packed matrix", packed.len(), expected));
    }
    if rows.end > dimension {
        return Err(refused("end of the rows", rows.end, dimension));
    }
    if stride < dimension {
        return Err(refused("stride of the rows", stride, dimension));
    }
    if rows.len().checked_mul(stride) != Some(out.len()) {
        let expected = rows.len().saturating_mul(stride);
        return Err(refused("room for the rows", out.len(), expected));
    }
    vectorised_turning(PairRows {
        dimension,
        packed,
        rows,
        stride,
        out,
    });
    Ok(())
}

struct PairRows<'a, S> {
    dimension: usize,
    packed: &'a [S],
    rows: Range<usize>,
    stride: usize,
    out: &'a mut [S],
}

impl<S: Scalar> TurningKernel for PairRows<'_, S> {
    #[inline(always)]
    fn run(self, turn: impl Turn) {
        let Self {
            dimension,
            packed,
            rows,
            stride,
            out,
        } = self;
        let column = |e: usize| &packed[pair_count(e)..][..=e];
        for (c, row) in rows.clone().zip(out.chunks_mut(stride)) {
            row[..=c].copy_from_slice(column(c));
        }
        // c < e, in whole squares where there are some.
        let mut e = rows.start + 1;
        while e < dimension {
            let width = if e % SIDE == 0 && e + SIDE <= dimension {
                SIDE
            } else {
                1
            };
            let end = rows.end.min(e);
            let whole = match width {
                SIDE => rows.start + (end - rows.start) / SIDE * SIDE,
                _ => rows.start,
            };
            for c in (rows.start..whole).step_by(SIDE) {
                for (k, from) in turn.turned(|k| &column(e + k)[c..]).iter().enumerate() {
                    out[(c + k - rows.start) * stride + e..][..SIDE].copy_from_slice(from);
                }
            }
            for e in e..e + width {
                for c in whole..rows.end.min(e) {
                    out[(c - rows.start) * stride + e] = column(e)[c];
                }
            }
            e += width;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::noise;
    use super::*;
    use crate::pair_rank;

    #[test]
    fn law_rows_hold_every_pair_in_both_orders() {
        for d in [1, 2, 7, 8, 9, 16, 17, 31, 70] {
            let packed = noise(pair_count(d), 1);
            for rows in [0..d, 0..1, d / 3..d / 3 + 1, d / 3..d, d - 1..d] {
                for stride in [d, d + 3] {
                    let mut out = vec![9.0; rows.len() * stride];
                    pair_rows(d, &packed, rows.clone(), stride, &mut out).unwrap();
                    for (c, row) in rows.clone().zip(out.chunks(stride)) {
                        for (e, &x) in row.iter().enumerate() {
                            let beyond = e >= d;
                            let expected = if beyond { 9.0 } else { packed[pair_rank(c, e)] };
                            assert_eq!(x, expected, "D = {d}, ({c}, {e})");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn law_rows_that_do_not_fit_are_refused() {
        let packed = noise(6, 1);
        let mut out = [9.0; 6];
        let mut refused = |packed: &[f64], rows, stride| {
            let found = pair_rows(3, packed, rows, stride, &mut out);
            found.unwrap_err().to_string()
        };
        let message = |what: &str, found: usize, expected: usize| {
            format!("{what}: found shape [{found}], expected [{expected}]")
        };
        assert_eq!(
            refused(&packed[..5], 0..2, 3),
            message("packed matrix", 5, 6)
        );
        assert_eq!(refused(&packed, 2..4, 3), message("end of the rows", 4, 3));
        assert_eq!(
            refused(&packed, 0..3, 2),
            message("stride of the rows", 2, 3)
        );
        assert_eq!(
            refused(&packed, 0..2, 4),
            message("room for the rows", 6, 8)
        );
        assert_eq!(out, [9.0; 6]);
    }
}
