//! What is quoted of a number at one N and one time: the value of the series cut where it
//! is best cut, how far that may be from the truth, and, where nobody can say, why.
//!
//! The one place that error figures come from: the table, summary.json, result.npz and the
//! report all ask it.

use std::collections::BTreeMap;

use meanfield::abstract_model::{Model, Observable};
use meanfield::expansion::estimates::{self, Sizes, Taken};
use meanfield::tensor::{Norm, Scalar};
use num_complex::Complex64;

use super::at_n::AtN;
use super::record::Record;
use crate::config::{Config, ErrorEstimate};
use crate::problem::{Meaning, Problem};

/// Where a number that has a value at every time, with and without N, is in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
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
    /// The value at one N, of all orders.
    pub(crate) fn at(self, values: &AtN) -> Option<f64> {
        match self {
            Self::Mean(q) => values.means.get(q).copied().flatten(),
            Self::Variance(q) => values.variances.get(q).copied().flatten(),
            Self::Real(e) => values.entries.get(e).map(|z| z.re),
            Self::Imaginary(e) => values.entries.get(e).map(|z| z.im),
        }
    }

    /// The coefficients of 1/N at output time `k`, as many as are known.
    pub(crate) fn series(self, record: &Record, k: usize) -> Vec<f64> {
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
    pub(crate) fn order(self, config: &Config, record: &Record) -> usize {
        let order = config.expansion.order;
        let first = record.observed.first();
        match self {
            Self::Mean(q) => first.map_or(order, |observed| observed[q].order(order)),
            _ => order,
        }
    }
}

/// A number with what is known of its error.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Quote {
    /// The order at which the series is cut: the one to trust.
    pub(crate) order: usize,
    /// Its value there.
    pub(crate) value: f64,
    /// The value of all orders.
    pub(crate) full: f64,
    /// How far the value may be from the truth.
    pub(crate) error: Option<f64>,
    /// How far it is from that of the coarser solution, where there is one.
    pub(crate) apart: Option<f64>,
    /// Why there is no figure, or no good one.
    pub(crate) doubt: Option<Doubt>,
}

/// What speaks against a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Doubt {
    /// The series of F_1 does not fall: a lower order is quoted.
    Cut,
    /// It does not fall, and the number is made of it by more than a sum.
    Derived,
    /// The terms kept fall, but not so fast that the rest has a sum.
    NoSum,
    /// It is no possible value, by more than its figure.
    Impossible,
}

impl Doubt {
    /// In words.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Cut => "cut where the terms of F_1 stop falling",
            Self::Derived => "no ±: made of series whose terms do not fall",
            Self::NoSum => "no ±: the terms hardly fall",
            Self::Impossible => "no ±: no state has such a value",
        }
    }
}

/// Quotes from one record.
pub(crate) struct Quotes<'a> {
    config: &'a Config,
    record: &'a Record,
    /// By observable: of its mean, of its variance, and whether its mean is a sum over F.
    taken: Vec<(Taken, Taken, bool)>,
    /// What an observable lies between, where that is known.
    ranges: Vec<Option<(f64, f64)>>,
    /// By entry of F_1.
    entry: Taken,
    /// The order to trust at every time, by N.
    best: BTreeMap<usize, Vec<usize>>,
}

impl<'a> Quotes<'a> {
    pub(crate) fn new<S: Scalar>(
        config: &'a Config,
        problem: &Problem<S>,
        record: &'a Record,
    ) -> Self {
        let model = problem.model.as_ref();
        let none = Taken::OfOne { share: None };
        let each = problem.quantities.iter().map(|q| match &q.meaning {
            Meaning::OneBody(a) => {
                let (mean, variance) = shares(model, a);
                let mean = Taken::OfOne { share: Some(mean) };
                (mean, Taken::Fluctuation { share: variance }, true)
            }
            Meaning::Covariance(a, b, _) => {
                let share = (shares(model, a).1 * shares(model, b).1).sqrt();
                (Taken::Fluctuation { share }, none, false)
            }
            Meaning::TwoBody(_) => (Taken::OfPairs, none, true),
            Meaning::OfMoments => (Taken::OfPairs, none, false),
            Meaning::Field => (none, none, true),
            Meaning::OfMarginal => (none, none, false),
        });
        let order = config.expansion.order;
        let best = |n: usize| {
            let norms = record.norms.get(&1).map_or(&[][..], Vec::as_slice);
            (n, estimates::best_truncations(norms, order, n as f64))
        };
        Self {
            config,
            record,
            taken: each.collect(),
            ranges: problem.quantities.iter().map(|q| q.range).collect(),
            entry: Taken::OfOne {
                share: Some(1.0 / model.space().dimension() as f64),
            },
            best: record.corrected.keys().map(|&n| best(n)).collect(),
        }
    }

