//! Two slots beside the rest, as packed pairs: what a pair interaction that is
//! symmetric under exchange acts on.
//!
//! A pair {c, d}, c ≤ d, is a packed entry of degree 2. A block holds, for every
//! pair, L entries γ of the other slots side by side (*lanes*), so that an
//! interaction given as a list works on L numbers at a time.

use std::ops::Range;

use super::Ladder;
use crate::Scalar;
use crate::ranks::{Indices, Run, Segment, Segments};

/// Packed pairs with L entries of the other slots each.
pub type Lanes<S, const L: usize> = [[S; L]];

impl Ladder {
    /// `block[{c,d}][lane] = T[c ∪ d ∪ γ]` for the entries γ in `columns` of
    /// degree j−2, at most L of them; lanes beyond are left as they are.
    pub fn pair_block<S: Scalar, const L: usize>(
        &self,
        j: usize,
        tensor: &[S],
        columns: Range<usize>,
        block: &mut Lanes<S, L>,
    ) {
        let mut moves = Unpack::<_, L, false> { tensor, block };
        self.walk(j, columns, 0..self.dimension, &mut moves);
    }

    /// The same, added: `block[{c,d}][lane] += T[c ∪ d ∪ γ]`.
    pub fn add_pair_block<S: Scalar, const L: usize>(
        &self,
        j: usize,
        tensor: &[S],
        columns: Range<usize>,
        block: &mut Lanes<S, L>,
    ) {
        let mut moves = Unpack::<_, L, true> { tensor, block };
        self.walk(j, columns, 0..self.dimension, &mut moves);
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
        let mut moves = Sum {
            block,
            tensor,
            offset,
        };
        self.walk(j, columns, tops, &mut moves);
    }

    /// Every pair c ≤ d beside every γ in `columns` whose union has its largest
    /// index in `tops`. Not compiled for wider vectors: one lane of many pairs
    /// would be gathered and scattered, which is slower than one by one.
    fn walk(&self, j: usize, columns: Range<usize>, tops: Range<usize>, moves: &mut impl Moves) {
        if j == 2 {
            let two = self.ranks.at(2);
            let all = two[tops.start]..two[tops.end];
            moves.pairs(all.clone(), 0, all.start, 1);
            return;
        }
        let mut runs = self.ranks.runs(j - 2, columns);
        while let Some(run) = runs.next() {
            of_run(self, run, &tops, moves);
        }
    }
}

/// What is done to numbers of a block and of a packed tensor that belong
/// together; `times` is the number of pairs of slots i < r of the entry that hold
/// the pair.
trait Moves {
    /// Lanes of one pair, beside entries from `rank` on.
    fn lanes(&mut self, pair: usize, lanes: Range<usize>, rank: usize, times: usize);

    /// One lane of neighbouring pairs, beside entries from `rank` on.
    fn pairs(&mut self, pairs: Range<usize>, lane: usize, rank: usize, times: usize);
}

/// ADD: to what is there.
struct Unpack<'a, S, const L: usize, const ADD: bool> {
    tensor: &'a [S],
    block: &'a mut Lanes<S, L>,
}

impl<S: Scalar, const L: usize, const ADD: bool> Unpack<'_, S, L, ADD> {
    #[inline(always)]
    fn put(to: &mut S, x: S) {
        *to = if ADD { *to + x } else { x };
    }
}

impl<S: Scalar, const L: usize, const ADD: bool> Moves for Unpack<'_, S, L, ADD> {
    #[inline(always)]
    fn lanes(&mut self, pair: usize, lanes: Range<usize>, rank: usize, _: usize) {
        let from = &self.tensor[rank..][..lanes.len()];
        let to = &mut self.block[pair];
        if let Some(from) = from.first_chunk::<L>() {
            for (x, &y) in to.iter_mut().zip(from) {
                Self::put(x, y);
            }
        } else {
            for (x, &y) in to[lanes].iter_mut().zip(from) {
                Self::put(x, y);
            }
        }
    }

    #[inline(always)]
    fn pairs(&mut self, pairs: Range<usize>, lane: usize, rank: usize, _: usize) {
        let from = &self.tensor[rank..][..pairs.len()];
        for (to, &y) in self.block[pairs].iter_mut().zip(from) {
            Self::put(&mut to[lane], y);
        }
    }
}

