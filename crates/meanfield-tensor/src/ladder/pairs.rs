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
        self.for_each_in_block(j, columns, all, |pair, lane, rank, _| {
            block[pair][lane] += tensor[rank];
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
        self.for_each_in_block(j, columns, tops, |pair, lane, rank, times| {
            tensor[rank - offset] += block[pair][lane].scaled(times as f64);
        });
    }

    /// Calls `visit(pair, lane, rank, times)` for every pair c ≤ d and every γ
    /// in `columns` whose union has its largest index in `tops`; `times` is the
    /// number of pairs of slots i < r of the union that hold c and d.
    #[inline(always)]
    fn for_each_in_block(
        &self,
        j: usize,
        columns: Range<usize>,
        tops: Range<usize>,
        mut visit: impl FnMut(usize, usize, usize, usize),
    ) {
        let ranks = &self.ranks;
        let (two, three) = (ranks.at(2), ranks.at(3.min(j)));
        if j == 2 {
            for rank in two[tops.start]..two[tops.end] {
                visit(rank, 0, rank, 1);
            }
            return;
        }
        ranks.for_each_run(j - 2, columns, |tail, first, at| {
            // Sums over the tail with its indices moved up by one place (behind
            // the run's own index), by two and by three.
            let moved: [Indices<usize>; 3] = std::array::from_fn(|shift| {
                let mut sum = 0;
                let mut out = Indices::new();
                out.push(0);
                for (k, &a) in tail.iter().enumerate() {
                    sum += ranks.at(k + 2 + shift)[a as usize];
                    out.push(sum);
                }
                out
            });
            let [one, next, last] = &moved;
            let n = tail.len();
            let top = tail.last().map(|&a| a as usize);
            let lane = |b: usize| at + b - first.start;
            let mut q = 0;
            for d in 0..self.dimension {
                while q < n && (tail[q] as usize) < d {
                    q += 1;
                }
                // Largest index of the union while b ≤ d.
                let below = tops.contains(&top.unwrap_or(0).max(d));
                let beyond = top.is_none_or(|top| tops.contains(&top));
                if !below && !beyond {
                    continue;
                }
                let with_d = tail[q..].iter().take_while(|&&b| b as usize == d).count();
                let behind = last[n] - last[q];
                let at_d = ranks.at(q + 3)[d] + behind;
                let mut p = 0;
                for c in 0..=d {
                    while p < n && (tail[p] as usize) < c {
                        p += 1;
                    }
                    let with_c = tail[p..].iter().take_while(|&&b| b as usize == c).count();
                    let pair = two[d] + c;
                    let times = |more_c: usize, more_d: usize| {
                        if c == d {
                            (with_c + more_c + 2) * (with_c + more_c + 1) / 2
                        } else {
                            (1 + with_c + more_c) * (1 + with_d + more_d)
                        }
                    };
                    if below {
                        // b < c ≤ d, then b = c, then c < b < d, then b = d > c.
                        let base = one[p] + ranks.at(p + 2)[c] + next[q] - next[p] + at_d;
                        let plain = times(0, 0);
                        for b in first.start..first.end.min(c) {
                            visit(pair, lane(b), base + b, plain);
                        }
                        if first.contains(&c) {
                            visit(pair, lane(c), base + c, times(1, 0));
                        }
                        if c < d {
                            let base = c + next[q] + at_d;
                            for b in first.start.max(c + 1)..first.end.min(d) {
                                visit(pair, lane(b), base + two[b], plain);
                            }
                            if first.contains(&d) {
                                visit(pair, lane(d), base + two[d], times(0, 1));
                            }
                        }
                    }
                    if beyond {
                        // c ≤ d < b: neither is in the tail.
                        let base = c + two[d] + last[n];
                        let mut range = first.start.max(d + 1)..first.end;
                        if top.is_none() {
                            range = range.start.max(tops.start)..range.end.min(tops.end);
                        }
                        for b in range {
                            visit(pair, lane(b), base + three[b], 1);
                        }
                    }
                }
            }
        });
    }
}
