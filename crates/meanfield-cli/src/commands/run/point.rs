//! One configuration, from its problem to its files.

use std::path::Path;
use std::time::Instant;

use meanfield::tensor::Scalar;
use serde_json::Value;

use super::write;
use crate::arrays::{ArrayError, ResultFile, forget_progress};
use crate::compute::{Keeper, OutputPlan, Run, Sizes, Skipped, possible, write_small};
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::problem::Problem;
use crate::summary::{Seconds, summary};
use crate::{interrupt, report};

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
    /// Whether it is the only one: then it shows its progress and writes a
    /// report.
    pub(super) alone: bool,
}

/// A point that is finished; its files are written.
pub(super) struct Done {
    /// What was found.
    pub(super) outcome: Outcome,
    /// summary.json.
    pub(super) text: String,
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

    /// Computes it and writes result.npz, summary.json and, alone,
    /// report.html.
    ///
    /// # Errors
    /// [`Failure`].
    pub(super) fn compute(&self, place: &Place<'_>) -> Result<Done, Failure> {
        let keeper = Keeper::new(place.scratch, self.config, place.checkpoint);
        let run = Run::new(
            self.config,
            self.problem,
            &self.outputs,
            &keeper,
            place.alone,
        )?;
        let mut result = ResultFile::new(place.scratch);
        let setup = self.began.elapsed().as_secs_f64();

        let clock = Instant::now();
        let solved = run.compute(&mut result);
        let solve = clock.elapsed().as_secs_f64();
        let record = solved.inspect_err(|failure| {
            // What cannot be solved cannot be resumed; a full disk can be emptied.
            let on_disk = matches!(failure, Failure::Internal(error) if error.is::<ArrayError>());
            if !on_disk && !matches!(failure, Failure::Interrupted) {
                forget_progress(place.scratch);
            }
        })?;
        if place.alone {
            // Whoever pressed Ctrl-C until here was told that the run would stop.
            interrupt::check()?;
            interrupt::finishing();
        }

        let clock = Instant::now();
        write_small(self.config, self.problem, &record, &mut result)?;
        result.assemble(&place.files.join("result.npz"))?;
        let outcome = Outcome::new(
            self.config,
            self.problem,
            &self.outputs,
            &record,
            &self.skipped,
        );
        if place.alone {
            let page = report::page(&outcome).map_err(Failure::internal)?;
            write(&place.files.join("report.html"), &page)?;
        }
        let seconds = Seconds {
            setup,
            solve,
            write: clock.elapsed().as_secs_f64(),
        };
        let document: Value = summary(
            self.config,
            self.problem,
            &self.outputs,
            &record,
            &outcome,
            (seconds, self.sizes.planned()),
        );
        let text = serde_json::to_string_pretty(&document).map_err(Failure::internal)? + "\n";
        write(&place.files.join("summary.json"), &text)?;
        Ok(Done { outcome, text })
    }
}
