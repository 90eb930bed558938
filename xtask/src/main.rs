//! Tasks of the workspace: `cargo xtask verify | docs | tidy | crates | bench | mutants | ci`.

mod bench;
mod ci;
mod crates;
mod docs;
mod flags;
mod mutants;
mod tidy;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

fn main() -> ExitCode {
    let flags = flags::Xtask::from_env_or_exit();
    match run(flags) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(flags: flags::Xtask) -> Result<()> {
    match flags.subcommand {
        flags::XtaskCmd::Verify(args) => verify::run(&root()?, &args),
        flags::XtaskCmd::Docs(args) => docs::run(&root()?, &args),
        flags::XtaskCmd::Tidy(_) => tidy::run(&root()?),
        flags::XtaskCmd::Crates(args) => crates::run(&root()?, args.test),
        flags::XtaskCmd::Bench(args) => bench::run(&root()?, &args),
        flags::XtaskCmd::Mutants(args) => mutants::run(&root()?, &args),
        flags::XtaskCmd::Ci(args) => ci::run(&root()?, &args),
    }
}

/// The root of the workspace: the parent of this package.
fn root() -> Result<PathBuf> {
    let package = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let parent = package.parent().context("xtask lies inside a workspace")?;
    Ok(parent.to_owned())
}

/// A program of the workspace as it was built together with this one, beside it.
/// `cargo run` would select other features of what they share, and compile that
/// again.
fn built(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe().context("this program has no place")?;
    let path = own.with_file_name(name);
    ensure!(
        path.exists(),
        "{} is not there: `cargo build --release --workspace --examples` first",
        path.display()
    );
    Ok(path)
}
