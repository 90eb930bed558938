//! Q as a list of transitions of one particle, each with its rates.
//!
//! ```math
//! Q_{a,cd} = W[(a,c), d]:
//! ```
//!
//! the first particle goes from c to a at a rate that depends on the state d of its
//! partner.
//!
//! A jump model with a few transitions out of every state has few pairs (a, c),
//! whatever the partners: Q(x, y) is then W y, one matrix product, and a few
//! multiples of the rows of x. That is why it never costs D³ products of columns.

mod on_block;

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
    /// The transitions out of c, each with its a, are
    /// `leaving[leaving_start[c]..leaving_start[c+1]]`.
    leaving_start: Vec<usize>,
    leaving: Vec<Leaving>,
    rates: Rates<S>,
}

#[derive(Debug, Clone, Copy)]
struct Leaving {
    transition: u32,
    to: u32,
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
        let (leaving_start, leaving) = by_source(dimension, &start, &from);
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
            leaving_start,
            leaving,
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

    fn leaving(&self, c: usize) -> &[Leaving] {
        &self.leaving[self.leaving_start[c]..self.leaving_start[c + 1]]
    }

    /// N of the transitions that leave `c`, from the `from`-th on.
    #[inline(always)]
    fn some<const N: usize>(&self, c: usize, from: usize) -> [Leaving; N] {
        let leaving = &self.leaving(c)[from..][..N];
        let mut some = [leaving[0]; N];
        some.copy_from_slice(leaving);
        some
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

    /// `out[a·width + lane] += [Tr²(V G)]_a` for G on packed pairs, L lanes; a row of
    /// `out` has `width` ≥ `lanes` numbers. `sums` holds L numbers of each transition,
    /// and is overwritten.
    pub fn add_q_block<const L: usize>(
        &self,
        block: &Lanes<S, L>,
        sums: &mut Lanes<S, L>,
        (lanes, width): (usize, usize),
        out: &mut [S],
    ) {
        vectorised(on_block::OnBlock {
            list: self,
            block,
            sums: &mut *sums,
        });
        for (a, row) in out.chunks_mut(width).enumerate().take(self.dimension) {
            for (transition, _) in self.leading_to(a) {
                for (x, &y) in row[..lanes].iter_mut().zip(&sums[transition]) {
                    *x += y;
                }
            }
        }
    }

    /// `out[a] += Σ_d Q_a,cd G_cd` for the row c of G, D numbers.
    pub fn add_q_row(&self, c: usize, row: &[S], out: &mut [S]) {
        vectorised(OnRow {
            list: self,
            c,
            row,
            out,
        });
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
        let each = size_of::<u32>() + size_of::<Leaving>();
        let starts = self.start.len() + self.leaving_start.len();
        rates + self.from.len() * each + starts * size_of::<usize>()
    }
}

/// The transitions in the order of the states they leave.
fn by_source(dimension: usize, start: &[usize], from: &[u32]) -> (Vec<usize>, Vec<Leaving>) {
    let mut leaving_start = vec![0; dimension + 1];
    for &c in from {
        leaving_start[c as usize + 1] += 1;
    }
    for c in 0..dimension {
        leaving_start[c + 1] += leaving_start[c];
    }
    let mut next = leaving_start.clone();
    let mut leaving = vec![
        Leaving {
            transition: 0,
            to: 0
        };
        from.len()
    ];
    for to in 0..dimension {
        for transition in start[to]..start[to + 1] {
            let place = &mut next[from[transition] as usize];
            leaving[*place] = Leaving {
                transition: transition as u32,
                to: to as u32,
            };
            *place += 1;
        }
    }
    (leaving_start, leaving)
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

/// Q on a row of pairs.
struct OnRow<'a, S> {
    list: &'a Transitions<S>,
    c: usize,
    row: &'a [S],
    out: &'a mut [S],
}

impl<S: Scalar> Kernel for OnRow<'_, S> {
    #[inline(always)]
    fn run(self) {
        for leaving in self.list.leaving(self.c) {
            let mut sum = S::from_re(0.0);
            match &self.list.rates {
                Rates::Whole(matrix) => {
                    if let Some(rates) = matrix.row(leaving.transition as usize).as_slice() {
                        sum = dot(rates, self.row);
                    }
                }
                Rates::Listed(rows) => {
                    let group = leaving.transition as usize;
                    for k in rows.start[group]..rows.start[group + 1] {
                        sum += rows.value[k] * self.row[rows.column[k] as usize];
                    }
                }
            }
            self.out[leaving.to as usize] += sum;
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
