//! `[model]`: which kind, and the values of its keys.

use super::fault::{Complaint, Fault};
use super::files::Files;
use super::keys;
use super::section::Section;
use crate::catalogue::{Catalogue, Chosen, Disagreement, Holds, Kind, Parameter, Values};
use crate::nearest::nearest;

/// A model as the configuration describes it. Its values are of their types; whether they
/// make a model is for the model to say.
#[derive(Debug)]
pub(crate) struct ModelConfig {
    /// Which kind.
    pub(crate) kind: &'static Kind,
    /// Its keys.
    pub(crate) values: Values,
    /// Whether nothing was wrong: what else depends on them cannot be judged otherwise.
    pub(super) is_sound: bool,
}

impl ModelConfig {
    /// `None` beside a fault without which nothing more can be said.
    pub(crate) fn read(
        mut section: Section<'_>,
        files: &Files,
        catalogue: &Catalogue,
        end: Option<f64>,
    ) -> Option<Self> {
        let faults = section.faults();
        let before = faults.count();
        let names = catalogue.names();
        let expected = format!("one of \"{}\"", names.join("\", \""));
        let name = section.string("kind", &expected);
        let name = section.required("kind", name, expected)?;
        let Some(kind) = catalogue.kind(&name.value) else {
            faults.add(section.unknown_name("kind", &name, &names));
            return None;
        };
        let family = faults.keep(family(&mut section, kind));
        let has_family = family.is_some();
        let is_unknown = !has_family && !kind.families.is_empty() && section.has("family");
        let mut values = keys::read(
            &mut section,
            kind.keys,
            &format!("kind = \"{}\"", kind.name),
        );
        match family {
            Some(family) => values.insert("family", Parameter::Chosen(family)),
            None if is_unknown => {}
            None => keys::arrays(&mut section, kind, files, &mut values),
        }
        // The keys of a family that is not known are not known.
        if !is_unknown {
            finish(&section, kind, catalogue, has_family);
        }
        if faults.count() == before
            && let Err(disagreement) = (kind.agree)(&values)
                .and_then(|()| (kind.in_time)(&values, end.unwrap_or_default()))
        {
            faults.add(disagreed(&section, disagreement));
        }
        let is_sound = faults.count() == before;
        Some(Self {
            kind,
            values,
            is_sound,
        })
    }

    /// The names of its states, if they have names: as the key that holds them says.
    pub(crate) fn names(&self) -> Option<&[String]> {
        let mut keys = self.kind.keys.iter();
        let key = keys.find(|key| matches!(key.holds, Holds::Labels))?;
        self.values.labels(key.name)
    }

    /// The values in one line.
    pub(crate) fn describe(&self) -> String {
        format!("{}: {}", self.kind.name, (self.kind.describe)(&self.values))
    }
}

/// The family that is named in the place of arrays.
fn family(section: &mut Section<'_>, kind: &'static Kind) -> Result<Option<Chosen>, Fault> {
    if kind.families.is_empty() {
        return Ok(None);
    }
    let names: Vec<&str> = kind.families.iter().map(|family| family.name).collect();
    let expected = format!("one of \"{}\"", names.join("\", \""));
    let Some(name) = section.string("family", &expected)? else {
        return Ok(None);
    };
    let Some(family) = kind.families.iter().find(|f| f.name == name.value) else {
        return Err(section.unknown_name("family", &name, &names));
    };
    let arrays = kind.arrays().map(|key| key.name);
    for array in std::iter::once("file").chain(arrays) {
        if let Some(span) = section.present(array)
            && !family.keys.iter().any(|key| key.name == array)
        {
            let complaint = Complaint::Contradiction {
                first: section.path("family"),
                second: section.path(array),
                advice: "name a family or give the arrays, not both",
            };
            section.get(array);
            section.faults().add(Fault::at(span, complaint));
        }
    }
    let owner = format!("the family \"{}\"", family.name);
    Ok(Some(Chosen {
        name: family.name,
        values: keys::read(section, family.keys, &owner),
    }))
}

