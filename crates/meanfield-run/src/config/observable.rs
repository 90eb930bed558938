//! `[[observable]]`: one-body observables, named by the model or given.

use super::fault::{Complaint, Fault};
use super::files::Files;
use super::model::ModelConfig;
use super::operators;
use super::section::Section;
use super::source::inline_or_file;
use crate::arrays::Array;

/// One `[[observable]]`.
#[derive(Debug)]
pub(crate) struct ObservableConfig {
    /// Its name: one the model knows, unless values are given.
    pub(crate) name: String,
    /// Its values.
    pub(crate) values: Option<Array>,
    /// Its operator square, where it is given.
    pub(crate) square: Option<Array>,
}

/// Reads the list.
pub(crate) fn read(
    sections: Vec<Section<'_>>,
    files: &Files,
    model: &ModelConfig,
) -> Vec<ObservableConfig> {
    let rank = model.kind.one_body_rank;
    let shape = if rank == 2 { "(d, d)" } else { "(D,)" };
    let mut out: Vec<ObservableConfig> = Vec::new();
    for mut section in sections {
        let faults = section.faults();
        let read = one(&mut section, &out, (rank, shape), files, model);
        section.finish();
        out.extend(faults.kept(read));
    }
    out
}

fn one(
    section: &mut Section<'_>,
    others: &[ObservableConfig],
    (rank, shape): (usize, &str),
    files: &Files,
    model: &ModelConfig,
) -> Result<ObservableConfig, Fault> {
    // Known, whatever becomes of the name.
    let mut array = |key, name| match operator(section, key, model) {
        Some(read) => read.map(Some),
        None => inline_or_file(section, key, name, rank, shape, files),
    };
    let (values, square) = (array("values", "a"), array("square", "a2"));
    let expected = "a name of at most 64 characters without / and \\, for it becomes part of \
                    array names";
    let Some(name) = section.string("name", expected)? else {
        return Err(section.missing("name", expected));
    };
    let long = name.value.chars().count() > 64;
    if name.value.trim().is_empty() || long || name.value.contains(['/', '\\']) {
        let found = format!("\"{}\"", name.value);
        return Err(section.wrong("name", name.span, found, expected));
    }
    // obs_x_var_0 would be both the mean of x_var and the variance of x.
    let same = |a: &str, b: &str| a == b || a.strip_suffix("_var") == Some(b);
    if let Some(other) = others
        .iter()
        .find(|other| same(&other.name, &name.value) || same(&name.value, &other.name))
    {
        let complaint = if other.name == name.value {
            Complaint::Duplicate {
                key: "observable".to_owned(),
                found: format!("the name \"{}\"", name.value),
            }
        } else {
            Complaint::Contradiction {
                first: format!("the observable \"{}\"", other.name),
                second: format!("the observable \"{}\"", name.value),
                advice: "NAME_var is the variance of NAME in the results; rename one",
            }
        };
        return Err(Fault::at(name.span, complaint));
    }
    Ok(ObservableConfig {
        name: name.value,
        values: values?,
        square: square?,
    })
}

/// An operator as text, where the model has any and the text names no file.
fn operator(
    section: &mut Section<'_>,
    key: &'static str,
    model: &ModelConfig,
) -> Option<Result<Array, Fault>> {
    let levels = model.kind.operators?;
    let value = section.get(key)?;
    if value.get_ref().as_str()?.ends_with(".npz") {
        return None;
    }
    // Levels that make no sense have been noted.
    let read = match levels(&model.values) {
        Ok(levels) => operators::read(section, key, 2, value, levels),
        Err(_) => Err(Fault::known()),
    };
    Some(read)
}
