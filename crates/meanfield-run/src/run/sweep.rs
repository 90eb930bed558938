//! A sweep: every point computed, side by side; the results in one place.
//!
//! A point that is finished stays in DIR.partial/points, under a name made of
//! all that its results depend on, until the whole sweep is: a run that goes on,
//! or one with more values, finds it there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use meanfield::tensor::Scalar;
use serde_json::Value;

use super::point::{Place, Point};
use super::{Finished, Options, prepare, suspended, write};
use crate::arrays::{
    ArrayError, POINTS, UNFINISHED_POINT, Whole, holds_progress, is_archive, stack,
};
use crate::config::{Config, Sweep};
use crate::failure::Failure;
use crate::memory::{available_memory, resident_memory};
use crate::outcome::{Swept, swept_outcome};
use crate::problem::{AnyProblem, Problem, build};
use crate::summary::sweep_summary;
use crate::watch::{Stage, Watch};
use crate::workers::{Memory, each};

/// What the points share.
struct Points<'a> {
    sweep: &'a Sweep,
    /// DIR.partial/points.
    directory: PathBuf,
    checkpoint: f64,
    /// What the program holds before any point.
    held: u64,
    allowed: Option<u64>,
    memory: Memory,
    watch: &'a dyn Watch,
    meter: Box<dyn Stage + 'a>,
    /// How many are finished, and what the others died of, by number.
    state: Mutex<(usize, BTreeMap<usize, Failure>)>,
}

/// Computes a sweep.
///
/// # Errors
/// [`Failure`]: what stops all points leaves those that are finished;
/// [`Failure::Points`] when some of them failed and the others are written.
pub(super) fn run(
    config: &Config,
    sweep: &Sweep,
    options: &Options<'_>,
    watch: &dyn Watch,
) -> Result<Finished, Failure> {
    let (target, directory) = prepare(config, options)?;
    let points = directory.scratch().join(POINTS);
    std::fs::create_dir_all(&points).map_err(|source| ArrayError::Write {
        path: points.clone(),
        source,
    })?;
    let kept = std::fs::read_dir(&points).into_iter().flatten().flatten();
    let kept = kept.filter(|entry| is_finished(&entry.path())).count();
    if kept > 0 {
        watch.note(&format!(
            "going on: {kept} finished points are kept in {}.partial, and what this sweep has of \
             them is not computed again",
            target.display()
        ));
    }
    let held = resident_memory().unwrap_or(0);
    let allowed = config.limits.memory.or_else(available_memory);
    let shared = Points {
        sweep,
        directory: points,
        checkpoint: options.checkpoint,
        held,
        allowed,
        memory: Memory::new(allowed.map(|allowed| allowed.saturating_sub(held))),
        watch,
        meter: watch.stage(&format!("{} points", sweep.points())),
        state: Mutex::new((0, BTreeMap::new())),
    };
    let clock = Instant::now();
    let threads = rayon::current_num_threads();
    let computed = each(sweep.points(), threads, watch, |number| {
        shared.compute(number)
    });
    computed.map_err(|failure| suspended(failure, &directory, &target))?;
    let solve = clock.elapsed().as_secs_f64();
    drop(shared.meter);
    let failed = shared.state.into_inner();
    let (_, mut failed) = failed.unwrap_or_else(PoisonError::into_inner);
    if failed.len() == sweep.points()
        && let Some((number, failure)) = failed.pop_first()
    {
        watch.note("no point could be computed; this is what the first one says");
        return Err(failure.at_point(&sweep.name(number)));
    }

    watch.finishing();
    let clock = Instant::now();
    let finished: Vec<Option<PathBuf>> = (0..sweep.points())
        .map(|number| {
            let there = !failed.contains_key(&number);
            Ok(there.then_some(shared.directory.join(place_of(&sweep.config(number)?))))
        })
        .collect::<Result<_, Failure>>()?;
    let swept = Swept {
        sweep,
        summaries: finished
            .iter()
            .map(|place| place.as_deref().map(summary_of).transpose())
            .collect::<Result<_, _>>()?,
        failed: failed
            .iter()
            .map(|(&number, failure)| (number, failure.to_string()))
            .collect(),
    };
    let archives: Vec<Option<PathBuf>> = finished
        .iter()
        .map(|place| Some(place.as_ref()?.join("result.npz")))
        .collect();
    let stacked = stack(
        &directory.path().join("result.npz"),
        &axes(&swept),
        &archives,
        &sweep.shape(),
        |name| name == "t" || (name.starts_with("obs_") && name.contains("_axis_")),
    )?;
    let outcome = swept_outcome(config, &swept);
    if let Some(page) = options.page {
        let page = page(&outcome).map_err(Failure::internal)?;
        write(&directory.path().join("report.html"), &page)?;
    }
    let seconds = (solve, clock.elapsed().as_secs_f64());
    let document = sweep_summary(config, &swept, &stacked, &outcome, seconds);
    let text = serde_json::to_string_pretty(&document).map_err(Failure::internal)? + "\n";
    write(&directory.path().join("summary.json"), &text)?;
    directory.commit()?;

    let first = failed.pop_first();
    Ok(Finished {
        outcome,
        summary: text,
        directory: target,
        failed: first.map(|(number, failure)| Failure::Points {
            failed: failed.len() + 1,
            points: sweep.points(),
            first: sweep.name(number),
            reason: failure.to_string(),
        }),
    })
}

