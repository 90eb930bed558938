//! Results in memory, as typed values.

use std::collections::BTreeMap;
use std::time::Instant;

use meanfield::tensor::Scalar;

use super::on_threads;
use super::point::Point;
use crate::arrays::{ResultFile, Values};
use crate::compute::{Keeper, Record};
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Finding, Outcome};
use crate::problem::{AnyProblem, Problem, build};
use crate::watch::Watch;

/// What a configuration asks for, computed.
#[derive(Debug)]
pub struct Results {
    /// What was found at the end, with its error figures, and the warnings.
    pub outcome: Outcome,
    /// Numbers by time.
    pub record: Record,
    /// The arrays of result.npz, by name.
    pub arrays: BTreeMap<String, Values>,
}

impl Results {
    /// What was found of a quantity, "⟨I⟩" say, at N and at the end.
    #[must_use]
    pub fn finding(&self, quantity: &str, n: usize) -> Option<&Finding> {
        let mut findings = self.outcome.findings.iter();
        findings.find(|found| found.quantity == quantity && found.n == Some(n))
    }
}

/// Computes one configuration and keeps everything in memory; a `[sweep]` is for
/// [`run`](super::run()), and is not looked at here.
///
/// # Errors
/// [`Failure`].
pub fn solve(config: &Config, watch: &dyn Watch) -> Result<Results, Failure> {
    let began = Instant::now();
    on_threads(config, || match build(config)? {
        AnyProblem::Real(problem) => one(config, &problem, watch, began),
        AnyProblem::Complex(problem) => one(config, &problem, watch, began),
    })
}

fn one<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    watch: &dyn Watch,
    began: Instant,
) -> Result<Results, Failure> {
    let mut point = Point::new(config, problem, began)?;
    point.keep_arrays();
    point.sizes.require(config)?;
    let keeper = Keeper::new(None, config, 0.0);
    let solved = point.solve(&keeper, ResultFile::in_memory(), watch)?;
    watch.finishing();
    Ok(Results {
        outcome: point.outcome(&solved.record),
        record: solved.record,
        arrays: solved.arrays.into_values()?,
    })
}
