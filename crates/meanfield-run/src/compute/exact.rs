//! Exact N-body evolution for every N of `[compare]`.

use std::time::Instant;

use meanfield::abstract_model::{Start, to_user};
use meanfield::exact::{ExactError, plan, solve};
use meanfield::expansion::ExactPair;
use meanfield::tensor::Scalar;
use num_complex::Complex64;

use super::at_n::AtN;
use super::observe::observe;
use super::outputs::What;
use super::record::{KEPT_ENTRIES, Record};
use super::writer::Writer;
use super::{ByN, Run, highest_marginal, sorted_exact, sorted_model};
use crate::config::Config;
use crate::failure::Failure;
use crate::problem::Problem;

/// A requested N that has no exact solution, and why.
pub(crate) type Skipped = (usize, String);

/// The N of `[compare]` that have an exact solution, and those that do not:
/// fixed counts N·F must be integers, given cumulants those of N particles.
///
/// # Errors
/// [`Failure::Input`] when none can have one.
pub(crate) fn possible<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
) -> Result<(Vec<usize>, Vec<Skipped>), Failure> {
    let (mut exact, mut skipped) = (Vec::new(), Vec::new());
    for &n in &config.exact {
        match problem.start.counts(n) {
            Err(reason) if matches!(problem.start, Start::FixedCounts { .. }) => {
                skipped.push((n, reason.to_string()));
            }
            _ => {
                let model = problem.model.as_ref();
                plan(model, &problem.start, n).map_err(Failure::input)?;
                // Whether cumulants are those of N particles is seen when the state is there.
                let at_start = match problem.start {
                    Start::Cumulants { .. } => {
                        solve(model, &problem.start, n, &[0.0], 1, None).map(drop)
                    }
                    _ => Ok(()),
                };
                match at_start {
                    Ok(()) => exact.push(n),
                    Err(reason @ ExactError::NoState { .. }) => {
                        skipped.push((n, reason.to_string()));
                    }
                    Err(error) => return Err(Failure::input(error)),
                }
            }
        }
    }
    Ok((exact, skipped))
}

/// The exact marginals at one N: by output time, then j − 1, packed.
pub(super) struct Solved<S>(Vec<Vec<Vec<S>>>);

impl<S: Scalar> Solved<S> {
    /// F_j at output time `k`.
    pub(super) fn marginal(&self, k: usize, j: usize) -> &[S] {
        &self.0[k][j - 1]
    }

    /// All entries, those of complex numbers as real and imaginary parts.
    pub(super) fn numbers(&self) -> Vec<f64> {
        let entries = self.0.iter().flatten().flatten();
        let parts = entries.flat_map(|x| {
            let z = x.to_complex();
            [z.re, z.im].into_iter().take(parts_of::<S>())
        });
        parts.collect()
    }

    /// What [`numbers`](Self::numbers) has made of a solution at so many times,
    /// with marginals of the given lengths; `None` if it was another.
    pub(super) fn from_numbers(numbers: Vec<f64>, times: usize, lengths: &[usize]) -> Option<Self> {
        let parts = parts_of::<S>();
        let each: usize = lengths.iter().sum();
        if numbers.len() != times * each * parts {
            return None;
        }
        let entry = |p: &[f64]| {
            let im = p.get(1).copied().unwrap_or(0.0);
            S::from_complex(Complex64::new(p[0], im))
        };
        let mut entries = numbers.chunks(parts).map(entry);
        let mut take = |&n: &usize| entries.by_ref().take(n).collect();
        let by_time = (0..times).map(|_| lengths.iter().map(&mut take).collect());
        Some(Self(by_time.collect()))
    }
}

/// Real numbers in a scalar.
fn parts_of<S>() -> usize {
    size_of::<S>() / size_of::<f64>()
}

/// Exact marginals by N; `recorded` says that what is written and recorded of
/// them is there already.
pub(super) fn solve_all<S: Scalar>(
    run: &Run<'_, S>,
    writer: &mut Writer<'_>,
    record: &mut Record,
    recorded: bool,
) -> Result<ByN<Solved<S>>, Failure> {
    let mut out = ByN::new();
    let times = &run.outputs.times;
    for &n in &run.outputs.exact {
        let model = run.problem.model.as_ref();
        let highest = highest_marginal(run.config, run.problem).min(n);
        let lengths: Vec<usize> = (1..=highest).map(|j| run.layout.len(j)).collect();
        let solved = match run.keeper.kept_exact(n, times.len(), &lengths, run.watch) {
            Some(kept) => kept,
            None => {
                let clock = Instant::now();
                let meter = run.stage(&format!("exact, N = {n}"));
                let mut progress = |share: f64| {
                    meter.set(share);
                    !run.watch.stop()
                };
                let start = &run.problem.start;
                let solved = solve(model, start, n, times, highest, Some(&mut progress));
                let solved = Solved(solved.map_err(sorted_exact)?.into_marginals());
                run.keeper
                    .keep_exact(n, &solved, clock.elapsed(), run.watch);
                solved
            }
        };
        if recorded {
            out.insert(n, solved);
            continue;
        }
        let mut values = Vec::with_capacity(times.len());
        for k in 0..times.len() {
            for &j in &run.config.expansion.marginals {
                writer.append(
                    What::Exact { j, n },
                    model,
                    &run.layout,
                    solved.marginal(k, j),
                )?;
            }
            let first = solved.marginal(k, 1);
            let pair = ExactPair {
                layout: &run.layout,
                first,
                second: (highest >= 2).then(|| solved.marginal(k, 2)),
                particles: n,
            };
            let observed = observe(&pair, model, &run.problem.quantities).map_err(sorted_model)?;
            let entries = to_user(model, &run.layout, 1, first);
            let entries = entries.iter().take(KEPT_ENTRIES).copied().collect();
            values.push(AtN::of_numbers(&observed, entries, n));
        }
        record.exact.insert(n, values);
        out.insert(n, solved);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_a_kept_solution_has_the_same_bits() {
        fn require<S: Scalar>(entry: impl Fn(usize) -> S) {
            let marginals = |k: usize| vec![vec![entry(k)], vec![entry(k + 1), entry(k + 2)]];
            let solved = Solved((0..3).map(|k| marginals(10 * k)).collect());
            let kept = Solved::from_numbers(solved.numbers(), 3, &[1, 2]).unwrap();
            assert_eq!(solved.0, kept.0);
            for (times, lengths) in [(2, vec![1, 2]), (3, vec![1]), (3, vec![1, 2, 2])] {
                assert!(Solved::<S>::from_numbers(solved.numbers(), times, &lengths).is_none());
            }
        }
        require(|k| 1.0 / (k as f64 + 0.3));
        require(|k| Complex64::new(1.0 / (k as f64 + 0.3), -0.1 * k as f64));
    }
}
