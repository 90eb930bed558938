//! `meanfield check CONFIG`.

use std::fmt::Write as _;
use std::path::Path;

use meanfield_run::catalogue::Catalogue;
use meanfield_run::{Config, Failure, Forecast, check as forecast};
use serde_json::{Value, json};

use crate::terminal;
use crate::watch::Terminal;

/// Says what would be computed.
///
/// # Errors
/// [`Failure`] with what is wrong.
pub(crate) fn check(path: &Path, json: bool, catalogue: &Catalogue) -> Result<(), Failure> {
    let config = Config::load_with(path, catalogue)?;
    let found = forecast(&config, &Terminal)?;
    if json {
        return terminal::print(&document(&config, path, found));
    }
    let mut text = format!("{}\n\n", found.title);
    for (name, value) in found.rows {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {name:<18} {value}");
    }
    let _ = writeln!(text, "{} is sound", path.display());
    terminal::print(&text)?;
    terminal::advise(&format!("meanfield run {}", path.display()));
    Ok(())
}

/// What was found, for a script.
fn document(config: &Config, path: &Path, found: Forecast) -> String {
    let rows = found.rows.iter();
    let rows: Vec<Value> = rows
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect();
    let mut document = json!({
        "config": path.to_string_lossy(),
        "sound": true,
        "model": config.kind(),
        "plan": rows,
    });
    if let Value::Object(document) = &mut document {
        document.extend(found.numbers);
    }
    format!("{document:#}\n")
}
