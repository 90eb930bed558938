//! Two slots beside the rest, as packed pairs: what a pair interaction that is
//! symmetric under exchange acts on.
//!
//! A pair {c, d}, c ≤ d, is a packed entry of degree 2. A block holds, for every
//! pair, L entries γ of the other slots side by side (*lanes*), so that an
//! interaction given as a list works on L numbers at a time.

use std::ops::Range;

use super::Ladder;
use crate::Scalar;
use crate::ranks::Indices;

/// Packed pairs with L entries of the other slots each.
pub type Lanes<S, const L: usize> = [[S; L]];

/// Where the lanes of a pair lie in a packed tensor.
enum Place<'a> {
    /// Side by side from a rank on.
    Run(usize),
    /// At a rank plus each of these.
    Steps(usize, &'a [usize]),
}

impl Ladder {
    /// `block[{c,d}][lane] += T[c ∪ d ∪ γ]` for the entries γ in `columns` of
    /// degree j−2, at most L of them.
    pub fn add_pair_block<S: Scalar, const L: usize>(
        &self,
        j: usize,
        tensor: &[S],
        columns: Range<usize>,
        block: &mut Lanes<S, L>,
    ) {
        let all = 0..self.dimension;
        self.for_each_in_block(j, columns, all, |pair, lanes, place, _| {
            let to = &mut block[pair][lanes];
            match place {
                Place::Run(base) => {
                    let from = &tensor[base..base + to.len()];
                    to.iter_mut().zip(from).for_each(|(x, &y)| *x += y);
                }
                Place::Steps(base, steps) => {
                    let each = to.iter_mut().zip(steps);
                    each.for_each(|(x, &step)| *x += tensor[base + step]);
                }
            }
        });
    }

    /// `T[α] += Σ_{i<r} B[{α_i, α_r}][α∖{i,r}]`, the part that comes from the
    /// entries γ in `columns` and goes to entries whose largest index is in
    /// `tops`; `tensor` begins with the first of them, see
    /// [`first_with_top`](Ladder::first_with_top).
    pub fn add_pair_block_sum<S: Scalar, const L: usize>(
        &self,
        j: usize,
        block: &Lanes<S, L>,
        columns: Range<usize>,
        tops: Range<usize>,
        tensor: &mut [S],
    ) {
        let offset = self.first_with_top(j, tops.start);
        self.for_each_in_block(j, columns, tops, |pair, lanes, place, times| {
            let (from, times) = (&block[pair][lanes], times as f64);
            match place {
                Place::Run(base) => {
                    let to = &mut tensor[base - offset..][..from.len()];
                    let each = to.iter_mut().zip(from);
                    each.for_each(|(x, &y)| *x += y.scaled(times));
                }
                Place::Steps(base, steps) => {
                    for (&y, &step) in from.iter().zip(steps) {
                        tensor[base + step - offset] += y.scaled(times);
                    }
                }
            }
        });
    }

