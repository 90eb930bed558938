//! `cargo xtask ci [--lapack] [--oldest] [--browser] [--deny]`: everything that must pass before a
//! change is accepted, the cheapest first.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use xshell::{Shell, cmd};

use crate::flags::{Ci, Verify};
use crate::{built, crates, docs, tidy, verify};

/// Runs all checks; the first that fails ends it.
pub(crate) fn run(root: &Path, args: &Ci) -> Result<()> {
    let sh = Shell::new()?;
    sh.change_dir(root);
    cmd!(sh, "cargo fmt --all -- --check").run()?;
    tidy::run(root)?;
    if args.deny {
        // Not the advisories: they change from day to day, and the tree does not.
        cmd!(
            sh,
            "cargo deny --log-level error check licenses bans sources"
        )
        .run()?;
    }
    // The profile of the tests, so that no dependency is built for another one.
    cmd!(
        sh,
        "cargo clippy --release --workspace --all-targets -- -D warnings"
    )
    .run()?;
    // Builds the programs too, with the same features: nothing is built twice. The
    // suites of the paper are those of `verify --quick`, below.
    let mut tests = cmd!(sh, "cargo test --release --workspace -- --skip suites::");
    if args.browser {
        tests = tests.env("MEANFIELD_BROWSER", "1");
    }
    tests.run()?;
    docs::reference::build(root)?;
    crates::run(root, false)?;
    let (claims, meanfield) = (built("meanfield-verify")?, built("meanfield")?);
    let quick = Verify {
        suite: Vec::new(),
        quick: true,
        list: false,
        json: None,
        html: None,
    };
    verify::table(cmd!(sh, "{claims}"), &quick)?;
    docs::pages(cmd!(sh, "{claims}"), root, true)?;
    docs::written(root, &meanfield)?;
    examples(&sh, root, &meanfield)?;
    if args.oldest {
        oldest(&sh, root)?;
    }
    if args.lapack {
        // The layer that calls it, and those whose matrices are large.
        let layers = ["tensor", "abstract", "exact", "expansion"];
        let packages = layers.map(|layer| format!("--package=meanfield-{layer}"));
        cmd!(
            sh,
            "cargo test --release {packages...} --features meanfield-tensor/lapack"
        )
        .env("OPENBLAS_NUM_THREADS", "1")
        .run()?;
    }
    println!("ci: all checks passed");
    Ok(())
}

/// Checks the libraries and the program with the oldest compiler that they name.
fn oldest(sh: &Shell, root: &Path) -> Result<()> {
    let manifest: toml::Table = sh.read_file("Cargo.toml")?.parse()?;
    let named = manifest.get("workspace").and_then(|w| w.get("package"));
    let named = named.and_then(|p| p.get("rust-version"));
    let version = named.and_then(toml::Value::as_str);
    let version = version.context("Cargo.toml names no [workspace.package] rust-version")?;
    // Beside the rest: another compiler would build every dependency anew there.
    cmd!(
        sh,
        "rustup run {version} cargo check --release --workspace --exclude xtask --lib --bins"
    )
    .env("CARGO_TARGET_DIR", root.join("target/oldest"))
    .run()?;
    Ok(())
}

/// Runs every tutorial, which asserts its answer, and every configuration a
/// user may copy.
fn examples(sh: &Shell, root: &Path, program: &Path) -> Result<()> {
    for source in of_kind(sh, root.join("examples/tutorials"), "rs")? {
        let stem = source.file_stem().context("a tutorial has a name")?;
        let tutorial = built(&format!("examples/{}", stem.display()))?;
        cmd!(sh, "{tutorial}").ignore_stdout().run()?;
    }
    let infected = built("examples/infected")?;
    cmd!(sh, "{infected} examples/sis.toml").run()?;
    let results = sh.create_temp_dir()?;
    for config in of_kind(sh, root.join("examples"), "toml")? {
        let stem = config.file_stem().context("a configuration has a name")?;
        let out = results.path().join(stem);
        cmd!(sh, "{program} run {config} --out {out}").run()?;
        for file in ["result.npz", "summary.json"] {
            ensure!(
                sh.path_exists(out.join(file)),
                "{} wrote no {file}",
                config.display()
            );
        }
    }
    Ok(())
}

/// The files of that extension in a folder, which must hold some.
fn of_kind(sh: &Shell, folder: PathBuf, extension: &str) -> Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = sh.read_dir(&folder)?;
    files.retain(|path| path.extension().is_some_and(|e| e == extension));
    ensure!(
        !files.is_empty(),
        "{} holds no .{extension}",
        folder.display()
    );
    Ok(files)
}
