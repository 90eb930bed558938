//! What `cargo xtask verify` and `cargo xtask docs` run: a program of its own, so that the
//! other tasks do without the whole workspace.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow, bail, ensure};
use meanfield_tests::suites::{ALL, assumptions};
use meanfield_tests::verify::{Report, Suite};

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

/// Runs the named suites, prints their table and fails unless every row holds.
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
    let mut report = Report::default();
    for suite in suites {
        report.rows.extend(suite.judge(args.quick));
    }
    print!("{}", report.table());
    if let Some(file) = &args.json {
        std::fs::write(file, report.json()?)
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    ensure!(report.holds(), "{} rows do not hold", report.failures());
    Ok(())
}

/// The suites of these names, all of them for none, in the order of the table.
fn chosen(names: &[String]) -> Result<Vec<&'static Suite>> {
    for name in names {
        if !ALL.iter().any(|suite| suite.name == name) {
            let known: Vec<_> = ALL.iter().map(|suite| suite.name).collect();
            bail!(
                "there is no suite `{name}`; there are: {}",
                known.join(", ")
            );
        }
    }
    let wanted = |suite: &&Suite| names.is_empty() || names.iter().any(|n| n == suite.name);
    Ok(ALL.iter().filter(wanted).collect())
}

/// Writes the pages that are generated from what the suites measure, or compares
/// them with what is there.
fn pages(directory: &Path, check: bool) -> Result<()> {
    let page = assumptions::page().map_err(|wrong| anyhow!("{wrong}"))?;
    let path = directory.join("assumptions.md");
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
