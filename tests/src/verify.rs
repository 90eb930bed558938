//! Rows, suites, and the verdict on a row.

mod claims;
mod html;
mod plot;
mod run;
mod table;

pub use claims::JudgedClaim;
pub use run::run;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Serialize;

/// Where a measured number must lie for its claim to hold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// A defect, an error, the distance of a slope from the claimed one.
    AtMost(f64),
    /// What must be there: the error of a formula that is claimed to be wrong.
    AtLeast(f64),
}

/// One claim and the number that decides it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Name of the suite.
    pub suite: &'static str,
    /// Name of the row, unique in its suite.
    pub id: &'static str,
    /// The claim in words.
    pub claim: String,
    /// Its source: an equation of the paper, or a reference.
    pub equation: &'static str,
    /// The claimed value.
    pub claimed: String,
    /// The measured value.
    pub measured: f64,
    /// Where the measured value must lie.
    pub bound: Bound,
    /// Why the bound is what it is.
    pub reason: &'static str,
    /// The data behind the number, to plot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plot: Option<Plot>,
}

/// The data that a row's number was read from, with logarithmic axes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plot {
    /// What x is.
    pub x: String,
    /// What y is.
    pub y: String,
    /// The curves.
    pub curves: Vec<Curve>,
}

/// Points (x, y), x > 0.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Curve {
    /// What the curve is.
    pub label: String,
    /// Its points; those that have no logarithm are not drawn.
    pub points: Vec<(f64, f64)>,
    /// The exponent that is claimed, drawn as a line through the last point.
    pub slope: Option<f64>,
}

/// A group of claims measured together.
#[derive(Debug, Clone, Copy)]
pub struct Suite {
    /// Name on the command line.
    pub name: &'static str,
    /// What it is about.
    pub about: &'static str,
    /// The rows it owes: one that does not appear is a failure, so that a
    /// claim cannot drop out of the table in silence.
    pub ids: &'static [&'static str],
    /// Measures them; `quick` asks for small sizes, not for fewer rows.
    pub run: fn(quick: bool) -> Vec<Row>,
}

/// What became of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// The measured value lies within its bound.
    Holds,
    /// It does not.
    Fails,
    /// The measured value or the bound is NaN or infinite.
    NotFinite,
    /// The suite did not produce the row, or broke off; a claim is not shown for
    /// every class of models it is about.
    Missing,
    /// The suite produced a row that it does not list, or one twice.
    Unexpected,
}

/// A row of the table; the measurement is absent when the row is missing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judged {
    /// Name of the suite.
    pub suite: &'static str,
    /// Name of the row.
    pub id: &'static str,
    /// What became of it.
    pub verdict: Verdict,
    /// The row.
    pub row: Option<Row>,
}

/// The table.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Report {
    /// Every row, in the order of the suites.
    pub rows: Vec<Judged>,
    /// The claims that the rows show, when every suite was run.
    pub claims: Vec<JudgedClaim>,
}

impl Row {
    /// Whether the measured value lies within its bound.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let (bound, within) = match self.bound {
            Bound::AtMost(bound) => (bound, self.measured <= bound),
            Bound::AtLeast(bound) => (bound, self.measured >= bound),
        };
        if !self.measured.is_finite() || !bound.is_finite() {
            Verdict::NotFinite
        } else if within {
            Verdict::Holds
        } else {
            Verdict::Fails
        }
    }
}

impl Suite {
    /// A row of this suite, without a plot.
    #[must_use]
    pub fn row(
        &self,
        id: &'static str,
        claim: impl Into<String>,
        equation: &'static str,
        claimed: &str,
        (measured, bound): (f64, Bound),
        reason: &'static str,
    ) -> Row {
        Row {
            suite: self.name,
            id,
            claim: claim.into(),
            equation,
            claimed: claimed.to_owned(),
            measured,
            bound,
            reason,
            plot: None,
        }
    }

    /// Runs the suite and judges its rows. A panic leaves all of them missing.
    #[must_use]
    pub fn judge(&self, quick: bool) -> Vec<Judged> {
        let measured = catch_unwind(AssertUnwindSafe(|| (self.run)(quick))).unwrap_or_default();
        let mut seen = BTreeSet::new();
        let mut rows: Vec<Judged> = measured
            .into_iter()
            .map(|row| {
                let first = seen.insert(row.id);
                let owed = self.ids.contains(&row.id) && row.suite == self.name;
                Judged {
                    suite: self.name,
                    id: row.id,
                    verdict: match first && owed {
                        true => row.verdict(),
                        false => Verdict::Unexpected,
                    },
                    row: Some(row),
                }
            })
            .collect();
        let missing = self.ids.iter().filter(|id| !seen.contains(*id));
        rows.extend(missing.map(|id| Judged {
            suite: self.name,
            id,
            verdict: Verdict::Missing,
            row: None,
        }));
        rows
    }

    /// Runs the suite on its small sizes, for a test.
    ///
    /// # Panics
    /// With the table of the rows that do not hold.
    pub fn assert_holds(&self) {
        let report = Report {
            rows: self.judge(true),
            ..Report::default()
        };
        assert!(report.holds(), "{}", report.table());
    }
}

impl Report {
    /// Whether there are rows, and every one of them and every claim holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        let bad = |claim: &JudgedClaim| claim.verdict != Verdict::Holds;
        !self.rows.is_empty() && self.failures() == 0 && !self.claims.iter().any(bad)
    }

    /// How many rows do not hold.
    #[must_use]
    pub fn failures(&self) -> usize {
        let bad = |judged: &&Judged| judged.verdict != Verdict::Holds;
        self.rows.iter().filter(bad).count()
    }
}