    /// Calls `visit(pair, lanes, place, times)` for every pair c ≤ d and all γ
    /// in `columns`, a few lanes at a time, whose union has its largest index in
    /// `tops`; `times` is the number of pairs of slots i < r of the union that
    /// hold c and d.
    #[inline(always)]
    fn for_each_in_block(
        &self,
        j: usize,
        columns: Range<usize>,
        tops: Range<usize>,
        mut visit: impl FnMut(usize, Range<usize>, Place<'_>, usize),
    ) {
        let ranks = &self.ranks;
        let (two, three) = (ranks.at(2), ranks.at(3.min(j)));
        if j == 2 {
            for rank in two[tops.start]..two[tops.end] {
                visit(rank, 0..1, Place::Run(rank), 1);
            }
            return;
        }
        ranks.for_each_run(j - 2, columns, |tail, first, at| {
            // Sums over the tail with its indices moved up by one place (behind
            // the run's own index), by two and by three.
            let [one, next, last]: [Indices<usize>; 3] = std::array::from_fn(|shift| {
                let mut sum = 0;
                let mut out = Indices::new();
                out.push(0);
                for (k, &a) in tail.iter().enumerate() {
                    sum += ranks.at(k + 2 + shift)[a as usize];
                    out.push(sum);
                }
                out
            });
            let n = tail.len();
            let top = tail.last().map(|&a| a as usize);
            // The lanes of a range of the run's index b.
            let lanes = |b: Range<usize>| at + b.start - first.start..at + b.end - first.start;
            for_each_index(tail, self.dimension, |ds, q, with_d| {
                for d in ds {
                    // The largest index of the union: d or that of the tail, or,
                    // where there is no tail and b > d, the run's own.
                    let below = tops.contains(&top.unwrap_or(0).max(d));
                    let beyond = top.is_none_or(|top| tops.contains(&top));
                    if !below && !beyond {
                        continue;
                    }
                    let at_d = ranks.at(q + 3)[d] + last[n] - last[q];
                    for_each_index(tail, d + 1, |cs, p, with_c| {
                        // The place of c: b < c ≤ d.
                        let rest = one[p] + next[q] - next[p] + at_d;
                        for c in cs {
                            let pair = two[d] + c;
                            let times = if c == d {
                                (with_c + 2) * (with_c + 1) / 2
                            } else {
                                (1 + with_c) * (1 + with_d)
                            };
                            let base = rest + ranks.at(p + 2)[c];
                            if first.end <= c {
                                if below {
                                    let place = Place::Run(base + first.start);
                                    visit(pair, lanes(first.clone()), place, times);
                                }
                                continue;
                            }
                            // From here on c is at or below the tail.
                            if below {
                                let low = first.start..c;
                                if low.start < low.end {
                                    let place = Place::Run(base + low.start);
                                    visit(pair, lanes(low), place, times);
                                }
                                if first.contains(&c) {
                                    let more = if c == d {
                                        (with_c + 3) * (with_c + 2) / 2
                                    } else {
                                        (2 + with_c) * (1 + with_d)
                                    };
                                    visit(pair, lanes(c..c + 1), Place::Run(base + c), more);
                                }
                                // c < b < d, then b = d.
                                let base = c + next[q] + at_d;
                                let inner = first.start.max(c + 1)..first.end.min(d);
                                if inner.start < inner.end {
                                    let place = Place::Steps(base, &two[inner.clone()]);
                                    visit(pair, lanes(inner), place, times);
                                }
                                if c < d && first.contains(&d) {
                                    let place = Place::Run(base + two[d]);
                                    let more = (1 + with_c) * (2 + with_d);
                                    visit(pair, lanes(d..d + 1), place, more);
                                }
                            }
                            if beyond {
                                // c ≤ d < b: neither is in the tail.
                                let mut range = first.start.max(d + 1)..first.end;
                                if top.is_none() {
                                    range = range.start.max(tops.start)..range.end.min(tops.end);
                                }
                                if range.start < range.end {
                                    let base = c + two[d] + last[n];
                                    let place = Place::Steps(base, &three[range.clone()]);
                                    visit(pair, lanes(range), place, 1);
                                }
                            }
                        }
                    });
                }
            });
        });
    }
}

/// Calls `visit(indices, place, count)` for neighbouring indices below `end`
/// that come behind `place` indices of a sorted tail and are in it `count` times.
#[inline(always)]
pub(super) fn for_each_index(
    tail: &[u32],
    end: usize,
    mut visit: impl FnMut(Range<usize>, usize, usize),
) {
    let (mut from, mut place) = (0, 0);
    while place < tail.len() && (tail[place] as usize) < end {
        let value = tail[place] as usize;
        let equal = tail[place..].iter().take_while(|&&a| a as usize == value);
        let count = equal.count();
        visit(from..value, place, 0);
        visit(value..value + 1, place, count);
        from = value + 1;
        place += count;
    }
    visit(from..end, place, 0);
}
