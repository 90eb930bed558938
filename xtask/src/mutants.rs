//! `cargo xtask mutants [CRATE…] [--count N] [--seed S]`: are the tests able to fail?
//!
//! cargo-mutants changes one expression at a time. A mutant is first given to the
//! tests of its crate; one that passes them, to the laws, to what holds of memory
//! and to a quick part of `verify`. It works on a copy of the last commit, below
//! target/mutants.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use rand::SeedableRng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use xshell::{Shell, cmd};

use crate::flags::Mutants;

/// Whose tests are tested: what everything else stands on.
const PACKAGES: [&str; 3] = ["tensor", "hierarchy", "expansion"];
/// Who holds the laws: of every model, and of memory and allocations.
const LAWS: [&str; 2] = ["meanfield-tests", "meanfield-benches"];
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
    // Forced: one that a clean build directory took away is still known to git.
    if !sh.path_exists(&tree) {
        cmd!(sh, "git worktree add --force --quiet --detach {tree}").run()?;
    }
    sh.change_dir(&tree);
    let commit = cmd!(sh, "git -C {root} rev-parse HEAD").read()?;
    cmd!(sh, "git checkout --quiet --force --detach {commit}").run()?;
    sh.set_var("CARGO_TARGET_DIR", place.join("build"));
    let laws = &laws(&sh)?[..];
    // Only the tests of its own crate are tried without a mutant by the tool.
    println!("the laws and a part of `verify`, without a mutant");
    let started = Instant::now();
    let with_laws = LAWS.map(|package| format!("--package={package}"));
    cmd!(
        sh,
        "cargo test --quiet --profile mutants {with_laws...} {laws...}"
    )
    .run()?;
    let limit = (3 * started.elapsed().as_secs()).max(300);
    let (count, seed) = (args.count.unwrap_or(COUNT), args.seed.unwrap_or(1));
    let mut weak = Vec::new();
    for package in packages {
        let drawn = draw(&sh, package, count, seed)?;
        let found = Found::of(&sh, package, &drawn, (laws, limit), &place.join(package))?;
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
    /// `laws` as arguments of `cargo test`, with their limit in seconds.
    fn of(
        sh: &Shell,
        package: &str,
        drawn: &[String],
        (laws, limit): (&[String], u64),
        out: &Path,
    ) -> Result<Self> {
        sh.create_dir(out)?;
        let own = format!("--test-package=meanfield-{package} -- --lib --tests");
        attempt(sh, package, drawn, out, own.split(' '))?;
        // The tool adds mutants of a kind that it does not choose by name.
        let of = |file, among: &[String]| {
            let mut found = lines(sh, out, file)?;
            found.retain(|name| among.contains(name));
            Ok::<_, anyhow::Error>(found)
        };
        let mut survivors = of("missed.txt", drawn)?;
        let noticed = of("caught.txt", drawn)?.len() + of("timeout.txt", drawn)?.len();
        let viable = noticed + survivors.len();
        if !survivors.is_empty() {
            let packages = LAWS.map(|package| format!("--test-package={package}"));
            let limit = format!("--timeout={limit}");
            let others = packages.iter().map(String::as_str);
            let others = others.chain(["--baseline=skip", &limit, "--"]);
            let laws = laws.iter().map(String::as_str);
            attempt(sh, package, &survivors, out, others.chain(laws))?;
            survivors = of("missed.txt", &survivors)?;
        }
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

/// The tests of the packages [`LAWS`] without the suites that take long, as
/// arguments of `cargo test`.
fn laws(sh: &Shell) -> Result<Vec<String>> {
    let list = sh.read_file("tests/validation/suites.rs")?;
    let (_, names) = list
        .rsplit_once("validate! {")
        .context("tests/validation/suites.rs lists no suites")?;
    let names = names.split_whitespace().filter(|name| *name != "}");
    let long = names.filter(|name| !SUITES.contains(name));
    let targets = ["laws", "validation", "memory", "allocations"];
    let targets = targets.map(|name| format!("--test={name}")).into_iter();
    let targets = targets.chain(["--".to_owned()]);
    let skipped = long.map(|name| format!("--skip=suites::{name}"));
    Ok(targets.chain(skipped).collect())
}

/// Runs the named mutants against some tests, in place.
fn attempt<'a>(
    sh: &Shell,
    package: &str,
    names: &[String],
    out: &Path,
    tests: impl Iterator<Item = &'a str>,
) -> Result<()> {
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
