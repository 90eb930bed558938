//! `cargo xtask verify [SUITE…] [--quick] [--list] [--json F] [--html F]`.
//!
//! The measuring program is a binary of the package tests/: the other tasks do not
//! wait for the whole workspace to be built.

use std::path::Path;

use anyhow::Result;
use xshell::{Cmd, Shell, cmd};

use crate::flags::Verify;

/// Prints the table; fails unless every row holds.
pub(crate) fn run(root: &Path, args: &Verify) -> Result<()> {
    let sh = Shell::new()?;
    sh.change_dir(root);
    table(program(&sh), args)
}

/// The program, built where it is not.
pub(crate) fn program(sh: &Shell) -> Cmd<'_> {
    cmd!(
        sh,
        "cargo run --release --quiet -p meanfield-tests --bin meanfield-verify --"
    )
}

/// The table by that program.
pub(crate) fn table(program: Cmd<'_>, args: &Verify) -> Result<()> {
    let mut program = program.arg("table").args(&args.suite);
    if args.quick {
        program = program.arg("--quick");
    }
    if args.list {
        program = program.arg("--list");
    }
    for (flag, file) in [("--json", &args.json), ("--html", &args.html)] {
        if let Some(file) = file {
            program = program.arg(flag).arg(file);
        }
    }
    // What failed is in the table: no second report of the command itself.
    Ok(program.quiet().run()?)
}
