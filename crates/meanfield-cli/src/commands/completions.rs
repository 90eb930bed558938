//! `meanfield completions SHELL`.

use clap::CommandFactory;
use clap::builder::PossibleValuesParser;
use meanfield_run::Failure;
use meanfield_run::catalogue::Catalogue;

use crate::arguments::Arguments;
use crate::terminal;

/// Prints a completion script, which knows the kinds of models.
///
/// # Errors
/// [`Failure::Internal`] when the output cannot be written.
pub(crate) fn completions(
    shell: clap_complete::Shell,
    catalogue: &Catalogue,
) -> Result<(), Failure> {
    let mut script = Vec::new();
    let kinds = PossibleValuesParser::new(catalogue.names());
    let mut command = Arguments::command().mut_subcommand("new", |new| {
        new.mut_arg("model", |model| model.value_parser(kinds))
    });
    clap_complete::generate(shell, &mut command, "meanfield", &mut script);
    terminal::print(&String::from_utf8_lossy(&script))
}
