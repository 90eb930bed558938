//! What `cargo xtask verify` and `cargo xtask docs` run: a program of its own, so that the
//! other tasks do without the whole workspace.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow, bail, ensure};
use meanfield_tests::claims;
use meanfield_tests::suites::{ALL, assumptions, table};
use meanfield_tests::verify::{JudgedClaim, Suite, Verdict, run as run_suites};

mod flags {
    //! The command line.
    #![allow(unreachable_pub, reason = "xflags generates public types")]

    use std::path::PathBuf;

    xflags::xflags! {
        /// The claims of this project, measured.
        cmd meanfield-verify {
            /// Measure the claims and print the table; exit 1 unless all hold.
            cmd table {
                /// Suites to run; all of them if none is named.
                repeated suite: String
                /// Small sizes.
                optional --quick
                /// List the suites and their rows, and measure nothing.
                optional --list
                /// Also write the table as JSON.
                optional --json file: PathBuf
                /// Also write the table, with the plots behind its rows, as a page.
                optional --html file: PathBuf
            }
            /// Write the generated pages into that directory.
            cmd pages {
                required directory: PathBuf
                /// Compare them with what is there instead.
                optional --check
            }
        }
    }
}

fn main() -> ExitCode {
    let flags = flags::MeanfieldVerify::from_env_or_exit();
    let done = match flags.subcommand {
        flags::MeanfieldVerifyCmd::Table(args) => table(&args),
        flags::MeanfieldVerifyCmd::Pages(args) => pages(&args.directory, args.check),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the named suites, prints their table and fails unless every row holds,
/// and, with all suites, unless every claim of the paper is shown.
fn table(args: &flags::Table) -> Result<()> {
    let suites = chosen(&args.suite)?;
    if args.list {
        for suite in suites {
            println!("{}: {}", suite.name, suite.about);
            for id in suite.ids {
                println!("  {id}");
            }
        }
        return Ok(());
    }
    let count = suites.len();
    let mut report = run_suites(&suites, args.quick, |finished, rows, time| {
        let suite = rows.first().map_or("-", |judged| judged.suite);
        let holds = rows.iter().filter(|r| r.verdict == Verdict::Holds).count();
        eprintln!(
            "[{finished}/{count}] {suite}: {holds} of {} rows hold, {:.1} s",
            rows.len(),
            time.as_secs_f64()
        );
    });
    if args.suite.is_empty() {
        report.judge_claims(claims::all());
    }
    print!("{}", report.table());
    if let Some(file) = &args.json {
        write(file, &report.json()?)?;
    }
    if let Some(file) = &args.html {
        write(file, &report.html().map_err(|wrong| anyhow!("{wrong}"))?)?;
    }
    for defect in claims::defects(claims::all()) {
        eprintln!("{defect}");
    }
    let bad = |claim: &&JudgedClaim| claim.verdict != Verdict::Holds;
    ensure!(
        report.holds(),
        "{} rows and {} claims do not hold",
        report.failures(),
        report.claims.iter().filter(bad).count()
    );
    Ok(())
}

fn write(file: &Path, text: &str) -> Result<()> {
    std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}

/// The suites of these names, all of them for none, in the order of the table.
/// `broken`, in which every row fails, is there by name only.
fn chosen(names: &[String]) -> Result<Vec<&'static Suite>> {
    let known = || ALL.iter().chain([&table::BROKEN]);
    for name in names {
        if !known().any(|suite| suite.name == name) {
            let known: Vec<_> = ALL.iter().map(|suite| suite.name).collect();
            bail!(
                "there is no suite `{name}`; there are: {}",
                known.join(", ")
            );
        }
    }
    if names.is_empty() {
        return Ok(ALL.iter().collect());
    }
    let wanted = |suite: &&Suite| names.iter().any(|n| n == suite.name);
    Ok(known().filter(wanted).collect())
}

/// Writes the pages that are generated from the claims and from what the suites
/// measure, or compares them with what is there.
fn pages(directory: &Path, check: bool) -> Result<()> {
    let pages = [
        ("assumptions.md", assumptions::page()),
        ("conformance.md", claims::page()),
    ];
    for (name, page) in pages {
        let page = page.map_err(|wrong| anyhow!("{wrong}"))?;
        let path = directory.join(name);
        if check {
            let found = std::fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            ensure!(
                found == page,
                "{} is not what it must be; run `cargo xtask docs`",
                path.display()
            );
        } else {
            write(&path, &page)?;
        }
    }
    Ok(())
}
