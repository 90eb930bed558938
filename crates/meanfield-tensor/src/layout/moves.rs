//! The two moves between a panel and a packed tensor: exposing, and summing.

use super::stretches::{Pieces, Triangle, Uprights};
use super::{triangles, uprights};
use crate::Scalar;
use crate::simd::Turn;

/// The panel is overwritten with what the tensor holds.
pub(super) struct Exposing<'a, S, T> {
    pub(super) turn: T,
    pub(super) tensor: &'a [S],
    pub(super) width: usize,
    pub(super) panel: &'a mut [S],
}

impl<S: Scalar, T: Turn> Pieces for Exposing<'_, S, T> {
    #[inline(always)]
    fn stretch(&mut self, row: usize, column: usize, rank: usize, len: usize) {
        let to = &mut self.panel[row * self.width + column..][..len];
        to.copy_from_slice(&self.tensor[rank..][..len]);
    }

    #[inline(always)]
    fn triangle(&mut self, triangle: Triangle) {
        triangles::expose(&triangle, self.turn, self.tensor, (self.panel, self.width));
    }

    #[inline(always)]
    fn uprights(&mut self, uprights: Uprights<'_>) {
        uprights::expose(&uprights, self.turn, self.tensor, (self.panel, self.width));
    }
}

/// The tensor receives c times the numbers of the panel.
pub(super) struct Summing<'a, S, T> {
    pub(super) turn: T,
    pub(super) c: S,
    pub(super) panel: &'a [S],
    pub(super) width: usize,
    /// Rank of the first entry of the tensor.
    pub(super) offset: usize,
    pub(super) tensor: &'a mut [S],
}

impl<S: Scalar, T: Turn> Pieces for Summing<'_, S, T> {
    #[inline(always)]
    fn stretch(&mut self, row: usize, column: usize, rank: usize, len: usize) {
        let from = &self.panel[row * self.width + column..][..len];
        let to = &mut self.tensor[rank - self.offset..][..len];
        for (x, &y) in to.iter_mut().zip(from) {
            *x += self.c * y;
        }
    }

    #[inline(always)]
    fn triangle(&mut self, triangle: Triangle) {
        let (panel, tensor) = ((self.panel, self.width), (&mut *self.tensor, self.offset));
        triangles::add(&triangle, self.turn, self.c, panel, tensor);
    }

    #[inline(always)]
    fn uprights(&mut self, uprights: Uprights<'_>) {
        let (panel, tensor) = ((self.panel, self.width), (&mut *self.tensor, self.offset));
        uprights::add(&uprights, self.turn, self.c, panel, tensor);
    }
}
