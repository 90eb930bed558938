//! kind = "levels".

use meanfield::abstract_model::{Model, ModelError};
use meanfield::models::levels::{
    BoseHubbardDimer, Dissipation, Levels, Lipkin, OneAxisTwisting, TransverseField,
};
use ndarray::Array2;
use num_complex::Complex64;

use super::{NamedStates, shape};
use crate::config::{self, Values};

/// The model.
pub(super) fn levels(
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

/// Bytes taken while the operators are made; those of two levels are nothing.
pub(super) fn required_bytes(hamiltonian: &config::Levels) -> Result<usize, ModelError> {
    match hamiltonian {
        config::Levels::Arrays { v, .. } => Levels::required_bytes(&v.four().map_err(shape)?),
        config::Levels::Family(..) => Ok(0),
    }
}

impl NamedStates for Levels {
    fn state(&self, name: &str, values: &Values) -> Result<Vec<Complex64>, ModelError> {
        if name == "basis" {
            return self.basis_state(values.integer("index"));
        }
        self.bloch(values.number("x"), values.number("y"), values.number("z"))
    }

    fn entry_name(&self, index: usize) -> String {
        let levels = self.capabilities().basis.levels().unwrap_or(1);
        format!("{},{}", index / levels, index % levels)
    }
}
