//! `[initial]`: the one-body state F, and what the N-body start makes of it.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::MOST_PARTICLES;
use super::fault::{Complaint, Fault};
use super::files::Files;
use super::keys;
use super::model::{ModelConfig, disagreed};
use super::section::{At, Section};
use super::source::{array_fault, inline_or_file};
use super::value::describe;
use crate::arrays::Array;
use crate::catalogue::{Kind, Named, State, Values, WeightedState};

/// `[initial]`.
#[derive(Debug)]
pub(crate) struct Initial {
    pub(crate) state: State,
    pub(crate) start: Start,
    /// N, where `counts` say it.
    pub(crate) counted: Option<At<usize>>,
}

/// The N-body state at t = 0.
#[derive(Debug)]
pub(crate) enum Start {
    /// Independent particles.
    Product,
    /// Exactly N·F[a] particles in state a.
    FixedCounts,
    /// Given cumulants, by (j, l).
    Cumulants(BTreeMap<(usize, usize), Array>),
}

/// Weights of a mixture were typed in: this much rounding is meant.
const WEIGHT_ROUNDING: f64 = 1e-10;

impl Initial {
    pub(crate) fn read(
        mut section: Section<'_>,
        files: &Files,
        model: &ModelConfig,
    ) -> Option<Self> {
        let faults = section.faults();
        for (first, second, advice) in [
            (
                "F",
                "state",
                "give the state as an array or by name, not both",
            ),
            ("F", "counts", "give the numbers or the fractions, not both"),
            ("state", "counts", "give the numbers or a state, not both"),
        ] {
            if let (Some(_), Some(span)) = (section.present(first), section.present(second)) {
                let complaint = Complaint::Contradiction {
                    first: section.path(first),
                    second: section.path(second),
                    advice,
                };
                faults.add(Fault::at(span, complaint));
            }
        }
        let counted = faults.keep(counts(&mut section, model));
        let usual = match counted {
            Some(_) => Name::FixedCounts,
            None => Name::Product,
        };
        let (fractions, counted) = counted.unzip();
        let state = match fractions {
            Some(fractions) => {
                section.get("F");
                section.get("state");
                Some(State::Array(fractions))
            }
            None if section.has("counts") => None,
            None => faults.kept(state(&mut section, files, model)),
        };
        let start = faults.kept(start(&mut section, files, model.kind, usual));
        if state.is_some() {
            section.finish();
        }
        Some(Self {
            state: state?,
            start: start?,
            counted,
        })
    }
}

/// `counts = { S = 990, I = 10 }`: the fractions, and how many there are.
fn counts(
    section: &mut Section<'_>,
    model: &ModelConfig,
) -> Result<Option<(Array, At<usize>)>, Fault> {
    let Some(value) = section.get("counts") else {
        return Ok(None);
    };
    let span = value.span();
    let DeValue::Table(table) = value.get_ref() else {
        let expected = "a table { S = 990, I = 10 }";
        return Err(section.wrong("counts", span, describe(value.get_ref()), expected));
    };
    let Some(names) = model.names() else {
        // Names that have a fault of their own cannot be judged.
        if !model.is_sound {
            return Err(Fault::known());
        }
        let expected = "F instead: the states of this model have no names";
        return Err(section.wrong("counts", span, "given", expected));
    };
    let expected = "an integer from 0 to 1000000000000";
    let mut each = vec![0.0; names.len()];
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        let path = format!("counts.{name}");
        let Some(index) = names.iter().position(|known| known == name) else {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let found = At {
                value: name.to_owned(),
                span: key.span(),
            };
            return Err(section.unknown_name("counts", &found, &names));
        };
        let read = section.parameters().count(value);
        let read = read.map_err(|slip| section.slip(&path, slip, expected))?;
        let Some(n) = read.filter(|&n| n <= MOST_OF_ONE) else {
            let found = section.parameters().describe(value);
            return Err(section.wrong(&path, value.span(), found, expected));
        };
        each[index] = n as f64;
    }
    let total: f64 = each.iter().sum();
    if total == 0.0 || total > MOST_PARTICLES as f64 {
        let expected = format!("at least one particle, and at most {MOST_PARTICLES}");
        return Err(section.wrong("counts", span, format!("{total} particles"), expected));
    }
    let fractions = each
        .into_iter()
        .map(|n| n / total)
        .collect::<ndarray::Array1<f64>>();
    let array = Array::real("F", &fractions.into_dyn())
        .map_err(|source| array_fault(&section.path("counts"), span.clone(), source))?;
    let value = total as usize;
    Ok(Some((array, At { value, span })))
}

