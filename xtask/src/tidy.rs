//! `cargo xtask tidy`: what the compiler does not check.

mod dependencies;
mod folders;
mod links;
mod sources;

use std::path::Path;

use anyhow::{Result, ensure};

/// Prints every finding and fails if there is one.
pub(crate) fn run(root: &Path) -> Result<()> {
    let mut findings = dependencies::findings(root)?;
    findings.extend(folders::findings(root)?);
    findings.extend(sources::findings(root)?);
    findings.extend(links::findings(root)?);
    for finding in &findings {
        eprintln!("tidy: {finding}");
    }
    ensure!(findings.is_empty(), "{} findings", findings.len());
    println!("tidy: nothing to complain about");
    Ok(())
}
