//! Marginals and correlation errors from the cumulants, order by order.

use meanfield_tensor::Scalar;

use crate::cumulants::Cumulants;
use crate::tensor_series::{TensorSeries, moments};

impl<S: Scalar> Cumulants<'_, S> {
    /// The series of G_j = N^{1−j} Σ_l N^{−l} g_{j,l} for j ≤ min(n+1,
    /// `highest`); index 0 is a placeholder. `subtract` is taken from G_1.
    fn series(&self, highest: usize, subtract: Option<&[S]>) -> Vec<TensorSeries<S>> {
        let (layout, terms) = (self.layout(), self.order() + 1);
        let mut out = vec![TensorSeries::zero(terms, 1)];
        for j in 1..=highest.min(terms) {
            let mut g = TensorSeries::zero(terms, layout.len(j));
            for m in j - 1..terms {
                if let Some(values) = self.get(j, m + 1 - j) {
                    g.0[m].copy_from_slice(values);
                }
            }
            if j == 1
                && let Some(f) = subtract
            {
                for (x, &y) in g.0[0].iter_mut().zip(f) {
                    *x -= y;
                }
            }
            out.push(g);
        }
        out
    }

    /// The series of F_0, …, F_highest: `[j].term(m)` is f_{j,m}, the
    /// coefficient of N^{−m} in the j-particle marginal, m ≤ n. The plan must
    /// have been laid out for marginals of that degree.
    ///
    /// Source: F_j = Σ_i (i/j) G_i ⊙ F_{j−i}.
    #[must_use]
    pub fn marginals(&self, highest: usize) -> Vec<TensorSeries<S>> {
        let g = self.series(highest, None);
        moments(self.layout(), &g, highest, self.order() + 1)
    }

    /// The series of the correlation errors E_0, …, E_highest: `[j].term(m)`
    /// is e_j^m, which vanishes for m < ⌈j/2⌉ (Corollary 2.4).
    ///
    /// Source: E_j = Σ_i (i/j) G̃_i ⊙ E_{j−i} with G̃_1 = G_1 − F.
    #[must_use]
    pub fn correlation_errors(&self, highest: usize) -> Vec<TensorSeries<S>> {
        let g = self.series(highest, Some(self.mean_field()));
        moments(self.layout(), &g, highest, self.order() + 1)
    }
}
