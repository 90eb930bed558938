//! `cargo xtask docs [--check | --api]`: the pages of docs/ that are generated
//! from what the suites measure, what the others say about the program, and the
//! reference.

pub(crate) mod reference;
mod tours;

use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use meanfield_tests::suites::assumptions;

use crate::flags::Docs;

/// Writes the generated pages, or compares all pages with what they speak of, or
/// builds the reference.
pub(crate) fn run(root: &Path, args: &Docs) -> Result<()> {
    if args.api {
        return reference::build(root);
    }
    let page = assumptions::page().map_err(|wrong| anyhow!("{wrong}"))?;
    let path = root.join("docs/assumptions.md");
    if !args.check {
        return std::fs::write(&path, page)
            .with_context(|| format!("cannot write {}", path.display()));
    }
    let written = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    ensure!(
        written == page,
        "{} is not what is measured; run `cargo xtask docs`",
        path.display()
    );
    let mut findings = tours::excerpts(root)?;
    findings.extend(tours::findings(root, &crate::built("meanfield")?)?);
    for finding in &findings {
        eprintln!("docs: {finding}");
    }
    ensure!(findings.is_empty(), "{} findings", findings.len());
    Ok(())
}
