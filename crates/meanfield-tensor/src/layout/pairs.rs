//! Two slots beside the rest, as packed pairs: what a pair interaction that is
//! symmetric under exchange acts on.
//!
//! A pair {c, d}, c ≤ d, is a packed entry of degree 2, and a row of a panel whose
//! columns are entries γ of the other slots.

use std::ops::Range;

use super::SymmetricLayout;
use super::moves::{Exposing, Summing};
use super::stretches::two_slots;
use crate::Scalar;
use crate::simd::{Turn, TurningKernel, vectorised_turning};

/// Packed pairs with L entries of the other slots each, side by side.
pub type Lanes<S, const L: usize> = [[S; L]];

/// Lanes that make up a vector of real numbers, on the widest.
pub const WIDE: usize = 8;

/// `sum += factor · lanes`, in vectors of [`WIDE`] lanes: for use in a [`Kernel`](crate::Kernel).
#[inline(always)]
pub fn add_lanes<S: Scalar, const L: usize>(sum: &mut [S; L], factor: S, lanes: &[S; L]) {
    let (to, last) = sum.as_chunks_mut::<WIDE>();
    let (from, last_from) = lanes.as_chunks::<WIDE>();
    for (x, y) in to.iter_mut().zip(from) {
        *x = std::array::from_fn(|k| x[k] + factor * y[k]);
    }
    for (x, &y) in last.iter_mut().zip(last_from) {
        *x += factor * y;
    }
}

impl SymmetricLayout {
    /// `panel[{c,d}, γ] = T[c ∪ d ∪ γ]` for the entries γ in `columns` of degree
    /// j−2 ≥ 0, packed pairs × columns. Cost: a move for each number of the panel.
    pub fn pair_columns<S: Scalar>(
        &self,
        j: usize,
        tensor: &[S],
        columns: Range<usize>,
        panel: &mut [S],
    ) {
        if j == 2 {
            panel.copy_from_slice(tensor);
            return;
        }
        vectorised_turning(ExposePairs {
            layout: self,
            j,
            tensor,
            columns,
            panel,
        });
    }

    /// `T[α] += Σ_{i<r} R[{α_i, α_r}, α∖{i,r}]`, the part that comes from the
    /// columns γ in `columns` (the panel holds no others) and goes to entries whose
    /// largest index is in `tops`; `tensor` begins with the first of them, see
    /// [`first_with_top`](SymmetricLayout::first_with_top). j ≥ 2. Cost: a sum for each number of
    /// the panel.
    pub fn add_pair_sum_columns<S: Scalar>(
        &self,
        j: usize,
        panel: &[S],
        columns: Range<usize>,
        tops: Range<usize>,
        tensor: &mut [S],
    ) {
        if j == 2 {
            let offset = self.first_with_top(2, tops.start);
            for (x, &y) in tensor.iter_mut().zip(&panel[offset..]) {
                *x += y;
            }
            return;
        }
        vectorised_turning(SumPairs {
            layout: self,
            j,
            panel,
            columns,
            tops,
            tensor,
        });
    }
}

/// The arguments of [`SymmetricLayout::pair_columns`].
struct ExposePairs<'a, S> {
    layout: &'a SymmetricLayout,
    j: usize,
    tensor: &'a [S],
    columns: Range<usize>,
    panel: &'a mut [S],
}

impl<S: Scalar> TurningKernel for ExposePairs<'_, S> {
    #[inline(always)]
    fn run(self, turn: impl Turn) {
        let tops = 0..self.layout.dimension;
        let mut moves = Exposing {
            turn,
            tensor: self.tensor,
            width: self.columns.len(),
            panel: self.panel,
        };
        two_slots(
            &self.layout.ranks,
            self.j - 2,
            self.columns,
            &tops,
            &mut moves,
        );
    }
}

/// The arguments of [`SymmetricLayout::add_pair_sum_columns`].
struct SumPairs<'a, S> {
    layout: &'a SymmetricLayout,
    j: usize,
    panel: &'a [S],
    columns: Range<usize>,
    tops: Range<usize>,
    tensor: &'a mut [S],
}

impl<S: Scalar> TurningKernel for SumPairs<'_, S> {
    #[inline(always)]
    fn run(self, turn: impl Turn) {
        let mut moves = Summing {
            turn,
            c: S::from_re(1.0),
            panel: self.panel,
            width: self.columns.len(),
            offset: self.layout.first_with_top(self.j, self.tops.start),
            tensor: self.tensor,
        };
        two_slots(
            &self.layout.ranks,
            self.j - 2,
            self.columns,
            &self.tops,
            &mut moves,
        );
    }
}
