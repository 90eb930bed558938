//! The program `meanfield`: arguments, the terminal and exit codes around
//! [`meanfield_run`], which does everything else.
//!
//! ```
//! use meanfield_run::catalogue::Catalogue;
//!
//! // The program with kinds of one's own: Catalogue::default().with(&MY_KIND).
//! let code = meanfield_cli::program(["meanfield", "new", "custom"], &Catalogue::default());
//! assert_eq!(code, 0);
//! ```
//!
//! The program itself computes nothing: F_j(t) = Σ_m N^−m f_{j,m}(t) is the business of
//! the libraries below.
//!
//! # Conventions
//! Results on stdout; messages, progress and advice on stderr, in colour on a terminal
//! only. Exit codes: 0 success, 1 a failure while computing or writing, 2 a mistake in
//! what was given, 130 stopped by Ctrl-C.

mod arguments;
mod commands;
mod terminal;
mod watch;

use std::ffi::OsString;

use clap::Parser;
use meanfield_run::catalogue::Catalogue;

use arguments::{Arguments, Command};

/// Does what a command line says, with the kinds of a catalogue, and returns the exit
/// code.
pub fn program<A: Into<OsString> + Clone>(
    arguments: impl IntoIterator<Item = A>,
    catalogue: &Catalogue,
) -> u8 {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // There is nowhere left to report that the terminal is gone.
            let _ = error.print();
            return u8::try_from(error.exit_code()).unwrap_or(2);
        }
    };
    terminal::be_quiet(arguments.quiet);
    let done = match arguments.command {
        Command::Run(options) => commands::run(&options, catalogue),
        Command::Check { config, json } => commands::check(&config, json, catalogue),
        Command::New { model } => commands::new(&model, catalogue),
        Command::Models { json } => commands::models(json, catalogue),
        Command::Completions { shell } => commands::completions(shell, catalogue),
    };
    match done {
        Ok(()) => 0,
        Err(failure) => {
            terminal::complain(&failure);
            match failure {
                _ if failure.is_input() => 2,
                _ if failure.is_interruption() => 130,
                _ => 1,
            }
        }
    }
}