impl Points<'_> {
    /// Computes point `number`, unless it is there; what it fails of alone is
    /// noted.
    fn compute(&self, number: usize) -> Result<(), Failure> {
        let began = Instant::now();
        let config = self.sweep.config(number)?;
        let place = self.directory.join(place_of(&config));
        let done = if is_finished(&place) {
            Ok(())
        } else {
            build(&config).and_then(|problem| match problem {
                AnyProblem::Real(problem) => self.solve(&config, &problem, &place, began),
                AnyProblem::Complex(problem) => self.solve(&config, &problem, &place, began),
            })
        };
        let failure = match done {
            Err(Failure::Interrupted) => return Err(Failure::Interrupted),
            // A full disk is no matter of one point.
            Err(failure) if failure.is_of_files() => return Err(failure),
            other => other.err(),
        };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match failure {
            Some(failure) => drop(state.1.insert(number, failure)),
            None => state.0 += 1,
        }
        let share = (state.0 + state.1.len()) as f64 / self.sweep.points() as f64;
        self.meter.set(share);
        Ok(())
    }

    fn solve<S: Scalar>(
        &self,
        config: &Config,
        problem: &Problem<S>,
        place: &Path,
        began: Instant,
    ) -> Result<(), Failure> {
        let mut point = Point::new(config, problem, began)?;
        // What the other points hold is counted as theirs.
        point.sizes.held = self.held;
        point.sizes.require_within(config, self.allowed)?;
        let _share = self.memory.take(point.sizes.planned() - self.held);
        let mut scratch = place.as_os_str().to_owned();
        scratch.push(UNFINISHED_POINT);
        let scratch = PathBuf::from(scratch);
        let files = scratch.join("new");
        let on_disk = |source| ArrayError::Write {
            path: scratch.clone(),
            source,
        };
        // What a killed process was putting together is of no use.
        let _ = std::fs::remove_dir_all(&files);
        std::fs::create_dir_all(&files).map_err(on_disk)?;
        let here = Place {
            scratch: &scratch,
            files: &files,
            checkpoint: self.checkpoint,
            alone: false,
            page: None,
        };
        let done = point.compute(&here, self.watch);
        match done {
            // Its arrays are shorter than those of the others.
            Ok((record, ..)) if record.ended.is_some() => {
                let _ = std::fs::remove_dir_all(&scratch);
                return Err(Failure::ended(record.ended.unwrap_or_default()));
            }
            Ok(_) => {
                // One that is there was not whole.
                let _ = std::fs::remove_dir_all(place);
                std::fs::rename(&files, place).map_err(on_disk)?;
            }
            Err(failure) => {
                // A point that was stopped, or met a full disk, goes on from there.
                if !holds_progress(&scratch) {
                    let _ = std::fs::remove_dir_all(&scratch);
                }
                return Err(failure);
            }
        }
        let _ = std::fs::remove_dir_all(&scratch);
        Ok(())
    }
}

/// The name of a point's directory: all that its results depend on.
fn place_of(config: &Config) -> String {
    format!("{}-{:016x}", env!("CARGO_PKG_VERSION"), config.fingerprint)
}

fn is_finished(place: &Path) -> bool {
    is_archive(&place.join("result.npz")) && summary_of(place).is_ok()
}

fn summary_of(place: &Path) -> Result<Value, ArrayError> {
    let path = place.join("summary.json");
    let read = std::fs::read_to_string(&path);
    read.and_then(|text| serde_json::from_str(&text).map_err(Into::into))
        .map_err(|source| ArrayError::Unreadable { path, source })
}

/// The arrays that name the new axes.
fn axes(swept: &Swept<'_>) -> Vec<(String, Whole)> {
    let axes = &swept.sweep.axes;
    let keys = axes.iter().map(|axis| axis.key.clone()).collect();
    let mut out = vec![("sweep_axes".to_owned(), Whole::Texts(keys))];
    for axis in axes {
        let numbers: Option<Vec<f64>> = axis.values.iter().map(|value| value.number).collect();
        let values = match numbers {
            Some(numbers) => Whole::Numbers(numbers),
            None => Whole::Texts(axis.values.iter().map(|v| v.text.clone()).collect()),
        };
        out.push((format!("sweep_{}", axis.key), values));
    }
    let failed = (0..swept.sweep.points()).map(|number| swept.has_failed(number));
    let failed = Whole::Bools(failed.collect(), swept.sweep.shape());
    out.push(("failed".to_owned(), failed));
    out
}
