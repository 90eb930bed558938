//! Reading the keys that the catalogue describes, tables within tables too.

use toml::de::DeValue;

use super::catalogue::{Absent, Choice, Holds, Key, Named};
use super::problem::{Fault, Problem, nearest};
use super::section::Section;
use super::value::{as_number, describe};
use super::values::{Chosen, Parameter, Values};

/// Reads every key; `owner` is who has them, "the state \"bloch\"".
pub(super) fn read(
    section: &mut Section<'_>,
    keys: &'static [Key],
    owner: &str,
) -> Result<Values, Fault> {
    let mut out = Values::default();
    for key in keys {
        let expected = expected(key, owner);
        let value = match one(section, key, &expected)? {
            Some(value) => value,
            None => match key.absent {
                Absent::Refused => return Err(section.missing(key.name, expected)),
                Absent::Number(gamma) if matches!(key.holds, Holds::CrossSection) => {
                    Parameter::CrossSection(gamma)
                }
                Absent::Number(x) => Parameter::Number(x),
                Absent::Integer(n) => Parameter::Integer(n),
                Absent::Empty | Absent::Nothing => continue,
            },
        };
        out.insert(key.name, value);
    }
    Ok(out)
}

/// What a key should be, in words.
fn expected(key: &Key, owner: &str) -> String {
    let what = match key.holds {
        Holds::Special => "a value".to_owned(),
        Holds::Number => "a finite number".to_owned(),
        Holds::Positive => "a finite number greater than 0".to_owned(),
        Holds::AtLeast(least) => format!("a finite number, at least {least}"),
        Holds::Integer(least, usize::MAX) => format!("an integer ≥ {least}"),
        Holds::Integer(least, most) => format!("an integer from {least} to {most}"),
        Holds::Vector => "a finite number or a list of them".to_owned(),
        Holds::Lengths => "a finite number greater than 0, or a list of them".to_owned(),
        Holds::Word(words) => format!("one of \"{}\"", words.join("\", \"")),
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

fn one(section: &mut Section<'_>, key: &Key, expected: &str) -> Result<Option<Parameter>, Fault> {
    let name = key.name;
    let mut number = |valid: &dyn Fn(f64) -> bool| {
        let x = section.number(name, expected, |x| x.is_finite() && valid(x))?;
        Ok(x.map(|x| Parameter::Number(x.value)))
    };
    match key.holds {
        Holds::Special | Holds::Number => number(&|_| true),
        Holds::Positive => number(&|x| x > 0.0),
        Holds::AtLeast(least) => number(&|x| x >= least),
        Holds::Integer(least, most) => {
            let n = section.integer(name, expected, least..=most)?;
            Ok(n.map(|n| Parameter::Integer(n.value)))
        }
        Holds::Vector | Holds::Lengths => {
            let valid = |x: f64| x.is_finite() && (x > 0.0 || matches!(key.holds, Holds::Vector));
            let single = section.get(name).and_then(|x| as_number(x.get_ref()));
            if single.is_some() {
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
            let mut inner = Section::of(section.path(key), table, value.span());
            let least = "a finite number, at least 0";
            let power = inner.number("power", least, |x| x.is_finite() && x >= 0.0)?;
            inner.finish()?;
            match power {
                Some(power) => power.value,
                None => {
                    return Err(section.wrong(key, value.span(), "an empty table", expected));
                }
            }
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
    let mut inner = Section::of(section.path(key), table, value.span());
    let names: Vec<&str> = choice.kinds.iter().map(|named| named.name).collect();
    let one_of = format!("one of \"{}\"", names.join("\", \""));
    let Some(name) = inner.string(choice.selector, &one_of)? else {
        return Err(inner.missing(choice.selector, one_of));
    };
    let Some(named) = choice.kinds.iter().find(|named| named.name == name.value) else {
        return Err(inner.unknown_name(choice.selector, &name, &names));
    };
    let owner = format!("{} = \"{}\"", choice.selector, named.name);
    let values = read(&mut inner, named.keys, &owner)
        .map_err(|fault| misspelt(&inner, named, &[choice.selector], fault))?;
    finish(&inner, choice, named)?;
    let name = named.name;
    Ok(Some(Parameter::Chosen(Chosen { name, values })))
}

/// A better explanation of a key that is missing: one that is nearly it.
pub(super) fn misspelt(
    section: &Section<'_>,
    named: &Named,
    others: &[&str],
    fault: Fault,
) -> Fault {
    let Problem::Missing { key: missing, .. } = &*fault.problem else {
        return fault;
    };
    let known = || {
        named
            .keys
            .iter()
            .map(|key| key.name)
            .chain(others.iter().copied())
    };
    for (key, span) in section.left() {
        let near = nearest(&key, known());
        if !known().any(|name| name == key)
            && near.is_some_and(|near| *missing == section.path(&near))
        {
            return unknown(section, named, known(), key, span);
        }
    }
    fault
}

fn unknown<'a>(
    section: &Section<'_>,
    named: &Named,
    known: impl Iterator<Item = &'a str> + Clone,
    key: String,
    span: std::ops::Range<usize>,
) -> Fault {
    let problem = Problem::UnknownKey {
        section: format!("[{}] with \"{}\"", section.name(), named.name),
        nearest: nearest(&key, known.clone()),
        known: known.map(str::to_owned).collect(),
        key,
    };
    Fault::at(span, problem)
}

/// Refuses keys that the named thing does not have.
fn finish(
    section: &Section<'_>,
    choice: &'static Choice,
    named: &'static Named,
) -> Result<(), Fault> {
    let known = || std::iter::once(choice.selector).chain(named.keys.iter().map(|key| key.name));
    let foreign = |(key, _): &(String, _)| !known().any(|name| name == key);
    let Some((key, span)) = section.left().into_iter().find(foreign) else {
        return Ok(());
    };
    let has = |other: &&Named| other.keys.iter().any(|known| known.name == key);
    let owners: Vec<&str> = choice.kinds.iter().filter(has).map(|n| n.name).collect();
    if !owners.is_empty() {
        let selector = choice.selector;
        let expected = format!(
            "that key only with {selector} = \"{}\", and here it is \"{}\"",
            owners.join("\" or \""),
            named.name
        );
        return Err(section.wrong(&key, span, "given", expected));
    }
    Err(unknown(section, named, known(), key, span))
}
