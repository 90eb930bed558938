//! The numbers at the end time, for every N.

use meanfield::tensor::Scalar;
use num_complex::Complex64;

use super::Finding;
use crate::compute::{AtN, Record, error_estimate};
use crate::config::Config;
use crate::problem::Problem;

/// At most this many entries of F_1 are shown.
pub(super) const SHOWN_ENTRIES: usize = 8;

/// Something that has a value at every time, with and without N.
pub(super) struct Line {
    /// Its name.
    pub(super) name: String,
    /// What it is.
    pub(super) source: Source,
}

/// Where a line's values are in the record.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source {
    /// The mean of an observable.
    Mean(usize),
    /// The variance of its empirical average.
    Variance(usize),
    /// The real part of an entry of F_1.
    Real(usize),
    /// The imaginary part.
    Imaginary(usize),
}

impl Source {
    /// The value at one N.
    pub(super) fn at(self, values: &AtN) -> Option<f64> {
        match self {
            Self::Mean(q) => values.means.get(q).copied().flatten(),
            Self::Variance(q) => values.variances.get(q).copied().flatten(),
            Self::Real(e) => values.entries.get(e).map(|z| z.re),
            Self::Imaginary(e) => values.entries.get(e).map(|z| z.im),
        }
    }

    /// The coefficients of 1/N at output time `k`, as many as are known.
    pub(super) fn series(self, record: &Record, k: usize) -> Vec<f64> {
        let entry = |e: usize, part: fn(&Complex64) -> f64| {
            let by_power = record.entries.get(k).into_iter().flatten();
            by_power
                .filter_map(|entries| entries.get(e).map(part))
                .collect()
        };
        let observed = |q: usize| record.observed.get(k).and_then(|list| list.get(q));
        match self {
            Self::Mean(q) => {
                let series = observed(q).and_then(|o| o.number());
                series.map_or(Vec::new(), |s| s.coefficients().to_vec())
            }
            Self::Variance(q) => {
                let series = observed(q).and_then(|o| o.scaled_variance());
                series.map_or(Vec::new(), |s| s.over_n().coefficients().to_vec())
            }
            Self::Real(e) => entry(e, |z| z.re),
            Self::Imaginary(e) => entry(e, |z| z.im),
        }
    }

    /// The highest power of 1/N that is kept.
    pub(super) fn order(self, config: &Config, record: &Record) -> usize {
        let order = config.expansion.order;
        let first = record.observed.first();
        match self {
            Self::Mean(q) => first.map_or(order, |observed| observed[q].order(order)),
            _ => order,
        }
    }
}

/// What is shown: the observables with their variances, or else entries of F_1.
pub(super) fn lines<S: Scalar>(config: &Config, problem: &Problem<S>) -> Vec<Line> {
    let mut out = Vec::new();
    for (q, quantity) in problem.quantities.iter().enumerate() {
        let line = |name: String, source| Line { name, source };
        if !quantity.axes.is_empty() {
            continue;
        }
        if quantity.is_average() {
            out.push(line(format!("⟨{}⟩", quantity.name), Source::Mean(q)));
            if config.expansion.order > 0 && quantity.fluctuates() {
                out.push(line(format!("Var {}", quantity.name), Source::Variance(q)));
            }
        } else {
            out.push(line(quantity.name.clone(), Source::Mean(q)));
        }
    }
    if !out.is_empty() {
        return out;
    }
    let levels = problem.model.capabilities().basis.levels();
    let complex = problem.model.capabilities().basis.is_complex();
    for (e, label) in problem.entries.iter().enumerate() {
        let (row, column) = levels.map_or((e, e), |d| (e / d, e % d));
        // The other half of a Hermitian matrix says nothing new.
        if row > column || out.len() >= SHOWN_ENTRIES {
            continue;
        }
        let name = format!("F_1[{label}]");
        if !complex || (levels.is_some() && row == column) {
            out.push(Line {
                name,
                source: Source::Real(e),
            });
        } else {
            let (re, im) = (format!("Re {name}"), format!("Im {name}"));
            out.push(Line {
                name: re,
                source: Source::Real(e),
            });
            out.push(Line {
                name: im,
                source: Source::Imaginary(e),
            });
        }
    }
    out
}

/// The table at the end time.
pub(super) fn findings<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    record: &Record,
) -> Vec<Finding> {
    let last = record.times.len() - 1;
    let mut out = Vec::new();
    for line in lines(config, problem) {
        let series = line.source.series(record, last);
        if record.corrected.is_empty()
            && let Some(&limit) = series.first()
        {
            out.push(Finding {
                quantity: line.name.clone(),
                n: None,
                mean_field: Some(limit),
                corrected: None,
                error: None,
                exact: None,
            });
        }
        let sizes = sizes(config, record, line.source);
        for (&n, values) in &record.corrected {
            let Some(corrected) = values.last().and_then(|v| line.source.at(v)) else {
                continue;
            };
            let exact = record.exact.get(&n).and_then(|list| list.last());
            // What is made of covariances is a matter of pairs.
            let pairs = match line.source {
                Source::Variance(_) => true,
                Source::Mean(q) => problem.quantities[q].of_pairs(),
                _ => false,
            };
            let j = if pairs { 2 } else { 1 };
            let own = record
                .has_series
                .then(|| error_estimate(config, line.source.order(config, record), &sizes, j, n));
            let error = own.flatten().map(|own| {
                // What the integrator leaves undecided is no better known.
                own.max(config.time.tolerance * corrected.abs())
            });
            out.push(Finding {
                quantity: line.name.clone(),
                n: Some(n),
                mean_field: series.first().map(|&limit| match sizes.first() {
                    Some(0.0) => 0.0,
                    _ => limit,
                }),
                corrected: Some(corrected),
                error,
                exact: exact.and_then(|v| line.source.at(v)),
            });
        }
    }
    out
}

/// The largest size that each coefficient of a line has had: one may happen to
/// vanish at the end, and what follows from its ratio to another would mean
/// nothing. What the integrator leaves of a zero counts as zero.
fn sizes(config: &Config, record: &Record, source: Source) -> Vec<f64> {
    // Some hundred steps of errors that add up.
    const LEFT_BY_STEPS: f64 = 100.0;
    let mut sizes: Vec<f64> = Vec::new();
    for k in 0..record.times.len() {
        let series = source.series(record, k);
        sizes.resize(sizes.len().max(series.len()), 0.0);
        for (size, c) in sizes.iter_mut().zip(series) {
            *size = size.max(c.abs());
        }
    }
    let largest = sizes.iter().copied().fold(0.0, f64::max);
    let zero = LEFT_BY_STEPS * config.time.tolerance * largest;
    for size in &mut sizes {
        if *size <= zero {
            *size = 0.0;
        }
    }
    sizes
}
