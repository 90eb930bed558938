//! One slot beside the rest: exposing it, and summing over it.

use std::ops::Range;

use super::Ladder;
use crate::ranks::{Ranks, Run, Segment, Segments};
use crate::simd::{SIDE, transposed};
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
        } else if self.has_short_runs(j) {
            self.look_up_slot(j, tensor, columns, panel);
        } else {
            self.walk_slot(j, tensor, columns, panel);
        }
    }

    /// [`one_slot_columns`](Ladder::one_slot_columns) along runs, j ≥ 2.
    pub(super) fn walk_slot<S: Scalar>(
        &self,
        j: usize,
        tensor: &[S],
        columns: Range<usize>,
        panel: &mut [S],
    ) {
        vectorised(Expose {
            ladder: self,
            j,
            tensor,
            columns,
            panel,
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
        if self.has_short_runs(j) {
            self.look_up_slot_sum(j, c, panel, columns, tops, tensor);
        } else {
            self.walk_slot_sum(j, c, panel, columns, tops, tensor);
        }
    }

    /// [`add_slot_sum_columns`](Ladder::add_slot_sum_columns) along runs.
    pub(super) fn walk_slot_sum<S: Scalar>(
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
}

/// Where a run β = (b, tail) meets an index a: rank(a ∪ β) = base + b for b ≤ a,
/// and beyond + a + C(b+1, 2) for b > a.
struct Places<'a> {
    ranks: &'a Ranks,
    tail: &'a [u32],
}

impl Places<'_> {
    /// Ranks added up over a part of the tail, moved up by one place less than
    /// `shift`.
    #[inline(always)]
    fn moved(&self, shift: usize, part: Range<usize>) -> usize {
        let each = part.map(|k| self.ranks.at(k + shift)[self.tail[k] as usize]);
        each.sum()
    }

    #[inline(always)]
    fn beyond(&self) -> usize {
        self.moved(3, 0..self.tail.len())
    }

    /// The indices a of a segment with their bases.
    #[inline(always)]
    fn bases(&self, segment: Segment) -> impl Iterator<Item = (usize, usize)> + use<'_> {
        let place = segment.place;
        let rest = self.moved(2, 0..place) + self.moved(3, place..self.tail.len());
        let choose = &self.ranks.at(place + 2)[segment.indices.clone()];
        let bases = choose.iter().map(move |&step| rest + step);
        segment.indices.zip(bases)
    }
}

/// The arguments of [`Ladder::one_slot_columns`].
struct Expose<'a, S> {
    ladder: &'a Ladder,
    j: usize,
    tensor: &'a [S],
    columns: Range<usize>,
    panel: &'a mut [S],
}

impl<S: Scalar> Kernel for Expose<'_, S> {
    #[inline(always)]
    fn run(self) {
        let Self {
            ladder,
            j,
            tensor,
            columns,
            panel,
        } = self;
        let (ranks, width) = (&ladder.ranks, columns.len());
        let steps = ranks.at(2);
        let mut runs = ranks.runs(j - 1, columns);
        while let Some(Run { tail, first, at }) = runs.next() {
            let places = Places { ranks, tail };
            for segment in Segments::new(tail, first.start..ladder.dimension) {
                for (a, base) in places.bases(segment) {
                    let direct = first.start..first.end.min(a + 1);
                    let row = &mut panel[a * width + at..][..direct.len()];
                    row.copy_from_slice(&tensor[base + direct.start..][..direct.len()]);
                }
            }
            let beyond = places.beyond();
            for tile in tiles(first.clone()) {
                let whole = whole_squares(&tile);
                for a in (0..whole).step_by(SIDE) {
                    let steps = &steps[tile.clone()];
                    let square = transposed(|k| &tensor[beyond + a + steps[k]..]);
                    for (k, from) in square.iter().enumerate() {
                        let place = (a + k) * width + at + tile.start - first.start;
                        panel[place..][..SIDE].copy_from_slice(from);
                    }
                }
                for a in whole..tile.end - 1 {
                    let beta = tile.start.max(a + 1)..tile.end;
                    let row = &mut panel[a * width + at + beta.start - first.start..];
                    for (x, &step) in row.iter_mut().zip(&steps[beta]) {
                        *x = tensor[beyond + a + step];
                    }
                }
            }
        }
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
        let (ranks, width) = (&ladder.ranks, columns.len());
        let steps = ranks.at(2);
        let mut runs = ranks.runs(j - 1, columns);
        while let Some(Run { tail, first, at }) = runs.next() {
            // The largest index of the union is a or that of the tail or, where
            // there is no tail, b.
            let top = tail.last().map(|&a| a as usize);
            let indices = match top {
                Some(top) if top >= tops.end => continue,
                Some(top) if top >= tops.start => first.start..tops.end,
                _ => first.start.max(tops.start)..tops.end,
            };
            let places = Places { ranks, tail };
            for segment in Segments::new(tail, indices) {
                let weight = c.scaled((1 + segment.count) as f64);
                for (a, base) in places.bases(segment) {
                    let direct = first.start..first.end.min(a + 1);
                    let from = &panel[a * width + at..][..direct.len()];
                    let to = &mut tensor[base + direct.start - offset..][..direct.len()];
                    for (x, &y) in to.iter_mut().zip(from) {
                        *x += weight * y;
                    }
                    if a < first.end {
                        tensor[base + a - offset] += c * from[a - first.start];
                    }
                }
            }
            // b > a.
            let inside = match top {
                Some(top) if tops.contains(&top) => first.clone(),
                Some(_) => continue,
                None => first.start.max(tops.start)..first.end.min(tops.end),
            };
            let beyond = places.beyond();
            for tile in tiles(inside) {
                let whole = whole_squares(&tile);
                for a in (0..whole).step_by(SIDE) {
                    let place = |k: usize| (a + k) * width + at + tile.start - first.start;
                    let square = transposed(|k| &panel[place(k)..]);
                    for (from, &step) in square.iter().zip(&steps[tile.clone()]) {
                        let to = &mut tensor[beyond + a + step - offset..][..SIDE];
                        for (x, &y) in to.iter_mut().zip(from) {
                            *x += c * y;
                        }
                    }
                }
                for a in whole..tile.end - 1 {
                    let beta = tile.start.max(a + 1)..tile.end;
                    let row = &panel[a * width + at + beta.start - first.start..];
                    for (&step, &y) in steps[beta].iter().zip(row) {
                        tensor[beyond + a + step - offset] += c * y;
                    }
                }
            }
        }
    }
}

/// How many indices a lie below all b of a tile of SIDE, in whole squares.
#[inline(always)]
fn whole_squares(tile: &Range<usize>) -> usize {
    if tile.len() == SIDE {
        tile.start / SIDE * SIDE
    } else {
        0
    }
}

/// A range of b in pieces of SIDE: the numbers beside them are turned in squares, or
/// stay in the first cache from one index a to the next.
#[inline(always)]
fn tiles(range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = range.end;
    let starts = range.step_by(SIDE);
    starts.map(move |start| start..end.min(start + SIDE))
}