/// Refuses the keys that were not read: those of another family, those of another kind,
/// unknown ones.
fn finish(section: &Section<'_>, kind: &'static Kind, catalogue: &Catalogue, has_family: bool) {
    for (key, span) in section.left() {
        let fault = if kind.has_key(&key) {
            let families = kind.families.iter();
            let has = |family: &&crate::catalogue::Named| {
                family.keys.iter().any(|other| other.name == key)
            };
            let owners: Vec<&str> = families.filter(has).map(|family| family.name).collect();
            let expected = match owners.is_empty() {
                true if has_family => "no such key beside a family".to_owned(),
                true => "no such key beside the others".to_owned(),
                false => {
                    let owners = owners.join("\" or \"");
                    format!("that key only with family = \"{owners}\"")
                }
            };
            section.wrong(&key, span, "given", expected)
        } else {
            Fault::at(span, foreign(section, kind, catalogue, key))
        };
        section.faults().add(fault);
    }
}

/// What is wrong about a key that the kind does not have.
fn foreign(
    section: &Section<'_>,
    kind: &'static Kind,
    catalogue: &Catalogue,
    key: String,
) -> Complaint {
    let kinds = catalogue.kinds().iter();
    let owners = kinds.filter(|other| other.has_key(&key));
    let owners: Vec<String> = owners.map(|other| other.name.to_owned()).collect();
    if !owners.is_empty() {
        return Complaint::KeyOfAnotherKind {
            key: section.path(&key),
            kind: kind.name.to_owned(),
            owners,
        };
    }
    let own = kind.keys.iter().map(|key| key.name);
    let file = kind.arrays().next().map(|_| "file");
    let family = kind.families.first().map(|_| "family");
    let mut known: Vec<&str> = vec!["kind"];
    known.extend(own.chain(file).chain(family));
    let families = kind.families.iter().flat_map(|family| family.keys);
    let all = known.iter().copied().chain(families.map(|key| key.name));
    Complaint::UnknownKey {
        path: section.path(&key),
        section: format!("[model] with kind = \"{}\"", kind.name),
        nearest: nearest(&key, all),
        known: known.iter().map(|&name| name.to_owned()).collect(),
        key,
        owners: Vec::new(),
    }
}

/// Values that do not go together, at the place in the table that was read.
pub(super) fn disagreed(section: &Section<'_>, disagreement: Disagreement) -> Fault {
    // A key of a table within, or one that is in a file, is shown where that is named.
    let place = |at: &str| {
        let outer = at.split('.').next().unwrap_or(at);
        let named = section.present(outer).or_else(|| section.present("name"));
        let span = named.or_else(|| section.present("file"));
        span.unwrap_or(section.span())
    };
    match disagreement {
        Disagreement::Contradiction {
            at,
            first,
            second,
            advice,
        } => {
            let complaint = Complaint::Contradiction {
                first: first.to_owned(),
                second: second.map_or_else(|| section.path(at), str::to_owned),
                advice,
            };
            Fault::at(place(at), complaint)
        }
        Disagreement::Value {
            at,
            found,
            expected,
        } => section.wrong(at, place(at), found, expected),
        Disagreement::Item {
            at,
            item,
            found,
            expected,
        } => {
            let span = section.item(at, item).unwrap_or_else(|| place(at));
            section.wrong(&format!("{at}[{item}]"), span, found, expected)
        }
        Disagreement::Missing { at, key, expected } => {
            let complaint = Complaint::Missing {
                key: key.to_owned(),
                expected: expected.to_owned(),
                like: None,
            };
            Fault::at(place(at), complaint)
        }
        Disagreement::Array { at, source } => {
            let key = section.path(at);
            Fault::at(place(at), Complaint::Array { key, source })
        }
    }
}
