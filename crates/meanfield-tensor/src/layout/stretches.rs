//! Where one slot, or two, beside the rest lie in a packed tensor.
//!
//! An index a beside an entry β = (b_1 ≤ … ≤ b_m) takes the place i of the union,
//! b_{i−1} ≤ a ≤ b_i: at equal indices several places, as many as the union holds a.
//! So a sum over the slots of an entry is one over places, without weights, and a sum
//! over pairs of slots one over the places of two indices c ≤ d.
//!
//! * What is above stays as it is, and a number of the smallest indices of β run freely
//!   up to a: the ranks of the unions follow one another as those of β do. Three
//!   indices or more, a among them: a *stretch* of neighbours.
//! * Two indices, a and b_1: a packed *triangle* {x, y} of neighbours, and a square of
//!   the panel with rows a and columns b_1.
//! * Both indices of a pair below all of γ: packed pairs, an *upright* column.

use std::ops::Range;

use crate::ranks::{Ranks, Run};

/// What is done with the pieces.
pub(super) trait Pieces {
    /// `len` columns from `column` on of a row of the panel, and as many entries of the
    /// tensor from `rank` on.
    fn stretch(&mut self, row: usize, column: usize, rank: usize, len: usize);

    /// A square of the panel and a packed triangle.
    fn triangle(&mut self, triangle: Triangle);

    /// The first numbers of neighbouring columns.
    fn uprights(&mut self, uprights: Uprights<'_>);
}

/// A packed triangle of a tensor, {x, y} for x ≤ y < `bound`, and that part of a square
/// R[a, b] which the panel holds.
pub(super) struct Triangle {
    /// Number of indices.
    pub(super) bound: usize,
    /// Rank of {0, 0}.
    pub(super) base: usize,
    /// Row of the panel where a = 0 is.
    pub(super) row: usize,
    /// The b that are there.
    pub(super) there: Range<usize>,
    /// Column of the panel where the first of them is.
    pub(super) column: usize,
    /// The y that are asked for.
    pub(super) tops: Range<usize>,
}

/// Columns of the panel for neighbouring g_1: pairs below g_1, which lie in the tensor
/// from `base` + C(g_1 + 2, 3) on.
pub(super) struct Uprights<'a> {
    pub(super) g: Range<usize>,
    pub(super) column: usize,
    pub(super) base: usize,
    pub(super) ranks: &'a Ranks,
}

/// The sum of what indices add to a rank at the places from `place` on.
#[inline(always)]
fn rank_from(ranks: &Ranks, indices: &[u32], place: usize) -> usize {
    let each = indices.iter().zip(place..);
    each.map(|(&b, k)| ranks.at(k)[b as usize]).sum()
}

/// Whether a run is the first one, of those from a place on, that has these indices
/// after its k-th.
#[inline(always)]
fn begins(run: &Run<'_>, k: usize) -> bool {
    run.at == 0 || run.tail[..k - 1].iter().all(|&b| b == 0)
}

/// One slot: all rows a and columns β in `columns`, of degree m ≥ 1, the largest index of
/// whose union is in `tops`.
#[inline(always)]
pub(super) fn one_slot(
    ranks: &Ranks,
    m: usize,
    columns: Range<usize>,
    tops: &Range<usize>,
    visit: &mut impl Pieces,
) {
    let (start, end) = (columns.start, columns.end);
    let mut runs = ranks.runs(m, columns);
    while let Some(run) = runs.next() {
        let tail = run.tail;
        let reached = tail
            .last()
            .is_none_or(|top| tops.contains(&(*top as usize)));
        for k in (2..=m).take_while(|&k| begins(&run, k)) {
            // The first k run freely.
            let above = &tail[k - 1..];
            let (from, to) = (
                rank_from(ranks, above, k + 1),
                rank_from(ranks, above, k + 2),
            );
            let least = tail[k - 2] as usize;
            let indices = match above.first() {
                Some(&b) if reached => least..b as usize + 1,
                Some(_) => continue,
                None => least.max(tops.start)..tops.end,
            };
            let first = from.max(start);
            for a in indices {
                let last = (from + ranks.at(k)[a + 1]).min(end);
                let rank = to + ranks.at(k + 1)[a] + first - from;
                visit.stretch(a, first - start, rank, last - first);
            }
        }
        if reached {
            let bound = tail.first().map_or(tops.end, |&b| b as usize + 1);
            visit.triangle(Triangle {
                bound,
                base: rank_from(ranks, tail, 3),
                row: 0,
                column: run.at,
                there: run.first,
                tops: if m == 1 { tops.clone() } else { 0..bound },
            });
        }
    }
}

