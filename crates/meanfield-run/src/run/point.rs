//! One configuration, from its problem to its files.

use std::path::Path;
use std::time::Instant;

use meanfield::tensor::Scalar;

use super::{Page, go_on, write};
use crate::arrays::{ResultFile, forget_progress};
use crate::compute::{Keeper, OutputPlan, Record, Run, Sizes, Skipped, possible, write_small};
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::problem::{AnyProblem, Problem, build};
use crate::summary::{Seconds, summary};
use crate::watch::{Beside, Watch};

/// A configuration whose problem is there, and what it takes.
pub(super) struct Point<'a, S> {
    config: &'a Config,
    problem: &'a Problem<S>,
    outputs: OutputPlan,
    /// What it takes.
    pub(super) sizes: Sizes,
    skipped: Vec<Skipped>,
    began: Instant,
}

/// Where a point is computed, and how.
pub(super) struct Place<'a> {
    /// For files in progress and checkpoints.
    pub(super) scratch: &'a Path,
    /// For the files that will stay.
    pub(super) files: &'a Path,
    /// Seconds between checkpoints; 0: none.
    pub(super) checkpoint: f64,
    /// Whether it is the only one: then its stages are watched.
    pub(super) alone: bool,
    /// What report.html is made of.
    pub(super) page: Option<&'a Page<'a>>,
}

/// A point that is solved, with the seconds it took to begin and to solve.
pub(super) struct Solved {
    pub(super) record: Record,
    pub(super) arrays: ResultFile,
    setup: f64,
    solve: f64,
    written: Instant,
}

impl<'a, S: Scalar> Point<'a, S> {
    /// Counts what it takes.
    ///
    /// # Errors
    /// [`Failure::Input`] when the method or an exact solution is impossible.
    pub(super) fn new(
        config: &'a Config,
        problem: &'a Problem<S>,
        began: Instant,
    ) -> Result<Self, Failure> {
        let (exact, skipped) = possible(config, problem)?;
        let dimension = problem.model.space().dimension();
        let complex = problem.model.capabilities().basis.is_complex();
        let outputs = OutputPlan::new(config, exact, dimension, complex);
        let sizes = Sizes::new(config, problem, &outputs)?;
        Ok(Self {
            config,
            problem,
            outputs,
            sizes,
            skipped,
            began,
        })
    }

    /// Counts its arrays as held.
    pub(super) fn keep_arrays(&mut self) {
        self.sizes.keep_arrays(&self.outputs);
    }

    /// Solves it; its arrays grow in `arrays`.
    ///
    /// # Errors
    /// [`Failure`].
    pub(super) fn solve(
        &self,
        keeper: &Keeper,
        mut arrays: ResultFile,
        watch: &dyn Watch,
    ) -> Result<Solved, Failure> {
        let run = Run::new(self.config, self.problem, &self.outputs, keeper, watch)?;
        let setup = self.began.elapsed().as_secs_f64();
        let clock = Instant::now();
        // First: what cannot be solved on a coarser grid costs little to be told.
        let coarser = match self.config.coarser()? {
            Some(coarser) => {
                let _stage = watch.stage("coarser");
                let record = match build(&coarser)? {
                    AnyProblem::Real(problem) => numbers_of(&coarser, &problem, watch)?,
                    AnyProblem::Complex(problem) => numbers_of(&coarser, &problem, watch)?,
                };
                Some(Box::new(record))
            }
            None => None,
        };
        let mut record = run.compute(&mut arrays)?;
        record.coarser = coarser;
        let solve = clock.elapsed().as_secs_f64();
        let written = Instant::now();
        write_small(self.config, self.problem, &record, &mut arrays)?;
        Ok(Solved {
            record,
            arrays,
            setup,
            solve,
            written,
        })
    }

    /// What was found.
    pub(super) fn outcome(&self, record: &Record) -> Outcome {
        let (config, problem) = (self.config, self.problem);
        Outcome::new(config, problem, &self.outputs, record, &self.skipped)
    }

    /// Computes it and writes result.npz, summary.json and report.html; returns what was
    /// recorded and found, and summary.json.
    ///
    /// # Errors
    /// [`Failure`].
    pub(super) fn compute(
        &self,
        place: &Place<'_>,
        watch: &dyn Watch,
    ) -> Result<(Record, Outcome, String), Failure> {
        let beside = Beside(watch);
        let watch = if place.alone { watch } else { &beside };
        let keeper = Keeper::new(Some(place.scratch), self.config, place.checkpoint);
        let solved = self.solve(&keeper, ResultFile::new(place.scratch), watch);
        let solved = solved.inspect_err(|failure| {
            // What cannot be solved cannot be resumed; a full disk can be emptied.
            if !failure.is_of_files() && !matches!(failure, Failure::Interrupted) {
                forget_progress(place.scratch);
            }
        })?;
        if place.alone {
            // Whoever stopped it until here was told that the run would stop.
            go_on(watch)?;
            watch.finishing();
        }
        solved.arrays.assemble(&place.files.join("result.npz"))?;
        let outcome = self.outcome(&solved.record);
        if let Some(page) = place.page {
            let page = page(&outcome).map_err(Failure::internal)?;
            write(&place.files.join("report.html"), &page)?;
        }
        let seconds = Seconds {
            setup: solved.setup,
            solve: solved.solve,
            write: solved.written.elapsed().as_secs_f64(),
        };
        let document = summary(
            self.config,
            self.problem,
            &self.outputs,
            &solved.record,
            &outcome,
            (seconds, self.sizes.planned()),
        );
        let text = serde_json::to_string_pretty(&document).map_err(Failure::internal)? + "\n";
        write(&place.files.join("summary.json"), &text)?;
        Ok((solved.record, outcome, text))
    }
}

/// The numbers by time of a configuration whose arrays nobody asks for.
fn numbers_of<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    watch: &dyn Watch,
) -> Result<Record, Failure> {
    let point = Point::new(config, problem, Instant::now())?;
    point.sizes.require(config)?;
    let keeper = Keeper::new(None, config, 0.0);
    let (outputs, mut arrays) = (&point.outputs, ResultFile::in_memory());
    Run::new(config, problem, outputs, &keeper, &Beside(watch))?.compute(&mut arrays)
}
