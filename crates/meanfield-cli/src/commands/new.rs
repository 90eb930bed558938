//! `meanfield new MODEL`.

use crate::config::{catalogue, nearest};
use crate::failure::Failure;
use crate::terminal;

/// Prints a configuration for `model`.
///
/// # Errors
/// [`Failure::Input`] for an unknown model.
pub(crate) fn new(model: &str) -> Result<(), Failure> {
    if let Some(kind) = catalogue::kind(model) {
        terminal::print(kind.template)?;
        terminal::advise("save this as my.toml, edit it, then: meanfield check my.toml");
        return Ok(());
    }
    let names = catalogue::kind_names();
    let hint = match nearest(model, names.iter().copied()) {
        Some(name) => format!("did you mean `{name}`? (known: {})", names.join(", ")),
        None => format!("known: {}", names.join(", ")),
    };
    Err(Failure::Input(anyhow::anyhow!(
        "there is no model \"{model}\"; {hint}"
    )))
}
