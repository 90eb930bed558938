//! `meanfield completions SHELL`.

use clap::CommandFactory;

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::terminal;

/// Prints a completion script.
///
/// # Errors
/// [`Failure::Internal`] when the output cannot be written.
pub(crate) fn completions(shell: clap_complete::Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "meanfield", &mut script);
    terminal::print(&String::from_utf8_lossy(&script))
}
