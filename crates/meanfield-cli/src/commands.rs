//! The subcommands, a file each.

mod check;
mod completions;
mod models;
mod new;
mod run;
mod workers;

pub(crate) use check::check;
pub(crate) use completions::completions;
pub(crate) use models::models;
pub(crate) use new::new;
pub(crate) use run::run;

use crate::config::Config;
use crate::failure::Failure;

/// Uses as many threads as `[limits]` says.
fn use_threads(config: &Config) -> Result<(), Failure> {
    let Some(threads) = config.limits.threads else {
        return Ok(());
    };
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global()
        .map_err(Failure::internal)
}
