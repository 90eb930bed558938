//! Observables at one time, as series in 1/N.

use meanfield::abstract_model::{Model, ModelError, Series};
use meanfield::expansion::{Evaluated, Moments, PairTerm, TensorSeries};
use meanfield::tensor::{Scalar, SymmetricLayout};
use serde::{Deserialize, Serialize};

use crate::problem::{Meaning, Quantity};

/// One observable at one time.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Saved", into = "Saved")]
pub(crate) struct Observed {
    /// Its components' values and variances.
    pub(crate) evaluated: Evaluated,
    /// Whether it is a number, not a field.
    is_number: bool,
    /// By how many powers of 1/N it is known less far than F_1.
    powers_lost: usize,
}

/// An [`Observed`] in a checkpoint.
#[derive(Serialize, Deserialize)]
struct Saved {
    value: Option<Vec<Vec<f64>>>,
    scaled_variance: Option<Vec<Vec<f64>>>,
    is_number: bool,
    powers_lost: usize,
}

impl From<Observed> for Saved {
    fn from(observed: Observed) -> Self {
        let numbers = |list: Vec<Series>| list.iter().map(|s| s.coefficients().to_vec()).collect();
        Self {
            value: observed.evaluated.value.map(numbers),
            scaled_variance: observed.evaluated.scaled_variance.map(numbers),
            is_number: observed.is_number,
            powers_lost: observed.powers_lost,
        }
    }
}

impl From<Saved> for Observed {
    fn from(saved: Saved) -> Self {
        let series = |list: Vec<Vec<f64>>| list.into_iter().map(Series::new).collect();
        Self {
            evaluated: Evaluated {
                value: saved.value.map(series),
                scaled_variance: saved.scaled_variance.map(series),
            },
            is_number: saved.is_number,
            powers_lost: saved.powers_lost,
        }
    }
}

impl Observed {
    /// The highest power of 1/N that is kept at order `order`: what is made of
    /// scaled covariances is known to one power less than a mean.
    pub(crate) fn order(&self, order: usize) -> usize {
        order.saturating_sub(self.powers_lost)
    }

    /// The value of an observable that is a number; `None` where it has no
    /// expansion.
    pub(crate) fn number(&self) -> Option<&Series> {
        self.evaluated
            .value
            .as_ref()
            .filter(|_| self.is_number)?
            .first()
    }

    /// The components of an observable that is a field.
    pub(crate) fn field(&self) -> Option<&[Series]> {
        self.evaluated.value.as_deref().filter(|_| !self.is_number)
    }

    /// N times the variance of the empirical average of a number.
    pub(crate) fn scaled_variance(&self) -> Option<&Series> {
        let variance = self.evaluated.scaled_variance.as_ref();
        variance.filter(|_| self.is_number)?.first()
    }

    /// The limit N → ∞ alone, from a product state: nothing is known of
    /// correlations.
    pub(crate) fn limit_only(&mut self, of_correlations: bool) {
        self.evaluated.scaled_variance = None;
        if of_correlations {
            self.evaluated.value = None;
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
        let evaluated = match &quantity.meaning {
            Meaning::OneBody(a) => Evaluated {
                value: Some(vec![moments.observable_mean(a)]),
                scaled_variance: a.fluctuates.then(|| vec![moments.scaled_variance(a)]),
            },
            _ => match model.capabilities().observable(&quantity.name) {
                Some(kind) => moments.evaluate(model, &quantity.name, &kind)?,
                None => Evaluated::default(),
            },
        };
        Ok(Observed {
            evaluated,
            is_number: quantity.axes.is_empty(),
            powers_lost: quantity.powers_lost,
        })
    });
    each.collect()
}

/// Moments from the marginals F_1 and F_2 as series: for the methods that do
/// not compute cumulants.
pub(super) struct FromMarginals<'a, S> {
    pub(super) layout: &'a SymmetricLayout,
    pub(super) first: &'a TensorSeries<S>,
    /// `None` when no observable needs it.
    pub(super) second: Option<&'a TensorSeries<S>>,
}

impl<S: Scalar> Moments<S> for FromMarginals<'_, S> {
    fn first(&self) -> Vec<&[S]> {
        self.first.0.iter().map(Vec::as_slice).collect()
    }

    fn correlation(&self) -> Vec<PairTerm<'_, S>> {
        let first = self.first();
        // F_2 − F_1⊗F_1 is of order 1/N: N times it starts one power later.
        let later = self.second.map_or(&[][..], |second| &second.0);
        let terms = later.iter().enumerate().skip(1);
        terms
            .map(|(m, term)| PairTerm::packed(self.layout, term, 1.0).plus_square(&first, m, -1.0))
            .collect()
    }

    fn second(&self) -> Option<Vec<PairTerm<'_, S>>> {
        let terms = self.second?.0.iter();
        Some(
            terms
                .map(|term| PairTerm::packed(self.layout, term, 1.0))
                .collect(),
        )
    }

    fn one_minus_inverse(&self, terms: usize) -> Series {
        let one = Series::constant(1.0, terms);
        &one - &one.over_n().truncated(terms)
    }
}
