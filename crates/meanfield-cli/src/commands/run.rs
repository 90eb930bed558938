//! `meanfield run CONFIG`.

use std::path::Path;

use crate::config::Config;
use crate::failure::Failure;
use crate::interrupt;

/// Computes what a configuration asks for.
///
/// # Errors
/// [`Failure`].
pub(crate) fn run(path: &Path, _out: Option<&Path>, _json: bool) -> Result<(), Failure> {
    interrupt::install()?;
    let _config = Config::load(path)?;
    Ok(())
}
