//! The models the program knows, with their keys, states and observables: what
//! `meanfield models` prints and what a configuration is checked against.

mod custom;
mod hartree;
mod kac;
mod levels;
mod povzner;

/// A kind of model.
#[derive(Debug)]
pub(crate) struct Kind {
    /// The value of `kind`.
    pub(crate) name: &'static str,
    /// One line about it.
    pub(crate) summary: &'static str,
    /// Its keys in `[model]`, other than `kind`.
    pub(crate) keys: &'static [Key],
    /// Named Hamiltonians, where it has them.
    pub(crate) families: &'static [Named],
    /// Its named states in `[initial]`.
    pub(crate) states: &'static [Named],
    /// The observables it names.
    pub(crate) observables: &'static str,
    /// A configuration to start from.
    pub(crate) template: &'static str,
    /// How many axes a one-body array (`F`, the `values` of an observable) has.
    pub(crate) one_body_rank: usize,
}

/// A key of `[model]`, of a state or of a table within them.
#[derive(Debug)]
pub(crate) struct Key {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) holds: Holds,
    /// What it is when it is not given.
    pub(crate) absent: Absent,
    /// What it means.
    pub(crate) meaning: &'static str,
}

/// What a key holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Holds {
    /// Something the model's own reader understands.
    Special,
    /// A finite number.
    Number,
    /// A finite number greater than 0.
    Positive,
    /// A finite number that is at least this.
    AtLeast(f64),
    /// An integer within bounds.
    Integer(usize, usize),
    /// A list of numbers; a single number is a list of one.
    Vector,
    /// A list of positive numbers; a single number is the same for every axis.
    Lengths,
    /// One of a few words.
    Word(&'static [&'static str]),
    /// "maxwell", "hard-sphere" or { power = γ }.
    CrossSection,
    /// A table that names one of several things, with the keys of that thing.
    OneOf(&'static Choice),
}

/// What a key that is not given means.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Absent {
    /// It must be given.
    Refused,
    /// That number.
    Number(f64),
    /// That integer.
    Integer(usize),
    /// An empty list.
    Empty,
    /// Nothing: the model does without, or finds a value.
    Nothing,
}

/// The contents of a table that chooses: { selector = "name", … }.
#[derive(Debug)]
pub(crate) struct Choice {
    /// The key that names the thing: "kind", or "state".
    pub(crate) selector: &'static str,
    /// What there is to choose from.
    pub(crate) kinds: &'static [Named],
}

/// A state, a family or a thing to choose, with its keys.
#[derive(Debug)]
pub(crate) struct Named {
    /// Its name.
    pub(crate) name: &'static str,
    /// One line about it.
    pub(crate) summary: &'static str,
    /// Its keys.
    pub(crate) keys: &'static [Key],
}

/// A key that must be given.
const fn key(name: &'static str, holds: Holds, meaning: &'static str) -> Key {
    Key {
        name,
        holds,
        absent: Absent::Refused,
        meaning,
    }
}

impl Key {
    /// The same key with a default.
    const fn or(self, absent: Absent) -> Self {
        Self { absent, ..self }
    }
}

const fn named(name: &'static str, summary: &'static str, keys: &'static [Key]) -> Named {
    Named {
        name,
        summary,
        keys,
    }
}

/// Every kind.
pub(crate) const KINDS: &[Kind] = &[
    custom::CUSTOM,
    levels::LEVELS,
    kac::CARICATURE,
    kac::KAC,
    povzner::POVZNER,
    hartree::HARTREE,
];

/// The kind of that name.
pub(crate) fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// The names of all kinds.
pub(crate) fn kind_names() -> Vec<&'static str> {
    KINDS.iter().map(|kind| kind.name).collect()
}

impl Kind {
    /// Whether `[model]` of this kind can have that key.
    pub(crate) fn has_key(&self, name: &str) -> bool {
        let families = self.families.iter().flat_map(|family| family.keys);
        self.keys.iter().chain(families).any(|key| key.name == name)
    }
}
