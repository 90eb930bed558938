//! `meanfield run CONFIG`.

use std::io::IsTerminal;
use std::time::Instant;

use meanfield_run::catalogue::Catalogue;
use meanfield_run::units::seconds;
use meanfield_run::{Config, Failure, Finished, Options, run as compute};

use crate::arguments::RunOptions;
use crate::terminal;
use crate::watch::{self, Terminal};

/// Computes what a configuration asks for.
///
/// # Errors
/// [`Failure`]; then nothing is left behind but what another run goes on from, or some
/// points of a sweep failed.
pub(crate) fn run(options: &RunOptions, catalogue: &Catalogue) -> Result<(), Failure> {
    let began = Instant::now();
    watch::on_interruption();
    let config = Config::load_with(&options.config, catalogue)?;
    let files = Options {
        out: options.out.clone(),
        checkpoint: options.checkpoint,
        restart: options.restart,
        page: Some(&|outcome| meanfield_report::page(outcome).map_err(Into::into)),
    };
    let finished = compute(&config, &files, &Terminal)?;
    if options.json {
        terminal::print(&finished.summary)?;
    } else {
        say(&finished, began)?;
    }
    finished.failed.map_or(Ok(()), Err)
}

/// The last words of a run for people.
fn say(finished: &Finished, began: Instant) -> Result<(), Failure> {
    let summary = terminal::summary(&finished.outcome, std::io::stdout().is_terminal());
    let shown = finished.directory.display();
    let took = seconds(began.elapsed().as_secs_f64());
    let files = "report.html, result.npz, summary.json";
    terminal::print(&format!("{summary}\n{shown}: {files} ({took})\n"))?;
    terminal::advise(&format!(
        "open {} in a browser; numpy.load(\"{}\") has every number",
        finished.directory.join("report.html").display(),
        finished.directory.join("result.npz").display()
    ));
    Ok(())
}
