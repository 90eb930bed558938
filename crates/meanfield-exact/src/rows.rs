//! The N-body generator as a sparse matrix over occupation numbers.
//!
//! ∂t P = yKP' + yyVP''/(2N) moves at most two particles, so a row α has one
//! entry for each *move* α → α' = α − (a,b) + (c,d) that the pair operator W of
//! [`crate::pair_map`] knows; pairs that make the same move are added up when
//! the matrix is built. With n_ab = α_a(α_b − δ_ab), shared between the two sides
//! as [`Weighting`] says,
//!
//! ```math
//! A[\alpha, \alpha'] = \sum_{(a,b),\ (c,d) \text{ of that move}}
//!   \tfrac12 W_{ab,cd} \sqrt{n_{ab}(\alpha)\, n_{cd}(\alpha')} \qquad \text{(orthonormal)}.
//! ```
//!
//! Occupations that differ in α_0 and α_1 alone lie one after the other, a *run*,
//! and a move takes a run into another one, in order: no index is stored or
//! looked up for an entry, only for a run and a move. An entry costs one read
//! and one multiplication; the panels of [`crate::generator`], which need no
//! memory, pay for every pair of states and look up both sides.

use std::collections::BTreeMap;

use meanfield_ode::LinearAction;
use meanfield_tensor::{Occupations, Scalar, packed_len, pair_count};
use ndarray::Array2;
use rayon::prelude::*;

use crate::pair_map::pairs;
use crate::weighting::Weighting;

/// The most a matrix may take (256 MiB): beyond, every product waits for memory
/// and panels are as fast.
const LARGEST_BYTES: usize = 256 << 20;
/// Pairs of states up to which moves are counted at all.
const CONSIDERED_PAIRS: usize = 120;
/// A pair of states in a panel costs as much as this many entries of a row:
/// measured 7 ns against 0.7 ns.
const ENTRIES_PER_PAIR: f64 = 8.0;
/// Entries from which rows are shared among threads, and the least rows of a
/// share.
const SHARED_ENTRIES: usize = 1 << 17;
const SHARE: usize = 2048;

/// A pair (a, b) that becomes (c, d), read from the result: A takes from
/// occupation α' = α − (a,b) + (c,d).
struct Term<S> {
    to: (usize, usize),
    from: (usize, usize),
    value: S,
}

/// The moves of a pair operator: α' − α, and the terms that make it.
pub(crate) struct Moves<S> {
    dimension: usize,
    list: BTreeMap<Vec<i32>, Vec<Term<S>>>,
}

impl<S: Scalar> Moves<S> {
    /// Whether moves among this many pairs of states are counted.
    pub(crate) fn are_counted(pairs: usize) -> bool {
        pairs <= CONSIDERED_PAIRS
    }

    /// The moves of W on symmetric pairs, if there are few enough to be worth
    /// counting.
    pub(crate) fn new(map: &Array2<S>, dimension: usize) -> Option<Self> {
        let pairs = pairs(dimension);
        if !Self::are_counted(map.nrows()) || map.nrows() != pairs.len() {
            return None;
        }
        let mut list: BTreeMap<Vec<i32>, Vec<Term<S>>> = BTreeMap::new();
        for ((row, column), &value) in map.indexed_iter() {
            if value == S::from_re(0.0) {
                continue;
            }
            let (to, from) = (pairs[row], pairs[column]);
            let mut shift = vec![0; dimension];
            for (index, step) in [(from.0, 1), (from.1, 1), (to.0, -1), (to.1, -1)] {
                shift[index] += step;
            }
            list.entry(shift)
                .or_default()
                .push(Term { to, from, value });
        }
        Some(Self { dimension, list })
    }

