//! `cargo xtask docs [--check]`: the pages of docs/ that are generated from
//! what the suites measure and from the table of claims.

use std::path::Path;

use anyhow::Result;
use xshell::{Cmd, Shell};

use crate::verify;

/// Writes the pages, or compares them with what is there.
pub(crate) fn run(root: &Path, check: bool) -> Result<()> {
    let sh = Shell::new()?;
    sh.change_dir(root);
    pages(verify::program(&sh), root, check)
}

/// The pages by that program.
pub(crate) fn pages(program: Cmd<'_>, root: &Path, check: bool) -> Result<()> {
    let check = check.then_some("--check");
    let program = program.arg("pages").arg(root.join("docs")).args(check);
    Ok(program.run()?)
}
