//! One slot beside the rest: exposing it, and summing over it.

use std::ops::Range;

use super::SymmetricLayout;
use super::moves::{Exposing, Summing};
use super::stretches::one_slot;
use crate::Scalar;
use crate::simd::{Turn, TurningKernel, vectorised_turning};

impl SymmetricLayout {
    /// One slot beside the rest: `panel[a, β] = T[a ∪ β]`, D × len(j−1).
    /// Cost: D·len(j−1) moves.
    pub fn one_slot<S: Scalar>(&self, j: usize, tensor: &[S], panel: &mut [S]) {
        self.one_slot_columns(j, tensor, 0..self.len(j - 1), panel);
    }

    /// The columns β in `columns` of [`one_slot`](SymmetricLayout::one_slot), D × columns.
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

    /// [`one_slot_columns`](SymmetricLayout::one_slot_columns) along runs, j ≥ 2.
    pub(super) fn walk_slot<S: Scalar>(
        &self,
        j: usize,
        tensor: &[S],
        columns: Range<usize>,
        panel: &mut [S],
    ) {
        vectorised_turning(Expose {
            layout: self,
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

    /// The part of [`add_slot_sum`](SymmetricLayout::add_slot_sum) that comes from the
    /// columns β in `columns` (the panel holds no others) and goes to the entries
    /// whose largest index is in `tops`: `tensor` begins with the first of them,
    /// see [`first_with_top`](SymmetricLayout::first_with_top).
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

    /// [`add_slot_sum_columns`](SymmetricLayout::add_slot_sum_columns) along runs.
    pub(super) fn walk_slot_sum<S: Scalar>(
        &self,
        j: usize,
        c: S,
        panel: &[S],
        columns: Range<usize>,
        tops: Range<usize>,
        tensor: &mut [S],
    ) {
        vectorised_turning(SlotSum {
            layout: self,
            j,
            c,
            panel,
            columns,
            tops,
            tensor,
        });
    }
}

/// The arguments of [`SymmetricLayout::one_slot_columns`].
struct Expose<'a, S> {
    layout: &'a SymmetricLayout,
    j: usize,
    tensor: &'a [S],
    columns: Range<usize>,
    panel: &'a mut [S],
}

impl<S: Scalar> TurningKernel for Expose<'_, S> {
    #[inline(always)]
    fn run(self, turn: impl Turn) {
        let tops = 0..self.layout.dimension;
        let mut moves = Exposing {
            turn,
            tensor: self.tensor,
            width: self.columns.len(),
            panel: self.panel,
        };
        one_slot(
            &self.layout.ranks,
            self.j - 1,
            self.columns,
            &tops,
            &mut moves,
        );
    }
}

/// The arguments of [`SymmetricLayout::add_slot_sum_columns`].
struct SlotSum<'a, S> {
    layout: &'a SymmetricLayout,
    j: usize,
    c: S,
    panel: &'a [S],
    columns: Range<usize>,
    tops: Range<usize>,
    tensor: &'a mut [S],
}

impl<S: Scalar> TurningKernel for SlotSum<'_, S> {
    #[inline(always)]
    fn run(self, turn: impl Turn) {
        let Self {
            layout,
            j,
            c,
            panel,
            columns,
            tops,
            tensor,
        } = self;
        if j == 1 {
            for (x, &y) in tensor.iter_mut().zip(&panel[tops]) {
                *x += c * y;
            }
            return;
        }
        let mut moves = Summing {
            turn,
            c,
            panel,
            width: columns.len(),
            offset: layout.first_with_top(j, tops.start),
            tensor,
        };
        one_slot(&layout.ranks, j - 1, columns, &tops, &mut moves);
    }
}
