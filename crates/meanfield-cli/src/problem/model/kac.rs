//! kind = "kac", on a lattice or in Hermite functions, and kind =
//! "kac-caricature".

use meanfield::abstract_model::ModelError;
use meanfield::models::hermite::{BKW_TEMPERATURE, VelocityBasis, beams_temperature};
use meanfield::models::kac::{Caricature, CrossSection, Kac, KacHermite};
use num_complex::Complex64;

use super::{AnyConcrete, NamedStates, real};
use crate::config::{Chosen, Initial, State, Values};

/// The model of kind = "kac".
pub(super) fn kac(values: &Values) -> Result<AnyConcrete, ModelError> {
    let dimension = values.integer("dimension");
    let cross_section = CrossSection::Power(values.number("cross_section"));
    match values.chosen("velocities") {
        Some(Chosen { name, values }) if *name == "hermite" => {
            let (degree, temperature) = (values.integer("degree"), values.number("temperature"));
            KacHermite::new(dimension, degree, temperature, cross_section).map(real)
        }
        lattice => Kac::lattice(dimension, radius(lattice), cross_section).map(real),
    }
}

/// Bytes taken while the collisions of a lattice are listed; in Hermite
/// functions the constructor counts and refuses by itself.
pub(super) fn required_bytes(values: &Values) -> Result<usize, ModelError> {
    match values.chosen("velocities") {
        Some(Chosen { name, .. }) if *name == "hermite" => Ok(0),
        lattice => Kac::required_bytes(values.integer("dimension"), radius(lattice)),
    }
}

fn radius(lattice: Option<&Chosen>) -> f64 {
    lattice.map_or(f64::NAN, |chosen| chosen.values.number("radius"))
}

/// The model of kind = "kac-caricature"; the reference temperature is that of
/// the start unless it is given.
pub(super) fn caricature(values: &Values, initial: &Initial) -> Result<Caricature, ModelError> {
    let temperature = values
        .optional_number("temperature")
        .unwrap_or_else(|| temperature_of(initial));
    Caricature::new(values.integer("degree"), temperature)
}

/// ⟨v²⟩ of a start. Every state of the caricature has mean velocity 0, so
/// those of a mixture are averaged.
fn temperature_of(initial: &Initial) -> f64 {
    let State::Named(states) = &initial.state else {
        // The configuration's reader asks for the temperature beside an array.
        return f64::NAN;
    };
    let of_one = |name: &str, values: &Values| match name {
        "bkw" => BKW_TEMPERATURE,
        _ => beams_temperature(1, values.number("speed"), values.number("width")),
    };
    let weighted = states
        .iter()
        .map(|s| s.weight * of_one(s.name, &s.parameters));
    weighted.sum()
}

/// Numbers as an array.
pub(super) fn array(numbers: Vec<f64>) -> Vec<Complex64> {
    numbers.into_iter().map(Complex64::from).collect()
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

/// "h(2,0)": the Hermite function of those degrees.
pub(super) fn hermite_function(basis: &VelocityBasis, index: usize) -> String {
    let degrees = basis.indices()[index].iter().take(basis.dimension());
    let degrees: Vec<String> = degrees.map(usize::to_string).collect();
    format!("h({})", degrees.join(","))
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
        Ok(array(weights))
    }

    fn entry_name(&self, index: usize) -> String {
        component("v", &self.velocities()[index])
    }
}

impl NamedStates for KacHermite {
    fn state(&self, name: &str, values: &Values) -> Result<Vec<Complex64>, ModelError> {
        let number = |key| values.number(key);
        let coefficients = match name {
            "maxwellian" => {
                let drift = values.vector("drift", self.velocities().dimension());
                self.maxwellian(number("temperature"), &drift)?
            }
            "bkw" => self.bkw(number("A"))?,
            _ => self.beams(number("speed"), number("width"))?,
        };
        Ok(array(coefficients))
    }

    fn entry_name(&self, index: usize) -> String {
        hermite_function(self.velocities(), index)
    }
}

impl NamedStates for Caricature {
    fn state(&self, name: &str, values: &Values) -> Result<Vec<Complex64>, ModelError> {
        let number = |key| values.number(key);
        let coefficients = match name {
            "bkw" => self.bkw(number("A"))?,
            _ => self.beams(number("speed"), number("width"))?,
        };
        Ok(array(coefficients))
    }

    fn entry_name(&self, index: usize) -> String {
        hermite_function(self.velocities(), index)
    }
}
