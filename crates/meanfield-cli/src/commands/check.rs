//! `meanfield check CONFIG`.

use std::path::Path;

use crate::config::Config;
use crate::failure::Failure;

/// Says what would be computed.
///
/// # Errors
/// [`Failure::Input`] with what is wrong.
pub(crate) fn check(path: &Path) -> Result<(), Failure> {
    let _config = Config::load(path)?;
    Ok(())
}
