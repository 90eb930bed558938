//! `meanfield models`.

use meanfield_run::Failure;
use meanfield_run::catalogue::Catalogue;

use crate::terminal;

/// Prints every model with its keys, states and observables.
///
/// # Errors
/// [`Failure::Internal`] when the output cannot be written.
pub(crate) fn models(json: bool, catalogue: &Catalogue) -> Result<(), Failure> {
    if json {
        return terminal::print(&format!("{:#}\n", catalogue.document()));
    }
    terminal::print(&catalogue.listing())?;
    terminal::print("`meanfield new MODEL` prints a configuration to start from.\n")
}
