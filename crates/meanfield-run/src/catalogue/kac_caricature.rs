//! kind = "kac-caricature".

use meanfield::abstract_model::ModelError;
use meanfield::models::hermite::{BKW_TEMPERATURE, LARGEST_DEGREE, beams_temperature};
use meanfield::models::kac::Caricature;
use num_complex::Complex64;

use super::built::no_state;
use super::velocities::{BEAMS, BKW, array, hermite_function};
use super::{Absent, Built, Disagreement, Given, Holds, Kind, Size, State, States, Values, key};

pub(super) static KIND: Kind = Kind {
    keys: &[
        key(
            "degree",
            Holds::Integer(2, LARGEST_DEGREE),
            "highest Hermite degree: moments to that degree are exact",
        ),
        key(
            "temperature",
            Holds::Positive,
            "of the reference Gaussian (default: that of the start)",
        )
        .or(Absent::Nothing)
        .in_units("velocity^2"),
    ],
    states: &[BEAMS, BKW],
    observables: "m2, m4, m6, ... and m1, m3, ... to the degree, entropy",
    example: include_str!("templates/kac-caricature.toml"),
    smaller: "lower `model.degree`",
    array_agrees,
    ..Kind::new(
        "kac-caricature",
        "Kac's caricature of a gas: v is a number; a pair rotates by a uniform angle in its plane, \
         at rate 1/N; exact in Hermite functions",
        |values| Size::real(values.integer("degree") as f64 + 1.0),
        build,
    )
};

/// Hermite coefficients have a meaning only beside the temperature of the Gaussian they
/// multiply.
fn array_agrees(model: &Values) -> Result<(), Disagreement> {
    if model.optional_number("temperature").is_some() {
        return Ok(());
    }
    Err(Disagreement::Missing {
        at: "F",
        key: "model.temperature",
        expected: "the temperature of the Gaussian whose Hermite coefficients F holds; only a \
                   named state has one of its own",
    })
}

fn build(given: &Given<'_>) -> Result<Built, ModelError> {
    let temperature = given.values.optional_number("temperature");
    let temperature = temperature.unwrap_or_else(|| temperature_of(given.state));
    Caricature::new(given.values.integer("degree"), temperature).map(Built::real)
}

/// ⟨v²⟩ of a start. Every state of the caricature has mean velocity 0, so
/// those of a mixture are averaged.
fn temperature_of(state: &State) -> f64 {
    let State::Named(states) = state else {
        // An array comes with a temperature.
        return f64::NAN;
    };
    let of_one = |name: &str, values: &Values| match name {
        "bkw" => BKW_TEMPERATURE,
        "beams" => beams_temperature(1, values.number("speed"), values.number("width")),
        other => unreachable!("`states` does not list {other}"),
    };
    let weighted = states.iter().map(|s| s.weight * of_one(s.name, &s.values));
    weighted.sum()
}

impl States for Caricature {
    fn state(&self, name: &str, values: &Values) -> Result<Vec<Complex64>, ModelError> {
        let number = |key| values.number(key);
        let coefficients = match name {
            "bkw" => self.bkw(number("A"))?,
            "beams" => self.beams(number("speed"), number("width"))?,
            other => return no_state(other),
        };
        Ok(array(coefficients))
    }

    fn entry_name(&self, index: usize) -> String {
        hermite_function(self.velocities(), index)
    }
}
