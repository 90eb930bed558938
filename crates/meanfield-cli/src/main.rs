//! The program `meanfield`, with the models of [`meanfield_run`].

use std::process::ExitCode;

use meanfield_run::catalogue::Catalogue;

fn main() -> ExitCode {
    meanfield_cli::program(std::env::args_os(), &Catalogue::default()).into()
}
