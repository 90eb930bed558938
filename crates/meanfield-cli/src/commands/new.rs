//! `meanfield new MODEL`.

use meanfield_run::Failure;
use meanfield_run::catalogue::Catalogue;

use crate::terminal;

/// Prints a configuration for `model`.
///
/// # Errors
/// [`Failure`] for an unknown model.
pub(crate) fn new(model: &str, catalogue: &Catalogue) -> Result<(), Failure> {
    let example = catalogue.example(model);
    terminal::print(example.map_err(|unknown| Failure::Input(unknown.into()))?)?;
    terminal::advise("save this as my.toml, edit it, then: meanfield check my.toml");
    Ok(())
}
