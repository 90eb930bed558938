//! Reading the keys that the catalogue describes, tables within tables too.

use toml::de::DeValue;

use super::fault::{Complaint, Fault};
use super::files::Files;
use super::model::disagreed;
use super::operators;
use super::reactions;
use super::section::Section;
use super::source::Source;
use super::value::describe;
use crate::arrays::{Array, is_usable};
use crate::catalogue::{Absent, Choice, Chosen, Holds, Key, Kind, Named, Parameter, Values};
use crate::nearest::nearest;

/// Reads every key that is not an array; `owner` is who has them, "the state \"bloch\"".
/// What is wrong is noted.
pub(super) fn read(section: &mut Section<'_>, keys: &'static [Key], owner: &str) -> Values {
    let faults = section.faults();
    let mut out = Values::default();
    let plain = |key: &&Key| !matches!(key.holds, Holds::Array { .. });
    for key in keys.iter().filter(plain) {
        let expected = expected(key, owner);
        let Some(read) = faults.kept(one(section, key, &expected, &out)) else {
            continue;
        };
        let value = read.or_else(|| default(key));
        match (value, key.absent) {
            (Some(value), _) => out.insert(key.name, value),
            (None, Absent::Refused) => faults.add(section.missing(key.name, expected)),
            (None, _) => {}
        }
    }
    out
}

/// Reads the arrays among the keys, from the file that `file` names or from the table.
pub(super) fn arrays(
    section: &mut Section<'_>,
    kind: &'static Kind,
    files: &Files,
    out: &mut Values,
) {
    let faults = section.faults();
    let names: Vec<&'static str> = kind.arrays().map(|key| key.name).collect();
    if names.is_empty() {
        return;
    }
    let source = faults.kept(Source::of(section, files, &names));
    // Without a source the keys are known all the same.
    let Some(mut source) = source else {
        for name in names {
            section.get(name);
        }
        return;
    };
    for key in kind.arrays() {
        let Holds::Array { rank, shape } = key.holds else {
            continue;
        };
        let value = section.get(key.name);
        let text = value.filter(|value| operators::is_text(value, rank));
        let read = match (text, &source, kind.operators) {
            (Some(value), Source::Inline, Some(levels)) => levels(out)
                .map_err(|disagreement| disagreed(section, disagreement))
                .and_then(|levels| operators::read(section, key.name, rank, value, levels))
                .map(Some),
            _ => array_of(section, &mut source, key, rank, shape),
        };
        if let Some(array) = faults.keep(read) {
            out.insert(key.name, Parameter::Array(array));
        }
    }
}

/// An array that is one, in the file or inline.
fn array_of(
    section: &mut Section<'_>,
    source: &mut Source,
    key: &Key,
    rank: usize,
    shape: &str,
) -> Result<Option<Array>, Fault> {
    match key.absent {
        Absent::Refused => source.require(section, key.name, rank, shape).map(Some),
        _ => source.find(section, key.name, rank, shape),
    }
}

/// The value of a key that is not given.
fn default(key: &Key) -> Option<Parameter> {
    match key.absent {
        Absent::Number(gamma) if matches!(key.holds, Holds::CrossSection) => {
            Some(Parameter::CrossSection(gamma))
        }
        Absent::Number(x) => Some(Parameter::Number(x)),
        Absent::Integer(n) => Some(Parameter::Integer(n)),
        Absent::Word(word) => Some(Parameter::Word(word)),
        Absent::Refused | Absent::Empty | Absent::Nothing => None,
    }
}

/// What a key should be, in words.
fn expected(key: &Key, owner: &str) -> String {
    let what = match key.holds {
        Holds::Number => "a finite number".to_owned(),
        Holds::Positive => "a finite number greater than 0".to_owned(),
        Holds::AtLeast(least) => format!("a finite number, at least {least}"),
        Holds::Integer(least, usize::MAX) => format!("an integer ≥ {least}"),
        Holds::Integer(least, most) => format!("an integer from {least} to {most}"),
        Holds::Vector => "a finite number or a list of them".to_owned(),
        Holds::Lengths => "a finite number greater than 0, or a list of them".to_owned(),
        Holds::Word(words) => format!("one of \"{}\"", words.join("\", \"")),
        Holds::Labels => "a list of names, one for each state".to_owned(),
        Holds::Reactions { .. } => "a list of reactions \"A + B -> C + D @ rate\"".to_owned(),
        Holds::Array { shape, .. } => format!("an array of shape {shape}"),
        Holds::CrossSection => {
            return "\"maxwell\", \"hard-sphere\" or { power = γ } with γ ≥ 0".to_owned();
        }
        Holds::OneOf(choice) => forms(choice),
    };
    format!("{what} for {owner}: {}", key.meaning)
}

/// The tables a choice can be, in words.
fn forms(choice: &Choice) -> String {
    let form = |named: &Named| {
        let keys = named.keys.iter();
        let needed = keys.filter(|key| matches!(key.absent, Absent::Refused));
        let rest: String = needed.map(|key| format!(", {} = …", key.name)).collect();
        format!("{{ {} = \"{}\"{rest} }}", choice.selector, named.name)
    };
    let forms: Vec<String> = choice.kinds.iter().map(form).collect();
    forms.join(" or ")
}