    /// Bytes of the matrix for N particles, where it fits and pays.
    pub(crate) fn bytes(&self, n: usize) -> Option<usize> {
        let pairs = pair_count(self.dimension);
        let len = packed_len(self.dimension, n).filter(|&len| len <= u32::MAX as usize)?;
        let pieces = runs(self.dimension, n)?.checked_mul(self.list.len())?;
        let bytes = len
            .checked_mul(self.list.len() * size_of::<S>())?
            .checked_add(pieces.checked_mul(size_of::<Piece>())?)?
            .checked_add(runs(self.dimension, n)?.checked_mul(size_of::<Run>())?)?;
        let pays = self.list.len() as f64 <= ENTRIES_PER_PAIR * pairs as f64;
        (pays && bytes <= LARGEST_BYTES).then_some(bytes)
    }
}

/// The generator of N particles: a diagonal for each run and move.
pub(crate) struct Rows<S> {
    runs: Vec<Run>,
    pieces: Vec<Piece>,
    value: Vec<S>,
}

/// Occupations with the same α_2, α_3, …
struct Run {
    len: usize,
    /// The end of its pieces, which begin where those of the run before end.
    pieces: usize,
}

/// The entries of one move in the rows of a run.
struct Piece {
    /// First row, from the start of the run.
    row: u32,
    len: u32,
    /// Column of the first row; the others follow.
    column: u32,
    /// The first entry.
    value: usize,
}

/// Ranks of occupation vectors, as [`Occupations`] lists them:
/// Σ_a C(a + S_a, a) − C(a + S_{a−1}, a) with S_a = α_0 + … + α_a.
struct Ranks {
    /// choose[a][m] = C(a+m, a).
    choose: Vec<Vec<usize>>,
}

impl Ranks {
    fn new(dimension: usize, n: usize) -> Self {
        let mut choose = vec![vec![1; n + 1]; dimension];
        for a in 1..dimension {
            for m in 1..=n {
                choose[a][m] = choose[a - 1][m] + choose[a][m - 1];
            }
        }
        Self { choose }
    }

    fn rank(&self, occupation: &[usize]) -> usize {
        let (mut below, mut rank) = (0, 0);
        for (choose, count) in self.choose.iter().zip(occupation) {
            rank += choose[below + count] - choose[below];
            below += count;
        }
        rank
    }
}

/// Number of runs among the occupations of N particles.
fn runs(dimension: usize, n: usize) -> Option<usize> {
    if dimension < 2 {
        return Some(1);
    }
    packed_len(dimension - 1, n)
}

impl<S: Scalar> Rows<S> {
    /// The matrix; call [`Moves::bytes`] first. Cost: the entries.
    pub(crate) fn new(moves: &Moves<S>, n: usize, weighting: Weighting) -> Self {
        let dimension = moves.dimension;
        let ranks = Ranks::new(dimension, n);
        let weights = (weighting.input(n), weighting.output(n));
        let (len, runs) = (packed_len(dimension, n), runs(dimension, n));
        let (len, runs) = (len.unwrap_or(0), runs.unwrap_or(0));
        let mut out = Self {
            runs: Vec::with_capacity(runs),
            pieces: Vec::with_capacity(runs * moves.list.len()),
            value: Vec::with_capacity(len * moves.list.len()),
        };
        let mut all = Occupations::new(dimension, n);
        while let Some(alpha) = all.advance() {
            // A run begins with α_1 = 0.
            if alpha.get(1).is_none_or(|&count| count == 0) {
                let first: Vec<usize> = alpha.iter().map(|&count| count as usize).collect();
                out.push_run(moves, &ranks, &weights, &first);
            }
        }
        out
    }

