//! kind = "kac" and kind = "kac-caricature".

use meanfield::abstract_model::ModelError;
use meanfield::models::kac::{CrossSection, Kac};
use num_complex::Complex64;

use super::{AnyConcrete, NamedStates, real};
use crate::config::Values;

/// kind = "kac", on a lattice or in Hermite functions.
pub(super) fn kac(values: &Values) -> Result<AnyConcrete, ModelError> {
    let dimension = values.integer("dimension");
    let cross_section = CrossSection::Power(values.number("cross_section"));
    let Some(velocities) = values.chosen("velocities") else {
        unreachable!("the configuration's reader requires velocities");
    };
    let radius = velocities.values.number("radius");
    Kac::lattice(dimension, radius, cross_section).map(real)
}

impl NamedStates for Kac {
    fn state(&self, name: &str, values: &Values) -> Result<Vec<Complex64>, ModelError> {
        let number = |key| values.number(key);
        let weights = match name {
            "maxwellian" => {
                let drift = values.vector("drift", self.dimension());
                self.maxwellian(number("temperature"), &drift)?
            }
            _ => self.beams(number("speed"), number("width"))?,
        };
        Ok(weights.into_iter().map(Complex64::from).collect())
    }

    fn entry_name(&self, index: usize) -> String {
        component("v", &self.velocities()[index])
    }
}

/// "v=(1,0)", "x=-0.5".
pub(super) fn component(symbol: &str, values: &[f64]) -> String {
    // Positions of a grid have many digits, a name needs few.
    let short = |x: &f64| ((x * 1e6).round() / 1e6 + 0.0).to_string();
    let parts: Vec<String> = values.iter().map(short).collect();
    match &parts[..] {
        [one] => format!("{symbol}={one}"),
        _ => format!("{symbol}=({})", parts.join(",")),
    }
}
