//! `[model]` to a model.

mod custom;
mod hartree;
mod kac;
mod levels;
mod povzner;

use meanfield::abstract_model::{Custom, Model, ModelError};
use meanfield::models::levels::Dissipation;
use meanfield::tensor::Scalar;
use num_complex::Complex64;

use crate::arrays::ArrayError;
use crate::config::{Initial, ModelConfig, Physical, Values, WeightedState};

/// A model whose own states can still be asked for.
pub(super) enum Concrete<S> {
    /// Arrays.
    Custom(Box<Custom<S>>, Option<Vec<String>>),
    /// A model of the library.
    Library(Box<dyn LibraryModel<S>>),
}

/// A model over either scalar.
pub(super) enum AnyConcrete {
    Real(Concrete<f64>),
    Complex(Concrete<Complex64>),
}

/// The states a model names.
pub(super) trait NamedStates {
    /// The user array of a state.
    fn state(&self, name: &str, values: &Values) -> Result<Vec<Complex64>, ModelError>;

    /// The name of an entry of a one-body array.
    fn entry_name(&self, index: usize) -> String;
}

/// A model that names states.
pub(super) trait LibraryModel<S>: Model<Scalar = S> + NamedStates {}

impl<S, M: Model<Scalar = S> + NamedStates> LibraryModel<S> for M {}

/// Builds the model.
pub(super) fn concrete(model: &ModelConfig, initial: &Initial) -> Result<AnyConcrete, ModelError> {
    match model {
        ModelConfig::Custom(arrays) => custom::custom(arrays, initial),
        ModelConfig::Levels {
            hamiltonian,
            hbar,
            decay,
            dephasing,
        } => {
            let dissipation = Dissipation {
                decay: *decay,
                dephasing: *dephasing,
            };
            levels::levels(hamiltonian, dissipation, *hbar).map(real)
        }
        ModelConfig::Physical(Physical { kind, values }) => match kind.name {
            "kac-caricature" => kac::caricature(values, initial).map(real),
            "kac" => kac::kac(values),
            "povzner" => povzner::povzner(values).map(real),
            _ => hartree::hartree(values).map(complex),
        },
    }
}

/// Bytes taken at most while the pair interaction is made, from the
/// configuration alone; 0 for models that keep no list of it, and for those that
/// will be refused for another reason.
pub(super) fn required_bytes(model: &ModelConfig, initial: &Initial) -> usize {
    let found = match model {
        ModelConfig::Custom(arrays) => {
            return custom::required_bytes(arrays, initial).unwrap_or(usize::MAX);
        }
        ModelConfig::Levels { hamiltonian, .. } => levels::required_bytes(hamiltonian),
        ModelConfig::Physical(Physical { kind, values }) => match kind.name {
            "kac" => kac::required_bytes(values),
            "povzner" => povzner::required_bytes(values),
            _ => Ok(0),
        },
    };
    found.unwrap_or(0)
}

/// A model over the reals.
fn real(model: impl LibraryModel<f64> + 'static) -> AnyConcrete {
    AnyConcrete::Real(Concrete::Library(Box::new(model)))
}

/// A model over the complex numbers.
fn complex(model: impl LibraryModel<Complex64> + 'static) -> AnyConcrete {
    AnyConcrete::Complex(Concrete::Library(Box::new(model)))
}

/// An array's own complaint as the model would put it.
pub(super) fn shape(error: ArrayError) -> ModelError {
    match error {
        ArrayError::Rank {
            name,
            found,
            expected,
        } => ModelError::Shape {
            array: name,
            found,
            expected,
        },
        other => ModelError::Parameter {
            key: "file",
            found: other.to_string(),
            expected: "usable arrays".to_owned(),
        },
    }
}

impl<S: Scalar> Concrete<S> {
    /// The model behind the trait.
    pub(super) fn model(&self) -> &dyn Model<Scalar = S> {
        match self {
            Self::Custom(model, _) => model.as_ref(),
            Self::Library(model) => model.as_ref(),
        }
    }

    /// The model behind the trait, for good.
    pub(super) fn into_model(self) -> Box<dyn Model<Scalar = S>> {
        match self {
            Self::Custom(model, _) => model,
            Self::Library(model) => model,
        }
    }

    /// The user array of a named state.
    pub(super) fn state(&self, state: &WeightedState) -> Result<Vec<Complex64>, ModelError> {
        match self {
            Self::Library(model) => model.state(state.name, &state.parameters),
            Self::Custom(..) => Err(ModelError::Unknown {
                kind: "state",
                name: state.name.to_owned(),
                known: "none; give F".to_owned(),
            }),
        }
    }

    /// Names of the first entries of F_1.
    pub(super) fn entry_names(&self, most: usize) -> Vec<String> {
        let entries = 0..self.model().space().dimension().min(most);
        let name = |index: usize| match self {
            Self::Library(model) => model.entry_name(index),
            Self::Custom(_, Some(labels)) => labels.get(index).cloned().unwrap_or_default(),
            Self::Custom(_, None) => index.to_string(),
        };
        entries.map(name).collect()
    }
}