    fn push_run(
        &mut self,
        moves: &Moves<S>,
        ranks: &Ranks,
        (input, output): &(Vec<f64>, Vec<f64>),
        first: &[usize],
    ) {
        let in_run = |step: usize| {
            let mut alpha = first.to_vec();
            if step > 0 {
                alpha[0] -= step;
                alpha[1] += step;
            }
            alpha
        };
        let factor = |weights: &[f64], alpha: &[usize], (a, b): (usize, usize)| {
            weights[alpha[a]] * weights[alpha[b] - usize::from(a == b)]
        };
        let len = if first.len() > 1 { first[0] + 1 } else { 1 };
        for (shift, terms) in &moves.list {
            let mut piece: Option<Piece> = None;
            for step in 0..len {
                let here = in_run(step);
                let Some(there) = moved(&here, shift) else {
                    continue;
                };
                let mut sum = S::from_re(0.0);
                for term in terms {
                    let (a, b) = term.to;
                    if here[a] > usize::from(a == b) && here[b] > 0 {
                        let weight =
                            factor(output, &here, term.to) * factor(input, &there, term.from);
                        sum += term.value.scaled(weight);
                    }
                }
                let begun = piece.get_or_insert_with(|| Piece {
                    row: step as u32,
                    len: 0,
                    column: ranks.rank(&there) as u32,
                    value: self.value.len(),
                });
                begun.len += 1;
                self.value.push(sum);
            }
            self.pieces.extend(piece);
        }
        self.runs.push(Run {
            len,
            pieces: self.pieces.len(),
        });
    }

    /// The largest sum of moduli in a row: no eigenvalue is larger.
    pub(crate) fn largest_row(&self) -> f64 {
        let mut largest = 0.0_f64;
        let mut first = 0;
        for run in &self.runs {
            let mut sums = vec![0.0; run.len];
            for piece in &self.pieces[first..run.pieces] {
                let values = &self.value[piece.value..][..piece.len as usize];
                let rows = sums[piece.row as usize..].iter_mut();
                rows.zip(values).for_each(|(sum, x)| *sum += x.modulus());
            }
            largest = sums.into_iter().fold(largest, f64::max);
            first = run.pieces;
        }
        largest
    }

    /// Rows of the runs from `first` on, as many as `out` has.
    fn fill(&self, first: usize, x: &[S], mut out: &mut [S]) {
        let mut begin = if first == 0 {
            0
        } else {
            self.runs[first - 1].pieces
        };
        for run in &self.runs[first..] {
            if out.is_empty() {
                break;
            }
            let (rows, rest) = out.split_at_mut(run.len);
            rows.fill(S::from_re(0.0));
            for piece in &self.pieces[begin..run.pieces] {
                let len = piece.len as usize;
                let values = &self.value[piece.value..][..len];
                let columns = &x[piece.column as usize..][..len];
                let rows = &mut rows[piece.row as usize..][..len];
                for ((row, &value), &x) in rows.iter_mut().zip(values).zip(columns) {
                    *row += value * x;
                }
            }
            begin = run.pieces;
            out = rest;
        }
    }
}

/// α + shift, if that is an occupation.
fn moved(alpha: &[usize], shift: &[i32]) -> Option<Vec<usize>> {
    let counts = alpha.iter().zip(shift);
    counts
        .map(|(&count, &step)| count.checked_add_signed(step as isize))
        .collect()
}

impl<S: Scalar> LinearAction for Rows<S> {
    type Scalar = S;

    /// Each row is the work of one thread: their number does not change it.
    fn apply(&mut self, x: &[S], out: &mut [S]) {
        let this = &*self;
        if this.value.len() < SHARED_ENTRIES {
            return this.fill(0, x, out);
        }
        let mut shares = Vec::new();
        let (mut rest, mut begin) = (out, 0);
        while begin < this.runs.len() {
            let (mut end, mut len) = (begin, 0);
            while end < this.runs.len() && len < SHARE {
                len += this.runs[end].len;
                end += 1;
            }
            let (share, others) = rest.split_at_mut(len);
            shares.push((begin, share));
            (rest, begin) = (others, end);
        }
        shares
            .into_par_iter()
            .for_each(|(first, share)| this.fill(first, x, share));
    }
}

#[cfg(test)]
mod tests {
    use meanfield_abstract::problems::{self, Noise};
    use num_complex::Complex64;

    use super::*;
    use crate::generator::Generator;
    use crate::pair_map::{PairMap, fold, tabulated};
    use crate::test_models::random_hermitian_pair;