    /// The order to trust at N, at every time.
    pub(crate) fn trusted(&self, n: usize) -> &[usize] {
        self.best.get(&n).map_or(&[], Vec::as_slice)
    }

    /// The number at output time `k` and N; `None` where it has no value.
    pub(crate) fn at(&self, source: Source, k: usize, n: usize) -> Option<Quote> {
        let values = self.record.corrected.get(&n)?.get(k)?;
        let full = source.at(values)?;
        let order = source.order(self.config, self.record);
        let whole = Quote {
            order,
            value: full,
            full,
            error: None,
            apart: None,
            doubt: None,
        };
        let series = source.series(self.record, k);
        if !self.record.has_series || series.is_empty() {
            return Some(whole);
        }
        let (taken, is_sum) = match source {
            Source::Mean(q) => (self.taken[q].0, self.taken[q].2),
            Source::Variance(q) => (self.taken[q].1, false),
            _ => (self.entry, true),
        };
        // A variance begins at 1/N.
        let least = match taken {
            Taken::Fluctuation { .. } => order.min(1),
            _ => 0,
        };
        let trusted = self.trusted(n).get(k).copied().unwrap_or(order);
        let trusted = trusted.clamp(least, order);
        let cut = trusted < order;
        let value = match cut {
            true => sum(&series[..=trusted.min(series.len() - 1)], n as f64),
            false => full,
        };
        let known = match self.config.expansion.error {
            ErrorEstimate::Next => series.len(),
            _ => series.len().min(order + 1),
        };
        let figure = match self.config.expansion.error {
            ErrorEstimate::None => None,
            _ => self.figure(&series[..known], trusted, taken, k, n),
        };
        let wanted = self.config.expansion.error != ErrorEstimate::None;
        let (error, doubt) = match (cut, is_sum) {
            (true, false) => (None, Some(Doubt::Derived)),
            (true, true) => (figure, Some(Doubt::Cut)),
            (false, _) if wanted && figure.is_none() => (None, Some(Doubt::NoSum)),
            (false, _) => (figure, None),
        };
        // What the integrator leaves undecided is no better known.
        let size = match taken {
            Taken::Fluctuation { share } => share / n as f64,
            _ => 0.0,
        };
        let resolved = self.config.time.tolerance * value.abs().max(STEPS * size);
        let (low, high) = self.possible(source);
        let off = (low - value).max(value - high);
        // A figure that leaves no possible value holds for none; none is farther away than
        // the farthest possible one.
        let impossible = off > resolved && error.is_some_and(|error| off > error);
        let (error, doubt) = match impossible {
            true => (None, Some(Doubt::Impossible)),
            false => {
                let farthest = (value - low).max(high - value);
                (error.map(|error| error.min(farthest)), doubt)
            }
        };
        let apart = self.discretised(source, k, n, (trusted, value));
        let error = error.map(|error| error.max(resolved) + apart.unwrap_or(0.0));
        Some(Quote {
            order: trusted,
            value,
            error,
            apart,
            doubt,
            ..whole
        })
    }

    /// How far a number cut at an order is from that of the coarser solution; entries of F_1
    /// are others there.
    fn discretised(
        &self,
        source: Source,
        k: usize,
        n: usize,
        (order, value): (usize, f64),
    ) -> Option<f64> {
        if matches!(source, Source::Real(_) | Source::Imaginary(_)) {
            return None;
        }
        let series = source.series(self.record.coarser.as_ref()?, k);
        let last = order.min(series.len().checked_sub(1)?);
        Some((sum(&series[..=last], n as f64) - value).abs())
    }

