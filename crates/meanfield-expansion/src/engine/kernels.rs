//! The inner loops of the pass over pairs, a copy for each set of vector
//! instructions.

use meanfield_abstract::Transitions;
use meanfield_tensor::{Kernel, Scalar};

use super::interaction::TERMS;
use super::schedule::LANES;

/// Pairs whose sums are held in registers side by side.
const TILE: usize = 4;
/// The same where a pair has one lane only.
const LONG_TILE: usize = 16;

/// `to[row][lane] = weights[lane]·panel[row, ranks[lane]]`. Not compiled for
/// wider vectors: those would scatter.
pub(super) struct Pick<'a, S, const L: usize> {
    pub(super) panel: &'a [S],
    pub(super) width: usize,
    pub(super) ranks: &'a [u32; LANES],
    pub(super) weights: [f64; L],
    pub(super) to: &'a mut [[S; L]],
}

impl<S: Scalar, const L: usize> Pick<'_, S, L> {
    pub(super) fn run(self) {
        let ranks: [usize; L] = std::array::from_fn(|lane| self.ranks[lane] as usize);
        let first = ranks[0];
        let rows = self.panel.chunks_exact(self.width).zip(self.to);
        // Entries of one run have ranks that follow one another or are equal.
        if (0..L).all(|lane| ranks[lane] == first + lane) {
            for (row, to) in rows {
                for (lane, &x) in row[first..][..L].iter().enumerate() {
                    to[lane] = x.scaled(self.weights[lane]);
                }
            }
        } else if ranks.iter().all(|&rank| rank == first) {
            for (row, to) in rows {
                let x = row[first];
                *to = std::array::from_fn(|lane| x.scaled(self.weights[lane]));
            }
        } else {
            for (row, to) in rows {
                *to = std::array::from_fn(|lane| row[ranks[lane]].scaled(self.weights[lane]));
            }
        }
    }
}

/// `block[{c,e}] += Σ_k left_k[c] right_k[e]` over `count` terms of D rows each,
/// for c ≤ e.
pub(super) struct Outer<'a, S, const L: usize> {
    pub(super) d: usize,
    pub(super) left: &'a [[S; L]],
    pub(super) right: &'a [[S; L]],
    pub(super) count: usize,
    pub(super) block: &'a mut [[S; L]],
}

impl<S: Scalar, const L: usize> Outer<'_, S, L> {
    #[inline(always)]
    fn rows<const N: usize>(self) {
        for e in 0..self.d {
            let row = &mut self.block[e * (e + 1) / 2..][..=e];
            let (tiles, rest) = row.as_chunks_mut::<N>();
            let done = tiles.len() * N;
            let terms = (self.left, self.right);
            for (k, tile) in tiles.iter_mut().enumerate() {
                add_tile(self.d, self.count, terms, (k * N, e), tile);
            }
            for (k, pair) in rest.iter_mut().enumerate() {
                let tile = std::array::from_mut(pair);
                add_tile(self.d, self.count, terms, (done + k, e), tile);
            }
        }
    }
}

/// The pairs {c, e}, {c+1, e}, …
#[inline(always)]
fn add_tile<S: Scalar, const L: usize, const N: usize>(
    d: usize,
    count: usize,
    (left, right): (&[[S; L]], &[[S; L]]),
    (c, e): (usize, usize),
    tile: &mut [[S; L]; N],
) {
    let mut sums = *tile;
    let terms = left.chunks_exact(d).zip(right.chunks_exact(d));
    for (left, right) in terms.take(count) {
        let z = &right[e];
        for (sum, x) in sums.iter_mut().zip(&left[c..][..N]) {
            for lane in 0..L {
                sum[lane] += x[lane] * z[lane];
            }
        }
    }
    *tile = sums;
}

impl<S: Scalar, const L: usize> Kernel for Outer<'_, S, L> {
    #[inline(always)]
    fn run(self) {
        if L == 1 {
            self.rows::<LONG_TILE>();
        } else {
            self.rows::<TILE>();
        }
    }
}

/// Products by transitions c → a: of one factor an index b is shown, of the
/// other the lanes are kept.
#[derive(Clone, Copy)]
pub(super) struct OneIndex<'a, S, const L: usize> {
    pub(super) transitions: &'a Transitions<S>,
    pub(super) first_shows: bool,
    pub(super) shown_by: &'a [S],
    pub(super) width: usize,
    pub(super) kept: &'a [[S; L]],
}