/// The value of a key, which may depend on those of the keys before it.
fn one(
    section: &mut Section<'_>,
    key: &Key,
    expected: &str,
    before: &Values,
) -> Result<Option<Parameter>, Fault> {
    let name = key.name;
    let mut number = |valid: &dyn Fn(f64) -> bool| {
        let x = section.number(name, expected, |x| is_usable(x) && valid(x))?;
        Ok(x.map(|x| Parameter::Number(x.value)))
    };
    match key.holds {
        Holds::Number => number(&|_| true),
        Holds::Positive => number(&|x| x > 0.0),
        Holds::AtLeast(least) => number(&|x| x >= least),
        Holds::Integer(least, most) => {
            let n = section.integer(name, expected, least..=most)?;
            Ok(n.map(|n| Parameter::Integer(n.value)))
        }
        Holds::Vector | Holds::Lengths => {
            let valid = |x: f64| is_usable(x) && (x > 0.0 || matches!(key.holds, Holds::Vector));
            let is_list = section
                .get(name)
                .is_some_and(|value| value.get_ref().is_array());
            if !is_list {
                let x = section.number(name, expected, valid)?;
                return Ok(x.map(|x| Parameter::Vector(vec![x.value])));
            }
            let Some(list) = section.numbers(name, expected)? else {
                return Ok(None);
            };
            match list.value.iter().find(|&&x| !valid(x)) {
                Some(x) => {
                    Err(section.wrong(name, list.span, format!("a list with {x}"), expected))
                }
                None if list.value.is_empty() => {
                    Err(section.wrong(name, list.span, "an empty list", expected))
                }
                None => Ok(Some(Parameter::Vector(list.value))),
            }
        }
        Holds::Word(words) => {
            let choices: Vec<(&str, &'static str)> = words.iter().map(|&w| (w, w)).collect();
            Ok(section.choice(name, &choices)?.map(Parameter::Word))
        }
        Holds::Labels => {
            let labels = section.strings(name, expected)?;
            Ok(labels.map(|labels| Parameter::Labels(labels.value)))
        }
        Holds::Reactions { of } => {
            let species = before.labels(of);
            // Without them none of the names can be judged.
            let Some(species) = species else {
                section.get(name);
                return Err(Fault::known());
            };
            let read = reactions::read(section, name, species, expected)?;
            Ok(read.map(Parameter::Reactions))
        }
        // Read by `arrays`, from a file or the table.
        Holds::Array { .. } => Ok(None),
        Holds::CrossSection => cross_section(section, name, expected),
        Holds::OneOf(choice) => chosen(section, name, choice, expected),
    }
}

/// "maxwell", "hard-sphere" or { power = γ }, as γ.
fn cross_section(
    section: &mut Section<'_>,
    key: &'static str,
    expected: &str,
) -> Result<Option<Parameter>, Fault> {
    let Some(value) = section.get(key) else {
        return Ok(None);
    };
    let gamma = match value.get_ref() {
        DeValue::Table(table) => {
            let mut inner = section.inner(section.path(key), table, value.span());
            let least = "a finite number, at least 0";
            let power = inner.number("power", least, |x| is_usable(x) && x >= 0.0);
            let power = match power? {
                None if table.is_empty() => {
                    return Err(section.wrong(key, value.span(), "an empty table", expected));
                }
                power => inner.required("power", Ok(power), least),
            };
            inner.finish();
            power.map_or(f64::NAN, |power| power.value)
        }
        DeValue::String(_) => section
            .choice(key, &[("maxwell", 0.0), ("hard-sphere", 1.0)])?
            .unwrap_or(0.0),
        other => return Err(section.wrong(key, value.span(), describe(other), expected)),
    };
    Ok(Some(Parameter::CrossSection(gamma)))
}

/// A table { selector = "name", the keys of that name }.
fn chosen(
    section: &mut Section<'_>,
    key: &'static str,
    choice: &'static Choice,
    expected: &str,
) -> Result<Option<Parameter>, Fault> {
    let Some(value) = section.get(key) else {
        return Ok(None);
    };
    let DeValue::Table(table) = value.get_ref() else {
        return Err(section.wrong(key, value.span(), describe(value.get_ref()), expected));
    };
    let mut inner = section.inner(section.path(key), table, value.span());
    let names: Vec<&str> = choice.kinds.iter().map(|named| named.name).collect();
    let one_of = format!("one of \"{}\"", names.join("\", \""));
    let Some(name) = inner.string(choice.selector, &one_of)? else {
        return Err(inner.missing(choice.selector, one_of));
    };
    let Some(named) = choice.kinds.iter().find(|named| named.name == name.value) else {
        return Err(inner.unknown_name(choice.selector, &name, &names));
    };
    let owner = format!("{} = \"{}\"", choice.selector, named.name);
    let values = read(&mut inner, named.keys, &owner);
    finish(&inner, choice, named);
    let name = named.name;
    Ok(Some(Parameter::Chosen(Chosen { name, values })))
}

/// Refuses keys that the named thing does not have.
fn finish(section: &Section<'_>, choice: &'static Choice, named: &'static Named) {
    let known = || std::iter::once(choice.selector).chain(named.keys.iter().map(|key| key.name));
    for (key, span) in section.left() {
        let has = |other: &&Named| other.keys.iter().any(|known| known.name == key);
        let owners: Vec<&str> = choice.kinds.iter().filter(has).map(|n| n.name).collect();
        let fault = if owners.is_empty() {
            let complaint = Complaint::UnknownKey {
                path: section.path(&key),
                section: format!("[{}] with \"{}\"", section.name(), named.name),
                nearest: nearest(&key, known()),
                known: known().map(str::to_owned).collect(),
                key,
                owners: Vec::new(),
            };
            Fault::at(span, complaint)
        } else {
            let selector = choice.selector;
            let expected = format!(
                "that key only with {selector} = \"{}\", and here it is \"{}\"",
                owners.join("\" or \""),
                named.name
            );
            section.wrong(&key, span, "given", expected)
        };
        section.faults().add(fault);
    }
}
