//! `[model]`: which model, and its arrays or parameters.

use std::collections::BTreeMap;
use std::path::Path;

use toml::de::DeValue;

use super::catalogue::{self, Holds, Kind, Named};
use super::problem::{Fault, Problem, nearest};
use super::section::{At, Section, as_number, describe};
use super::source::{Source, array_fault};
use crate::arrays::Array;

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
    /// kind = "kac".
    Kac {
        /// Dimension of the velocities.
        dimension: usize,
        /// Radius of the lattice.
        radius: f64,
        /// The exponent γ of the collision rate |v₁ − v₂|^γ.
        power: f64,
    },
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
            Self::Kac { .. } => "kac",
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
            "custom" => custom(&mut section, directory)?,
            "levels" => levels(&mut section, directory, kind)?,
            _ => kac(&mut section)?,
        };
        finish(section, kind)?;
        Ok(model)
    }
}

fn custom(section: &mut Section<'_>, directory: &Path) -> Result<ModelConfig, Fault> {
    const ARRAYS: &[&str] = &["K", "V", "V_index", "V_value", "trace"];
    let mut source = Source::of(section, directory, ARRAYS)?;
    let dense = source.find(section, "V", 4, "(D, D, D, D)")?;
    let index = source.find(section, "V_index", 2, "(nnz, 4)")?;
    let value = source.find(section, "V_value", 1, "(nnz,)")?;
    let v = match (dense, index, value) {
        (Some(_), Some(_), _) | (Some(_), _, Some(_)) => {
            let span = section
                .present("V_index")
                .or_else(|| section.present("V_value"))
                .or_else(|| section.present("file"))
                .unwrap_or(section.span());
            let problem = Problem::Contradiction {
                first: section.path("V"),
                second: section.path("V_index"),
                advice: "give V whole or as a list of entries, not both",
            };
            return Err(Fault::at(span, problem));
        }
        (Some(v), None, None) => Interaction::Dense(v),
        (None, None, None) => {
            let expected = "V of shape (D, D, D, D), or V_index of shape (nnz, 4) with V_value of \
                            shape (nnz,), inline or in the npz file `file`";
            return Err(section.missing("V", expected));
        }
        (None, index, value) => {
            let Some(index) = index else {
                return Err(section.missing("V_index", "the index rows that V_value belongs to"));
            };
            let Some(value) = value else {
                return Err(section.missing("V_value", "one value for each row of V_index"));
            };
            require_list(section, &index, &value)?;
            Interaction::List(index, value)
        }
    };
    let k = source.require(section, "K", 2, "(D, D)")?;
    let trace = source.find(section, "trace", 1, "(D,)")?;
    let population = section.choice("norm", &[("l1", true), ("none", false)])?;
    let labels = section.strings("labels", "a list of names, one for each state")?;
    Ok(ModelConfig::Custom(Box::new(Custom {
        k,
        v,
        trace,
        population: population.unwrap_or(true),
        labels: labels.map(|labels| labels.value),
    })))
}

/// V_index must have four columns and as many rows as V_value has values.
fn require_list(section: &Section<'_>, index: &Array, value: &Array) -> Result<(), Fault> {
    let (rows, values) = (index.shape()[0], value.shape()[0]);
    let span = section
        .present("V_index")
        .or_else(|| section.present("file"))
        .unwrap_or(section.span());
    if index.shape()[1] != 4 || rows != values {
        let found = format!("of shape {:?} beside {values} values", index.shape());
        let expected = "one row [a, b, c, d] for each value of V_value";
        return Err(section.wrong("V_index", span, found, expected));
    }
    index
        .indices()
        .map(|_| ())
        .map_err(|source| array_fault(&section.path("V_index"), span, source))
}

fn levels(
    section: &mut Section<'_>,
    directory: &Path,
    kind: &'static Kind,
) -> Result<ModelConfig, Fault> {
    let families: Vec<&str> = kind.families.iter().map(|family| family.name).collect();
    let expected = format!("one of \"{}\"", families.join("\", \""));
    let hamiltonian = match section.string("family", &expected)? {
        Some(name) => {
            let Some(family) = kind.families.iter().find(|f| f.name == name.value) else {
                return Err(section.unknown_name("family", &name, &families));
            };
            Levels::Family(family.name, family_keys(section, family)?)
        }
        None => {
            let mut source = Source::of(section, directory, &["h", "v", "jump"])?;
            Levels::Arrays {
                h: Box::new(source.require(section, "h", 2, "(d, d)")?),
                v: Box::new(source.require(section, "v", 4, "(d, d, d, d)")?),
                jump: source.find(section, "jump", 3, "(m, d, d)")?.map(Box::new),
            }
        }
    };
    let positive = |x: f64| x.is_finite() && x > 0.0;
    let rate = |x: f64| x.is_finite() && x >= 0.0;
    let hbar = section.number("hbar", "a finite number greater than 0", positive)?;
    let decay = section.number("decay", "a finite rate, at least 0", rate)?;
    let dephasing = section.number("dephasing", "a finite rate, at least 0", rate)?;
    let given = |x: Option<At<f64>>, default: f64| x.map_or(default, |x| x.value);
    Ok(ModelConfig::Levels {
        hamiltonian,
        hbar: given(hbar, 1.0),
        decay: given(decay, 0.0),
        dephasing: given(dephasing, 0.0),
    })
}

