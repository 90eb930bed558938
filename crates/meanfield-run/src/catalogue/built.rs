//! A model that is built, with what its kind knows beyond the trait: its named states
//! and the names of its entries.

use meanfield::abstract_model::{Custom, Model, ModelError, SumOfTerms};
use meanfield::tensor::Scalar;
use num_complex::Complex64;

use super::values::Values;
use crate::arrays::Array;

/// What a model is built from.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// The values of `[model]`: every key that must be there is, and is of its type.
    pub values: &'a Values,
    /// The one-body state of `[initial]`.
    pub state: &'a State,
}

/// The one-body state.
#[derive(Debug)]
pub enum State {
    /// Given as an array.
    Array(Array),
    /// A mixture of named states; the weights sum to 1.
    Named(Vec<WeightedState>),
}

/// A named state with its parameters, and its share of a mixture.
#[derive(Debug)]
pub struct WeightedState {
    /// Its share.
    pub weight: f64,
    /// Its name.
    pub name: &'static str,
    /// The values of its keys.
    pub values: Values,
}

/// The states a model names.
pub trait States {
    /// The user array of a state.
    ///
    /// # Errors
    /// [`ModelError`] for values the model refuses.
    fn state(&self, name: &str, values: &Values) -> Result<Vec<Complex64>, ModelError> {
        let _ = values;
        no_state(name)
    }

    /// The name of an entry of a one-body array.
    fn entry_name(&self, index: usize) -> String {
        index.to_string()
    }

    /// How many consecutive entries belong together: the velocities at a place, say.
    fn together(&self) -> usize {
        1
    }
}

/// The error of a model that does not know a state.
pub(super) fn no_state<T>(name: &str) -> Result<T, ModelError> {
    Err(ModelError::Unknown {
        kind: "state",
        name: name.to_owned(),
        known: "none of that name; give F".to_owned(),
    })
}

/// A model that names states.
pub trait Concrete<S>: Model<Scalar = S> + States {
    /// The model behind its trait, for good.
    fn into_model(self: Box<Self>) -> Box<dyn Model<Scalar = S>>;
}

impl<S, M: Model<Scalar = S> + States + 'static> Concrete<S> for M {
    fn into_model(self: Box<Self>) -> Box<dyn Model<Scalar = S>> {
        self
    }
}

/// A model over either scalar.
pub enum Built {
    /// Over the real numbers: populations, and quantum models in a Hermitian basis.
    Real(Box<dyn Concrete<f64>>),
    /// Over the complex numbers.
    Complex(Box<dyn Concrete<Complex64>>),
}

impl Built {
    /// A model over the real numbers.
    pub fn real(model: impl Concrete<f64> + 'static) -> Self {
        Self::Real(Box::new(model))
    }

    /// A model over the complex numbers.
    pub fn complex(model: impl Concrete<Complex64> + 'static) -> Self {
        Self::Complex(Box::new(model))
    }
}

impl<S: Scalar> States for Custom<S> {
    fn entry_name(&self, index: usize) -> String {
        let labels = self.labels();
        labels.get(index).cloned().unwrap_or(index.to_string())
    }
}

/// Of populations: what such a model measures by name are its states.
impl<S: Scalar> States for SumOfTerms<'_, S> {
    fn entry_name(&self, index: usize) -> String {
        let measured = self.capabilities().measured;
        let names = measured.map_or(Vec::new(), |measured| measured.observable_names());
        names.into_iter().nth(index).unwrap_or(index.to_string())
    }
}
