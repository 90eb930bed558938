//! `meanfield run CONFIG`.

use std::io::IsTerminal;
use std::path::Path;
use std::time::Instant;

use meanfield::tensor::Scalar;

use crate::arrays::{ArrayError, OutputDirectory, ResultFile};
use crate::compute::{Layout, Run, Sizes, possible, write_small};
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::problem::{AnyProblem, Problem, build};
use crate::summary::{Seconds, summary};
use crate::{interrupt, report, terminal};

/// Computes what a configuration asks for.
///
/// # Errors
/// [`Failure`]; then nothing is left behind.
pub(crate) fn run(path: &Path, out: Option<&Path>, json: bool) -> Result<(), Failure> {
    let began = Instant::now();
    interrupt::install()?;
    let config = Config::load(path)?;
    super::use_threads(&config)?;
    match build(&config)? {
        AnyProblem::Real(problem) => compute(&config, &problem, out, json, began),
        AnyProblem::Complex(problem) => compute(&config, &problem, out, json, began),
    }
}

fn compute<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    out: Option<&Path>,
    json: bool,
    began: Instant,
) -> Result<(), Failure> {
    let (exact, skipped) = possible(config, problem)?;
    let dimension = problem.model.space().dimension();
    let complex = problem.model.basis().is_complex();
    let layout = Layout::new(config, exact, dimension, complex);
    let sizes = Sizes::new(config, problem, &layout)?;
    sizes.require(config)?;
    let run = Run::new(config, problem, &layout)?;

    // Before any computing: a place that cannot be written is found at once.
    let default = config.default_output();
    let directory = OutputDirectory::prepare(out.unwrap_or(&default))?;
    let mut result = ResultFile::new(directory.scratch());
    let setup = began.elapsed().as_secs_f64();

    let clock = Instant::now();
    let record = run.compute(&mut result)?;
    let solve = clock.elapsed().as_secs_f64();

    let clock = Instant::now();
    interrupt::check()?;
    write_small(config, problem, &record, &mut result)?;
    result.assemble(&directory.path().join("result.npz"))?;
    let outcome = Outcome::new(config, problem, &layout, &record, &skipped);
    let page = report::page(&outcome).map_err(Failure::internal)?;
    write(&directory.path().join("report.html"), &page)?;
    let seconds = Seconds {
        setup,
        solve,
        write: clock.elapsed().as_secs_f64(),
    };
    let document = summary(
        config,
        problem,
        &layout,
        &record,
        &outcome,
        (seconds, sizes.planned()),
    );
    let text = serde_json::to_string_pretty(&document).map_err(Failure::internal)? + "\n";
    write(&directory.path().join("summary.json"), &text)?;
    interrupt::check()?;
    directory.commit()?;

    if json {
        return terminal::print(&text);
    }
    let shown = out.map_or_else(|| default.display(), |out| out.display());
    let took = terminal::seconds(began.elapsed().as_secs_f64());
    let summary = terminal::summary(&outcome, std::io::stdout().is_terminal());
    let files = "report.html, result.npz, summary.json";
    terminal::print(&format!("{summary}\n{shown}: {files} ({took})\n"))
}

fn write(path: &Path, text: &str) -> Result<(), ArrayError> {
    std::fs::write(path, text).map_err(|source| ArrayError::Write {
        path: path.to_owned(),
        source,
    })
}
