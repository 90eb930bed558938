//! `cargo xtask docs [--check | --api]`: the pages of docs/ that are generated
//! from the claims and what the suites measure, what the others say about the program, and the
//! reference.

pub(crate) mod reference;
mod tours;

use std::path::Path;

use anyhow::{Result, ensure};
use xshell::{Cmd, Shell, cmd};

use crate::flags::Docs;
use crate::{built, verify};

/// Writes the generated pages, or compares all pages with what they speak of, or
/// builds the reference.
pub(crate) fn run(root: &Path, args: &Docs) -> Result<()> {
    if args.api {
        return reference::build(root);
    }
    let sh = Shell::new()?;
    sh.change_dir(root);
    pages(verify::program(&sh), root, args.check)?;
    if args.check {
        cmd!(sh, "cargo build --release --quiet -p meanfield-cli").run()?;
        written(root, &built("meanfield")?)?;
    }
    Ok(())
}

/// The generated pages by that program.
pub(crate) fn pages(program: Cmd<'_>, root: &Path, check: bool) -> Result<()> {
    let check = check.then_some("--check");
    let program = program.arg("pages").arg(root.join("docs")).args(check);
    Ok(program.run()?)
}

/// Compares the other pages with the program `meanfield` and the examples.
pub(crate) fn written(root: &Path, meanfield: &Path) -> Result<()> {
    let mut findings = tours::excerpts(root)?;
    findings.extend(tours::findings(root, meanfield)?);
    for finding in &findings {
        eprintln!("docs: {finding}");
    }
    ensure!(findings.is_empty(), "{} findings", findings.len());
    Ok(())
}
