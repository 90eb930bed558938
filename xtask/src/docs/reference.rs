//! The reference: `cargo doc` with the header that sets its formulas.
//!
//! The header is given here and not in .cargo/config.toml: there its path would be
//! looked for beside every dependency that somebody documents too.

use std::path::Path;

use anyhow::Result;
use xshell::{Shell, cmd};

/// Builds it; a warning is an error.
pub(crate) fn build(root: &Path) -> Result<()> {
    let sh = Shell::new()?;
    sh.change_dir(root);
    let header = root.join("docs/katex.html");
    // Separated as cargo does it, for paths with spaces.
    let flags = ["-D", "warnings", "--html-in-header"].join("\x1f");
    let flags = format!("{flags}\x1f{}", header.display());
    cmd!(sh, "cargo doc --release --workspace --no-deps")
        .env("CARGO_ENCODED_RUSTDOCFLAGS", flags)
        .run()?;
    Ok(())
}
