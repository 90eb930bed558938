//! Observables at one time, as series in 1/N.

use meanfield::abstract_model::{Model, ModelError, Series};
use meanfield::expansion::{Evaluated, Moments};
use meanfield::tensor::Scalar;
use serde::{Deserialize, Serialize};

use crate::problem::{Meaning, Quantity};

/// One observable at one time.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Observed {
    /// Its components' values and variances.
    pub evaluated: Evaluated,
    /// Whether it is a number, not a field.
    is_number: bool,
    /// By how many powers of 1/N it is known less far than F_1.
    powers_lost: usize,
}

impl Observed {
    /// The highest power of 1/N that is kept at order `order`: what is made of
    /// scaled covariances is known to one power less than a mean.
    #[must_use]
    pub fn order(&self, order: usize) -> usize {
        order.saturating_sub(self.powers_lost)
    }

    /// The value of an observable that is a number; `None` where it has no
    /// expansion.
    #[must_use]
    pub fn number(&self) -> Option<&Series> {
        self.evaluated
            .value
            .as_ref()
            .filter(|_| self.is_number)?
            .first()
    }

    /// Whether all that has a value is a finite number.
    pub(super) fn is_finite(&self) -> bool {
        let parts = [&self.evaluated.value, &self.evaluated.scaled_variance];
        let mut series = parts.into_iter().flatten().flatten();
        series.all(|series| series.at(1.0).is_finite())
    }

    /// The components of an observable that is a field.
    #[must_use]
    pub fn field(&self) -> Option<&[Series]> {
        self.evaluated.value.as_deref().filter(|_| !self.is_number)
    }

    /// N times the variance of the empirical average of a number.
    #[must_use]
    pub fn scaled_variance(&self) -> Option<&Series> {
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
    moments: &(impl Moments<S> + ?Sized),
    model: &dyn Model<Scalar = S>,
    quantities: &[Quantity<S>],
) -> Result<Vec<Observed>, ModelError> {
    let each = quantities.iter().map(|quantity| {
        let evaluated = match &quantity.meaning {
            Meaning::OneBody(a) => Evaluated {
                value: Some(vec![moments.observable_mean(a)]),
                scaled_variance: a.fluctuates.then(|| vec![moments.scaled_variance(a)]),
            },
            Meaning::Covariance(a, b, product) => {
                let scaled = moments.scaled_covariance(&a.first, &b.first, product);
                // Of an exact pair at its N it is a number.
                let value = match moments.particles() {
                    Some(n) => scaled.scaled(1.0 / n as f64),
                    None => scaled.over_n(),
                };
                Evaluated {
                    value: Some(vec![value]),
                    scaled_variance: None,
                }
            }
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
