//! The subcommands.

mod check;
mod completions;
mod models;
mod new;
mod run;

pub(crate) use check::check;
pub(crate) use completions::completions;
pub(crate) use models::models;
pub(crate) use new::new;
pub(crate) use run::run;
