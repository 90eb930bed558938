//! Observables at one time, as series in 1/N.

use meanfield::abstract_model::{Model, ModelError, Series};
use meanfield::expansion::{Moments, TensorSeries};
use meanfield::tensor::{Ladder, Scalar};

use crate::problem::{Meaning, Quantity};

/// One observable at one time.
#[derive(Debug, Clone, Default)]
pub(crate) struct Observed {
    /// Its mean, or its value where it is derived; `None` where it has no
    /// expansion.
    pub(crate) mean: Option<Series>,
    /// The variance of the empirical average; none for a derived one.
    pub(crate) variance: Option<Series>,
}

impl Observed {
    /// The highest power of 1/N that is kept at order `order`: what is made of
    /// scaled covariances is known to one power less than a mean.
    pub(crate) fn order(&self, order: usize) -> usize {
        if self.variance.is_some() {
            order
        } else {
            order.saturating_sub(1)
        }
    }
}

/// All observables.
pub(super) fn observe<S: Scalar>(
    moments: &impl Moments<S>,
    model: &dyn Model<Scalar = S>,
    quantities: &[Quantity<S>],
) -> Result<Vec<Observed>, ModelError> {
    let each = quantities.iter().map(|quantity| {
        Ok(match &quantity.meaning {
            Meaning::OneBody { observable: a, .. } => Observed {
                mean: Some(moments.observable_mean(a)),
                variance: Some(moments.scaled_variance(a)),
            },
            Meaning::Derived(derived) => Observed {
                mean: moments
                    .derived(model, derived)?
                    .filter(|series| !series.is_empty()),
                variance: None,
            },
        })
    });
    each.collect()
}

/// Moments from the marginals F_1 and F_2 as series: for the methods that do
/// not compute cumulants.
pub(super) struct FromMarginals<'a, S> {
    pub(super) ladder: &'a Ladder,
    pub(super) first: &'a TensorSeries<S>,
    pub(super) second: &'a TensorSeries<S>,
}

impl<S: Scalar> FromMarginals<'_, S> {
    fn pairing(a: &[S], f: &[S]) -> f64 {
        a.iter().zip(f).map(|(&x, &y)| x * y).sum::<S>().re()
    }
}

impl<S: Scalar> Moments<S> for FromMarginals<'_, S> {
    fn mean(&self, a: &[S]) -> Series {
        let terms = 0..self.first.terms();
        Series::new(
            terms
                .map(|m| Self::pairing(a, self.first.term(m)))
                .collect(),
        )
    }

    fn scaled_correlation(&self, a: &[S], b: &[S]) -> Series {
        let together = (0..self.second.terms()).map(|m| {
            let contracted = self.ladder.contract(2, a, self.second.term(m));
            Self::pairing(b, &contracted)
        });
        let apart = &self.mean(a) * &self.mean(b);
        let difference = &Series::new(together.collect()) - &apart;
        // F_2 − F_1⊗F_1 is of order 1/N: N times it starts one power later.
        Series::new(difference.coefficients().iter().skip(1).copied().collect())
    }

    fn terms(&self) -> usize {
        self.first.terms()
    }

    fn one_minus_inverse(&self, terms: usize) -> Series {
        let one = Series::constant(1.0, terms);
        &one - &one.over_n().truncated(terms)
    }
}
