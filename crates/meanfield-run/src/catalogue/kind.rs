//! What a kind of model is: its description, and how it is built.

use meanfield::abstract_model::ModelError;

use super::built::{Built, Given};
use super::values::Values;
use crate::arrays::ArrayError;

/// A kind of model.
#[derive(Debug)]
pub struct Kind {
    /// The value of `model.kind`.
    pub name: &'static str,
    /// One line about it.
    pub summary: &'static str,
    /// Its keys in `[model]`, other than `kind`, `file` and `family`.
    pub keys: &'static [Key],
    /// Named choices of its arrays, chosen by `family`.
    pub families: &'static [Named],
    /// Its named states in `[initial]`.
    pub states: &'static [Named],
    /// The observables it names, in words.
    pub observables: &'static str,
    /// A commented configuration to start from, `meanfield new`.
    pub example: &'static str,
    /// How many axes a one-body array (`F`, the `values` of an observable) has.
    pub one_body_rank: usize,
    /// Whether start = "fixed-counts" has a meaning: its states are those of a population.
    pub counts: bool,
    /// What makes it smaller, for what does not fit: "use fewer `model.points`".
    pub smaller: &'static str,
    /// The number of levels of a quantum kind whose arrays may be operators as text, from
    /// the values that are none: of rank 2 one of a particle, of rank 4 one of a pair, of
    /// rank 3 a list of those of a particle.
    ///
    /// # Errors
    /// Where the values name no number of levels.
    pub operators: Option<fn(&Values) -> Result<usize, Disagreement>>,
    /// Whether the values of `[model]` go together.
    pub agree: fn(&Values) -> Result<(), Disagreement>,
    /// Whether the values of `[model]` that change in time make sense up to that time.
    pub in_time: fn(&Values, f64) -> Result<(), Disagreement>,
    /// Whether a named state, with its values, goes with those of `[model]`.
    pub state_agrees: fn(&Values, &Named, &Values) -> Result<(), Disagreement>,
    /// Whether `F` as an array has a meaning with the values of `[model]`.
    pub array_agrees: fn(&Values) -> Result<(), Disagreement>,
    /// How large it will be, from the values alone.
    pub size: fn(&Values) -> Size,
    /// Bytes taken at most while the pair interaction is made; 0 for one that keeps no
    /// list of it.
    ///
    /// # Errors
    /// Those of `build`, which will refuse the values for them.
    pub interaction_bytes: fn(&Given<'_>) -> Result<usize, ModelError>,
    /// The model.
    ///
    /// # Errors
    /// [`ModelError`] with the key and the reason.
    pub build: fn(&Given<'_>) -> Result<Built, ModelError>,
    /// The values in one line, for a report.
    pub describe: fn(&Values) -> String,
}

/// How large a model will be, before anything of its size is built.
#[derive(Debug, Clone)]
pub struct Size {
    /// D, which may be more than an integer holds.
    pub states: f64,
    /// Whether its scalars are complex.
    pub complex: bool,
    /// Where D comes from, if that is not plain: "(32 grid points, squared)".
    pub made_of: Option<String>,
}

impl Size {
    /// That many states over the real numbers.
    #[must_use]
    pub fn real(states: f64) -> Self {
        Self {
            states,
            complex: false,
            made_of: None,
        }
    }
}

/// Values that do not go together.
#[derive(Debug)]
#[non_exhaustive]
pub enum Disagreement {
    /// Two keys exclude each other.
    Contradiction {
        /// The key that is pointed at, of the table that was read.
        at: &'static str,
        /// One of them, with its table.
        first: &'static str,
        /// The other; `None`: the one pointed at.
        second: Option<&'static str>,
        /// What to do.
        advice: &'static str,
    },
    /// A value that the others do not allow.
    Value {
        /// The key, of the table that was read.
        at: &'static str,
        /// What was found.
        found: String,
        /// What the others allow.
        expected: String,
    },
    /// An item of a list that makes no sense.
    Item {
        /// The key, of the table that was read.
        at: &'static str,
        /// Which item, from 0.
        item: usize,
        /// What was found.
        found: String,
        /// What was expected.
        expected: String,
    },
    /// A key that the others need.
    Missing {
        /// Where the need comes from: a key of the table that was read.
        at: &'static str,
        /// The key, with its table.
        key: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// An array whose entries make no sense.
    Array {
        /// The key.
        at: &'static str,
        /// Why.
        source: ArrayError,
    },
}

impl Kind {
    /// A kind with that name and nothing else, to be filled in: `Kind { build, .., ..
    /// Kind::new(name, summary, build) }`.
    #[must_use]
    pub const fn new(
        name: &'static str,
        summary: &'static str,
        size: fn(&Values) -> Size,
        build: fn(&Given<'_>) -> Result<Built, ModelError>,
    ) -> Self {
        Self {
            name,
            summary,
            keys: &[],
            families: &[],
            states: &[],
            observables: "none",
            example: "",
            one_body_rank: 1,
            counts: false,
            smaller: "use fewer states",
            operators: None,
            agree: |_| Ok(()),
            in_time: |_, _| Ok(()),
            state_agrees: |_, _, _| Ok(()),
            array_agrees: |_| Ok(()),
            size,
            interaction_bytes: |_| Ok(0),
            build,
            describe: ToString::to_string,
        }
    }

    /// Whether `[model]` of this kind can have that key.
    pub(crate) fn has_key(&self, name: &str) -> bool {
        let families = self.families.iter().flat_map(|family| family.keys);
        let own = self.keys.iter().chain(families).any(|key| key.name == name);
        own || (name == "family" && !self.families.is_empty())
            || (name == "file" && self.arrays().next().is_some())
    }

    /// Its keys that are arrays: they come from the file that `file` names, or stand in
    /// the configuration.
    pub(crate) fn arrays(&self) -> impl Iterator<Item = &'static Key> {
        let keys = self.keys.iter();
        keys.filter(|key| matches!(key.holds, Holds::Array { .. }))
    }
}

/// A key of `[model]`, of a state or of a table within them.
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// What it is when it is not given.
    pub absent: Absent,
    /// Its unit, "energy" say; "" for a pure number or what is none.
    pub unit: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

/// What a key holds.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Holds {
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
    /// Different names, one for each state.
    Labels,
    /// An array, from the file that `file` names or inline.
    Array {
        /// Number of axes.
        rank: usize,
        /// Its shape in words.
        shape: &'static str,
    },
    /// Reactions as text, "A + B -> 2 A @ rate".
    Reactions {
        /// The key before it that names the species.
        of: &'static str,
    },
    /// "maxwell", "hard-sphere" or { power = γ }.
    CrossSection,
    /// A table that names one of several things, with the keys of that thing.
    OneOf(&'static Choice),
}

/// What a key that is not given means.
#[derive(Debug, Clone, Copy)]
pub enum Absent {
    /// It must be given.
    Refused,
    /// That number.
    Number(f64),
    /// That integer.
    Integer(usize),
    /// That word.
    Word(&'static str),
    /// An empty list.
    Empty,
    /// Nothing: the model does without, or finds a value.
    Nothing,
}

/// The contents of a table that chooses: { selector = "name", … }.
#[derive(Debug)]
pub struct Choice {
    /// The key that names the thing: "kind", or "state".
    pub selector: &'static str,
    /// What there is to choose from.
    pub kinds: &'static [Named],
}

/// A state, a family or a thing to choose, with its keys.
#[derive(Debug)]
pub struct Named {
    /// Its name.
    pub name: &'static str,
    /// One line about it.
    pub summary: &'static str,
    /// Its keys.
    pub keys: &'static [Key],
}

/// A key that must be given, a pure number.
#[must_use]
pub const fn key(name: &'static str, holds: Holds, meaning: &'static str) -> Key {
    Key {
        name,
        holds,
        absent: Absent::Refused,
        unit: "",
        meaning,
    }
}

impl Key {
    /// The same key with a default.
    #[must_use]
    pub const fn or(self, absent: Absent) -> Self {
        Self { absent, ..self }
    }

    /// The same key with a unit.
    #[must_use]
    pub const fn in_units(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }
}

/// A state, a family or a thing to choose.
#[must_use]
pub const fn named(name: &'static str, summary: &'static str, keys: &'static [Key]) -> Named {
    Named {
        name,
        summary,
        keys,
    }
}
