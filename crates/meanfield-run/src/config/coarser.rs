//! `[compare] coarser`: the same question on a coarser grid, or in fewer functions.
//!
//! > coarser = { "model.velocities.degree" = 10 }
//!
//! What changes with them is an error that no order in 1/N removes.

use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::fault::{Complaint, Fault};
use super::sweep::Sweep;
use super::{Config, ConfigError, ErrorEstimate};
use crate::catalogue::Catalogue;

impl Config {
    /// The configuration with the values of `[compare] coarser`, to be solved for numbers
    /// alone; `None` where there are none.
    ///
    /// # Errors
    /// [`ConfigError`] for keys that the answer depends on, and for values that do not make
    /// a configuration.
    pub(crate) fn coarser(&self) -> Result<Option<Self>, ConfigError> {
        if self.is_coarser {
            return Ok(None);
        }
        let keys = keys(&self.text).map_err(|fault| {
            let faults = vec![fault];
            ConfigError::new(&self.path, &self.text, faults)
        })?;
        if keys.is_empty() {
            return Ok(None);
        }
        let mut out = of(&self.path, &self.text, &self.catalogue, keys)?;
        out.is_coarser = true;
        out.particles.extend(&self.exact);
        out.particles.sort_unstable();
        out.particles.dedup();
        out.exact.clear();
        out.expansion.marginals = vec![1];
        out.expansion.bounds = false;
        out.expansion.error = ErrorEstimate::None;
        Ok(Some(out))
    }
}

/// A key with its value as TOML, and where it is said.
type Put = (String, String, std::ops::Range<usize>);

/// The text with the values put in.
fn of(
    path: &Path,
    text: &str,
    catalogue: &Catalogue,
    keys: Vec<Put>,
) -> Result<Config, ConfigError> {
    let point = Sweep::point(path, text, catalogue, keys);
    let point = point.map_err(|fault| ConfigError::new(path, text, vec![fault]))?;
    point.config(0)
}

/// The keys of the table, each one of what the answer should not depend on.
fn keys(text: &str) -> Result<Vec<Put>, Fault> {
    let Ok(root) = DeTable::parse(text) else {
        return Ok(Vec::new());
    };
    let compare = root.get_ref().get("compare");
    let compare = compare.and_then(|value| value.get_ref().as_table());
    let Some(value) = compare.and_then(|table| table.get("coarser")) else {
        return Ok(Vec::new());
    };
    let wrong = |span, found: String| {
        let complaint = Complaint::Value {
            key: "compare.coarser".to_owned(),
            found,
            expected: "keys of [model] or [initial], or time.tolerance, each with the value of a \
                       coarser solution: { \"model.points\" = 24 }"
                .to_owned(),
        };
        Fault::at(span, complaint)
    };
    let DeValue::Table(table) = value.get_ref() else {
        return Err(wrong(value.span(), super::value::describe(value.get_ref())));
    };
    if table.is_empty() {
        return Err(wrong(value.span(), "an empty table".to_owned()));
    }
    let each = table.iter().map(|(key, value)| {
        let name = key.get_ref().as_ref();
        let allowed = ["model.", "initial."].iter().any(|of| name.starts_with(of));
        if !(allowed || name == "time.tolerance") || name == "model.kind" {
            return Err(wrong(key.span(), format!("a table with `{name}`")));
        }
        let written = text.get(value.span()).unwrap_or_default();
        Ok((name.to_owned(), written.to_owned(), value.span()))
    });
    each.collect()
}
