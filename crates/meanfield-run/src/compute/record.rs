//! What is small enough to be kept: numbers by time.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use meanfield::ode::Statistics;
use meanfield::tensor::Scalar;
use num_complex::Complex64;
use serde::{Deserialize, Serialize};

use super::ByN;
use super::at_n::AtN;
use super::correlation::Correlation;
use super::observe::Observed;
use crate::config::Config;

/// The first entries of F_1 are kept for plots and tables: this many.
pub(crate) const KEPT_ENTRIES: usize = 16;

/// The least entry or eigenvalue a truncated marginal has had.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Least {
    /// "entry" or "eigenvalue".
    pub what: String,
    /// Its value.
    pub value: f64,
    /// When.
    pub time: f64,
}

/// Numbers by time; the outermost index of every list is the output time
/// unless it says otherwise.
#[derive(Debug, Serialize, Deserialize)]
pub struct Record {
    /// The output times.
    pub times: Vec<f64>,
    /// Whether there are coefficients that do not depend on N.
    pub has_series: bool,
    /// Cost of the solve.
    pub statistics: Statistics,
    /// ‖f_{j,m}‖ by j, F_1 always among them; by time, then m.
    pub norms: BTreeMap<usize, Vec<Vec<f64>>>,
    /// ‖g_{2,m−1}‖ at m ≥ 1, and 0 at m = 0, by time; empty where pairs are not laid out.
    pub correlations: Vec<Vec<f64>>,
    /// Observables as series, by observable.
    pub observed: Vec<Vec<Observed>>,
    /// The first entries of f_{1,m} in user coordinates, by m.
    pub entries: Vec<Vec<Vec<Complex64>>>,
    /// Values of the truncation, by N.
    pub corrected: ByN<Vec<AtN>>,
    /// Exact values, by N.
    pub exact: ByN<Vec<AtN>>,
    /// ‖F_j − F_j^{(n)}‖, by (j, n, N).
    pub true_errors: BTreeMap<(usize, usize, usize), Vec<f64>>,
    /// What ‖F_j − F_j^{(n)}‖ cannot exceed, of the whole truncation, by (j, N).
    pub bounds: BTreeMap<(usize, usize), Vec<f64>>,
    /// The least value of F_j at N, over all times, by (j, N).
    pub least: BTreeMap<(usize, usize), Least>,
    /// ‖F(t_{k+1}) − F(t_k)‖₁ in engine coordinates.
    pub moved: Vec<f64>,
    /// The same of `[compare] coarser`.
    #[serde(skip)]
    pub coarser: Option<Box<Record>>,
    /// Why the solution ended before the time asked for.
    pub ended: Option<String>,
    /// g_{2,0} at the end: noted last, no checkpoint has it.
    #[serde(skip)]
    pub correlation: Option<Correlation>,
    /// F at the last time noted.
    before: Option<Vec<Complex64>>,
}

impl Record {
    /// Nothing recorded.
    pub(super) fn new(times: Vec<f64>, config: &Config) -> Self {
        Self {
            times,
            has_series: config.expansion.method != crate::config::Method::Recursion,
            statistics: Statistics::default(),
            norms: BTreeMap::new(),
            correlations: Vec::new(),
            observed: Vec::new(),
            entries: Vec::new(),
            corrected: BTreeMap::new(),
            exact: BTreeMap::new(),
            true_errors: BTreeMap::new(),
            bounds: BTreeMap::new(),
            least: BTreeMap::new(),
            moved: Vec::new(),
            coarser: None,
            ended: None,
            correlation: None,
            before: None,
        }
    }

    /// The last output time.
    #[must_use]
    pub fn end(&self) -> f64 {
        self.times.last().copied().unwrap_or(0.0)
    }

    /// Leaves the output times at which everything is there; why the solution ended.
    pub(super) fn cut(&mut self, reason: String) {
        let whole = self.observed.len();
        self.times.truncate(whole);
        self.correlations.truncate(whole);
        self.entries.truncate(whole);
        self.moved.truncate(whole.saturating_sub(1));
        self.norms.values_mut().for_each(|of| of.truncate(whole));
        let by_n = self.corrected.values_mut().chain(self.exact.values_mut());
        by_n.for_each(|of| of.truncate(whole));
        let errors = self.true_errors.values_mut();
        let errors = errors.chain(self.bounds.values_mut());
        errors.for_each(|of| of.truncate(whole));
        let end = self.end();
        self.least.retain(|_, least| least.time <= end);
        self.ended = Some(reason);
    }

    /// Adds the cost of one more solve.
    pub(super) fn add_statistics(&mut self, more: Statistics) {
        self.statistics.steps += more.steps;
        self.statistics.rejected += more.rejected;
        self.statistics.rhs_evaluations += more.rhs_evaluations;
    }

    /// Notes F at the next output time.
    pub(super) fn note_state<S: Scalar>(&mut self, f: &[S]) {
        let f: Vec<Complex64> = f.iter().map(|x| x.to_complex()).collect();
        if let Some(before) = &self.before {
            let steps = f.iter().zip(before).map(|(x, y)| (x - y).norm());
            self.moved.push(steps.sum());
        }
        self.before = Some(f);
    }

    /// Keeps the least value of F_j at N.
    pub(super) fn note_least(&mut self, j: usize, n: usize, found: Least) {
        match self.least.entry((j, n)) {
            Entry::Vacant(none) => {
                none.insert(found);
            }
            Entry::Occupied(mut least) if found.value < least.get().value => {
                least.insert(found);
            }
            Entry::Occupied(_) => {}
        }
    }
}