impl<'a, S: Scalar, const L: usize> OneIndex<'a, S, L> {
    #[inline(always)]
    pub(super) fn of(&self, transition: usize, c: usize) -> Term<'a, S, L> {
        let (shown, kept) = if self.first_shows {
            (c, transition)
        } else {
            (transition, c)
        };
        let shown = &self.shown_by[shown * self.width..][..self.width];
        (shown, &self.kept[kept])
    }
}

/// S += R + Rᵀ for all pairs, R a sum of products.
pub(super) struct Symmetrised<'a, S, const L: usize> {
    pub(super) d: usize,
    pub(super) products: &'a [OneIndex<'a, S, L>],
    pub(super) image: &'a mut [[S; L]],
}

/// A row of the factor that shows b, and the lanes of the other.
type Term<'a, S, const L: usize> = (&'a [S], &'a [S; L]);

/// R_ab for the N indices from b on, added to `sums`.
#[inline(always)]
fn add_terms<S: Scalar, const L: usize, const N: usize>(
    terms: &[Term<'_, S, L>],
    b: usize,
    sums: &mut [[S; L]; N],
) {
    for (shown, kept) in terms {
        for (sum, &x) in sums.iter_mut().zip(&shown[b..][..N]) {
            for lane in 0..L {
                sum[lane] += x * kept[lane];
            }
        }
    }
}

/// The row a of R, added to the pairs {a, b} for all b.
#[inline(always)]
fn add_row<S: Scalar, const L: usize>(
    terms: &[Term<'_, S, L>],
    (a, d): (usize, usize),
    image: &mut [[S; L]],
) {
    // b ≤ a: pairs side by side.
    let (tiles, rest) = image[place(a, 0)..][..=a].as_chunks_mut::<TILE>();
    let done = tiles.len() * TILE;
    for (k, tile) in tiles.iter_mut().enumerate() {
        let mut sums = *tile;
        add_terms(terms, k * TILE, &mut sums);
        *tile = sums;
    }
    for (k, pair) in rest.iter_mut().enumerate() {
        let mut sums = [*pair];
        add_terms(terms, done + k, &mut sums);
        *pair = sums[0];
    }
    // b ≥ a: R + Rᵀ holds R_aa twice.
    let mut b = a;
    while b + TILE <= d {
        let mut sums: [[S; L]; TILE] = std::array::from_fn(|k| image[place(b + k, a)]);
        add_terms(terms, b, &mut sums);
        for (k, sum) in sums.iter().enumerate() {
            image[place(b + k, a)] = *sum;
        }
        b += TILE;
    }
    for b in b..d {
        let mut sums = [image[place(b, a)]];
        add_terms(terms, b, &mut sums);
        image[place(b, a)] = sums[0];
    }
}

impl<S: Scalar, const L: usize> Kernel for Symmetrised<'_, S, L> {
    #[inline(always)]
    fn run(self) {
        let zero = [S::from_re(0.0); L];
        let none: Term<'_, S, L> = (&[], &zero);
        for a in 0..self.d {
            let (mut terms, mut count) = ([none; TERMS], 0);
            for product in self.products {
                for (transition, c) in product.transitions.leading_to(a) {
                    if count == TERMS {
                        add_row(&terms, (a, self.d), self.image);
                        count = 0;
                    }
                    terms[count] = product.of(transition, c);
                    count += 1;
                }
            }
            add_row(&terms[..count], (a, self.d), self.image);
        }
    }
}

/// The packed pair {a, b}.
#[inline(always)]
pub(super) fn place(a: usize, b: usize) -> usize {
    a.max(b) * (a.max(b) + 1) / 2 + a.min(b)
}

/// How often an entry of S = R + Rᵀ holds R_ab.
#[inline(always)]
pub(super) fn orders(a: usize, b: usize) -> f64 {
    if a == b { 2.0 } else { 1.0 }
}

/// `image += Σ_k pairs_k·factor_k`, a number for each pair and one for each lane.
pub(super) struct RankOnes<'a, S, const L: usize> {
    pub(super) terms: &'a [(&'a [S], [S; L])],
    pub(super) image: &'a mut [[S; L]],
}

impl<S: Scalar, const L: usize> Kernel for RankOnes<'_, S, L> {
    #[inline(always)]
    fn run(self) {
        for (pair, to) in self.image.iter_mut().enumerate() {
            let mut sum = *to;
            for (pairs, factor) in self.terms {
                let x = pairs[pair];
                for lane in 0..L {
                    sum[lane] += x * factor[lane];
                }
            }
            *to = sum;
        }
    }
}