/// As many particles as the largest marginal has.
pub(super) fn enough(total: &At<usize>, largest: usize) -> Result<(), Fault> {
    if total.value >= largest {
        return Ok(());
    }
    let complaint = Complaint::Value {
        key: "initial.counts".to_owned(),
        found: format!("{} particles", total.value),
        expected: format!("at least {largest}, the largest j in `expansion.marginals`"),
    };
    Err(Fault::at(total.span.clone(), complaint))
}

/// Particles of one state.
const MOST_OF_ONE: usize = 1_000_000_000_000;

/// `[initial] start`.
#[derive(Clone, Copy, PartialEq)]
enum Name {
    Product,
    FixedCounts,
    Cumulants,
}

fn state(section: &mut Section<'_>, files: &Files, model: &ModelConfig) -> Result<State, Fault> {
    let kind = model.kind;
    let rank = kind.one_body_rank;
    let shape = if rank == 2 { "(d, d)" } else { "(D,)" };
    let given = match written(section, files, rank)? {
        Some(written) => Some(written),
        None => inline_or_file(section, "F", "F", rank, shape, files)?,
    };
    let named = section.get("state");
    if let Some(array) = given {
        if model.is_sound {
            (kind.array_agrees)(&model.values)
                .map_err(|disagreement| disagreed(section, disagreement))?;
        }
        return Ok(State::Array(array));
    }
    let names: Vec<&str> = kind.states.iter().map(|state| state.name).collect();
    let Some(value) = named else {
        let mut expected = format!("F of shape {shape}, inline or as the name of an npz file");
        if model.names().is_some() {
            expected += ", or counts = { … } of each state";
        }
        if !names.is_empty() {
            expected += &format!("; or state = \"{}\"", names.join("\" or \""));
        }
        return Err(section.missing("F", expected));
    };
    match value.get_ref() {
        DeValue::Array(items) => {
            let (mut states, faults) = (Vec::new(), section.faults());
            for (k, item) in items.iter().enumerate() {
                let DeValue::Table(table) = item.get_ref() else {
                    let expected = "tables { weight = 0.5, name = \"…\", … }";
                    let found = describe(item.get_ref());
                    faults.add(section.wrong("state", item.span(), found, expected));
                    continue;
                };
                let name = format!("{}[{k}]", section.path("state"));
                let read = component(section.inner(name, table, item.span()), model);
                states.extend(faults.kept(read));
            }
            if states.len() < items.len() {
                return Ok(State::Named(states));
            }
            let total: f64 = states.iter().map(|state| state.weight).sum();
            if (total - 1.0).abs() > WEIGHT_ROUNDING {
                let found = format!("a mixture whose weights sum to {total}");
                let expected = "weights that sum to 1";
                return Err(section.wrong("state", value.span(), found, expected));
            }
            Ok(State::Named(states))
        }
        _ => {
            let expected = "the name of a state, or a list of { weight, name, … }";
            let Some(name) = section.string("state", expected)? else {
                unreachable!("the key is present");
            };
            let named = lookup(section, "state", &name, kind)?;
            Ok(State::Named(vec![WeightedState {
                weight: 1.0,
                name: named.name,
                values: parameters(section, named, model)?,
            }]))
        }
    }
}

/// One component of a mixture.
fn component(mut section: Section<'_>, model: &ModelConfig) -> Result<WeightedState, Fault> {
    let expected = "a weight greater than 0 and at most 1";
    let weight = section.number("weight", expected, |x| x > 0.0 && x <= 1.0)?;
    let Some(weight) = weight else {
        return Err(section.missing("weight", expected));
    };
    let Some(name) = section.string("name", "the name of a state")? else {
        return Err(section.missing("name", "the name of a state"));
    };
    let named = lookup(&section, "name", &name, model.kind)?;
    let values = parameters(&mut section, named, model)?;
    section.finish();
    Ok(WeightedState {
        weight: weight.value,
        name: named.name,
        values,
    })
}

