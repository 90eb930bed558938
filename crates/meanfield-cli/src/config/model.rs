//! `[model]`: which model, and its arrays or parameters.

mod custom;
mod levels;
mod physical;

use std::collections::BTreeMap;
use std::path::Path;

use super::catalogue::{self, Kind};
use super::problem::{Fault, Problem, nearest};
use super::section::Section;
use crate::arrays::Array;
pub(crate) use physical::Physical;

/// A model as the configuration describes it; arrays are read, but whether
/// they make a model is for the model to say.
#[derive(Debug)]
pub(crate) enum ModelConfig {
    /// kind = "custom".
    Custom(Box<Custom>),
    /// kind = "levels".
    Levels {
        /// The Hamiltonian.
        hamiltonian: Levels,
        /// hbar.
        hbar: f64,
        /// Rate of the decay of level 0.
        decay: f64,
        /// Rate of dephasing.
        dephasing: f64,
    },
    /// One of the other kinds.
    Physical(Physical),
}

/// kind = "custom".
#[derive(Debug)]
pub(crate) struct Custom {
    /// K.
    pub(crate) k: Array,
    /// V.
    pub(crate) v: Interaction,
    /// The trace functional; ones if not given.
    pub(crate) trace: Option<Array>,
    /// norm = "l1".
    pub(crate) population: bool,
    /// Names of the states.
    pub(crate) labels: Option<Vec<String>>,
}

/// V of a custom model.
#[derive(Debug)]
pub(crate) enum Interaction {
    /// All D⁴ entries.
    Dense(Array),
    /// Rows (a, b, c, d) and their values.
    List(Array, Array),
}

/// The Hamiltonian of kind = "levels".
#[derive(Debug)]
pub(crate) enum Levels {
    /// h, v and Lindblad operators as arrays.
    Arrays {
        /// h.
        h: Box<Array>,
        /// v.
        v: Box<Array>,
        /// The Lindblad operators.
        jump: Option<Box<Array>>,
    },
    /// A named family with its parameters.
    Family(&'static str, BTreeMap<&'static str, f64>),
}

impl ModelConfig {
    /// The kind, as the catalogue describes it.
    pub(crate) fn kind(&self) -> &'static Kind {
        let name = match self {
            Self::Custom(_) => "custom",
            Self::Levels { .. } => "levels",
            Self::Physical(model) => model.kind.name,
        };
        let Some(kind) = catalogue::kind(name) else {
            unreachable!("every model is in the catalogue");
        };
        kind
    }

    pub(crate) fn read(mut section: Section<'_>, directory: &Path) -> Result<Self, Fault> {
        let names = catalogue::kind_names();
        let expected = format!("one of \"{}\"", names.join("\", \""));
        let Some(name) = section.string("kind", &expected)? else {
            return Err(section.missing("kind", expected));
        };
        let Some(kind) = catalogue::kind(&name.value) else {
            return Err(section.unknown_name("kind", &name, &names));
        };
        let model = match kind.name {
            "custom" => custom::custom(&mut section, directory),
            "levels" => levels::levels(&mut section, directory, kind),
            _ => Physical::read(&mut section, kind).map(Self::Physical),
        };
        match model {
            Ok(model) => finish(section, kind).map(|()| model),
            // A misspelt key explains the absence of the right one.
            Err(fault) if matches!(*fault.problem, Problem::Missing { .. }) => {
                Err(foreign(&section, kind).unwrap_or(fault))
            }
            Err(fault) => Err(fault),
        }
    }
}

/// Refuses the keys that were not read: those of another family, those of
/// another kind, unknown ones.
fn finish(section: Section<'_>, kind: &'static Kind) -> Result<(), Fault> {
    if let Some(fault) = foreign(&section, kind) {
        return Err(fault);
    }
    let Some((key, span)) = section.left().into_iter().next() else {
        return Ok(());
    };
    let owners: Vec<&str> = kind
        .families
        .iter()
        .filter(|family| family.keys.iter().any(|other| other.name == key))
        .map(|family| family.name)
        .collect();
    let expected = if owners.is_empty() {
        "no such key beside the others".to_owned()
    } else {
        format!(
            "that key only with family = \"{}\"",
            owners.join("\" or \"")
        )
    };
    Err(section.wrong(&key, span, "given", expected))
}

/// The error about a key that the kind does not have, if there is one.
fn foreign(section: &Section<'_>, kind: &'static Kind) -> Option<Fault> {
    let unread = section.left().into_iter();
    let mut unread = unread.filter(|(key, _)| !kind.has_key(key));
    let (key, span) = unread.next()?;
    let owners: Vec<String> = catalogue::KINDS
        .iter()
        .filter(|other| other.has_key(&key))
        .map(|other| other.name.to_owned())
        .collect();
    let problem = if owners.is_empty() {
        let known = || std::iter::once("kind").chain(kind.keys.iter().map(|key| key.name));
        let families = kind.families.iter().flat_map(|family| family.keys);
        Problem::UnknownKey {
            section: format!("[model] with kind = \"{}\"", kind.name),
            nearest: nearest(&key, known().chain(families.map(|key| key.name))),
            known: known().map(str::to_owned).collect(),
            key,
        }
    } else {
        Problem::KeyOfAnotherKind {
            key: section.path(&key),
            kind: kind.name.to_owned(),
            owners,
        }
    };
    Some(Fault::at(span, problem))
}