    #[test]
    fn law_ranks_count_occupations_in_order() {
        for (dimension, n) in [(1, 5), (2, 7), (3, 6), (5, 4)] {
            let ranks = Ranks::new(dimension, n);
            let mut all = Occupations::new(dimension, n);
            let mut k = 0;
            while let Some(alpha) = all.advance() {
                let alpha: Vec<usize> = alpha.iter().map(|&x| x as usize).collect();
                assert_eq!(ranks.rank(&alpha), k);
                k += 1;
            }
        }
    }

    /// The matrix does what the panels do, whatever was in the result before.
    fn against_panels<S: Scalar>(
        map: &Array2<S>,
        dimension: usize,
        n: usize,
        weighting: Weighting,
    ) {
        let moves = Moves::new(map, dimension).unwrap();
        let mut rows = Rows::new(&moves, n, weighting);
        let panels = PairMap::of_matrix(map.clone());
        let mut generator = Generator::new(dimension, n, 0, panels, weighting).unwrap();
        let len = packed_len(dimension, n).unwrap();
        assert!(rows.value.len() <= len * moves.list.len());
        let mut noise = Noise::new(n as u64);
        let x: Vec<S> = noise.vector(len);
        let (mut fast, mut slow): (Vec<S>, Vec<S>) = (noise.vector(len), noise.vector(len));
        for _ in 0..2 {
            rows.apply(&x, &mut fast);
            generator.apply(&x, &mut slow);
            let size = slow.iter().map(|y| y.modulus()).fold(1.0, f64::max);
            for (a, b) in fast.iter().zip(&slow) {
                assert!((*a - *b).modulus() < 1e-13 * size, "{a} against {b}");
            }
        }
    }

    #[test]
    fn law_rows_and_panels_agree() {
        for (dimension, n) in [(1, 3), (2, 2), (2, 9), (3, 2), (3, 40), (4, 7), (6, 3)] {
            for weighting in [
                Weighting::Values,
                Weighting::Probabilities,
                Weighting::Orthonormal,
            ] {
                let model = problems::random_jump_process(dimension, 7).unwrap();
                let map = tabulated(&model, n).unwrap();
                against_panels(&map, dimension, n, weighting);
                let model = problems::random_arrays::<Complex64>(dimension, 3).unwrap();
                let map = tabulated(&model, n).unwrap();
                against_panels(&map, dimension, n, weighting);
            }
            let map = fold(&random_hermitian_pair(dimension, 5), dimension);
            against_panels(&map, dimension, n, Weighting::Orthonormal);
        }
        // Enough entries for more than one thread.
        let model = problems::three_states().unwrap();
        let map = tabulated(&model, 130).unwrap();
        against_panels(&map, 3, 130, Weighting::Probabilities);
    }

    #[test]
    fn law_the_matrix_is_counted_before_it_is_built() {
        for (dimension, n, dense) in [(2, 50, true), (3, 40, true), (4, 9, true), (6, 5, false)] {
            let model = problems::random_jump_process(dimension, 7).unwrap();
            let moves = Moves::new(&tabulated(&model, n).unwrap(), dimension).unwrap();
            let counted = moves.bytes(n);
            // A pair of six states moves to too many others to pay.
            assert_eq!(counted.is_some(), dense, "{dimension}");
            let rows = Rows::new(&moves, n, Weighting::Probabilities);
            let held = rows.value.capacity() * size_of::<f64>()
                + rows.pieces.capacity() * size_of::<Piece>()
                + rows.runs.capacity() * size_of::<Run>();
            assert!(counted.is_none_or(|counted| held <= counted));
        }
        let sparse = problems::ring_walk(6).unwrap();
        let moves = Moves::new(&tabulated(&sparse, 5).unwrap(), 6).unwrap();
        assert!(moves.bytes(5).is_some() && moves.bytes(400).is_none());
        let large = problems::ring_walk(20).unwrap();
        assert!(Moves::new(&tabulated(&large, 5).unwrap(), 20).is_none());
    }
}