struct Sum<'a, S, const L: usize> {
    block: &'a Lanes<S, L>,
    tensor: &'a mut [S],
    /// Rank of the first entry of the tensor.
    offset: usize,
}

impl<S: Scalar, const L: usize> Moves for Sum<'_, S, L> {
    #[inline(always)]
    fn lanes(&mut self, pair: usize, lanes: Range<usize>, rank: usize, times: usize) {
        let to = &mut self.tensor[rank - self.offset..][..lanes.len()];
        let (from, times) = (&self.block[pair], times as f64);
        if let Some(to) = to.first_chunk_mut::<L>() {
            for (x, &y) in to.iter_mut().zip(from) {
                *x += y.scaled(times);
            }
        } else {
            for (x, &y) in to.iter_mut().zip(&from[lanes]) {
                *x += y.scaled(times);
            }
        }
    }

    #[inline(always)]
    fn pairs(&mut self, pairs: Range<usize>, lane: usize, rank: usize, times: usize) {
        let to = &mut self.tensor[rank - self.offset..][..pairs.len()];
        let times = times as f64;
        for (x, from) in to.iter_mut().zip(&self.block[pairs]) {
            *x += from[lane].scaled(times);
        }
    }
}

/// The entries γ = (b, tail) of a run, which lie in the lanes from its place on.
///
/// The smallest index of a union runs along contiguous memory: b, where b ≤ c, and
/// c where it is smaller.
#[inline(always)]
fn of_run(
    ladder: &Ladder,
    Run { tail, first, at }: Run<'_>,
    tops: &Range<usize>,
    moves: &mut impl Moves,
) {
    let ranks = &ladder.ranks;
    let n = tail.len();
    // Sums over the tail with its indices moved up by one place (behind the run's
    // own index), by two and by three.
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
    let (two, three) = (ranks.at(2), ranks.at(3));
    // The largest index of the union is d or that of the tail or, where there is
    // no tail, b.
    let top = tail.last().map(|&a| a as usize);
    let ds = match top {
        Some(top) if top >= tops.end => return,
        Some(top) if top >= tops.start => first.start..tops.end,
        _ => first.start.max(tops.start)..tops.end,
    };
    for Segment {
        indices: ds,
        place: q,
        count: with_d,
    } in Segments::new(tail, ds)
    {
        for d in ds {
            let at_d = ranks.at(q + 3)[d] + last[n] - last[q];
            // b ≤ c ≤ d.
            for Segment {
                indices: cs,
                place: p,
                count: with_c,
            } in Segments::new(tail, first.start..d + 1)
            {
                let rest = one[p] + next[q] - next[p] + at_d + first.start;
                let choose = &ranks.at(p + 2)[..cs.end];
                // How often the pair comes where b < c, and where b = c.
                let (times, more) = ((1 + with_c) * (1 + with_d), (2 + with_c) * (1 + with_d));
                for c in cs.start..cs.end.min(first.end).min(d) {
                    let (pair, rank, below) = (two[d] + c, rest + choose[c], c - first.start);
                    if below > 0 {
                        moves.lanes(pair, at..at + below, rank, times);
                    }
                    moves.lanes(pair, at + below..at + below + 1, rank + below, more);
                }
                for c in cs.start.max(first.end)..cs.end.min(d) {
                    let lanes = at..at + first.len();
                    moves.lanes(two[d] + c, lanes, rest + choose[c], times);
                }
                if cs.end == d + 1 {
                    let (pair, rank, n) = (two[d] + d, rest + choose[d], with_c + 1);
                    let below = first.end.min(d) - first.start;
                    if below > 0 {
                        moves.lanes(pair, at..at + below, rank, n * (n + 1) / 2);
                    }
                    if d < first.end {
                        let more = (n + 1) * (n + 2) / 2;
                        moves.lanes(pair, at + below..at + below + 1, rank + below, more);
                    }
                }
            }
            // c < b ≤ d.
            let at_d = at_d + next[q];
            for b in first.start..first.end.min(d + 1) {
                let times = 1 + with_d + usize::from(b == d);
                let lane = at + b - first.start;
                moves.pairs(two[d]..two[d] + b, lane, two[b] + at_d, times);
            }
        }
    }
    // c ≤ d < b.
    for b in first.clone() {
        if tops.contains(&top.unwrap_or(b)) {
            let lane = at + b - first.start;
            moves.pairs(0..two[b], lane, three[b] + last[n], 1);
        }
    }
}