    /// What a number lies between in every state; of the average of what lies between a and
    /// b, the variance is at most (b − a)²/4.
    fn possible(&self, source: Source) -> (f64, f64) {
        let everything = (f64::NEG_INFINITY, f64::INFINITY);
        match source {
            Source::Mean(q) => self.ranges[q].unwrap_or(everything),
            Source::Variance(q) => {
                let most = self.ranges[q].map(|(a, b)| (b - a) * (b - a) / 4.0);
                (0.0, most.unwrap_or(f64::INFINITY))
            }
            _ => everything,
        }
    }

    /// The limit N → ∞ at output time `k`; what the integrator leaves of a zero is one.
    pub(crate) fn limit(&self, source: Source, k: usize) -> Option<f64> {
        let series = source.series(self.record, k);
        let limit = *series.first()?;
        // Coefficients that grew until no N is large enough measure nothing.
        let trusted = self.best.last_key_value().and_then(|(_, best)| best.get(k));
        let meant = series.iter().take(trusted.map_or(usize::MAX, |&m| m + 1));
        let largest = meant.fold(0.0, |m: f64, x| m.max(x.abs()));
        let share = match source {
            Source::Mean(q) => share_of(self.taken[q].0),
            Source::Variance(_) => 0.0,
            _ => share_of(self.entry),
        };
        let zero = LEFT_BY_STEPS * self.config.time.tolerance * share.max(largest);
        Some(if limit.abs() <= zero { 0.0 } else { limit })
    }

    /// The figure of a series cut at `at`.
    fn figure(&self, c: &[f64], at: usize, taken: Taken, k: usize, n: usize) -> Option<f64> {
        // A number without corrections is conserved, and no share of F_1 moves it.
        let zero = LEFT_BY_STEPS * self.config.time.tolerance * c[0].abs().max(share_of(taken));
        if c.len() > 1 && c[1..].iter().all(|c| c.abs() <= zero) {
            return Some(0.0);
        }
        let at_time = |list: &'a [Vec<f64>]| list.get(k).map_or(&[][..], Vec::as_slice);
        let sizes = Sizes {
            marginal: self.record.norms.get(&1).map_or(&[], |list| at_time(list)),
            correlation: at_time(&self.record.correlations),
        };
        estimates::of_number(c, at, taken, sizes, n as f64)
    }
}

/// Some hundred steps of errors that add up, in steps' tolerances.
const LEFT_BY_STEPS: f64 = 100.0;
/// What they leave of a difference, of the size of what is subtracted.
const STEPS: f64 = 10.0;

fn share_of(taken: Taken) -> f64 {
    match taken {
        Taken::OfOne { share } => share.unwrap_or(0.0),
        Taken::Fluctuation { share } => share,
        Taken::OfPairs => 0.0,
    }
}

/// Σ_m N^{−m} c_m.
fn sum(c: &[f64], n: f64) -> f64 {
    c.iter().rev().fold(0.0, |sum, x| x + sum / n)
}

/// The typical ⟨f, a⟩ of a traceless f of norm 1 with no preference among the states, and
/// ⟨g, a⊗a⟩ of such a g, from the spread of a.
fn shares<S: Scalar>(model: &dyn Model<Scalar = S>, a: &Observable<S>) -> (f64, f64) {
    let trace = model.space().trace();
    let squares = |x: &[S]| x.iter().map(|x| x.modulus().powi(2)).sum::<f64>();
    let overlap: S = a.first.iter().zip(trace).map(|(&x, &t)| x * t).sum();
    let mean = overlap.modulus().powi(2) / squares(trace);
    let apart = (squares(&a.first) - mean).max(0.0);
    let dimension = trace.len() as f64;
    let spread = match model.space().norm() {
        Norm::L1 => apart / dimension,
        Norm::Trace { levels } => apart / levels as f64,
        // Of tensors measured by their squares one slot says no more than this.
        _ => return ((apart / dimension).sqrt(), 2.0 * apart / dimension),
    };
    ((spread / dimension).sqrt(), 2.0 * spread)
}
