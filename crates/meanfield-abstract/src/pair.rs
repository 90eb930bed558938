//! V and Q as lists of entries, or as matrices when most entries are there.

use meanfield_tensor::{Scalar, linalg};
use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2, Axis};

use crate::PairEntries;

/// One entry (VG)\[a,b\] += value·G\[c,d\].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairEntry<S> {
    /// First index of the result.
    pub a: usize,
    /// Second index of the result.
    pub b: usize,
    /// First index of the argument.
    pub c: usize,
    /// Second index of the argument.
    pub d: usize,
    /// The coefficient.
    pub value: S,
}

/// Above this share of non-zero entries a matrix product beats the list:
/// measured break-even at 6 to 7 % for D = 8 to 32 and 8 to 512 columns.
const DENSE_SHARE: f64 = 0.065;
/// Largest D² for which V is also kept as a matrix (32 MiB of real numbers).
const DENSE_ROWS: usize = 2048;

/// A pair operator V with the Q it generates, by rows of the result.
#[derive(Debug, Clone)]
pub struct PairOperator<S> {
    dimension: usize,
    v: Rows<S>,
    q: Rows<S>,
}

/// A sparse matrix by rows, with a dense copy where that is faster.
#[derive(Debug, Clone)]
struct Rows<S> {
    start: Vec<usize>,
    column: Vec<u32>,
    value: Vec<S>,
    dense: Option<Array2<S>>,
}

impl<S: Scalar> Rows<S> {
    fn new(rows: usize, columns: usize, mut entries: Vec<(usize, usize, S)>) -> Self {
        entries.sort_by_key(|&(row, column, _)| (row, column));
        let mut start = vec![0; rows + 1];
        let (mut column, mut value): (Vec<u32>, Vec<S>) = (Vec::new(), Vec::new());
        let mut last = None;
        for (r, c, x) in entries {
            if last == Some((r, c)) {
                if let Some(sum) = value.last_mut() {
                    *sum += x;
                }
            } else {
                column.push(c as u32);
                value.push(x);
                start[r + 1] += 1;
                last = Some((r, c));
            }
        }
        for r in 0..rows {
            start[r + 1] += start[r];
        }
        let share = value.len() as f64 / (rows * columns).max(1) as f64;
        let dense = (share > DENSE_SHARE && columns <= DENSE_ROWS && columns > 16).then(|| {
            let mut matrix = Array2::zeros((rows, columns));
            for r in 0..rows {
                for k in start[r]..start[r + 1] {
                    matrix[[r, column[k] as usize]] = value[k];
                }
            }
            matrix
        });
        Self {
            start,
            column,
            value,
            dense,
        }
    }

    fn add(&self, c: S, x: ArrayView2<'_, S>, mut out: ArrayViewMut2<'_, S>) {
        if let Some(matrix) = &self.dense {
            linalg::gemm(c, matrix.view(), x, out);
            return;
        }
        for r in 0..self.start.len() - 1 {
            let mut row = out.row_mut(r);
            for k in self.start[r]..self.start[r + 1] {
                row.scaled_add(c * self.value[k], &x.row(self.column[k] as usize));
            }
        }
    }

    /// The same on the rows c·D + d of x⊗y, without forming them: entries that
    /// share (row, c) are first summed over d on the M₂ columns of y, then
    /// multiplied by the M₁ columns of x. Cost: entries·M₂ + pairs(row, c)·M₁·M₂,
    /// so that jumps of one particle at a time never cost entries·M₁·M₂.
    fn add_product(
        &self,
        c: S,
        x: ArrayView2<'_, S>,
        y: ArrayView2<'_, S>,
        mut out: ArrayViewMut2<'_, S>,
    ) {
        let (d, width) = (y.nrows(), y.ncols());
        let mut summed = Array1::zeros(width);
        for r in 0..self.start.len() - 1 {
            let mut row = out.row_mut(r);
            let mut k = self.start[r];
            while k < self.start[r + 1] {
                let left = self.column[k] as usize / d;
                summed.fill(S::from_re(0.0));
                while k < self.start[r + 1] && self.column[k] as usize / d == left {
                    let right = self.column[k] as usize % d;
                    summed.scaled_add(c * self.value[k], &y.row(right));
                    k += 1;
                }
                for (&value, mut part) in x
                    .row(left)
                    .iter()
                    .zip(row.axis_chunks_iter_mut(Axis(0), width))
                {
                    part.scaled_add(value, &summed);
                }
            }
        }
    }

    fn bytes(&self) -> usize {
        let entry = size_of::<S>() + size_of::<u32>();
        self.value.len() * entry
            + self.start.len() * size_of::<usize>()
            + self.dense.as_ref().map_or(0, |m| m.len() * size_of::<S>())
    }
}

