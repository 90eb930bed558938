//! Q as a list of transitions of one particle, each with its rates.
//!
//! > Q_a,cd = W[(a,c), d]: the first particle goes from c to a at a rate that
//! > depends on the state d of its partner.
//!
//! A jump model with a few transitions out of every state has few pairs (a, c),
//! whatever the partners: Q(x, y) is then W y, one matrix product, and a few
//! multiples of the rows of x. That is why it never costs D³ products of columns.

use std::ops::Range;

use meanfield_tensor::{Kernel, Lanes, Scalar, linalg, vectorised};
use ndarray::{Array2, ArrayView2, ArrayViewMut2};

use super::rows::Rows;

/// Above this share of partners with a rate a row of W is kept whole.
const WHOLE_ROWS: f64 = 0.25;

/// Coefficients below this share of the largest one have cancelled.
const CANCELLED: f64 = 1e-15;

/// The transitions (a, c), ordered by a, and their rates W.
#[derive(Debug, Clone)]
pub struct Transitions<S> {
    dimension: usize,
    /// The transitions into a are `start[a]..start[a+1]`.
    start: Vec<usize>,
    from: Vec<u32>,
    rates: Rates<S>,
}

#[derive(Debug, Clone)]
enum Rates<S> {
    Whole(Array2<S>),
    Listed(Rows<S>),
}

impl<S: Scalar> Transitions<S> {
    /// From entries (a·D + c, d, value); repeated ones are added up, and what
    /// cancels (up to rounding) is left out.
    pub(super) fn new(dimension: usize, entries: Vec<(usize, usize, S)>) -> Self {
        let all = Rows::new(dimension * dimension, dimension, entries);
        let largest = all.value.iter().map(|x| x.modulus()).fold(0.0, f64::max);
        let (mut start, mut from) = (vec![0; dimension + 1], Vec::new());
        let mut kept = Vec::new();
        for a in 0..dimension {
            for c in 0..dimension {
                let row = a * dimension + c;
                let group = from.len();
                for k in all.start[row]..all.start[row + 1] {
                    if all.value[k].modulus() > CANCELLED * largest {
                        kept.push((group, all.column[k] as usize, all.value[k]));
                    }
                }
                if kept.last().is_some_and(|&(last, ..)| last == group) {
                    from.push(c as u32);
                }
            }
            start[a + 1] = from.len();
        }
        let places = from.len() * dimension;
        let rates = if kept.len() as f64 > WHOLE_ROWS * places as f64 {
            let mut matrix = Array2::zeros((from.len(), dimension));
            for (group, d, value) in kept {
                matrix[[group, d]] = value;
            }
            Rates::Whole(matrix)
        } else {
            Rates::Listed(Rows::new(from.len(), dimension, kept))
        };
        Self {
            dimension,
            start,
            from,
            rates,
        }
    }

    /// Number of transitions.
    #[must_use]
    pub fn len(&self) -> usize {
        self.from.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.from.is_empty()
    }

    /// The transitions that lead to `a`, and for each the state it comes from.
    pub fn leading_to(&self, a: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let range = self.start[a]..self.start[a + 1];
        range.map(|group| (group, self.from[group] as usize))
    }

    /// `out += c W y`, D×M → transitions×M: the rate of each transition beside y.
    pub fn add_rates(&self, c: S, y: ArrayView2<'_, S>, out: ArrayViewMut2<'_, S>) {
        match &self.rates {
            Rates::Whole(matrix) => linalg::gemm(c, matrix.view(), y, out),
            Rates::Listed(rows) => rows.add(c, y, out),
        }
    }

    /// `out += c Tr²(V x)`, D²×M → D×M.
    pub(super) fn add_q(&self, c: S, x: ArrayView2<'_, S>, mut out: ArrayViewMut2<'_, S>) {
        for a in 0..self.dimension {
            let mut row = out.row_mut(a);
            for (group, from) in self.leading_to(a) {
                self.for_each_rate(group, |d, rate| {
                    row.scaled_add(c * rate, &x.row(from * self.dimension + d));
                });
            }
        }
    }

    /// `out += c Tr²(V(x⊗y))`: x is D×M₁, y is D×M₂, out is D×(M₁·M₂). Cost:
    /// one product W y, and transitions·M₁·M₂.
    pub(super) fn add_q_product(
        &self,
        c: S,
        x: ArrayView2<'_, S>,
        y: ArrayView2<'_, S>,
        mut out: ArrayViewMut2<'_, S>,
    ) {
        let width = y.ncols();
        let mut rates = Array2::zeros((self.len(), width));
        self.add_rates(c, y, rates.view_mut());
        for a in 0..self.dimension {
            let mut row = out.row_mut(a);
            for (group, from) in self.leading_to(a) {
                let rate = rates.row(group);
                for (m, &value) in x.row(from).iter().enumerate() {
                    row.slice_mut(ndarray::s![m * width..(m + 1) * width])
                        .scaled_add(value, &rate);
                }
            }
        }
    }

    /// `out[a·width + lane] += [Tr²(V G)]_a` for G on packed pairs, L lanes; a
    /// row of `out` has `width` ≥ `lanes` numbers.
    pub fn add_q_block<const L: usize>(
        &self,
        block: &Lanes<S, L>,
        lanes: usize,
        width: usize,
        out: &mut [S],
    ) {
        vectorised(OnBlock {
            list: self,
            block,
            lanes,
            width,
            out,
        });
    }

