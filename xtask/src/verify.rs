//! `cargo xtask verify [SUITE…] [--quick] [--list] [--json F]`.

use anyhow::{Context, Result, bail, ensure};
use meanfield_tests::suites::ALL;
use meanfield_tests::verify::{Report, Suite};

use crate::flags::Verify;

/// Runs the named suites, prints their table and fails unless every row holds.
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