fn lookup(
    section: &Section<'_>,
    key: &str,
    name: &At<String>,
    kind: &Kind,
) -> Result<&'static Named, Fault> {
    if kind.states.is_empty() {
        let found = format!("\"{}\"", name.value);
        let expected = format!("F instead: the model \"{}\" has no named states", kind.name);
        return Err(section.wrong(key, name.span.clone(), found, expected));
    }
    let names: Vec<&str> = kind.states.iter().map(|state| state.name).collect();
    let found = kind.states.iter().find(|state| state.name == name.value);
    found.ok_or_else(|| section.unknown_name(key, name, &names))
}

/// The keys of a named state.
fn parameters(
    section: &mut Section<'_>,
    named: &'static Named,
    model: &ModelConfig,
) -> Result<Values, Fault> {
    let before = section.faults().count();
    let values = keys::read(
        section,
        named.keys,
        &format!("the state \"{}\"", named.name),
    );
    if model.is_sound && section.faults().count() == before {
        (model.kind.state_agrees)(&model.values, named, &values)
            .map_err(|disagreement| disagreed(section, disagreement))?;
    }
    Ok(values)
}

fn start(
    section: &mut Section<'_>,
    files: &Files,
    kind: &Kind,
    usual: Name,
) -> Result<Start, Fault> {
    let choices = [
        ("product", Name::Product),
        ("fixed-counts", Name::FixedCounts),
        ("cumulants", Name::Cumulants),
    ];
    let name = section.choice("start", &choices)?.unwrap_or(usual);
    let file = section.string("cumulants", "the name of an npz file with arrays g_j_l")?;
    let span = section.present("start").unwrap_or(section.span());
    match (name, file) {
        (Name::Cumulants, Some(file)) => {
            let key = section.path("cumulants");
            let read = read_cumulants(files, &file.value)
                .map_err(|source| array_fault(&key, file.span.clone(), source))?;
            if read.is_empty() {
                let found = format!("\"{}\", a file without cumulants", file.value);
                let expected = "arrays named g_j_l, such as g_2_0";
                return Err(section.wrong("cumulants", file.span, found, expected));
            }
            Ok(Start::Cumulants(read))
        }
        (Name::Cumulants, None) => Err(section.missing(
            "cumulants",
            "the name of an npz file with arrays g_j_l, for start = \"cumulants\"",
        )),
        (_, Some(file)) => {
            let complaint = Complaint::Contradiction {
                first: section.path("cumulants"),
                second: section.path("start"),
                advice: "the file is used only with start = \"cumulants\"",
            };
            Err(Fault::at(file.span, complaint))
        }
        (Name::FixedCounts, None) if !kind.counts => {
            let expected = "\"product\": occupation numbers are a start of populations only, of kind = \
                            \"reactions\" or \"custom\" say";
            Err(section.wrong("start", span, "\"fixed-counts\"", expected))
        }
        (Name::FixedCounts, None) => Ok(Start::FixedCounts),
        (Name::Product, None) => Ok(Start::Product),
    }
}

/// F of a file that the program wrote: its mean field at the last time.
fn written(section: &mut Section<'_>, files: &Files, rank: usize) -> Result<Option<Array>, Fault> {
    let Some(value) = section.get("F") else {
        return Ok(None);
    };
    let Some(file) = value.get_ref().as_str() else {
        return Ok(None);
    };
    let read = || {
        let mut npz = files.npz(file)?;
        if npz.names().iter().any(|name| name == "F") {
            return Ok(None);
        }
        let f = npz.find("f_1_0")?.map(|f| f.at_last_time(1));
        Ok(f.map(|f| if rank == 2 { f.square() } else { f }))
    };
    read().map_err(|source| array_fault(&section.path("F"), value.span(), source))
}

/// The arrays g_j_l of a file; of one that the program wrote, at the last time.
fn read_cumulants(
    files: &Files,
    name: &str,
) -> Result<BTreeMap<(usize, usize), Array>, crate::arrays::ArrayError> {
    let mut npz = files.npz(name)?;
    let mut out = BTreeMap::new();
    for name in npz.names().to_vec() {
        let indices = name
            .strip_prefix("g_")
            .and_then(|rest| rest.split_once('_'));
        let Some((j, l)) = indices else { continue };
        if let (Ok(j), Ok(l)) = (j.parse(), l.parse()) {
            out.insert((j, l), npz.array(&name)?.at_last_time(j));
        }
    }
    Ok(out)
}
