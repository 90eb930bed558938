//! `[[observable]]` to functionals.

use meanfield::abstract_model::{Derived, Model, ModelError, Observable};
use meanfield::tensor::Scalar;

use crate::config::{ObservableConfig, nearest};

/// One observable of a run.
pub(crate) struct Quantity<S> {
    /// Its name.
    pub(crate) name: String,
    /// What it is.
    pub(crate) meaning: Meaning<S>,
}

/// What an observable is.
pub(crate) enum Meaning<S> {
    /// The average of a one-body observable.
    OneBody(Observable<S>),
    /// A function of means and covariances.
    Derived(Derived),
}

/// The observables of a configuration.
pub(super) fn quantities<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    list: &[ObservableConfig],
) -> Result<Vec<Quantity<S>>, ModelError> {
    list.iter()
        .map(|config| {
            let meaning = match &config.values {
                Some(values) => {
                    let values = values.clone();
                    if !model.basis().is_complex() {
                        values.require_real().map_err(super::model::shape)?;
                    }
                    Meaning::OneBody(Observable::new(model, &config.name, &values.into_vec())?)
                }
                None => named(model, &config.name)?,
            };
            Ok(Quantity {
                name: config.name.clone(),
                meaning,
            })
        })
        .collect()
}

fn named<S: Scalar>(model: &dyn Model<Scalar = S>, name: &str) -> Result<Meaning<S>, ModelError> {
    let derived = model.derived_observables();
    let mut known = model.observable_names();
    if known.iter().any(|other| other == name) {
        return Ok(Meaning::OneBody(Observable::named(model, name)?));
    }
    if let Some(found) = derived.iter().find(|d| d.name == name) {
        return Ok(Meaning::Derived(found.clone()));
    }
    known.extend(derived.into_iter().map(|d| d.name));
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
