//! One slot beside the rest: exposing it, and summing over it.

use std::ops::Range;

use super::Ladder;
use crate::Scalar;

impl Ladder {
    /// One slot beside the rest: `panel[a, β] = T[a ∪ β]`, D × len(j−1).
    /// Cost: D·len(j−1) moves.
    pub fn one_slot<S: Scalar>(&self, j: usize, tensor: &[S], panel: &mut [S]) {
        self.one_slot_columns(j, tensor, 0..self.len(j - 1), panel);
    }

    /// The columns β in `columns` of [`one_slot`](Ladder::one_slot), D × columns.
    pub fn one_slot_columns<S: Scalar>(
        &self,
        j: usize,
        tensor: &[S],
        columns: Range<usize>,
        panel: &mut [S],
    ) {
        if j == 1 {
            panel.copy_from_slice(&tensor[..self.dimension]);
            return;
        }
        let width = columns.len();
        let square = self.ranks.at(2);
        self.ranks.for_each_run(j - 1, columns, |tail, first, at| {
            self.for_each_row(tail, |a, base, beyond| {
                let row = &mut panel[a * width + at..][..first.len()];
                // Up to a the run of T is the run of β; beyond, a comes first.
                let direct = first.end.min(a + 1).max(first.start);
                let (low, high) = row.split_at_mut(direct - first.start);
                low.copy_from_slice(&tensor[base + first.start..base + direct]);
                for (x, &step) in high.iter_mut().zip(&square[direct..first.end]) {
                    *x = tensor[beyond + step];
                }
            });
        });
    }

    /// `T[α] += c Σ_i R[α_i, α∖i]` for a panel R of D × len(j−1).
    pub fn add_slot_sum<S: Scalar>(&self, j: usize, c: S, panel: &[S], tensor: &mut [S]) {
        let all = 0..self.len(j - 1);
        self.add_slot_sum_columns(j, c, panel, all, 0..self.dimension, tensor);
    }

    /// The part of [`add_slot_sum`](Ladder::add_slot_sum) that comes from the
    /// columns β in `columns` (the panel holds no others) and goes to the entries
    /// whose largest index is in `tops`: `tensor` begins with the first of them,
    /// see [`first_with_top`](Ladder::first_with_top).
    ///
    /// The term of the index a comes α_a times, with β = α∖a that is 1 + β_a.
    pub fn add_slot_sum_columns<S: Scalar>(
        &self,
        j: usize,
        c: S,
        panel: &[S],
        columns: Range<usize>,
        tops: Range<usize>,
        tensor: &mut [S],
    ) {
        let offset = self.first_with_top(j, tops.start);
        if j == 1 {
            for (x, &y) in tensor.iter_mut().zip(&panel[tops]) {
                *x += c * y;
            }
            return;
        }
        let width = columns.len();
        let square = self.ranks.at(2);
        self.ranks.for_each_run(j - 1, columns, |tail, first, at| {
            let top = tail.last().map(|&a| a as usize);
            self.for_each_row(tail, |a, base, beyond| {
                let row = &panel[a * width + at..][..first.len()];
                let inside = match top {
                    Some(top) => tops.contains(&top.max(a)),
                    None => tops.contains(&a),
                };
                if inside && first.start <= a {
                    let times = 1 + tail.iter().filter(|&&b| b as usize == a).count();
                    let direct = first.end.min(a + 1);
                    let from = &row[..direct - first.start];
                    let to = &mut tensor[base + first.start - offset..][..from.len()];
                    let weight = c.scaled(times as f64);
                    for (x, &y) in to.iter_mut().zip(from) {
                        *x += weight * y;
                    }
                    if first.contains(&a) {
                        tensor[base + a - offset] += c * row[a - first.start];
                    }
                }
                // Beyond a the largest index is that of β.
                let mut beta = first.start.max(a + 1)..first.end;
                match top {
                    Some(top) if !tops.contains(&top) => return,
                    None => beta = beta.start.max(tops.start)..beta.end.min(tops.end),
                    _ => {}
                }
                for b in beta {
                    tensor[beyond + square[b] - offset] += c * row[b - first.start];
                }
            });
        });
    }

    /// For every index a and a run β = (b, tail): `visit(a, base, beyond)` with
    /// rank(a ∪ β) = base + b for b ≤ a, and beyond + C(b+1, 2) for b > a.
    #[inline(always)]
    fn for_each_row(&self, tail: &[u32], mut visit: impl FnMut(usize, usize, usize)) {
        let mut below = 0;
        let mut above: usize = (tail.iter().enumerate())
            .map(|(k, &b)| self.ranks.at(k + 3)[b as usize])
            .sum();
        let smallest = above;
        let mut place = 0;
        for a in 0..self.dimension {
            while place < tail.len() && (tail[place] as usize) < a {
                let b = tail[place] as usize;
                below += self.ranks.at(place + 2)[b];
                above -= self.ranks.at(place + 3)[b];
                place += 1;
            }
            let base = below + self.ranks.at(place + 2)[a] + above;
            visit(a, base, a + smallest);
        }
    }
}
