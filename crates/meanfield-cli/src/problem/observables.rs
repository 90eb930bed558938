//! `[[observable]]` to functionals.

use meanfield::abstract_model::{Derived, Model, ModelError, Observable};
use meanfield::tensor::{Scalar, linalg};
use ndarray::Array2;
use num_complex::Complex64;

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
    OneBody {
        /// The functionals.
        observable: Observable<S>,
        /// Half the distance of its extreme values: |⟨G, a⟩| ≤ that times ‖G‖
        /// for every traceless G, in L¹ and in the trace norm.
        half_spread: f64,
    },
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
                    one_body(model, &config.name, &values.into_vec())?
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

fn one_body<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    name: &str,
    values: &[Complex64],
) -> Result<Meaning<S>, ModelError> {
    let observable = Observable::new(model, name, values)?;
    let levels: Vec<f64> = match model.basis().levels() {
        None => values.iter().map(|z| z.re).collect(),
        Some(d) => {
            let matrix = Array2::from_shape_fn((d, d), |(x, y)| values[x * d + y]);
            linalg::eigh(matrix.view())?.0.to_vec()
        }
    };
    let highest = levels.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let lowest = levels.iter().copied().fold(f64::INFINITY, f64::min);
    Ok(Meaning::OneBody {
        observable,
        half_spread: 0.5 * (highest - lowest),
    })
}

fn named<S: Scalar>(model: &dyn Model<Scalar = S>, name: &str) -> Result<Meaning<S>, ModelError> {
    let derived = model.derived_observables();
    let mut known = model.observable_names();
    if let Some(values) = model.observable_values(name) {
        return one_body(model, name, &values);
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
