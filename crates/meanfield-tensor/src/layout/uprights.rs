//! Columns of a panel and packed pairs: the moves between them, in tiles of SIDE × SIDE
//! numbers.

use super::stretches::Uprights;
use crate::Scalar;
use crate::simd::{SIDE, Turn};

/// At most SIDE neighbouring columns.
struct Few {
    /// How many.
    some: usize,
    /// Column of the panel where they begin.
    column: usize,
    /// Where their pairs begin in the tensor.
    ranks: [usize; SIDE],
    /// How many pairs each has, more from one to the next.
    counts: [usize; SIDE],
}

impl Uprights<'_> {
    /// The columns, those with the fewest pairs first: of them there may be less than
    /// SIDE, of all others not.
    #[inline(always)]
    fn few(&self) -> impl Iterator<Item = Few> {
        let count = self.g.len().div_ceil(SIDE);
        let from = move |k: usize| (self.g.end + k * SIDE).saturating_sub(count * SIDE);
        (0..count).map(move |k| {
            let (first, last) = (from(k).max(self.g.start), from(k + 1) - 1);
            let g = |k: usize| last.min(first + k);
            Few {
                some: last + 1 - first,
                column: self.column + first - self.g.start,
                ranks: std::array::from_fn(|k| self.base + self.ranks.at(3)[g(k)]),
                counts: std::array::from_fn(|k| self.ranks.at(2)[g(k) + 1]),
            }
        })
    }
}

/// `T[{c,d} ∪ γ] += s R[{c,d}, γ]`.
#[inline(always)]
pub(super) fn add<S: Scalar>(
    uprights: &Uprights<'_>,
    turn: impl Turn,
    s: S,
    (panel, width): (&[S], usize),
    (tensor, offset): (&mut [S], usize),
) {
    for few in uprights.few() {
        let (most, rank) = (few.counts[few.some - 1], |i: usize| few.ranks[i] - offset);
        for pair in (0..most).step_by(SIDE) {
            let place = |k: usize| (pair + k) * width + few.column;
            if place(SIDE - 1) + SIDE > panel.len() {
                for i in 0..few.some {
                    for k in pair..few.counts[i].min(pair + SIDE) {
                        tensor[rank(i) + k] += s * panel[k * width + few.column + i];
                    }
                }
                continue;
            }
            let turned = turn.turned(|k| &panel[place(k)..]);
            if few.some == SIDE && pair + SIDE <= few.counts[0] {
                for (i, from) in turned.iter().enumerate() {
                    let to = tensor[rank(i) + pair..].first_chunk_mut::<SIDE>();
                    if let Some(to) = to {
                        let mut sum = *to;
                        for k in 0..SIDE {
                            sum[k] += s * from[k];
                        }
                        *to = sum;
                    }
                }
            } else {
                for (i, from) in turned.iter().enumerate().take(few.some) {
                    let count = few.counts[i].saturating_sub(pair).min(SIDE);
                    for (k, &x) in from.iter().enumerate().take(count) {
                        tensor[rank(i) + pair + k] += s * x;
                    }
                }
            }
        }
    }
}

/// `R[{c,d}, γ] = T[{c,d} ∪ γ]`.
#[inline(always)]
pub(super) fn expose<S: Scalar>(
    uprights: &Uprights<'_>,
    turn: impl Turn,
    tensor: &[S],
    (panel, width): (&mut [S], usize),
) {
    for few in uprights.few() {
        // Pairs that all the columns have, in whole tiles.
        let whole = if few.some == SIDE {
            few.counts[0] / SIDE * SIDE
        } else {
            0
        };
        for pair in (0..whole).step_by(SIDE) {
            let turned = turn.turned(|k| &tensor[few.ranks[k] + pair..]);
            for (k, from) in turned.iter().enumerate() {
                let to = panel[(pair + k) * width + few.column..].first_chunk_mut::<SIDE>();
                if let Some(to) = to {
                    *to = *from;
                }
            }
        }
        for i in 0..few.some {
            let from = &tensor[few.ranks[i]..][whole..few.counts[i]];
            let rows = panel[whole * width + few.column + i..].chunks_mut(width);
            for (row, &x) in rows.zip(from) {
                row[0] = x;
            }
        }
    }
}
