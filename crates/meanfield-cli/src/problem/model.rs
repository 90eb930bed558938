//! `[model]` to a model.

use std::collections::BTreeMap;

use meanfield::abstract_model::{Custom, Model, ModelError, PairEntry};
use meanfield::models::kac::{CrossSection, Kac};
use meanfield::models::levels::{
    BoseHubbardDimer, Dissipation, Levels, Lipkin, OneAxisTwisting, TransverseField,
};
use meanfield::tensor::{Norm, Scalar};
use ndarray::{Array2, Array4};
use num_complex::Complex64;

use crate::arrays::{Array, ArrayError};
use crate::config::{self, Initial, Interaction, ModelConfig, Parameter, State, WeightedState};

/// A model whose own states can still be asked for.
pub(super) enum Concrete<S> {
    /// Arrays.
    Custom(Box<Custom<S>>, Option<Vec<String>>),
    /// A model of the library, always over the reals.
    Boxed(Box<dyn Model<Scalar = S>>, Box<dyn NamedStates>),
}

/// A model over either scalar.
pub(super) enum AnyConcrete {
    Real(Concrete<f64>),
    Complex(Concrete<Complex64>),
}

/// The states a model names.
pub(super) trait NamedStates {
    /// The user array of a state.
    fn state(
        &self,
        name: &str,
        parameters: &BTreeMap<&'static str, Parameter>,
    ) -> Result<Vec<Complex64>, ModelError>;

    /// Names of the entries of a one-body array.
    fn entry_names(&self) -> Vec<String>;
}

/// Builds the model.
pub(super) fn concrete(model: &ModelConfig, initial: &Initial) -> Result<AnyConcrete, ModelError> {
    match model {
        ModelConfig::Custom(custom) => {
            let (Interaction::Dense(pair) | Interaction::List(_, pair)) = &custom.v;
            let start = match &initial.state {
                State::Array(f) => Some(f),
                State::Named(_) => None,
            };
            let given = [Some(&custom.k), Some(pair), custom.trace.as_ref(), start];
            let complex = given.into_iter().flatten().any(Array::is_complex);
            if complex && custom.population {
                return Err(ModelError::Parameter {
                    key: "norm",
                    found: "\"l1\", but one of the arrays is complex".to_owned(),
                    expected: "real arrays for a population, or norm = \"none\"".to_owned(),
                });
            }
            Ok(if complex {
                AnyConcrete::Complex(custom_model(custom)?)
            } else {
                AnyConcrete::Real(custom_model(custom)?)
            })
        }
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
            let model = levels(hamiltonian, dissipation, *hbar)?;
            let boxed = Box::new(model.clone());
            Ok(AnyConcrete::Real(Concrete::Boxed(boxed, Box::new(model))))
        }
        ModelConfig::Kac {
            dimension,
            radius,
            power,
        } => {
            let model = Kac::lattice(*dimension, *radius, CrossSection::Power(*power))?;
            let boxed = Box::new(model.clone());
            Ok(AnyConcrete::Real(Concrete::Boxed(boxed, Box::new(model))))
        }
    }
}

fn custom_model<S: Scalar>(custom: &config::Custom) -> Result<Concrete<S>, ModelError> {
    let k: Array2<S> = custom.k.matrix().map_err(shape)?.mapv(S::from_complex);
    let trace: Vec<S> = match &custom.trace {
        Some(trace) => scalars(trace),
        None => vec![S::from_re(1.0); k.nrows()],
    };
    let norm = if custom.population {
        Norm::L1
    } else {
        Norm::Euclidean
    };
    let model = match &custom.v {
        Interaction::Dense(v) => {
            let v: Array4<S> = v.four().map_err(shape)?.mapv(S::from_complex);
            Custom::from_dense(&k, &v, &trace, norm)?
        }
        Interaction::List(index, value) => {
            let rows = index.indices().map_err(shape)?;
            let entries = rows.chunks_exact(4).zip(scalars::<S>(value));
            let entries = entries.map(|(row, value)| PairEntry {
                a: row[0],
                b: row[1],
                c: row[2],
                d: row[3],
                value,
            });
            Custom::new(&k, entries.collect(), &trace, norm)?
        }
    };
    let model = match &custom.labels {
        Some(labels) => model.with_labels(labels.clone())?,
        None => model,
    };
    Ok(Concrete::Custom(Box::new(model), custom.labels.clone()))
}

