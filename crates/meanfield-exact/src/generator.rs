//! The N-body generator on one packed symmetric tensor: gather, act on a pair,
//! scatter.
//!
//! With the pair operator W of [`crate::pair_map`], and γ running over the
//! occupations of the N−2 particles that look on,
//!
//! ```math
//! (AT)[\gamma+a+b] \mathrel{+}= \tfrac12 \sum_{c,d} n_{ab} W_{ab,cd}\, T[\gamma+c+d], \qquad
//! n_{ab} = \alpha_a(\alpha_b - \delta_{ab}) \text{ at } \alpha = \gamma+a+b,
//! ```
//!
//! where [`Weighting`] says which side carries the factor.

use std::ops::Range;

use meanfield_ode::LinearAction;
use meanfield_tensor::{Scalar, SymmetricLayout};
use ndarray::{ArrayView2, ArrayViewMut2};

use crate::ExactError;
use crate::pair_map::{PairMap, pairs};
use crate::weighting::Weighting;

/// Columns γ of a block: two panels of this width stay in the cache.
const WIDTH: usize = 256;

/// The generator of N particles, acting on packed vectors.
pub(crate) struct Generator<'a, S> {
    n: usize,
    layout: SymmetricLayout,
    map: PairMap<'a, S>,
    pairs: Vec<(usize, usize)>,
    input: Factors,
    output: Factors,
    x: Vec<S>,
    y: Vec<S>,
    ranks: Vec<u32>,
}

/// The lowest degree the generator itself, or marginals made by lowering,
/// need.
pub(crate) fn lowest_degree(n: usize, lowered: usize) -> usize {
    n.saturating_sub(lowered.max(2))
}

/// Bytes of the index tables down to degree N − `lowered` and of the panels;
/// `None` when the tensors cannot be indexed.
pub(crate) fn required_bytes(
    dimension: usize,
    n: usize,
    lowered: usize,
    scalar: usize,
) -> Option<usize> {
    let rows = crate::pair_map::rows(dimension, n);
    let tables = SymmetricLayout::table_bytes_between(dimension, lowest_degree(n, lowered), n)?;
    let panels = rows.checked_mul(WIDTH * (2 * scalar + 4))?;
    tables.checked_add(panels)
}

impl<'a, S: Scalar> Generator<'a, S> {
    /// Lays out the tables; `lowered` says how many degrees below N the caller
    /// needs of [`Generator::layout`].
    ///
    /// # Errors
    /// [`ExactError::Tensor`] when the tensors cannot be indexed.
    pub(crate) fn new(
        dimension: usize,
        n: usize,
        lowered: usize,
        map: PairMap<'a, S>,
        weighting: Weighting,
    ) -> Result<Self, ExactError> {
        let rows = map.rows();
        Ok(Self {
            n,
            layout: SymmetricLayout::between(dimension, lowest_degree(n, lowered), n)?,
            map,
            pairs: pairs(dimension),
            input: Factors::new(weighting.input(n), dimension),
            output: Factors::new(weighting.output(n), dimension),
            x: vec![S::from_re(0.0); rows * WIDTH],
            y: vec![S::from_re(0.0); rows * WIDTH],
            ranks: vec![0; rows * WIDTH],
        })
    }

    /// The index tables.
    pub(crate) fn layout(&self) -> &SymmetricLayout {
        &self.layout
    }

    /// The block of columns from `start`.
    fn add_block(&mut self, start: usize, width: usize, from: &[S], out: &mut [S]) {
        let columns = start..start + width;
        self.input.fill(&self.layout, self.n - 2, columns.clone());
        self.output.fill(&self.layout, self.n - 2, columns.clone());
        for (row, &(a, b)) in self.pairs.iter().enumerate() {
            let first = &self.layout.insertion_row(self.n - 1, a)[columns.clone()];
            let second = self.layout.insertion_row(self.n, b);
            let to = &mut self.x[row * width..(row + 1) * width];
            let ranks = &mut self.ranks[row * width..(row + 1) * width];
            for ((x, rank), &k) in to.iter_mut().zip(ranks).zip(first) {
                *rank = second[k as usize];
                *x = from[*rank as usize];
            }
            self.input.multiply(a, b, to);
        }
        let size = self.map.rows() * width;
        let shape = (self.map.rows(), width);
        self.y[..size].fill(S::from_re(0.0));
        apply(&self.map, shape, &self.x[..size], &mut self.y[..size]);
        for (row, &(a, b)) in self.pairs.iter().enumerate() {
            let image = &mut self.y[row * width..(row + 1) * width];
            self.output.multiply(a, b, image);
            let ranks = &self.ranks[row * width..(row + 1) * width];
            for (&y, &rank) in image.iter().zip(ranks) {
                out[rank as usize] += y;
            }
        }
    }
}

/// The factors w(α_a)·w(α_b − δ_ab) at α = γ+a+b of one side, for a block of γ.
struct Factors {
    /// w(0) … w(N); empty where every factor is 1.
    weights: Vec<f64>,
    /// w(γ_a + 1), a row of the block for each a.
    once: Vec<f64>,
    /// w(γ_a + 2).
    twice: Vec<f64>,
    width: usize,
}

impl Factors {
    fn new(mut weights: Vec<f64>, dimension: usize) -> Self {
        if weights.iter().all(|&w| w == 1.0) {
            weights.clear();
        }
        Self {
            weights,
            once: vec![0.0; dimension * WIDTH],
            twice: vec![0.0; dimension * WIDTH],
            width: WIDTH,
        }
    }

    fn fill(&mut self, layout: &SymmetricLayout, degree: usize, columns: Range<usize>) {
        self.width = columns.len();
        if self.weights.is_empty() {
            return;
        }
        for (k, gamma) in columns.enumerate() {
            for (a, &count) in layout.occupation(degree, gamma).iter().enumerate() {
                self.once[a * self.width + k] = self.weights[count as usize + 1];
                self.twice[a * self.width + k] = self.weights[count as usize + 2];
            }
        }
    }

    fn multiply<S: Scalar>(&self, a: usize, b: usize, row: &mut [S]) {
        if self.weights.is_empty() {
            return;
        }
        let left = &self.once[a * self.width..(a + 1) * self.width];
        let right = if a == b { &self.twice } else { &self.once };
        let right = &right[b * self.width..(b + 1) * self.width];
        for ((x, l), r) in row.iter_mut().zip(left).zip(right) {
            *x = x.scaled(l * r);
        }
    }
}

fn apply<S: Scalar>(map: &PairMap<'_, S>, shape: (usize, usize), x: &[S], y: &mut [S]) {
    let x = ArrayView2::from_shape(shape, x);
    let y = ArrayViewMut2::from_shape(shape, y);
    match (x, y) {
        (Ok(x), Ok(y)) => map.add(x, y),
        _ => unreachable!("the buffers are as long as the shape says"),
    }
}

impl<S: Scalar> LinearAction for Generator<'_, S> {
    type Scalar = S;

    fn apply(&mut self, x: &[S], out: &mut [S]) {
        out.fill(S::from_re(0.0));
        if self.n == 1 {
            apply(&self.map, (x.len(), 1), x, out);
            return;
        }
        let columns = self.layout.len(self.n - 2);
        for start in (0..columns).step_by(WIDTH) {
            self.add_block(start, WIDTH.min(columns - start), x, out);
        }
    }
}
