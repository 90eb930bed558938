//! Products of −ξ·(n w) in which the smaller degree is 2: that factor on a pair of slots,
//! the other on the rest. They are the last that is added to a block of pairs.

use std::ops::Range;

use meanfield_tensor::{Kernel, Scalar, add_lanes, vectorised};

use crate::engine::lanes::{LANES, TERMS, pairs_mut};
use crate::engine::state::{Label, State, splittings};
use crate::engine::work::schedule::Work;

/// Moves the image to the columns of the panel of pairs from a place on; those products
/// are subtracted on the way, where it is asked `for_products`.
pub(crate) fn keep<S: Scalar>(
    state: State<'_, S>,
    (j, l): Label,
    for_products: bool,
    (columns, place): (Range<usize>, (usize, usize)),
    work: &mut Work<S>,
) {
    let d = state.layout().dimension();
    let mut products = splittings(j, l)
        .filter(|&(j1, _, j2, _)| for_products && j1.min(j2) == 2)
        .peekable();
    loop {
        let none: (&[S], _) = (&[], [S::from_re(0.0); LANES]);
        let (mut list, mut count) = ([none; TERMS], 0);
        for splitting in products.by_ref().take(TERMS) {
            let Some((xi, g)) = state.xi_and_cumulant(splitting) else {
                continue;
            };
            let (j1, _, j2, _) = splitting;
            let (pair, rest): (&[S], &[S]) = if j1 == 2 { (xi, g) } else { (g, xi) };
            let (pairs, factor) = &mut list[count];
            *pairs = pair;
            for (x, &z) in factor.iter_mut().zip(&rest[columns.clone()]) {
                *x = z.scaled(-(j2 as f64));
            }
            count += 1;
        }
        let last = products.peek().is_none();
        vectorised(RankOnes {
            terms: &list[..count],
            image: pairs_mut(d, &mut work.image),
            kept: last.then(|| (&mut work.pairs[..], place)),
        });
        if last {
            return;
        }
    }
}

/// `image += Σ_k pairs_k·factor_k`, a number for each pair and one for each lane; kept in
/// the columns of a panel of pairs, of so many columns from a place on, or in the image.
struct RankOnes<'a, S> {
    terms: &'a [(&'a [S], [S; LANES])],
    image: &'a mut [[S; LANES]],
    kept: Option<(&'a mut [S], (usize, usize))>,
}

impl<S: Scalar> RankOnes<'_, S> {
    #[inline(always)]
    fn sum(&self, pair: usize) -> [S; LANES] {
        let mut sum = self.image[pair];
        for (pairs, factor) in self.terms {
            let x = pairs[pair];
            add_lanes(&mut sum, x, factor);
        }
        sum
    }
}

impl<S: Scalar> Kernel for RankOnes<'_, S> {
    #[inline(always)]
    fn run(mut self) {
        let Some((panel, (width, at))) = self.kept.take() else {
            for pair in 0..self.image.len() {
                self.image[pair] = self.sum(pair);
            }
            return;
        };
        let rows = panel.chunks_exact_mut(width).take(self.image.len());
        if at + LANES <= width {
            for (pair, row) in rows.enumerate() {
                let (lanes, _) = row[at..at + LANES].as_chunks_mut::<LANES>();
                lanes[0] = self.sum(pair);
            }
        } else {
            for (pair, row) in rows.enumerate() {
                for (x, y) in row[at..].iter_mut().zip(self.sum(pair)) {
                    *x = y;
                }
            }
        }
    }
}
