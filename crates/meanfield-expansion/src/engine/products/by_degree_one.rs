//! Products of −ξ·(n w) in which one factor has degree 1: that factor on one slot, the
//! other on the rest.

use std::ops::Range;

use meanfield_tensor::{Kernel, Scalar, vectorised};

use crate::engine::lanes::TERMS;
use crate::engine::state::{Label, State, splittings};

/// Numbers of a row whose sums are held in registers side by side.
const TILE: usize = 32;

/// `image =` those products, on the columns `columns`.
pub(crate) fn set_xi_by_degree_one<S: Scalar>(
    state: State<'_, S>,
    (j, l): Label,
    columns: Range<usize>,
    image: &mut [S],
) {
    let mut products = splittings(j, l)
        .filter(|&(j1, _, j2, _)| j1.min(j2) == 1)
        .peekable();
    let mut begun = false;
    while !begun || products.peek().is_some() {
        let none: Product<'_, S> = (&[], 0.0, &[]);
        let (mut terms, mut count) = ([none; TERMS], 0);
        for splitting in products.by_ref().take(TERMS) {
            let Some((xi, g)) = state.xi_and_cumulant(splitting) else {
                continue;
            };
            let (j1, _, j2, _) = splitting;
            // One slot of the result, whichever factor it belongs to.
            let (slot, rest): (&[S], &[S]) = if j1 == 1 { (xi, g) } else { (g, xi) };
            terms[count] = (slot, -(j2 as f64), &rest[columns.clone()]);
            count += 1;
        }
        vectorised(Products {
            begun,
            terms: &terms[..count],
            width: columns.len(),
            image,
        });
        begun = true;
    }
}

/// A factor on the slot, a number, and a factor on the rest.
type Product<'a, S> = (&'a [S], f64, &'a [S]);

/// `image[a, β] = Σ_k factor_k·slot_k[a]·rest_k[β]`, for at most TERMS products; added
/// to the image where it has been `begun`.
struct Products<'a, S> {
    begun: bool,
    terms: &'a [Product<'a, S>],
    width: usize,
    image: &'a mut [S],
}

impl<S: Scalar> Products<'_, S> {
    /// N numbers of a row, from a place on.
    #[inline(always)]
    fn tile<const N: usize>(&self, factors: &[S; TERMS], at: usize, old: [S; N]) -> [S; N] {
        let mut sums = if self.begun {
            old
        } else {
            [S::from_re(0.0); N]
        };
        for (&x, (.., rest)) in factors.iter().zip(self.terms) {
            for (sum, &z) in sums.iter_mut().zip(&rest[at..][..N]) {
                *sum += x * z;
            }
        }
        sums
    }
}

impl<S: Scalar> Kernel for Products<'_, S> {
    #[inline(always)]
    fn run(mut self) {
        let image = std::mem::take(&mut self.image);
        for (a, row) in image.chunks_exact_mut(self.width).enumerate() {
            let mut factors = [S::from_re(0.0); TERMS];
            for (x, &(slot, factor, _)) in factors.iter_mut().zip(self.terms) {
                *x = slot[a].scaled(factor);
            }
            let (tiles, rest) = row.as_chunks_mut::<TILE>();
            let done = tiles.len() * TILE;
            for (k, tile) in tiles.iter_mut().enumerate() {
                *tile = self.tile(&factors, k * TILE, *tile);
            }
            for (k, x) in rest.iter_mut().enumerate() {
                [*x] = self.tile(&factors, done + k, [*x]);
            }
        }
    }
}
