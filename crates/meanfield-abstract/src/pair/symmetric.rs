//! V on pairs that are symmetric under exchange, which is all that a symmetric
//! N-body state ever shows it: C(D+1, 2) packed pairs instead of D².

use meanfield_tensor::{Kernel, Lanes, Scalar, add_lanes, pair_count, pair_rank, vectorised};
use ndarray::{ArrayView2, ArrayViewMut2};

use super::PairOperator;
use super::rows::Rows;
use crate::PairEntries;

/// The restriction of V to symmetric pairs,
///
/// ```math
/// (VG)_{ab} = \sum_{c \le d} v_{ab,cd}\, G_{cd}, \qquad a \le b,
/// ```
///
/// in the layout of packed tensors of degree 2.
#[derive(Debug, Clone)]
pub struct SymmetricPairs<S> {
    rows: Rows<S>,
}

impl<S: Scalar> SymmetricPairs<S> {
    pub(super) fn new(pair: &PairOperator<S>) -> Self {
        let d = pair.space.dimension();
        let count = pair_count(d);
        let rows = Rows::from_visits(count, count, |visit| {
            pair.for_each_pair_entry(&mut |a, b, c, d, value| {
                // Rows ab and ba are equal: each gives one half.
                let share = if a == b { 1.0 } else { 0.5 };
                visit(pair_rank(a, b), pair_rank(c, d), value.scaled(share));
            });
        });
        Self { rows }
    }

    pub(super) fn required_bytes(pair: &PairOperator<S>) -> usize {
        let count = pair_count(pair.space.dimension());
        Rows::<S>::required_bytes(count, count, pair.entries())
    }

    /// `out = V x` on L numbers for each pair.
    pub fn apply<const L: usize>(&self, x: &Lanes<S, L>, out: &mut Lanes<S, L>) {
        if let Some(matrix) = &self.rows.dense {
            out.fill([S::from_re(0.0); L]);
            let shape = (x.len(), L);
            if let (Ok(x), Ok(out)) = (
                ArrayView2::from_shape(shape, x.as_flattened()),
                ArrayViewMut2::from_shape(shape, out.as_flattened_mut()),
            ) {
                meanfield_tensor::linalg::gemm(S::from_re(1.0), matrix.view(), x, out);
            }
            return;
        }
        vectorised(Apply {
            rows: &self.rows,
            x,
            out,
        });
    }

    /// Bytes held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.rows.bytes()
    }
}

/// The sparse rows times a block.
struct Apply<'a, S, const L: usize> {
    rows: &'a Rows<S>,
    x: &'a Lanes<S, L>,
    out: &'a mut Lanes<S, L>,
}

impl<S: Scalar, const L: usize> Kernel for Apply<'_, S, L> {
    #[inline(always)]
    fn run(self) {
        let Rows {
            start,
            column,
            value,
            ..
        } = self.rows;
        for (range, out) in start.windows(2).zip(self.out) {
            let range = range[0]..range[1];
            let mut sum = [S::from_re(0.0); L];
            for (&column, &value) in column[range.clone()].iter().zip(&value[range]) {
                add_lanes(&mut sum, value, &self.x[column as usize]);
            }
            *out = sum;
        }
    }
}
