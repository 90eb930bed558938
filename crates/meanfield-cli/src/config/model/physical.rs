//! The kinds whose keys the catalogue describes in full: kac-caricature, kac,
//! povzner, hartree. Here is what their keys must satisfy together.

use super::super::catalogue::{Kind, Named};
use super::super::keys;
use super::super::problem::{Fault, Problem};
use super::super::section::Section;
use super::super::values::{Chosen, Values};

/// A model of the library with its parameters.
#[derive(Debug)]
pub(crate) struct Physical {
    /// Which.
    pub(crate) kind: &'static Kind,
    /// Its keys.
    pub(crate) values: Values,
}

impl Physical {
    /// Reads the keys.
    pub(super) fn read(section: &mut Section<'_>, kind: &'static Kind) -> Result<Self, Fault> {
        let values = keys::read(section, kind.keys, &format!("kind = \"{}\"", kind.name))?;
        let model = Self { kind, values };
        if kind.name == "povzner" {
            model.check_velocity_dimension(section)?;
            model.check_transport(section)?;
        }
        Ok(model)
    }

    /// Particles move with their velocities: these need the components.
    fn check_velocity_dimension(&self, section: &Section<'_>) -> Result<(), Fault> {
        let (space, velocity) = (
            self.values.integer("dimension"),
            self.values.integer("velocity_dimension"),
        );
        if space <= velocity {
            return Ok(());
        }
        let span = section.present("velocity_dimension");
        let problem = Problem::Contradiction {
            first: section.path("dimension"),
            second: section.path("velocity_dimension"),
            advice: "a velocity needs a component for each direction particles move in; raise \
                     `velocity_dimension`",
        };
        Err(Fault::at(span.unwrap_or(section.span()), problem))
    }

    /// Upwind transport jumps with a velocity, which a Hermite function is not.
    fn check_transport(&self, section: &Section<'_>) -> Result<(), Fault> {
        let hermite = |chosen: &Chosen| chosen.name == "hermite";
        let upwind = self.values.word("transport") == "upwind";
        if !upwind || !self.values.chosen("velocities").is_some_and(hermite) {
            return Ok(());
        }
        let span = section.present("transport").unwrap_or(section.span());
        let problem = Problem::Contradiction {
            first: section.path("transport"),
            second: section.path("velocities"),
            advice: "\"upwind\" moves particles of one velocity; take \"spectral\" with Hermite \
                     functions, or a lattice",
        };
        Err(Fault::at(span, problem))
    }

    /// How many components the lists in a state have: those of a velocity, or
    /// those of a place or momentum.
    fn components(&self, key: &str) -> usize {
        let of_velocity = self.kind.name == "povzner" && key == "drift";
        self.values.integer(if of_velocity {
            "velocity_dimension"
        } else {
            "dimension"
        })
    }

    /// Checks a state, whose name stands at `key` of `section`, against the
    /// model.
    pub(in super::super) fn check_state(
        &self,
        section: &Section<'_>,
        key: &str,
        state: &Named,
        values: &Values,
    ) -> Result<(), Fault> {
        let lattice = |chosen: &Chosen| chosen.name == "lattice";
        if state.name == "bkw" && self.values.chosen("velocities").is_some_and(lattice) {
            let problem = Problem::Contradiction {
                first: "model.velocities".to_owned(),
                second: section.path(key),
                advice: "the state \"bkw\" needs velocities = { kind = \"hermite\", … }: choose \
                         those, or another state",
            };
            let span = section.present(key).unwrap_or(section.span());
            return Err(Fault::at(span, problem));
        }
        self.check_lists(section, values)?;
        match values.chosen("velocity") {
            Some(velocity) => self.check_lists(section, &velocity.values),
            None => Ok(()),
        }
    }

    fn check_lists(&self, section: &Section<'_>, values: &Values) -> Result<(), Fault> {
        for key in ["center", "width", "momentum", "drift"] {
            let Some(list) = values.given_vector(key) else {
                continue;
            };
            let components = self.components(key);
            let same_for_all = key == "width" && list.len() == 1;
            if list.len() != components && !same_for_all {
                let velocity = || section.present("velocity");
                let span = section.present(key).or_else(velocity);
                let found = format!("of {} components", list.len());
                let expected = format!("{components}, one for each dimension");
                return Err(section.wrong(key, span.unwrap_or(section.span()), found, expected));
            }
        }
        Ok(())
    }

    /// Whether F given as an array has a meaning: Hermite coefficients have
    /// one only beside the temperature of the Gaussian they multiply.
    pub(in super::super) fn check_array(&self, section: &Section<'_>) -> Result<(), Fault> {
        if self.kind.name != "kac-caricature"
            || self.values.optional_number("temperature").is_some()
        {
            return Ok(());
        }
        let problem = Problem::Missing {
            key: "model.temperature".to_owned(),
            expected: "the temperature of the Gaussian whose Hermite coefficients F holds; only a \
                       named state has one of its own"
                .to_owned(),
        };
        let span = section.present("F").unwrap_or(section.span());
        Err(Fault::at(span, problem))
    }
}