fn levels(
    hamiltonian: &config::Levels,
    dissipation: Dissipation,
    hbar: f64,
) -> Result<Levels, ModelError> {
    match hamiltonian {
        config::Levels::Arrays { h, v, jump } => {
            let h = h.matrix().map_err(shape)?;
            let mut jumps: Vec<Array2<Complex64>> = match jump {
                Some(jump) => jump.matrices().map_err(shape)?,
                None => Vec::new(),
            };
            let named = dissipation.jumps()?;
            if !named.is_empty() && h.nrows() != 2 {
                return Err(ModelError::Parameter {
                    key: "decay",
                    found: format!("given for {} levels", h.nrows()),
                    expected: "decay and dephasing only for two levels; give `jump` otherwise"
                        .to_owned(),
                });
            }
            jumps.extend(named);
            Levels::new(&h, &v.four().map_err(shape)?, &jumps, hbar)
        }
        config::Levels::Family(name, keys) => {
            let value = |key: &str| keys.get(key).copied().unwrap_or(f64::NAN);
            match *name {
                "one-axis-twisting" => {
                    let chi = value("chi");
                    OneAxisTwisting { chi }.model(dissipation, hbar)
                }
                "transverse-field" => {
                    let (omega, chi) = (value("omega"), value("chi"));
                    TransverseField { omega, chi }.model(dissipation, hbar)
                }
                "lipkin" => {
                    let (epsilon, v, w) = (value("epsilon"), value("v"), value("w"));
                    Lipkin { epsilon, v, w }.model(dissipation, hbar)
                }
                _ => {
                    let (tunnelling, interaction) = (value("tunnelling"), value("interaction"));
                    BoseHubbardDimer {
                        tunnelling,
                        interaction,
                    }
                    .model(dissipation, hbar)
                }
            }
        }
    }
}

fn scalars<S: Scalar>(array: &Array) -> Vec<S> {
    let entries = array.clone().into_vec().into_iter();
    entries.map(S::from_complex).collect()
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
            Self::Boxed(model, _) => model.as_ref(),
        }
    }

    /// The model behind the trait, for good.
    pub(super) fn into_model(self) -> Box<dyn Model<Scalar = S>> {
        match self {
            Self::Custom(model, _) => model,
            Self::Boxed(model, _) => model,
        }
    }

    /// The user array of a named state.
    pub(super) fn state(&self, state: &WeightedState) -> Result<Vec<Complex64>, ModelError> {
        match self {
            Self::Boxed(_, named) => named.state(state.name, &state.parameters),
            Self::Custom(..) => Err(ModelError::Unknown {
                kind: "state",
                name: state.name.to_owned(),
                known: "none; give F".to_owned(),
            }),
        }
    }

    /// Names of the entries of F_1.
    pub(super) fn entry_names(&self) -> Vec<String> {
        match self {
            Self::Boxed(_, named) => named.entry_names(),
            Self::Custom(_, Some(labels)) => labels.clone(),
            Self::Custom(model, None) => {
                let d = model.space().dimension();
                (0..d).map(|a| a.to_string()).collect()
            }
        }
    }
}

fn number(parameters: &BTreeMap<&'static str, Parameter>, key: &str) -> f64 {
    match parameters.get(key) {
        Some(Parameter::Number(x)) => *x,
        Some(Parameter::Integer(n)) => *n as f64,
        // The configuration's reader requires every key; NaN is refused by the
        // model with the key's name.
        _ => f64::NAN,
    }
}

impl NamedStates for Levels {
    fn state(
        &self,
        name: &str,
        parameters: &BTreeMap<&'static str, Parameter>,
    ) -> Result<Vec<Complex64>, ModelError> {
        match (name, parameters.get("index")) {
            ("basis", Some(Parameter::Integer(index))) => self.basis_state(*index),
            _ => {
                let value = |key| number(parameters, key);
                self.bloch(value("x"), value("y"), value("z"))
            }
        }
    }

    fn entry_names(&self) -> Vec<String> {
        let levels = self.basis().levels().unwrap_or(1);
        let names = (0..levels * levels).map(|k| format!("{},{}", k / levels, k % levels));
        names.collect()
    }
}

impl NamedStates for Kac {
    fn state(
        &self,
        name: &str,
        parameters: &BTreeMap<&'static str, Parameter>,
    ) -> Result<Vec<Complex64>, ModelError> {
        let value = |key| number(parameters, key);
        let weights = match name {
            "maxwellian" => {
                let drift = match parameters.get("drift") {
                    Some(Parameter::Vector(drift)) if !drift.is_empty() => drift.clone(),
                    _ => vec![0.0; self.dimension()],
                };
                self.maxwellian(value("temperature"), &drift)?
            }
            _ => self.beams(value("speed"), value("width"))?,
        };
        Ok(weights.into_iter().map(Complex64::from).collect())
    }

    fn entry_names(&self) -> Vec<String> {
        let velocities = self.velocities().iter();
        velocities
            .map(|v| {
                let parts: Vec<String> = v.iter().map(f64::to_string).collect();
                format!("v=({})", parts.join(","))
            })
            .collect()
    }
}