    /// `sum += Σ_d W[group, d] G[{c, d}]`; {c, d} lies at C(max+1, 2) + min.
    #[inline(always)]
    fn add_rates_of_pairs<const L: usize>(
        &self,
        group: usize,
        c: usize,
        block: &Lanes<S, L>,
        sum: &mut [S; L],
    ) {
        let below = c * (c + 1) / 2;
        match &self.rates {
            Rates::Whole(matrix) => {
                let row = matrix.row(group);
                let Some(row) = row.as_slice() else { return };
                for (&rate, pair) in row[..=c].iter().zip(&block[below..]) {
                    add_lanes(sum, rate, pair);
                }
                let mut place = below + c;
                for (d, &rate) in row.iter().enumerate().skip(c + 1) {
                    place += d;
                    add_lanes(sum, rate, &block[place]);
                }
            }
            Rates::Listed(rows) => {
                for k in rows.start[group]..rows.start[group + 1] {
                    let d = rows.column[k] as usize;
                    let (low, high) = (c.min(d), c.max(d));
                    let pair = &block[high * (high + 1) / 2 + low];
                    add_lanes(sum, rows.value[k], pair);
                }
            }
        }
    }

    /// Adds Δ_1 = Q(F, ·) + Q(·, F) to a D×D matrix. Cost: the rates, twice.
    pub(crate) fn add_linearised(&self, f: &[S], matrix: &mut Array2<S>) {
        vectorised(Linearised {
            list: self,
            f,
            matrix,
        });
    }

    #[inline(always)]
    fn add_linearised_rows(&self, f: &[S], matrix: &mut Array2<S>) {
        for a in 0..self.dimension {
            let mut row = matrix.row_mut(a);
            let Some(row) = row.as_slice_mut() else {
                continue;
            };
            for (group, c) in self.leading_to(a) {
                let mut rate_at_f = S::from_re(0.0);
                match &self.rates {
                    Rates::Whole(rates) => {
                        let rates = rates.row(group);
                        let Some(rates) = rates.as_slice() else {
                            continue;
                        };
                        let at_c = f[c];
                        for (x, &rate) in row.iter_mut().zip(rates) {
                            *x += rate * at_c;
                        }
                        rate_at_f = dot(rates, f);
                    }
                    Rates::Listed(_) => self.for_each_rate(group, |d, rate| {
                        row[d] += rate * f[c];
                        rate_at_f += rate * f[d];
                    }),
                }
                row[c] += rate_at_f;
            }
        }
    }

    fn for_each_rate(&self, group: usize, mut visit: impl FnMut(usize, S)) {
        match &self.rates {
            Rates::Whole(matrix) => {
                for (d, &rate) in matrix.row(group).iter().enumerate() {
                    visit(d, rate);
                }
            }
            Rates::Listed(rows) => {
                let range: Range<usize> = rows.start[group]..rows.start[group + 1];
                for k in range {
                    visit(rows.column[k] as usize, rows.value[k]);
                }
            }
        }
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        let rates = match &self.rates {
            Rates::Whole(matrix) => matrix.len() * size_of::<S>(),
            Rates::Listed(rows) => rows.bytes(),
        };
        rates + self.from.len() * size_of::<u32>() + self.start.len() * size_of::<usize>()
    }
}

#[inline(always)]
pub(super) fn add_lanes<S: Scalar, const L: usize>(sum: &mut [S; L], factor: S, lanes: &[S; L]) {
    for (x, &y) in sum.iter_mut().zip(lanes) {
        *x += factor * y;
    }
}

/// Σ x_k y_k in eight partial sums, which a compiler can keep side by side.
#[inline(always)]
fn dot<S: Scalar>(x: &[S], y: &[S]) -> S {
    let mut parts = [S::from_re(0.0); 8];
    let (left, left_rest) = x.as_chunks::<8>();
    let (right, right_rest) = y.as_chunks::<8>();
    for (a, b) in left.iter().zip(right) {
        for k in 0..8 {
            parts[k] += a[k] * b[k];
        }
    }
    let rest = left_rest.iter().zip(right_rest);
    parts.into_iter().sum::<S>() + rest.map(|(&a, &b)| a * b).sum()
}

/// Q on a block of packed pairs.
struct OnBlock<'a, S, const L: usize> {
    list: &'a Transitions<S>,
    block: &'a Lanes<S, L>,
    lanes: usize,
    width: usize,
    out: &'a mut [S],
}

impl<S: Scalar, const L: usize> Kernel for OnBlock<'_, S, L> {
    #[inline(always)]
    fn run(self) {
        for a in 0..self.list.dimension {
            let mut sum = [S::from_re(0.0); L];
            for (group, c) in self.list.leading_to(a) {
                self.list.add_rates_of_pairs(group, c, self.block, &mut sum);
            }
            let row = &mut self.out[a * self.width..][..self.lanes];
            row.iter_mut().zip(&sum).for_each(|(x, &y)| *x += y);
        }
    }
}

/// The matrix of Δ_1.
struct Linearised<'a, S> {
    list: &'a Transitions<S>,
    f: &'a [S],
    matrix: &'a mut Array2<S>,
}

impl<S: Scalar> Kernel for Linearised<'_, S> {
    #[inline(always)]
    fn run(self) {
        self.list.add_linearised_rows(self.f, self.matrix);
    }
}
