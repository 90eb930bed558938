//! The inner loops of the pass over pairs, a copy for each set of vector
//! instructions.

use meanfield_abstract::{Leading, Transitions};
use meanfield_tensor::{Kernel, Scalar, WIDE, add_lanes};

use super::interaction::TERMS;
use super::schedule::LANES;

/// Pairs whose sums are held in registers side by side.
const TILE: usize = 4;
/// The same of a whole row.
const ROW_TILE: usize = 8;
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

/// Lanes of packed pairs out of a panel of `width` columns, from a column on; those
/// beyond the last column are zero.
pub(super) struct TakeLanes<'a, S, const L: usize> {
    pub(super) panel: &'a [S],
    pub(super) width: usize,
    pub(super) at: usize,
    pub(super) lanes: &'a mut [[S; L]],
}

impl<S: Scalar, const L: usize> Kernel for TakeLanes<'_, S, L> {
    #[inline(always)]
    fn run(self) {
        let rows = self.panel.chunks_exact(self.width);
        for (to, row) in self.lanes.iter_mut().zip(rows) {
            if let Some(from) = row[self.at..].first_chunk() {
                *to = *from;
            } else {
                let from = &row[self.at..];
                *to = [S::from_re(0.0); L];
                to[..from.len()].copy_from_slice(from);
            }
        }
    }
}

/// `block[{c,e}] = Σ_k left_k[c] right_k[e]` over `count` terms of D rows each, for
/// c ≤ e; added to the block where it has been `begun`.
pub(super) struct Outer<'a, S, const L: usize> {
    pub(super) begun: bool,
    pub(super) d: usize,
    pub(super) left: &'a [[S; L]],
    pub(super) right: &'a [[S; L]],
    pub(super) count: usize,
    pub(super) block: &'a mut [[S; L]],
}

impl<S: Scalar, const L: usize> Outer<'_, S, L> {
    /// W lanes at a time, of tiles of N pairs.
    #[inline(always)]
    fn rows<const W: usize, const N: usize>(self) {
        let (left, _) = self.left.as_flattened().as_chunks::<W>();
        let (right, _) = self.right.as_flattened().as_chunks::<W>();
        let (block, _) = self.block.as_flattened_mut().as_chunks_mut::<W>();
        let (d, step) = (self.d, L / W);
        let terms = (left, right, self.count, d * step, self.begun);
        for e in 0..d {
            let row = &mut block[e * (e + 1) / 2 * step..][..(e + 1) * step];
            let whole = (e + 1) / N * N;
            for part in 0..step {
                for c in (0..whole).step_by(N) {
                    add_products::<_, W, N>(terms, (c, e), (step, part), row);
                }
                for c in whole..=e {
                    add_products::<_, W, 1>(terms, (c, e), (step, part), row);
                }
            }
        }
    }
}

/// The pairs {c, e}, {c+1, e}, … of a row e, a part of their lanes.
#[inline(always)]
fn add_products<S: Scalar, const W: usize, const N: usize>(
    (left, right, count, len, begun): (&[[S; W]], &[[S; W]], usize, usize, bool),
    (c, e): (usize, usize),
    (step, part): (usize, usize),
    row: &mut [[S; W]],
) {
    let row = &mut row[c * step..][..N * step];
    let mut sums = [[S::from_re(0.0); W]; N];
    if begun {
        sums = std::array::from_fn(|n| row[n * step + part]);
    }
    let terms = left.chunks_exact(len).zip(right.chunks_exact(len));
    for (left, right) in terms.take(count) {
        let z = &right[e * step + part];
        let left = &left[c * step..][..N * step];
        for (n, sum) in sums.iter_mut().enumerate() {
            let x = &left[n * step + part];
            for lane in 0..W {
                sum[lane] += x[lane] * z[lane];
            }
        }
    }
    for (n, sum) in sums.iter().enumerate() {
        row[n * step + part] = *sum;
    }
}

impl<S: Scalar, const L: usize> Kernel for Outer<'_, S, L> {
    #[inline(always)]
    fn run(self) {
        if L == 1 {
            self.rows::<1, LONG_TILE>();
        } else {
            self.rows::<WIDE, TILE>();
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
    pub(super) fn of(&self, one: &Leading<S>) -> Term<'a, S, L> {
        let (shown, kept) = if self.first_shows {
            (one.from(), one.channel())
        } else {
            (one.channel(), one.from())
        };
        let shown = &self.shown_by[shown * self.width..][..self.width];
        let (kept, share) = (&self.kept[kept], one.share());
        (shown, std::array::from_fn(|lane| share * kept[lane]))
    }
}

/// S += R + Rᵀ for all pairs, R a sum of products.
pub(super) struct Symmetrised<'a, S, const L: usize> {
    pub(super) d: usize,
    pub(super) products: &'a [OneIndex<'a, S, L>],
    pub(super) image: &'a mut [[S; L]],
}

/// A row of the factor that shows b, and the lanes of the other times a share.
type Term<'a, S, const L: usize> = (&'a [S], [S; L]);

/// R_ab for the N indices from b on, added to `sums`.
#[inline(always)]
fn add_terms<S: Scalar, const L: usize, const N: usize>(
    terms: &[Term<'_, S, L>],
    b: usize,
    sums: &mut [[S; L]; N],
) {
    for (shown, kept) in terms {
        for (sum, &x) in sums.iter_mut().zip(&shown[b..][..N]) {
            add_lanes(sum, x, kept);
        }
    }
}

/// R_ab for the N indices from b on, added to the pairs {a, b}: R + Rᵀ holds R_aa twice.
#[inline(always)]
fn add_tile<S: Scalar, const L: usize, const N: usize>(
    terms: &[Term<'_, S, L>],
    (a, b): (usize, usize),
    image: &mut [[S; L]],
) {
    let mut sums = [[S::from_re(0.0); L]; N];
    add_terms(terms, b, &mut sums);
    if b + N <= a {
        // Pairs side by side.
        for (to, sum) in image[place(a, b)..][..N].iter_mut().zip(&sums) {
            *to = plus(to, sum);
        }
        return;
    }
    for (k, sum) in sums.iter().enumerate() {
        let to = &mut image[place(a, b + k)];
        *to = plus(to, sum);
        if a == b + k {
            *to = plus(to, sum);
        }
    }
}

#[inline(always)]
fn plus<S: Scalar, const L: usize>(x: &[S; L], y: &[S; L]) -> [S; L] {
    std::array::from_fn(|lane| x[lane] + y[lane])
}

/// The row a of R, added to the pairs {a, b} for all b.
#[inline(always)]
fn add_row<S: Scalar, const L: usize>(
    terms: &[Term<'_, S, L>],
    (a, d): (usize, usize),
    image: &mut [[S; L]],
) {
    let whole = d / ROW_TILE * ROW_TILE;
    for b in (0..whole).step_by(ROW_TILE) {
        add_tile::<_, L, ROW_TILE>(terms, (a, b), image);
    }
    for b in whole..d {
        add_tile::<_, L, 1>(terms, (a, b), image);
    }
}

impl<S: Scalar, const L: usize> Kernel for Symmetrised<'_, S, L> {
    #[inline(always)]
    fn run(self) {
        let none: Term<'_, S, L> = (&[], [S::from_re(0.0); L]);
        let mut terms = [none; TERMS];
        for a in 0..self.d {
            let mut count = 0;
            for product in self.products {
                for one in product.transitions.leading_to(a) {
                    if count == TERMS {
                        add_row(&terms, (a, self.d), self.image);
                        count = 0;
                    }
                    terms[count] = product.of(one);
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