impl<S: Scalar> PairOperator<S> {
    /// Bytes taken at most while an operator of that many entries is made: the
    /// list of them, and what V and Q sort it into, each with the room a growing
    /// list asks for. `None` beyond what can be addressed.
    #[must_use]
    pub fn required_bytes(entries: usize) -> Option<usize> {
        let each = size_of::<PairEntry<S>>() + 4 * size_of::<(usize, usize, S)>();
        entries.checked_mul(each)
    }

    /// V from its entries (repeated ones are added up) and the trace
    /// functional that turns it into Q_a,cd = Σ_b Tr_b V_ab,cd.
    #[must_use]
    pub fn new(trace: &[S], entries: impl IntoIterator<Item = PairEntry<S>>) -> Self {
        let d = trace.len();
        let zero = S::from_re(0.0);
        let (mut v, mut q) = (Vec::new(), Vec::new());
        for e in entries {
            if e.value == zero {
                continue;
            }
            v.push((e.a * d + e.b, e.c * d + e.d, e.value));
            if trace[e.b] != zero {
                q.push((e.a, e.c * d + e.d, trace[e.b] * e.value));
            }
        }
        let mut q = Rows::new(d, d * d, q);
        // The products below read Q as a list; what cancelled is left out.
        let largest = q.value.iter().map(|x| x.modulus()).fold(0.0, f64::max);
        if q.value.iter().any(|x| x.modulus() <= 1e-15 * largest) {
            let kept = (0..d)
                .flat_map(|r| (q.start[r]..q.start[r + 1]).map(move |k| (r, k)))
                .filter(|&(_, k)| q.value[k].modulus() > 1e-15 * largest)
                .map(|(r, k)| (r, q.column[k] as usize, q.value[k]))
                .collect();
            q = Rows::new(d, d * d, kept);
        }
        Self {
            dimension: d,
            v: Rows::new(d * d, d * d, v),
            q,
        }
    }

    /// Number of non-zero entries of V.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.v.value.len()
    }

    /// Bytes held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.v.bytes() + self.q.bytes()
    }

    /// `out += c V x`, D²×M → D²×M.
    pub fn add_pair(&self, c: S, x: ArrayView2<'_, S>, out: ArrayViewMut2<'_, S>) {
        self.v.add(c, x, out);
    }

    /// `out += c Tr²(V x)`, D²×M → D×M.
    pub fn add_q(&self, c: S, x: ArrayView2<'_, S>, out: ArrayViewMut2<'_, S>) {
        self.q.add(c, x, out);
    }

    /// `out += c V(x⊗y)`.
    pub fn add_pair_product(
        &self,
        c: S,
        x: ArrayView2<'_, S>,
        y: ArrayView2<'_, S>,
        out: ArrayViewMut2<'_, S>,
    ) {
        self.v.add_product(c, x, y, out);
    }

    /// `out += c Tr²(V(x⊗y))`.
    pub fn add_q_product(
        &self,
        c: S,
        x: ArrayView2<'_, S>,
        y: ArrayView2<'_, S>,
        out: ArrayViewMut2<'_, S>,
    ) {
        self.q.add_product(c, x, y, out);
    }

    /// Adds Δ_1 = Q(F, ·) + Q(·, F) to a D×D matrix. Cost: the entries of Q,
    /// each once.
    pub(crate) fn add_linearised(&self, f: &[S], matrix: &mut Array2<S>) {
        let d = self.dimension;
        for a in 0..d {
            let mut row = matrix.row_mut(a);
            for k in self.q.start[a]..self.q.start[a + 1] {
                let (first, second) =
                    (self.q.column[k] as usize / d, self.q.column[k] as usize % d);
                row[second] += self.q.value[k] * f[first];
                row[first] += self.q.value[k] * f[second];
            }
        }
    }

    /// The norm of V on L¹(pairs), which is also that of V⊗I: the largest
    /// column sum of |V|.
    #[must_use]
    pub fn l1_norm(&self) -> f64 {
        let d = self.dimension;
        let mut columns = vec![0.0; d * d];
        for (&column, value) in self.v.column.iter().zip(&self.v.value) {
            columns[column as usize] += value.modulus();
        }
        columns.into_iter().fold(0.0, f64::max)
    }
}

impl<S: Scalar> PairEntries<S> for PairOperator<S> {
    fn for_each_pair_entry(&self, visit: &mut dyn FnMut(usize, usize, usize, usize, S)) {
        let d = self.dimension;
        for r in 0..d * d {
            for k in self.v.start[r]..self.v.start[r + 1] {
                let column = self.v.column[k] as usize;
                visit(r / d, r % d, column / d, column % d, self.v.value[k]);
            }
        }
    }
}