/// Two slots: all rows {c, d}, packed, and columns γ in `columns`, of degree m ≥ 1, the
/// largest index of whose union is in `tops`.
#[inline(always)]
pub(super) fn two_slots(
    ranks: &Ranks,
    m: usize,
    columns: Range<usize>,
    tops: &Range<usize>,
    visit: &mut impl Pieces,
) {
    let (start, end) = (columns.start, columns.end);
    let pairs = ranks.at(2);
    let mut runs = ranks.runs(m, columns);
    while let Some(run) = runs.next() {
        let tail = run.tail;
        let reached = tail
            .last()
            .is_none_or(|top| tops.contains(&(*top as usize)));
        for k in (2..=m).take_while(|&k| begins(&run, k)) {
            // c above the first k, which run freely, and d in every place above c.
            let above = &tail[k - 1..];
            let from = rank_from(ranks, above, k + 1);
            let first = from.max(start);
            let most = above.first().map_or(tops.end, |&b| b as usize + 1);
            for c in tail[k - 2] as usize..most {
                let last = (from + ranks.at(k)[c + 1]).min(end);
                let to = ranks.at(k + 1)[c] + first - from;
                for place in 0..=above.len() {
                    let (low, high) = above.split_at(place);
                    let ds = match (low.last(), high.first()) {
                        (_, Some(_)) if !reached => continue,
                        (None, Some(&b)) => c..b as usize + 1,
                        (Some(&a), Some(&b)) => a as usize..b as usize + 1,
                        (Some(&a), None) => tops.start.max(a as usize)..tops.end,
                        (None, None) => tops.start.max(c)..tops.end,
                    };
                    let rest =
                        to + rank_from(ranks, low, k + 2) + rank_from(ranks, high, k + place + 3);
                    for d in ds {
                        let rank = rest + ranks.at(k + place + 2)[d];
                        visit.stretch(pairs[d] + c, first - start, rank, last - first);
                    }
                }
            }
        }
        // c and g_1 below d and the tail.
        for place in 0..=tail.len() {
            let (low, high) = tail.split_at(place);
            let least = low.last().map_or(run.first.start, |&a| a as usize);
            let ds = match high.first() {
                Some(_) if !reached => continue,
                Some(&b) => least..b as usize + 1,
                None => least.max(tops.start)..tops.end,
            };
            let rest = rank_from(ranks, low, 3) + rank_from(ranks, high, place + 4);
            for d in ds {
                let bound = low.first().map_or(d, |&a| a as usize) + 1;
                visit.triangle(Triangle {
                    bound,
                    base: rest + ranks.at(place + 3)[d],
                    row: pairs[d],
                    there: run.first.start..run.first.end.min(bound),
                    column: run.at,
                    tops: 0..bound,
                });
            }
        }
        // c and d below g_1.
        if reached {
            let g = match m {
                1 => run.first.start.max(tops.start)..run.first.end.min(tops.end),
                _ => run.first.clone(),
            };
            if !g.is_empty() {
                visit.uprights(Uprights {
                    column: run.at + g.start - run.first.start,
                    g,
                    base: rank_from(ranks, tail, 4),
                    ranks,
                });
            }
        }
    }
}
