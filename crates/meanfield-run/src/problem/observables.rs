//! `[[observable]]` to functionals.

use meanfield::abstract_model::{Axis, Model, ModelError, Observable, ObservableKind, PairSource};
use meanfield::tensor::Scalar;
use num_complex::Complex64;

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
    /// What it lies between for every state, where that is known.
    pub(crate) range: Option<(f64, f64)>,
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
    /// The covariance of the averages of two one-body observables, whose symmetrised product
    /// is the third.
    Covariance(Observable<S>, Observable<S>, Vec<S>),
}

/// The observables of a configuration.
pub(super) fn quantities<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    list: &[ObservableConfig],
) -> Result<Vec<Quantity<S>>, ModelError> {
    list.iter()
        .map(|config| {
            let plain = |meaning, range| (meaning, Vec::new(), 0, range);
            let (meaning, axes, powers_lost, range) = match (&config.values, pair(&config.name)) {
                (Some(_), _) => {
                    let values = values(model, config)?;
                    let a = Observable::new(model, &config.name, &values)?;
                    let range = a.range(model, &values);
                    plain(Meaning::OneBody(a), range)
                }
                (None, Some((a, b))) => plain(covariance(model, list, (a, b))?, None),
                (None, None) => named(model, &config.name)?,
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
                range,
            })
        })
        .collect()
}

/// The two names in `cov(a,b)`.
fn pair(name: &str) -> Option<(&str, &str)> {
    let (a, b) = name
        .strip_prefix("cov(")?
        .strip_suffix(')')?
        .split_once(',')?;
    Some((a.trim(), b.trim()))
}

/// The user array that a configuration gives.
fn values<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    config: &ObservableConfig,
) -> Result<Vec<Complex64>, ModelError> {
    let Some(values) = config.values.clone() else {
        return Ok(Vec::new());
    };
    if !model.capabilities().basis.is_complex() {
        values.require_real().map_err(shape)?;
    }
    Ok(values.into_vec())
}

/// Of two one-body observables, each of the list by its values or known to the model.
fn covariance<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    list: &[ObservableConfig],
    names: (&str, &str),
) -> Result<Meaning<S>, ModelError> {
    let one = |name: &str| -> Result<Vec<Complex64>, ModelError> {
        let given = list.iter().find(|o| o.name == name && o.values.is_some());
        if let Some(config) = given {
            return values(model, config);
        }
        match model.capabilities().observable(name) {
            Some(ObservableKind::OneBody(values)) => Ok(values),
            Some(_) => Err(ModelError::Parameter {
                key: "observable",
                found: format!(
                    "cov({}, {}), where \"{name}\" is no one-body observable",
                    names.0, names.1
                ),
                expected: "the names of two averages over the particles".to_owned(),
            }),
            None => Err(unknown(model, name)),
        }
    };
    let (of_a, of_b) = (one(names.0)?, one(names.1)?);
    let a = Observable::new(model, names.0, &of_a)?;
    let b = Observable::new(model, names.1, &of_b)?;
    if !(a.fluctuates && b.fluctuates) {
        return Err(ModelError::Parameter {
            key: "observable",
            found: format!("cov({}, {})", names.0, names.1),
            expected:
                "observables whose product the model holds: with this trace, or at this degree, \
                       the product of two arrays is not that of the observables"
                    .to_owned(),
        });
    }
    let product = Observable::symmetrised_product(model, &of_a, &of_b);
    Ok(Meaning::Covariance(a, b, product))
}

/// What a quantity is, its axes, the powers it loses and its range.
type Named<S> = (Meaning<S>, Vec<Axis>, usize, Option<(f64, f64)>);

fn named<S: Scalar>(model: &dyn Model<Scalar = S>, name: &str) -> Result<Named<S>, ModelError> {
    if let Some(kind) = model.capabilities().observable(name) {
        let mut range = None;
        let meaning = match &kind {
            ObservableKind::OneBody(values) => {
                let a = Observable::new(model, name, values)?;
                range = a.range(model, values);
                Meaning::OneBody(a)
            }
            ObservableKind::Field(_) => Meaning::Field,
            ObservableKind::TwoBody(two_body) => Meaning::TwoBody(two_body.of),
            ObservableKind::OfMarginal(function) => {
                range = function.range;
                Meaning::OfMarginal
            }
            ObservableKind::OfMoments(_) => Meaning::OfMoments,
        };
        return Ok((meaning, kind.axes().to_vec(), kind.powers_lost(), range));
    }
    Err(unknown(model, name))
}

fn unknown<S: Scalar>(model: &dyn Model<Scalar = S>, name: &str) -> ModelError {
    let known = model.capabilities().observable_names();
    let near = nearest(name, known.iter().map(String::as_str));
    let near = near.map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
    let known = if known.is_empty() {
        "none; give `values`, or `labels` in [model]".to_owned()
    } else {
        known.join(", ") + &near
    };
    ModelError::Unknown {
        kind: "observable",
        name: name.to_owned(),
        known,
    }
}
