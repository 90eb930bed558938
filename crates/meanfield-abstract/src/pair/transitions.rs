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
mod pass;

use std::ops::Range;

use meanfield_tensor::{Lanes, Scalar, linalg, vectorised};
use ndarray::{Array2, ArrayView2, ArrayViewMut2};

pub use self::pass::Sources;
use super::rows::Rows;

/// Above this share of partners with a rate a row of W is kept whole.
const WHOLE_ROWS: f64 = 0.25;

/// Coefficients below this share of the largest one have cancelled.
const CANCELLED: f64 = 1e-15;

/// The transitions (a, c), ordered by c and then by a, and their rates W.
#[derive(Debug, Clone)]
pub struct Transitions<S> {
    dimension: usize,
    /// The transitions out of c are `start[c]..start[c+1]`,
    start: Vec<usize>,
    /// and lead to these.
    to: Vec<u32>,
    /// The transitions into a are `leading[leading_start[a]..leading_start[a+1]]`.
    leading_start: Vec<usize>,
    leading: Vec<Leading>,
    rates: Rates<S>,
}

/// A transition, and the state it leaves.
#[derive(Debug, Clone, Copy)]
struct Leading {
    transition: u32,
    from: u32,
}

#[derive(Debug, Clone)]
enum Rates<S> {
    Whole(Array2<S>),
    Listed(Rows<S>),
}

impl<S: Scalar> Transitions<S> {
    /// From entries (c·D + a, d, value); repeated ones are added up, and what
    /// cancels (up to rounding) is left out.
    pub(super) fn new(dimension: usize, entries: Vec<(usize, usize, S)>) -> Self {
        let all = Rows::new(dimension * dimension, dimension, entries);
        let largest = all.value.iter().map(|x| x.modulus()).fold(0.0, f64::max);
        let (mut start, mut to) = (vec![0; dimension + 1], Vec::new());
        let mut kept = Vec::new();
        for c in 0..dimension {
            for a in 0..dimension {
                let row = c * dimension + a;
                let group = to.len();
                for k in all.start[row]..all.start[row + 1] {
                    if all.value[k].modulus() > CANCELLED * largest {
                        kept.push((group, all.column[k] as usize, all.value[k]));
                    }
                }
                if kept.last().is_some_and(|&(last, ..)| last == group) {
                    to.push(a as u32);
                }
            }
            start[c + 1] = to.len();
        }
        let (leading_start, leading) = by_target(dimension, &start, &to);
        let places = to.len() * dimension;
        let rates = if kept.len() as f64 > WHOLE_ROWS * places as f64 {
            let mut matrix = Array2::zeros((to.len(), dimension));
            for (group, d, value) in kept {
                matrix[[group, d]] = value;
            }
            Rates::Whole(matrix)
        } else {
            Rates::Listed(Rows::new(to.len(), dimension, kept))
        };
        Self {
            dimension,
            start,
            to,
            leading_start,
            leading,
            rates,
        }
    }

    /// Number of transitions.
    #[must_use]
    pub fn len(&self) -> usize {
        self.to.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.to.is_empty()
    }

    /// The transitions that lead to `a`, and for each the state it comes from.
    pub fn leading_to(&self, a: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let leading = &self.leading[self.leading_start[a]..self.leading_start[a + 1]];
        let each = leading.iter();
        each.map(|one| (one.transition as usize, one.from as usize))
    }

    /// The transitions that leave `c`.
    fn leaving(&self, c: usize) -> Range<usize> {
        self.start[c]..self.start[c + 1]
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

    /// Adds what the interaction gives to one slot beside F. Cost: the rates, once.
    ///
    /// # Panics
    /// For a G, and less room than for one of its rows.
    pub fn add_sources(&self, f: &[S], sources: &mut Sources<'_, S>) {
        pass::run::<_, false>(self, f, &mut [], sources);
    }

    /// The same, and adds Δ_1 = Q(F, ·) + Q(·, F) to a D×D matrix, row by row.
    pub(crate) fn add_linearised(&self, f: &[S], matrix: &mut [S], sources: &mut Sources<'_, S>) {
        pass::run::<_, true>(self, f, matrix, sources);
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
        let each = size_of::<u32>() + size_of::<Leading>();
        let starts = self.start.len() + self.leading_start.len();
        rates + self.to.len() * each + starts * size_of::<usize>()
    }
}

/// The transitions in the order of the states they lead to.
fn by_target(dimension: usize, start: &[usize], to: &[u32]) -> (Vec<usize>, Vec<Leading>) {
    let mut leading_start = vec![0; dimension + 1];
    for &a in to {
        leading_start[a as usize + 1] += 1;
    }
    for a in 0..dimension {
        leading_start[a + 1] += leading_start[a];
    }
    let mut next = leading_start.clone();
    let none = Leading {
        transition: 0,
        from: 0,
    };
    let mut leading = vec![none; to.len()];
    for from in 0..dimension {
        for transition in start[from]..start[from + 1] {
            let place = &mut next[to[transition] as usize];
            leading[*place] = Leading {
                transition: transition as u32,
                from: from as u32,
            };
            *place += 1;
        }
    }
    (leading_start, leading)
}
