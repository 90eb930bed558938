//! Rows of a packed symmetric matrix, each side by side: for sums over one of its
//! indices. (One slot beside some columns, as for products, is what
//! [`one_slot_columns`](super::SymmetricLayout::one_slot_columns) gives.)

use std::ops::Range;

use super::pair_index::pair_count;
use crate::Scalar;
use crate::simd::{SIDE, Turn, TurningKernel, vectorised_turning};

/// `out[c·stride + e] = T[{c, e}]` for the rows c in `rows`, counted from the first of
/// them, and all D indices e; T is packed, of degree 2. Cost: D moves for each row.
///
/// # Panics
/// For an `out` shorter than the rows, or a stride below D.
pub fn pair_rows<S: Scalar>(
    dimension: usize,
    packed: &[S],
    rows: Range<usize>,
    stride: usize,
    out: &mut [S],
) {
    vectorised_turning(PairRows {
        dimension,
        packed,
        rows,
        stride,
        out,
    });
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
                    pair_rows(d, &packed, rows.clone(), stride, &mut out);
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
}
