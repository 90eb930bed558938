//! `cargo xtask docs [--check]`: the pages of docs/ that are generated from
//! what the suites measure.

use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use meanfield_tests::suites::assumptions;

/// Writes the pages, or compares them with what is there.
pub(crate) fn run(root: &Path, check: bool) -> Result<()> {
    let page = assumptions::page().map_err(|wrong| anyhow!("{wrong}"))?;
    let path = root.join("docs/assumptions.md");
    if check {
        let found = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        ensure!(
            found == page,
            "{} is not what is measured; run `cargo xtask docs`",
            path.display()
        );
        return Ok(());
    }
    std::fs::write(&path, page).with_context(|| format!("cannot write {}", path.display()))
}
