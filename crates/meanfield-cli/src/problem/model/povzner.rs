//! kind = "povzner".

use meanfield::abstract_model::ModelError;
use meanfield::models::kac::CrossSection;
use meanfield::models::povzner::{Povzner, PovznerOptions, Range, Transport, Velocities};
use num_complex::Complex64;

use super::NamedStates;
use super::kac::{array, component, hermite_function};
use crate::config::{Chosen, Values};

/// The model.
pub(super) fn povzner(values: &Values) -> Result<Povzner, ModelError> {
    Povzner::new(&options(values))
}

/// Bytes taken while the collisions are listed.
pub(super) fn required_bytes(values: &Values) -> Result<usize, ModelError> {
    Povzner::required_bytes(&options(values))
}

fn options(values: &Values) -> PovznerOptions {
    let range = match values.chosen("range") {
        Some(Chosen { name, values }) if *name == "hat" => Range::Hat {
            width: values.number("width"),
        },
        gaussian => Range::Gaussian {
            width: gaussian.map_or(f64::NAN, |range| range.values.number("width")),
        },
    };
    let (velocities, natural) = match values.chosen("velocities") {
        Some(Chosen { name, values }) if *name == "hermite" => {
            let (degree, temperature) = (values.integer("degree"), values.number("temperature"));
            (
                Velocities::Hermite {
                    degree,
                    temperature,
                },
                Transport::Spectral,
            )
        }
        lattice => {
            let radius = lattice.map_or(f64::NAN, |chosen| chosen.values.number("radius"));
            (Velocities::Lattice { radius }, Transport::Upwind)
        }
    };
    PovznerOptions {
        dimension: values.integer("dimension"),
        points: values.integer("points"),
        length: values.number("length"),
        velocity_dimension: values.integer("velocity_dimension"),
        velocities,
        range,
        cross_section: CrossSection::Power(values.number("cross_section")),
        transport: match values.word("transport") {
            "spectral" => Transport::Spectral,
            "upwind" => Transport::Upwind,
            _ => natural,
        },
    }
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
        Ok(array(weights))
    }

    fn entry_name(&self, index: usize) -> String {
        let basis = self.velocity_basis();
        let each = basis.map_or(self.velocities().len(), |basis| basis.len());
        let place = component("x", &self.positions()[index / each]);
        let velocity = match basis {
            Some(basis) => hermite_function(basis, index % each),
            None => component("v", &self.velocities()[index % each]),
        };
        format!("{place}, {velocity}")
    }
}
