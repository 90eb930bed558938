//! `meanfield run CONFIG`.

use std::io::IsTerminal;
use std::path::Path;
use std::time::Instant;

use meanfield::tensor::Scalar;

use crate::arguments::RunOptions;
use crate::arrays::{ArrayError, OutputDirectory, ResultFile};
use crate::compute::{Keeper, Layout, Run, Sizes, possible, write_small};
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
pub(crate) fn run(options: &RunOptions) -> Result<(), Failure> {
    let began = Instant::now();
    interrupt::install()?;
    let config = Config::load(&options.config)?;
    super::use_threads(&config)?;
    match build(&config)? {
        AnyProblem::Real(problem) => compute(&config, &problem, options, began),
        AnyProblem::Complex(problem) => compute(&config, &problem, options, began),
    }
}

fn compute<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    options: &RunOptions,
    began: Instant,
) -> Result<(), Failure> {
    let (exact, skipped) = possible(config, problem)?;
    let dimension = problem.model.space().dimension();
    let complex = problem.model.basis().is_complex();
    let layout = Layout::new(config, exact, dimension, complex);
    let sizes = Sizes::new(config, problem, &layout)?;
    sizes.require(config)?;

    // Before any computing: a place that cannot be written is found at once.
    let default = config.default_output();
    let target = options.out.as_deref().unwrap_or(&default);
    let directory = OutputDirectory::prepare(target)?;
    let keeper = Keeper::new(directory.scratch(), config, options.checkpoint);
    if options.restart {
        keeper.forget();
    }
    let run = Run::new(config, problem, &layout, &keeper)?;
    let mut result = ResultFile::new(directory.scratch());
    let setup = began.elapsed().as_secs_f64();

    let clock = Instant::now();
    let solved = run.compute(&mut result);
    let solve = clock.elapsed().as_secs_f64();
    let record = match solved {
        Ok(record) => record,
        Err(Failure::Interrupted) if keeper.has_checkpoint() => {
            let mut checkpoint = target.as_os_str().to_owned();
            checkpoint.push(".partial");
            let checkpoint = checkpoint.into();
            return Err(Failure::Suspended { checkpoint });
        }
        Err(failure) => {
            // What cannot be solved cannot be resumed; a full disk can be emptied.
            if !matches!(&failure, Failure::Internal(error) if error.is::<ArrayError>()) {
                keeper.forget();
            }
            return Err(failure);
        }
    };

    let clock = Instant::now();
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

    if options.json {
        return terminal::print(&text);
    }
    let shown = target.display();
    let took = terminal::seconds(began.elapsed().as_secs_f64());
    let summary = terminal::summary(&outcome, std::io::stdout().is_terminal());
    let files = "report.html, result.npz, summary.json";
    terminal::print(&format!("{summary}\n{shown}: {files} ({took})\n"))?;
    let page = target.join("report.html");
    terminal::advise(&format!(
        "open {} in a browser; numpy.load(\"{}\") has every number",
        page.display(),
        target.join("result.npz").display()
    ));
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), ArrayError> {
    std::fs::write(path, text).map_err(|source| ArrayError::Write {
        path: path.to_owned(),
        source,
    })
}
