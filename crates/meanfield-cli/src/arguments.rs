//! The command line: subcommands, options, and the help with its examples.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Seconds between checkpoints unless `--checkpoint` says otherwise.
pub(crate) const CHECKPOINT_SECONDS: f64 = 10.0;

const AFTER_HELP: &str = "\
First run:
  meanfield new hartree > my.toml    a commented configuration to start from
  meanfield check my.toml            what would be computed, and what it costs
  meanfield run my.toml              the results, in my.out/

Exit codes:
  0    success
  1    a failure while computing or writing: no memory, a full disk, a solution that blows up; or
       some points of a sweep failed
  2    a mistake in the configuration, a file or the command line; nothing was computed
  130  stopped by Ctrl-C; `meanfield run` with the same configuration goes on

Colours appear on a terminal only, and never when NO_COLOR is set.";

/// Mean-field limits and their 1/N corrections.
#[derive(Debug, Parser)]
#[command(name = "meanfield", version, about, max_term_width = 100, after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// Print results and errors only: no progress, no notes, no advice.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Compute what a configuration asks for: result.npz, summary.json, report.html.
    #[command(after_help = RUN_HELP)]
    Run(RunOptions),
    /// Say what would be computed, how large it is and how long it takes, without computing it.
    #[command(after_help = "\
Examples:
  meanfield check my.toml            sizes, memory and time; or the first mistake, with its line
  meanfield check my.toml --json     the same for a script")]
    Check {
        /// The configuration (TOML).
        #[arg(value_hint = clap::ValueHint::FilePath)]
        config: PathBuf,
        /// Print JSON instead of text for people.
        #[arg(long)]
        json: bool,
    },
    /// Print a commented configuration for a model.
    #[command(after_help = "\
Examples:
  meanfield new custom > my.toml     any K and V given as arrays
  meanfield new hartree > my.toml    a condensate on a grid

`meanfield models` lists the models with every key they have.")]
    New {
        /// A model; `meanfield models` lists them.
        model: String,
    },
    /// List the models with their parameters, states and observables.
    #[command(after_help = "\
Examples:
  meanfield models | less
  meanfield models --json            the names of models, keys, states for a script")]
    Models {
        /// Print JSON instead of text for people.
        #[arg(long)]
        json: bool,
    },
    /// Print a completion script for a shell.
    #[command(after_help = "\
Examples:
  meanfield completions bash > ~/.local/share/bash-completion/completions/meanfield
  meanfield completions zsh > ~/.zfunc/_meanfield        (with ~/.zfunc in fpath)
  meanfield completions fish > ~/.config/fish/completions/meanfield.fish")]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

const RUN_HELP: &str = "\
Examples:
  meanfield run my.toml                     results in my.out/
  meanfield run my.toml --out results/a     results in results/a/
  meanfield run my.toml --json | jq .rates  summary.json on stdout

A configuration with a table [sweep] is computed for every combination of the values there:
  [sweep]
  \"model.chi\" = [0.1, 0.2, 0.4]                    any key that stands in the configuration
  \"time.end\" = { from = 1, to = 100, points = 5, scale = \"log\" }
Points run side by side, one on each thread. Every array of result.npz gets an axis for each key, in the
order of the file and in front of its own; sweep_axes names them, sweep_KEY holds their values. Written
once is what all points have alike (t, coordinates); an array that not all of them have with the same
shape is written as NAME_point0, NAME_point1, … A point that fails takes no other down: `failed` (bool)
is true there, its entries are 0, summary.json says why, and the exit code is 1.

A run that takes longer than a moment keeps checkpoints in DIR.partial/. After Ctrl-C, a crash or a
power cut the same command goes on from the last one and ends with the same bits, and a sweep with the
points that are not finished; a finished run removes them.";

/// Options of `run`.
#[derive(Debug, Args)]
pub(crate) struct RunOptions {
    /// The configuration (TOML); `meanfield new MODEL` prints one to start from.
    #[arg(value_hint = clap::ValueHint::FilePath)]
    pub(crate) config: PathBuf,
    /// Where to write [default: the configuration's name with .out for its extension].
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub(crate) out: Option<PathBuf>,
    /// Print summary.json instead of a summary for people.
    #[arg(long)]
    pub(crate) json: bool,
    /// Seconds between checkpoints; 0: none.
    #[arg(long, value_name = "SECONDS", default_value_t = CHECKPOINT_SECONDS, value_parser = seconds)]
    pub(crate) checkpoint: f64,
    /// Begin anew although there is a checkpoint.
    #[arg(long)]
    pub(crate) restart: bool,
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if (0.0..=1e9).contains(&x) => Ok(x),
        _ => Err("expected a number of seconds, 0 or greater".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn law_every_subcommand_has_examples() {
        let command = Arguments::command();
        command.clone().debug_assert();
        for sub in command.get_subcommands() {
            let help = sub.get_after_help().map(ToString::to_string);
            let shown = help.is_some_and(|help| help.contains("meanfield "));
            assert!(shown, "{} shows no example", sub.get_name());
        }
    }
}
