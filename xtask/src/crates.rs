//! `cargo xtask crates [--test]`: each crate by itself. Built together they share what
//! any of them asks for; alone one may lack it.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use toml::{Table, Value};
use xshell::{Shell, cmd};

/// What a crate must say of itself before it is published.
const SAID: [&str; 8] = [
    "description",
    "license",
    "keywords",
    "categories",
    "readme",
    "documentation",
    "rust-version",
    "version",
];

/// Checks every library that is published and the program alone, without features, then what their
/// packages hold; with `test` their tests alone, too.
pub(crate) fn run(root: &Path, test: bool) -> Result<()> {
    let sh = Shell::new()?;
    sh.change_dir(root);
    let mut names = Vec::new();
    for folder in sh.read_dir("crates")? {
        let manifest: Table = sh
            .read_file(folder.join("Cargo.toml"))?
            .parse()
            .with_context(|| format!("cannot parse {}/Cargo.toml", folder.display()))?;
        let package = manifest.get("package");
        if package.and_then(|p| p.get("publish")) == Some(&Value::Boolean(false)) {
            continue;
        }
        let said = |key: &&&str| package.and_then(|p| p.get(**key)).is_none();
        let unsaid: Vec<_> = SAID.iter().filter(said).collect();
        ensure!(
            unsaid.is_empty(),
            "{}: [package] lacks {unsaid:?}",
            folder.display()
        );
        let name = package.and_then(|p| p.get("name")).and_then(Value::as_str);
        names.push(name.context("a package without a name")?.to_owned());
    }
    for name in &names {
        cmd!(
            sh,
            "cargo check --release --quiet -p {name} --no-default-features"
        )
        .run()?;
    }
    for name in names.iter().filter(|_| test) {
        cmd!(
            sh,
            "cargo test --release --quiet -p {name} --no-default-features"
        )
        .run()?;
    }
    let packages: Vec<String> = names.iter().map(|n| format!("--package={n}")).collect();
    let packed = cmd!(
        sh,
        "cargo package --no-verify --allow-dirty --quiet {packages...}"
    );
    let output = packed.output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success() && !said.contains("warning"),
        "cargo package: {said}"
    );
    println!("crates: {} build alone and pack cleanly", names.len());
    Ok(())
}
