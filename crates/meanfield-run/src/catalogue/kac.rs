//! kind = "kac", on a lattice or in Hermite functions.

use meanfield::abstract_model::ModelError;
use meanfield::models::kac::{CrossSection, Kac, KacHermite};
use num_complex::Complex64;

use super::built::no_state;
use super::velocities::{
    BEAMS, BKW, CROSS_SECTION, MAXWELLIAN, VELOCITIES, array, bkw_agrees, component, count,
    hermite, hermite_function, lists, radius,
};
use super::{Absent, Built, Chosen, Given, Holds, Kind, Size, States, Values, key};

pub(super) static KIND: Kind = Kind {
    keys: &[
        key("dimension", Holds::Integer(2, 3), "2 (default) or 3").or(Absent::Integer(2)),
        VELOCITIES,
        CROSS_SECTION,
    ],
    states: &[MAXWELLIAN, BEAMS, BKW],
    observables: "vx, vy, m2, m4, txx, tyy, energy, qx, entropy; in 3D also vz, tzz",
    example: include_str!("templates/kac.toml"),
    smaller: "use fewer `model.velocities`",
    state_agrees: |model, state, values| {
        bkw_agrees(model, state)?;
        lists(values, &["drift"], model.integer("dimension"))
    },
    interaction_bytes: |given| match hermite(given.values) {
        // In Hermite functions the constructor counts and refuses by itself.
        Some(_) => Ok(0),
        None => Kac::required_bytes(given.values.integer("dimension"), radius(given.values)),
    },
    ..Kind::new(
        "kac",
        "homogeneous gas: pairs of velocities collide and keep momentum and energy",
        |values| Size::real(count(values, values.integer("dimension"))),
        build,
    )
};

fn build(given: &Given<'_>) -> Result<Built, ModelError> {
    let values = given.values;
    let dimension = values.integer("dimension");
    let cross_section = CrossSection::Power(values.number("cross_section"));
    match hermite(values) {
        Some(Chosen { values, .. }) => {
            let (degree, temperature) = (values.integer("degree"), values.number("temperature"));
            KacHermite::new(dimension, degree, temperature, cross_section).map(Built::real)
        }
        None => Kac::lattice(dimension, radius(values), cross_section).map(Built::real),
    }
}

impl States for Kac {
    fn state(&self, name: &str, values: &Values) -> Result<Vec<Complex64>, ModelError> {
        let number = |key| values.number(key);
        let weights = match name {
            "maxwellian" => {
                let drift = values.vector("drift", self.dimension());
                self.maxwellian(number("temperature"), &drift)?
            }
            "beams" => self.beams(number("speed"), number("width"))?,
            other => return no_state(other),
        };
        Ok(array(weights))
    }

    fn entry_name(&self, index: usize) -> String {
        component("v", &self.velocities()[index])
    }
}

impl States for KacHermite {
    fn state(&self, name: &str, values: &Values) -> Result<Vec<Complex64>, ModelError> {
        let number = |key| values.number(key);
        let coefficients = match name {
            "maxwellian" => {
                let drift = values.vector("drift", self.velocities().dimension());
                self.maxwellian(number("temperature"), &drift)?
            }
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
