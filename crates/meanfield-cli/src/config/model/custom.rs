//! The keys of kind = "custom".

use std::path::Path;

use super::super::problem::{Fault, Problem};
use super::super::section::Section;
use super::super::source::{Source, array_fault};
use super::{Custom, Interaction, ModelConfig};
use crate::arrays::Array;

/// Reads them.
pub(super) fn custom(section: &mut Section<'_>, directory: &Path) -> Result<ModelConfig, Fault> {
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
