//! The program `meanfield`: from a configuration file to 1/N-corrected
//! marginals, observables and a report.
//!
//! | folder | what it does |
//! |---|---|
//! | `arguments` | the command line and its help |
//! | `config` | TOML and npz files to a checked `Config` |
//! | `commands` | run, check, new, models, completions |
//! | `problem`, `compute` | model, start, observables; exact references and the expansion |
//! | `outcome` | what was found, in plain numbers, with the warnings |
//! | `arrays` | npz in and out, the output directory |
//! | `report`, `terminal` | an `Outcome` for people: HTML and text |

mod arguments;
mod arrays;
mod commands;
mod compute;
mod config;
mod failure;
mod interrupt;
mod outcome;
mod problem;
mod report;
mod summary;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    terminal::be_quiet(arguments.quiet);
    let done = match arguments.command {
        Command::Run(options) => commands::run(&options),
        Command::Check { config, json } => commands::check(&config, json),
        Command::New { model } => commands::new(&model),
        Command::Models { json } => commands::models(json),
        Command::Completions { shell } => commands::completions(shell),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            terminal::complain(&failure);
            failure.code()
        }
    }
}
