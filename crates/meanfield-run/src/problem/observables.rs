//! `[[observable]]` to functionals.

use meanfield::abstract_model::{Axis, Model, ModelError, Observable, ObservableKind, PairSource};
use meanfield::tensor::Scalar;

use crate::arrays::shape;
use crate::config::ObservableConfig;
use crate::nearest::nearest;

/// One observable of a run.
pub(crate) struct Quantity<S> {
    /// Its name.
    pub(crate) name: String,
    /// What it is.
    pub(crate) meaning: Meaning<S>,
    /// The axes of its values, none for a number.
    pub(crate) axes: Vec<Axis>,
    /// By how many powers of 1/N it is known less far than F_1.
    pub(crate) powers_lost: usize,
}

impl<S> Quantity<S> {
    /// Whether it has a variance: averages over the particles have, unless the
    /// model does not hold their square.
    pub(crate) fn fluctuates(&self) -> bool {
        match &self.meaning {
            Meaning::OneBody(a) => a.fluctuates,
            Meaning::Field => true,
            _ => false,
        }
    }

    /// Whether it is the average of something over the particles.
    pub(crate) fn is_average(&self) -> bool {
        matches!(self.meaning, Meaning::OneBody(_) | Meaning::Field)
    }

    /// Whether F_2 is needed for it at that order.
    pub(crate) fn needs_pairs(&self, order: usize) -> bool {
        match self.meaning {
            Meaning::OfMarginal => false,
            Meaning::TwoBody(PairSource::Marginal | PairSource::PerPair) => true,
            _ => order > 0,
        }
    }

    /// Number of its components.
    pub(crate) fn components(&self) -> usize {
        self.axes.iter().map(|axis| axis.values.len()).product()
    }
}

/// What an observable is. All but the first kind are asked of the model by
/// name when they are evaluated.
pub(crate) enum Meaning<S> {
    /// The average of a one-body observable.
    OneBody(Observable<S>),
    /// A family of one-body observables.
    Field,
    /// A linear function of F_2, or of N·(F_2 − F_1⊗F_1).
    TwoBody(PairSource),
    /// A function of F_1.
    OfMarginal,
    /// A function of means and covariances.
    OfMoments,
}

/// The observables of a configuration.
pub(super) fn quantities<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    list: &[ObservableConfig],
) -> Result<Vec<Quantity<S>>, ModelError> {
    list.iter()
        .map(|config| {
            let (meaning, axes, powers_lost) = match &config.values {
                Some(values) => {
                    let values = values.clone();
                    if !model.capabilities().basis.is_complex() {
                        values.require_real().map_err(shape)?;
                    }
                    let a = Observable::new(model, &config.name, &values.into_vec())?;
                    (Meaning::OneBody(a), Vec::new(), 0)
                }
                None => named(model, &config.name)?,
            };
            let meaning = match (meaning, &config.square) {
                (Meaning::OneBody(a), Some(square)) => {
                    Meaning::OneBody(a.with_square(model, &square.clone().into_vec())?)
                }
                (meaning, _) => meaning,
            };
            Ok(Quantity {
                name: config.name.clone(),
                meaning,
                axes,
                powers_lost,
            })
        })
        .collect()
}

fn named<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    name: &str,
) -> Result<(Meaning<S>, Vec<Axis>, usize), ModelError> {
    if let Some(kind) = model.capabilities().observable(name) {
        let meaning = match &kind {
            ObservableKind::OneBody(values) => {
                Meaning::OneBody(Observable::new(model, name, values)?)
            }
            ObservableKind::Field(_) => Meaning::Field,
            ObservableKind::TwoBody(two_body) => Meaning::TwoBody(two_body.of),
            ObservableKind::OfMarginal(_) => Meaning::OfMarginal,
            ObservableKind::OfMoments(_) => Meaning::OfMoments,
        };
        return Ok((meaning, kind.axes().to_vec(), kind.powers_lost()));
    }
    let known = model.capabilities().observable_names();
    let near = nearest(name, known.iter().map(String::as_str));
    let near = near.map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
    let known = if known.is_empty() {
        "none; give `values`, or `labels` in [model]".to_owned()
    } else {
        known.join(", ") + &near
    };
    Err(ModelError::Unknown {
        kind: "observable",
        name: name.to_owned(),
        known,
    })
}
