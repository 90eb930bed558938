//! Values at one N and one time: truncated series and exact ones alike.

use meanfield::abstract_model::Series;
use num_complex::Complex64;
use serde::{Deserialize, Serialize};

use super::observe::Observed;

/// Values at one N and one time.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct AtN {
    /// Means of the observables, or their values where they are derived.
    pub means: Vec<Option<f64>>,
    /// Variances of the empirical averages.
    pub variances: Vec<Option<f64>>,
    /// Fields, component by component; none for numbers.
    pub fields: Vec<Option<Vec<f64>>>,
    /// The first entries of F_1 in user coordinates.
    pub entries: Vec<Complex64>,
}

impl AtN {
    /// The series at N, cut at `order`.
    pub(super) fn of_series(
        observed: &[Observed],
        entries: Vec<Complex64>,
        n: usize,
        order: usize,
    ) -> Self {
        let at = |series: &Series, order: usize| series.truncated(order + 1).at(n as f64);
        Self {
            means: observed
                .iter()
                .map(|o| o.number().map(|s| at(s, o.order(order))))
                .collect(),
            variances: observed
                .iter()
                .map(|o| o.scaled_variance().map(|s| at(&s.over_n(), order)))
                .collect(),
            fields: fields(observed, |s, o| at(s, o.order(order))),
            entries,
        }
    }

    /// Single numbers, N·Var among them, as they come from exact marginals.
    pub(super) fn of_numbers(observed: &[Observed], entries: Vec<Complex64>, n: usize) -> Self {
        Self {
            means: observed
                .iter()
                .map(|o| o.number().map(|s| s.at(n as f64)))
                .collect(),
            variances: observed
                .iter()
                .map(|o| o.scaled_variance().map(|s| s.at(n as f64) / n as f64))
                .collect(),
            fields: fields(observed, |s, _| s.at(n as f64)),
            entries,
        }
    }
}

/// The components of every field by what gives a series its value.
fn fields(observed: &[Observed], at: impl Fn(&Series, &Observed) -> f64) -> Vec<Option<Vec<f64>>> {
    let each = observed.iter().map(|o| {
        let components = o.field()?.iter();
        Some(components.map(|series| at(series, o)).collect())
    });
    each.collect()
}
