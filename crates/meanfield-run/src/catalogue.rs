//! The models a configuration can name: each with its keys, states and observables, and
//! how it is built.
//!
//! A [`Kind`] is a value. What reads a configuration, `meanfield new`, `models` and
//! `check`, and every message about a key, ask the kind; none of them knows a kind's
//! name. To add one, write a file of this folder and name it here, twice, or,
//! outside of this crate, [`Catalogue::with`] a kind of your own.

mod built;
mod custom;
mod hartree;
mod kac;
mod kac_caricature;
mod kind;
mod levels;
mod listing;
mod povzner;
mod reactions;
mod values;
mod velocities;

pub use built::{Built, Concrete, Given, State, States, WeightedState};
pub use kind::{Absent, Choice, Disagreement, Holds, Key, Kind, Named, Size, key, named};
pub use listing::UnknownKind;
pub use reactions::{Rate, RateInTime, Reaction};
pub use values::{Chosen, Parameter, Values};

/// The kinds of this crate.
static STANDARD: &[&Kind] = &[
    &reactions::KIND,
    &custom::KIND,
    &levels::KIND,
    &kac_caricature::KIND,
    &kac::KIND,
    &povzner::KIND,
    &hartree::KIND,
];

/// A list of kinds, each with a name of its own.
#[derive(Debug, Clone)]
pub struct Catalogue(Vec<&'static Kind>);

impl Default for Catalogue {
    fn default() -> Self {
        Self(STANDARD.to_vec())
    }
}

impl Catalogue {
    /// The same with one kind more, in the place of one of that name if there is one.
    #[must_use]
    pub fn with(mut self, kind: &'static Kind) -> Self {
        self.0.retain(|other| other.name != kind.name);
        self.0.push(kind);
        self
    }

    /// The kinds, in the order in which they are listed.
    #[must_use]
    pub fn kinds(&self) -> &[&'static Kind] {
        &self.0
    }

    /// The kind of that name.
    #[must_use]
    pub fn kind(&self, name: &str) -> Option<&'static Kind> {
        self.0.iter().copied().find(|kind| kind.name == name)
    }

    /// The names of all kinds.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|kind| kind.name).collect()
    }
}
