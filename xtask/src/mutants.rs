//! `cargo xtask mutants [CRATE…] [--count N] [--seed S]`: are the tests able to fail?
//!
//! cargo-mutants changes one expression at a time. A mutant is first given to the
//! tests of its crate; one that passes them, to the laws and to a quick part of
//! `verify`. It works on a copy of the last commit, below target/mutants.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use rand::SeedableRng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use xshell::{Shell, cmd};

use crate::flags::Mutants;

/// Whose tests are tested: what everything else stands on.
const PACKAGES: [&str; 3] = ["tensor", "hierarchy", "expansion"];
const COUNT: usize = 50;
/// The share of mutants that must be noticed, of those that compile.
const NOTICED: f64 = 0.9;
/// Suites beside the laws, of some seconds each.
const SUITES: [&str; 5] = [
    "algebra",
    "structure",
    "hierarchy",
    "recursion",
    "reference",
];

/// Draws, tries and reports; fails where fewer than [`NOTICED`] are noticed.
pub(crate) fn run(root: &Path, args: &Mutants) -> Result<()> {
    let sh = Shell::new()?;
    sh.change_dir(root);
    cmd!(sh, "cargo mutants --version")
        .quiet()
        .ignore_stdout()
        .run()
        .context("`cargo install --locked cargo-mutants` first")?;
    let named: Vec<&str> = args.package.iter().map(String::as_str).collect();
    let packages = if named.is_empty() {
        &PACKAGES[..]
    } else {
        &named
    };
    for package in packages {
        let known = PACKAGES.contains(package);
        ensure!(known, "no crate {package:?} among {}", PACKAGES.join(", "));
    }
    let place = root.join("target/mutants");
    let tree = place.join("tree");
    if !sh.path_exists(&tree) {
        cmd!(sh, "git worktree add --quiet --detach {tree}").run()?;
    }
    sh.change_dir(&tree);
    let commit = cmd!(sh, "git -C {root} rev-parse HEAD").read()?;
    cmd!(sh, "git checkout --quiet --force --detach {commit}").run()?;
    sh.set_var("CARGO_TARGET_DIR", place.join("build"));
    let (count, seed) = (args.count.unwrap_or(COUNT), args.seed.unwrap_or(1));
    let mut weak = Vec::new();
    for package in packages {
        let drawn = draw(&sh, package, count, seed)?;
        let found = Found::of(&sh, package, &drawn, &place.join(package))?;
        println!("{package}: {found}");
        if found.share() < NOTICED {
            weak.push(*package);
        }
    }
    ensure!(
        weak.is_empty(),
        "too few mutants noticed: {}",
        weak.join(", ")
    );
    Ok(())
}

/// Names of mutants, as many as asked or all there are.
fn draw(sh: &Shell, package: &str, count: usize, seed: u64) -> Result<Vec<String>> {
    let listed = cmd!(
        sh,
        "cargo mutants --list --json --package meanfield-{package}"
    )
    .quiet()
    .read()?;
    let listed: Vec<Value> = serde_json::from_str(&listed)?;
    let name = |mutant: &Value| Some(mutant.get("name")?.as_str()?.to_owned());
    let names: Option<Vec<String>> = listed.iter().map(name).collect();
    let names = names.context("cargo-mutants lists a mutant without a name")?;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let drawn: Vec<String> = names.choose_multiple(&mut rng, count).cloned().collect();
    println!("{package}: {} of {} mutants", drawn.len(), names.len());
    Ok(drawn)
}

/// What became of the mutants of a crate.
struct Found {
    viable: usize,
    survivors: Vec<String>,
}

impl Found {
    fn of(sh: &Shell, package: &str, drawn: &[String], out: &Path) -> Result<Self> {
        sh.create_dir(out)?;
        let own = format!("--test-package=meanfield-{package}");
        attempt(sh, package, drawn, out, &[&own, "--", "--lib", "--tests"])?;
        let unviable = lines(sh, out, "unviable.txt")?.len();
        let mut survivors = lines(sh, out, "missed.txt")?;
        if !survivors.is_empty() {
            let skipped = skipped(sh)?;
            let mut arguments = vec!["--test-package=meanfield-tests", "--"];
            arguments.extend(["--test", "laws", "--test", "validation", "--"]);
            for suite in &skipped {
                arguments.extend(["--skip", suite]);
            }
            attempt(sh, package, &survivors, out, &arguments)?;
            survivors = lines(sh, out, "missed.txt")?;
        }
        let viable = drawn.len() - unviable;
        Ok(Self { viable, survivors })
    }

    /// Noticed over viable; what runs into the time limit is noticed.
    fn share(&self) -> f64 {
        1.0 - self.survivors.len() as f64 / self.viable.max(1) as f64
    }
}

impl std::fmt::Display for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let noticed = self.viable - self.survivors.len();
        let share = 100.0 * self.share();
        write!(f, "{noticed} of {} noticed ({share:.0} %)", self.viable)?;
        self.survivors
            .iter()
            .try_for_each(|mutant| write!(f, "\n  {mutant}"))
    }
}

/// Suites of the package tests/ that take too long here.
fn skipped(sh: &Shell) -> Result<Vec<String>> {
    let list = sh.read_file("tests/validation/suites.rs")?;
    let names = list
        .rsplit_once("validate! {")
        .context("no list of suites")?
        .1;
    let names = names.split_whitespace().filter(|name| *name != "}");
    let long = names.filter(|name| !SUITES.contains(name));
    Ok(long.map(|name| format!("suites::{name}")).collect())
}

/// Runs the named mutants against some tests, in place.
fn attempt(sh: &Shell, package: &str, names: &[String], out: &Path, tests: &[&str]) -> Result<()> {
    let escaped: Vec<String> = names.iter().map(|name| escape(name)).collect();
    let only = format!("^({})$", escaped.join("|"));
    let mut run = Command::from(cmd!(
        sh,
        "cargo mutants --in-place --profile mutants --package meanfield-{package} --re {only} --output {out} {tests...}"
    ));
    let code = run.status()?.code();
    // 2: some survived; 3: some ran into the time limit. Both are results.
    ensure!(
        matches!(code, Some(0 | 2 | 3)),
        "cargo mutants ended with {code:?}: see {}",
        out.display()
    );
    Ok(())
}

/// A file of the last attempt, a mutant a line.
fn lines(sh: &Shell, out: &Path, file: &str) -> Result<Vec<String>> {
    let text = sh.read_file(out.join("mutants.out").join(file))?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// The name as a regular expression for itself.
fn escape(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if r".*+?()[]{}|^$\".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
