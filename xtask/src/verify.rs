//! `cargo xtask verify [SUITE…] [--quick] [--list] [--json F] [--html F]`.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail, ensure};
use meanfield_tests::claims;
use meanfield_tests::suites::{ALL, table};
use meanfield_tests::verify::{Suite, Verdict, run as run_suites};

use crate::flags::Verify;

/// Runs the named suites, prints their table and fails unless every row holds,
/// and, with all suites, unless every claim of the paper is shown.
pub(crate) fn run(args: &Verify) -> Result<()> {
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
    let bad = |claim: &&meanfield_tests::verify::JudgedClaim| claim.verdict != Verdict::Holds;
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
