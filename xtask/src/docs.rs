//! `cargo xtask docs [--check]`: the pages of docs/ that are generated from
//! what the suites measure and from the table of claims.

use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use meanfield_tests::{claims, suites::assumptions};

/// Writes the pages, or compares them with what is there.
pub(crate) fn run(root: &Path, check: bool) -> Result<()> {
    let pages = [
        ("docs/assumptions.md", assumptions::page()),
        ("docs/conformance.md", claims::page()),
    ];
    for (name, page) in pages {
        let page = page.map_err(|wrong| anyhow!("{wrong}"))?;
        let path = root.join(name);
        if check {
            let found = std::fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            ensure!(
                found == page,
                "{} is not what it must be; run `cargo xtask docs`",
                path.display()
            );
        } else {
            std::fs::write(&path, page)
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    Ok(())
}