fn family_keys(
    section: &mut Section<'_>,
    family: &'static Named,
) -> Result<BTreeMap<&'static str, f64>, Fault> {
    for array in ["file", "h", "v", "jump"] {
        if let Some(span) = section.present(array)
            && !family.keys.iter().any(|key| key.name == array)
        {
            let problem = Problem::Contradiction {
                first: section.path("family"),
                second: section.path(array),
                advice: "name a family or give the arrays, not both",
            };
            return Err(Fault::at(span, problem));
        }
    }
    let mut found = BTreeMap::new();
    for key in family.keys {
        let expected = format!("a finite number: {}", key.meaning);
        let value = match (
            section.number(key.name, &expected, f64::is_finite)?,
            key.holds,
        ) {
            (Some(x), _) => x.value,
            (None, Holds::NumberOr(default)) => default,
            (None, _) => {
                let expected = format!("{expected} of the family \"{}\"", family.name);
                return Err(section.missing(key.name, expected));
            }
        };
        found.insert(key.name, value);
    }
    Ok(found)
}

fn kac(section: &mut Section<'_>) -> Result<ModelConfig, Fault> {
    let dimension = section.integer("dimension", "2 or 3", 2..=3)?;
    let at_least_one = |x: f64| x.is_finite() && x >= 1.0;
    let mut velocities = section.section("velocities")?;
    if !velocities.is_present() {
        let expected = "{ kind = \"lattice\", radius = 2 }";
        return Err(section.missing("velocities", expected));
    }
    let kind = velocities.choice("kind", &[("lattice", ())])?;
    let radius = velocities.number("radius", "a finite radius of at least 1", at_least_one)?;
    let Some(radius) = radius else {
        return Err(velocities.missing("radius", "a radius of at least 1"));
    };
    if kind.is_none() {
        return Err(velocities.missing("kind", "\"lattice\""));
    }
    velocities.finish()?;
    Ok(ModelConfig::Kac {
        dimension: dimension.map_or(2, |n| n.value),
        radius: radius.value,
        power: cross_section(section)?,
    })
}

/// "maxwell", "hard-sphere" or { power = γ }, as γ.
fn cross_section(section: &mut Section<'_>) -> Result<f64, Fault> {
    let key = "cross_section";
    let expected = "\"maxwell\", \"hard-sphere\" or { power = γ } with γ ≥ 0";
    let Some(value) = section.get(key) else {
        return Ok(0.0);
    };
    match value.get_ref() {
        DeValue::Table(table) => {
            let mut inner = Section::of(section.path(key), table, value.span());
            let power = inner.get("power");
            let gamma = power.and_then(|x| as_number(x.get_ref()));
            inner.finish()?;
            match gamma {
                Some(gamma) if gamma.is_finite() && gamma >= 0.0 => Ok(gamma),
                _ => {
                    let found = power.map_or("a table".to_owned(), |x| describe(x.get_ref()));
                    Err(section.wrong(key, value.span(), found, expected))
                }
            }
        }
        _ => Ok(section
            .choice(key, &[("maxwell", 0.0), ("hard-sphere", 1.0)])?
            .unwrap_or(0.0)),
    }
}

/// Refuses the keys that were not read: those of another family, those of
/// another kind, unknown ones.
fn finish(section: Section<'_>, kind: &'static Kind) -> Result<(), Fault> {
    let Some((key, span)) = section.left().into_iter().next() else {
        return Ok(());
    };
    if kind.has_key(&key) {
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
        return Err(section.wrong(&key, span, "given", expected));
    }
    let owners: Vec<String> = catalogue::KINDS
        .iter()
        .filter(|other| other.has_key(&key))
        .map(|other| other.name.to_owned())
        .collect();
    if owners.is_empty() {
        let known = || std::iter::once("kind").chain(kind.keys.iter().map(|key| key.name));
        let families = kind.families.iter().flat_map(|family| family.keys);
        let near = nearest(&key, known().chain(families.map(|key| key.name)));
        let problem = Problem::UnknownKey {
            section: format!("[model] with kind = \"{}\"", kind.name),
            nearest: near,
            known: known().map(str::to_owned).collect(),
            key,
        };
        return Err(Fault::at(span, problem));
    }
    let problem = Problem::KeyOfAnotherKind {
        key: section.path(&key),
        kind: kind.name.to_owned(),
        owners,
    };
    Err(Fault::at(span, problem))
}
