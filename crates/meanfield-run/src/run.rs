//! A configuration computed: into files, or into memory.

mod point;
mod results;
mod sweep;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use meanfield::tensor::Scalar;

use crate::arrays::{ArrayError, OutputDirectory, forget_progress};
use crate::config::Config;
use crate::failure::{Failure, Reason};
use crate::outcome::Outcome;
use crate::problem::{AnyProblem, Problem, build};
use crate::watch::Watch;
use crate::workers::{every_core, pool};
use point::{Place, Point};
pub use results::{Results, solve};

/// Makes a page of what was found.
pub type Page<'a> = dyn Fn(&Outcome) -> Result<String, Reason> + Sync + 'a;

/// How a run goes into files.
pub struct Options<'a> {
    /// Where to write; by default beside the configuration, with .out for its extension.
    pub out: Option<PathBuf>,
    /// Seconds between checkpoints; 0: none.
    pub checkpoint: f64,
    /// Begin anew although there is a checkpoint.
    pub restart: bool,
    /// What report.html is made of; without it there is none.
    pub page: Option<&'a Page<'a>>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            out: None,
            checkpoint: 10.0,
            restart: false,
            page: None,
        }
    }
}

/// A run that is finished: its directory is in place.
#[derive(Debug)]
pub struct Finished {
    /// What was found, in plain numbers.
    pub outcome: Outcome,
    /// summary.json.
    pub summary: String,
    /// Where the files are.
    pub directory: PathBuf,
    /// [`Failure::Points`] when some points of a sweep failed and the others are written,
    /// [`Failure::Ended`] when what was found before is.
    pub failed: Option<Failure>,
}

/// Computes what a configuration asks for, a sweep too, and writes result.npz and
/// summary.json.
///
/// While it goes on DIR.partial holds its checkpoints; the directory appears whole, or
/// not at all. A run that was stopped goes on from the last checkpoint and ends with the
/// same bits.
///
/// # Errors
/// [`Failure`]; then nothing is left behind but what another run goes on from.
pub fn run(config: &Config, options: &Options<'_>, watch: &dyn Watch) -> Result<Finished, Failure> {
    let began = Instant::now();
    let sweep = config.sweep()?;
    on_threads(config, || {
        if let Some(sweep) = &sweep {
            return sweep::run(config, sweep, options, watch);
        }
        match build(config)? {
            AnyProblem::Real(problem) => one(config, &problem, options, watch, began),
            AnyProblem::Complex(problem) => one(config, &problem, options, watch, began),
        }
    })
}

/// Does something on as many threads as `[limits]` says.
pub(crate) fn on_threads<T: Send>(
    config: &Config,
    work: impl FnOnce() -> Result<T, Failure> + Send,
) -> Result<T, Failure> {
    match config.limits.threads {
        Some(threads) => pool(threads)?.install(work),
        None => {
            every_core()?;
            work()
        }
    }
}

fn one<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    options: &Options<'_>,
    watch: &dyn Watch,
    began: Instant,
) -> Result<Finished, Failure> {
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
        page: options.page,
    };
    let (record, outcome, summary) = point
        .compute(&place, watch)
        .map_err(|failure| suspended(failure, &directory, &target))?;
    directory.commit()?;
    let kept = Some(record.end());
    let failed = record.ended.map(|reason| Failure::Ended { reason, kept });
    Ok(Finished {
        outcome,
        summary,
        directory: target,
        failed,
    })
}

/// The place where results go.
fn prepare(
    config: &Config,
    options: &Options<'_>,
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

fn write(path: &Path, text: &str) -> Result<(), ArrayError> {
    let written = crate::files::create(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|source| ArrayError::Write {
        path: path.to_owned(),
        source,
    })
}

/// Stops here if whoever watches wants it.
fn go_on(watch: &dyn Watch) -> Result<(), Failure> {
    if watch.stop() {
        return Err(Failure::Interrupted);
    }
    Ok(())
}
