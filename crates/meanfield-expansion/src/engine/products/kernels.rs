//! The inner loops of the pass over pairs, a copy for each set of vector
//! instructions.

use meanfield_abstract::{Leading, Transitions};
use meanfield_tensor::{Kernel, Scalar, WIDE, add_lanes, pair_count, pair_rank};

use crate::engine::lanes::{LANES, TERMS};

/// Pairs whose sums are held in registers side by side.
const TILE: usize = 4;
/// The same of a whole row.
const ROW_TILE: usize = 8;
/// The same where a pair has one lane only.
const LONG_TILE: usize = 16;

/// `to[row][lane] = weights[lane]·panel[row, ranks[lane]]`. Not compiled for
/// wider vectors: those would scatter.
pub(crate) fn pick<S: Scalar, const L: usize>(
    panel: &[S],
    ranks: &[u32; LANES],
    weights: [f64; L],
    to: &mut [[S; L]],
) {
    let ranks: [usize; L] = std::array::from_fn(|lane| ranks[lane] as usize);
    let first = ranks[0];
    let rows = panel.chunks_exact(panel.len() / to.len()).zip(to);
    // Entries of one run have ranks that follow one another or are equal.
    if (0..L).all(|lane| ranks[lane] == first + lane) {
        for (row, to) in rows {
            for (lane, &x) in row[first..][..L].iter().enumerate() {
                to[lane] = x.scaled(weights[lane]);
            }
        }
    } else if ranks.iter().all(|&rank| rank == first) {
        for (row, to) in rows {
            let x = row[first];
            *to = std::array::from_fn(|lane| x.scaled(weights[lane]));
        }
    } else {
        for (row, to) in rows {
            *to = std::array::from_fn(|lane| row[ranks[lane]].scaled(weights[lane]));
        }
    }
}

/// Lanes of packed pairs out of a panel of `width` columns, from a column on; those
/// beyond the last column are zero.
pub(crate) struct TakeLanes<'a, S> {
    pub(crate) panel: &'a [S],
    pub(crate) width: usize,
    pub(crate) at: usize,
    pub(crate) lanes: &'a mut [[S; LANES]],
}

impl<S: Scalar> Kernel for TakeLanes<'_, S> {
    #[inline(always)]
    fn run(self) {
        let rows = self.panel.chunks_exact(self.width);
        for (to, row) in self.lanes.iter_mut().zip(rows) {
            if let Some(from) = row[self.at..].first_chunk() {
                *to = *from;
            } else {
                let from = &row[self.at..];
                *to = [S::from_re(0.0); LANES];
                to[..from.len()].copy_from_slice(from);
            }
        }
    }
}

/// `block[{c,e}] = Σ_k left_k[c] right_k[e]` over `count` terms of D rows each, for
/// c ≤ e; added to the block where it has been `begun`.
pub(crate) struct Outer<'a, S, const L: usize> {
    pub(crate) begun: bool,
    pub(crate) d: usize,
    pub(crate) left: &'a [[S; L]],
    pub(crate) right: &'a [[S; L]],
    pub(crate) count: usize,
    pub(crate) block: &'a mut [[S; L]],
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
            let row = &mut block[pair_count(e) * step..][..(e + 1) * step];
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
pub(crate) struct OneIndex<'a, S> {
    pub(crate) transitions: &'a Transitions<S>,
    pub(crate) first_shows: bool,
    pub(crate) shown_by: &'a [S],
    pub(crate) width: usize,
    pub(crate) kept: &'a [[S; LANES]],
}

impl<'a, S: Scalar> OneIndex<'a, S> {
    #[inline(always)]
    pub(crate) fn of(&self, one: &Leading<S>) -> Term<'a, S> {
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
pub(crate) struct Symmetrised<'a, S> {
    pub(crate) d: usize,
    pub(crate) products: &'a [OneIndex<'a, S>],
    pub(crate) image: &'a mut [[S; LANES]],
}

/// A row of the factor that shows b, and the lanes of the other times a share.
type Term<'a, S> = (&'a [S], [S; LANES]);

/// R_ab for the N indices from b on, added to `sums`.
#[inline(always)]
fn add_terms<S: Scalar, const N: usize>(
    terms: &[Term<'_, S>],
    b: usize,
    sums: &mut [[S; LANES]; N],
) {
    for (shown, kept) in terms {
        for (sum, &x) in sums.iter_mut().zip(&shown[b..][..N]) {
            add_lanes(sum, x, kept);
        }
    }
}

/// R_ab for the N indices from b on, added to the pairs {a, b}: R + Rᵀ holds R_aa twice.
#[inline(always)]
fn add_tile<S: Scalar, const N: usize>(
    terms: &[Term<'_, S>],
    (a, b): (usize, usize),
    image: &mut [[S; LANES]],
) {
    let mut sums = [[S::from_re(0.0); LANES]; N];
    add_terms(terms, b, &mut sums);
    if b + N <= a {
        // Pairs side by side.
        for (to, sum) in image[pair_rank(a, b)..][..N].iter_mut().zip(&sums) {
            *to = plus(to, sum);
        }
        return;
    }
    for (k, sum) in sums.iter().enumerate() {
        let to = &mut image[pair_rank(a, b + k)];
        *to = plus(to, sum);
        if a == b + k {
            *to = plus(to, sum);
        }
    }
}

#[inline(always)]
fn plus<S: Scalar>(x: &[S; LANES], y: &[S; LANES]) -> [S; LANES] {
    std::array::from_fn(|lane| x[lane] + y[lane])
}

/// The row a of R, added to the pairs {a, b} for all b.
#[inline(always)]
fn add_row<S: Scalar>(terms: &[Term<'_, S>], (a, d): (usize, usize), image: &mut [[S; LANES]]) {
    let whole = d / ROW_TILE * ROW_TILE;
    for b in (0..whole).step_by(ROW_TILE) {
        add_tile::<_, ROW_TILE>(terms, (a, b), image);
    }
    for b in whole..d {
        add_tile::<_, 1>(terms, (a, b), image);
    }
}

impl<S: Scalar> Kernel for Symmetrised<'_, S> {
    #[inline(always)]
    fn run(self) {
        let none: Term<'_, S> = (&[], [S::from_re(0.0); LANES]);
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

/// How often an entry of S = R + Rᵀ holds R_ab.
#[inline(always)]
pub(crate) fn orders(a: usize, b: usize) -> f64 {
    if a == b { 2.0 } else { 1.0 }
}
