//! One slot beside the rest: exposing it, and summing over it.

use std::ops::Range;

use super::Ladder;
use super::pairs::for_each_index;
use crate::{Kernel, Scalar, vectorised};

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
            self.for_each_row(tail, |a, base, beyond, _| {
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
        vectorised(SlotSum {
            ladder: self,
            j,
            c,
            panel,
            columns,
            tops,
            tensor,
        });
    }

    /// For every index a and a run β = (b, tail): `visit(a, base, beyond, count)`
    /// with rank(a ∪ β) = base + b for b ≤ a, and beyond + C(b+1, 2) for b > a;
    /// the tail holds a `count` times.
    #[inline(always)]
    fn for_each_row(&self, tail: &[u32], mut visit: impl FnMut(usize, usize, usize, usize)) {
        let moved = |shift: usize, from: usize, to: usize| -> usize {
            (from..to)
                .map(|k| self.ranks.at(k + shift)[tail[k] as usize])
                .sum()
        };
        let n = tail.len();
        let beyond = moved(3, 0, n);
        for_each_index(tail, self.dimension, |indices, place, count| {
            let rest = moved(2, 0, place) + moved(3, place, n);
            for a in indices {
                visit(a, rest + self.ranks.at(place + 2)[a], a + beyond, count);
            }
        });
    }
}

/// The arguments of [`Ladder::add_slot_sum_columns`].
struct SlotSum<'a, S> {
    ladder: &'a Ladder,
    j: usize,
    c: S,
    panel: &'a [S],
    columns: Range<usize>,
    tops: Range<usize>,
    tensor: &'a mut [S],
}

impl<S: Scalar> Kernel for SlotSum<'_, S> {
    #[inline(always)]
    fn run(self) {
        let Self {
            ladder,
            j,
            c,
            panel,
            columns,
            tops,
            tensor,
        } = self;
        let offset = ladder.first_with_top(j, tops.start);
        if j == 1 {
            for (x, &y) in tensor.iter_mut().zip(&panel[tops]) {
                *x += c * y;
            }
            return;
        }
        let width = columns.len();
        let square = ladder.ranks.at(2);
        ladder
            .ranks
            .for_each_run(j - 1, columns, |tail, first, at| {
                let top = tail.last().map(|&a| a as usize);
                ladder.for_each_row(tail, |a, base, beyond, count| {
                    let row = &panel[a * width + at..][..first.len()];
                    let inside = tops.contains(&top.unwrap_or(0).max(a));
                    if inside && first.start <= a {
                        let direct = first.end.min(a + 1);
                        let from = &row[..direct - first.start];
                        let to = &mut tensor[base + first.start - offset..][..from.len()];
                        let weight = c.scaled((1 + count) as f64);
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
                    if beta.start < beta.end {
                        let from = &row[beta.start - first.start..beta.end - first.start];
                        for (&step, &y) in square[beta].iter().zip(from) {
                            tensor[beyond + step - offset] += c * y;
                        }
                    }
                });
            });
    }
}
