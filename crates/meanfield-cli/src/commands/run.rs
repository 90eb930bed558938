//! `meanfield run CONFIG`.

mod point;
mod sweep;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Instant;

use meanfield::tensor::Scalar;

use crate::arguments::RunOptions;
use crate::arrays::{ArrayError, OutputDirectory, forget_progress};
use crate::config::{Config, Sweep};
use crate::failure::Failure;
use crate::problem::{AnyProblem, Problem, build};
use crate::{interrupt, terminal};
use point::{Place, Point};

/// Computes what a configuration asks for.
///
/// # Errors
/// [`Failure`]; then nothing is left behind but what another run goes on from.
pub(crate) fn run(options: &RunOptions) -> Result<(), Failure> {
    let began = Instant::now();
    interrupt::install()?;
    let config = Config::load(&options.config)?;
    let sweep = Sweep::load(&options.config)?;
    super::use_threads(&config)?;
    if let Some(sweep) = sweep {
        return sweep::run(&config, &sweep, options, began);
    }
    match build(&config)? {
        AnyProblem::Real(problem) => one(&config, &problem, options, began),
        AnyProblem::Complex(problem) => one(&config, &problem, options, began),
    }
}

fn one<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    options: &RunOptions,
    began: Instant,
) -> Result<(), Failure> {
    let point = Point::new(config, problem, began)?;
    point.sizes.require(config)?;
    // Before any computing: a place that cannot be written is found at once.
    let (target, directory) = prepare(config, options)?;
    let files = directory.path();
    let place = Place {
        scratch: directory.scratch(),
        files: &files,
        checkpoint: options.checkpoint,
        alone: true,
    };
    let done = point
        .compute(&place)
        .map_err(|failure| suspended(failure, &directory, &target))?;
    directory.commit()?;
    if options.json {
        return terminal::print(&done.text);
    }
    let summary = terminal::summary(&done.outcome, std::io::stdout().is_terminal());
    finish(&summary, &target, began)
}

/// The place where results go.
fn prepare(
    config: &Config,
    options: &RunOptions,
) -> Result<(PathBuf, OutputDirectory), ArrayError> {
    let target = options.out.clone();
    let target = target.unwrap_or_else(|| config.default_output());
    let directory = OutputDirectory::prepare(&target)?;
    if options.restart {
        forget_progress(directory.scratch());
    }
    Ok((target, directory))
}

/// An interruption, with the place of what another run goes on from.
fn suspended(failure: Failure, directory: &OutputDirectory, target: &Path) -> Failure {
    match failure {
        Failure::Interrupted if directory.holds_progress() => {
            let mut partial = target.as_os_str().to_owned();
            partial.push(".partial");
            let checkpoint = partial.into();
            Failure::Suspended { checkpoint }
        }
        other => other,
    }
}

/// The last words of a run for people.
fn finish(summary: &str, target: &Path, began: Instant) -> Result<(), Failure> {
    let shown = target.display();
    let took = terminal::seconds(began.elapsed().as_secs_f64());
    let files = "report.html, result.npz, summary.json";
    terminal::print(&format!("{summary}\n{shown}: {files} ({took})\n"))?;
    terminal::advise(&format!(
        "open {} in a browser; numpy.load(\"{}\") has every number",
        target.join("report.html").display(),
        target.join("result.npz").display()
    ));
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), ArrayError> {
    let written = std::fs::write(path, text);
    written.map_err(|source| ArrayError::Write {
        path: path.to_owned(),
        source,
    })
}
