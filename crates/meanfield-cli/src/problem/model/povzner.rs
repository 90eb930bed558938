//! kind = "povzner".

use meanfield::abstract_model::ModelError;
use meanfield::models::kac::CrossSection;
use meanfield::models::povzner::{Povzner, PovznerOptions, Range, Transport, Velocities};
use num_complex::Complex64;

use super::NamedStates;
use super::kac::component;
use crate::config::{Chosen, Values};

/// The model.
pub(super) fn povzner(values: &Values) -> Result<Povzner, ModelError> {
    let range = match values.chosen("range") {
        Some(Chosen { name, values }) if *name == "hat" => Range::Hat {
            width: values.number("width"),
        },
        gaussian => Range::Gaussian {
            width: gaussian.map_or(f64::NAN, |range| range.values.number("width")),
        },
    };
    let velocities = match values.chosen("velocities") {
        Some(Chosen { name, values }) if *name == "lattice" => Velocities::Lattice {
            radius: values.number("radius"),
        },
        other => {
            return Err(ModelError::Parameter {
                key: "velocities",
                found: other.map_or("absent", |chosen| chosen.name).to_owned(),
                expected: "a lattice".to_owned(),
            });
        }
    };
    Povzner::new(&PovznerOptions {
        dimension: values.integer("dimension"),
        points: values.integer("points"),
        length: values.number("length"),
        velocity_dimension: values.integer("velocity_dimension"),
        velocities,
        range,
        cross_section: CrossSection::Power(values.number("cross_section")),
        transport: match values.word("transport") {
            "spectral" => Transport::Spectral,
            _ => Transport::Upwind,
        },
    })
}

impl NamedStates for Povzner {
    fn state(&self, name: &str, values: &Values) -> Result<Vec<Complex64>, ModelError> {
        let density = match name {
            "uniform" => self.density_uniform(),
            "bump" => {
                let center = values.vector("center", self.options().dimension);
                self.density_bump(&center, values.number("width"))?
            }
            _ => self.density_cosine(values.number("amplitude"))?,
        };
        let velocity = match values.chosen("velocity") {
            Some(Chosen { name, values }) if *name == "beams" => {
                self.velocity_beams(values.number("speed"), values.number("width"))?
            }
            other => {
                let (temperature, drift) = match other {
                    Some(Chosen { values, .. }) => (
                        values.number("temperature"),
                        values.vector("drift", self.velocity_dimension()),
                    ),
                    None => (f64::NAN, Vec::new()),
                };
                self.velocity_maxwellian(temperature, &drift)?
            }
        };
        let weights = self.product_state(&density, &velocity)?;
        Ok(weights.into_iter().map(Complex64::from).collect())
    }

    fn entry_name(&self, index: usize) -> String {
        let velocities = self.velocities();
        let (cell, velocity) = (index / velocities.len(), index % velocities.len());
        let place = component("x", &self.positions()[cell]);
        format!("{place}, {}", component("v", &velocities[velocity]))
    }
}
