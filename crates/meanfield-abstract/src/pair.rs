//! V as a list of entries, and the Q it generates as transitions of one particle.

mod rows;
mod symmetric;
mod transitions;

use meanfield_tensor::{Norm, Scalar, Space};
use ndarray::{ArrayView2, ArrayViewMut2};

use self::rows::Rows;
pub use self::symmetric::SymmetricPairs;
pub use self::transitions::{ChannelRates, Leading, Sources, Transitions};
use crate::{Interaction, PairEntries};

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

/// A pair operator V with the Q it generates: the [`Interaction`] of every model whose V
/// is listed.
#[derive(Debug, Clone)]
pub struct PairOperator<S> {
    space: Space<S>,
    v: Rows<S>,
    q: Transitions<S>,
    norm: Option<f64>,
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

    /// V from its entries (repeated ones are added up) on the one-body space whose
    /// trace turns it into Q_a,cd = Σ_b Tr_b V_ab,cd.
    #[must_use]
    pub fn new(space: Space<S>, entries: impl IntoIterator<Item = PairEntry<S>>) -> Self {
        let (d, trace) = (space.dimension(), space.trace());
        let zero = S::from_re(0.0);
        let (mut v, mut q) = (Vec::new(), Vec::new());
        for e in entries {
            if e.value == zero {
                continue;
            }
            v.push((e.a * d + e.b, e.c * d + e.d, e.value));
            if trace[e.b] != zero {
                q.push((e.c * d + e.a, e.d, trace[e.b] * e.value));
            }
        }
        let mut pair = Self {
            v: Rows::new(d * d, d * d, v),
            q: Transitions::new(d, q),
            norm: None,
            space,
        };
        if pair.space.norm() == Norm::L1 {
            pair.norm = Some(pair.l1_norm());
        }
        pair
    }

    /// With ‖V‖ in the norm of its space, where that is known otherwise: in L¹ it is
    /// always, the largest column sum of |V|.
    #[must_use]
    pub fn with_norm(mut self, norm: f64) -> Self {
        self.norm = Some(norm);
        self
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

    /// Q by transitions of one particle.
    #[must_use]
    pub fn transitions(&self) -> &Transitions<S> {
        &self.q
    }

    /// V on pairs that are symmetric under exchange.
    #[must_use]
    pub fn symmetric(&self) -> SymmetricPairs<S> {
        SymmetricPairs::new(self)
    }

    /// Bytes taken at most while [`symmetric`](PairOperator::symmetric) is made.
    #[must_use]
    pub fn symmetric_bytes(&self) -> usize {
        SymmetricPairs::<S>::required_bytes(self)
    }

    /// The norm of V on L¹(pairs), which is also that of V⊗I: the largest
    /// column sum of |V|.
    fn l1_norm(&self) -> f64 {
        let d = self.space.dimension();
        let mut columns = vec![0.0; d * d];
        for (&column, value) in self.v.column.iter().zip(&self.v.value) {
            columns[column as usize] += value.modulus();
        }
        columns.into_iter().fold(0.0, f64::max)
    }
}

impl<S: Scalar> Interaction<S> for PairOperator<S> {
    fn one_body_space(&self) -> &Space<S> {
        &self.space
    }

    fn add_pair(&self, c: S, x: ArrayView2<'_, S>, out: ArrayViewMut2<'_, S>) {
        self.v.add(c, x, out);
    }

    fn pair_operator(&self) -> Option<&PairOperator<S>> {
        Some(self)
    }

    fn add_q(&self, c: S, x: ArrayView2<'_, S>, out: ArrayViewMut2<'_, S>) {
        self.q.add_q(c, x, out);
    }

    fn add_q_product(
        &self,
        c: S,
        x: ArrayView2<'_, S>,
        y: ArrayView2<'_, S>,
        out: ArrayViewMut2<'_, S>,
    ) {
        self.q.add_q_product(c, x, y, out);
    }

    fn pair_norm(&self) -> Option<f64> {
        self.norm
    }
}

impl<S: Scalar> PairEntries<S> for PairOperator<S> {
    fn for_each_pair_entry(&self, visit: &mut dyn FnMut(usize, usize, usize, usize, S)) {
        let d = self.space.dimension();
        for r in 0..d * d {
            for k in self.v.start[r]..self.v.start[r + 1] {
                let column = self.v.column[k] as usize;
                visit(r / d, r % d, column / d, column % d, self.v.value[k]);
            }
        }
    }
}
