//! The program `meanfield`: from a configuration file to 1/N-corrected
//! marginals, observables and a report.
//!
//! | folder | what it does |
//! |---|---|
//! | `config` | TOML and npz files to a checked `Config` |
//! | `commands` | run, check, new, models |
//! | `problem`, `compute` | model, start, observables; exact references and the expansion |
//! | `outcome` | what was found, in plain numbers, with the warnings |
//! | `arrays` | npz in and out, the output directory |
//! | `report`, `terminal` | an `Outcome` for people: HTML and text |

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

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Mean-field limits and their 1/N corrections.
#[derive(Debug, Parser)]
#[command(name = "meanfield", version, about, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Compute what a configuration asks for: result.npz, summary.json, report.html.
    Run {
        /// The configuration (TOML); `meanfield new MODEL` prints one to start from.
        config: PathBuf,
        /// Where to write [default: the configuration's name with .out for its extension].
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Print summary.json instead of a summary for people.
        #[arg(long)]
        json: bool,
    },
    /// Say what would be computed, how large it is and how long it takes, without computing it.
    Check {
        /// The configuration (TOML).
        config: PathBuf,
    },
    /// Print a commented configuration for a model.
    New {
        /// A model; `meanfield models` lists them.
        model: String,
    },
    /// List the models with their parameters, states and observables.
    Models,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Command::Run { config, out, json } => commands::run(&config, out.as_deref(), json),
        Command::Check { config } => commands::check(&config),
        Command::New { model } => commands::new(&model),
        Command::Models => commands::models(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            terminal::complain(&failure);
            failure.code()
        }
    }
}
