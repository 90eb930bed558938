//! What a run found, in plain numbers: the common source of the terminal
//! summary and of report.html.

mod advice;
mod bounds;
mod describe;
mod findings;
mod heat;
mod panels;
mod profiles;
mod rates;
mod sweep;
mod text;
mod warnings;

use std::fmt::Write as _;

use meanfield::abstract_model::{Model, norm_used};
use meanfield::tensor::{Norm, Scalar};
use serde::Serialize;

use crate::compute::{OutputPlan, Quotes, Record, Skipped};
use crate::config::{Config, ErrorEstimate, Method};
use crate::problem::Problem;
use crate::units;
pub use heat::HeatMap;
pub(crate) use rates::rates;
pub(crate) use sweep::{Swept, outcome as swept_outcome};
pub use text::{finding_table, rate_rows};

/// A value at one N and at the end time.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Finding {
    /// What is meant: `⟨I⟩`, `F_1[0]`.
    pub quantity: String,
    /// Number of particles; `None` for the limit alone.
    pub n: Option<usize>,
    /// The limit N → ∞, where the method gives it.
    pub mean_field: Option<f64>,
    /// The series at N, cut at the order to trust.
    pub corrected: Option<f64>,
    /// The estimate of its error; `None` where it has none that holds.
    pub error: Option<f64>,
    /// How far `[compare] coarser` leads from it; part of the error.
    pub coarser: Option<f64>,
    /// The order to trust.
    pub order: Option<usize>,
    /// The series at N, of all orders.
    pub full: Option<f64>,
    /// The exact value, where it was computed.
    pub exact: Option<f64>,
    /// What speaks against the number, or its figure.
    pub note: Option<String>,
}

/// A measured rate of convergence in N.
#[derive(Debug, Clone, PartialEq)]
pub struct Rate {
    /// The marginal F_j.
    pub j: usize,
    /// The truncation: the highest power of 1/N kept.
    pub n: usize,
    /// The slope of log error against log N.
    pub slope: f64,
}

/// One plot.
#[derive(Debug, Clone)]
pub struct Panel {
    /// Above the plot.
    pub title: String,
    /// Under the title, if there is more to say.
    pub note: String,
    /// Label of the horizontal axis.
    pub x: String,
    /// Label of the vertical axis.
    pub y: String,
    /// Which axes are logarithmic.
    pub scale: Scale,
    /// What is drawn.
    pub curves: Vec<Curve>,
}

/// Which axes of a plot are logarithmic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// None.
    Linear,
    /// The horizontal one.
    LogX,
    /// The vertical one.
    LogY,
    /// Both.
    LogLog,
}

/// One curve of a plot.
#[derive(Debug, Clone)]
pub struct Curve {
    /// In the legend.
    pub label: String,
    /// How it is drawn.
    pub mark: Mark,
    /// Number of its colour: curves that belong together share one.
    pub colour: usize,
    /// The points.
    pub points: Vec<(f64, f64)>,
}

/// How a curve is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A line.
    Line,
    /// A broken line.
    Dashed,
    /// Circles.
    Points,
    /// A line with circles at its points.
    LineAndPoints,
}

/// A table that is no table of findings.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Above it.
    pub title: String,
    /// Under the title, if there is more to say.
    pub note: String,
    /// The columns.
    pub header: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
    /// Whether it is shown in the terminal too.
    pub in_terminal: bool,
}

/// Everything that is shown to a human.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// One line: which model at which order.
    pub title: String,
    /// The question in the user's words.
    pub question: String,
    /// The model, the start, the numerics: name and value.
    pub facts: Vec<(String, String)>,
    /// The time at which findings and rates hold.
    pub end: f64,
    /// Values at each N.
    pub findings: Vec<Finding>,
    /// Rates of convergence.
    pub rates: Vec<Rate>,
    /// Further tables.
    pub tables: Vec<Table>,
    /// Plots.
    pub panels: Vec<Panel>,
    /// The growth of the coefficients.
    pub growth: Vec<Panel>,
    /// The leading correlation.
    pub correlation: Option<HeatMap>,
    /// What the user must know before trusting the numbers.
    pub warnings: Vec<String>,
    /// Arrays left out, with the reason.
    pub omitted: Vec<String>,
}

impl Outcome {
    /// What a run found.
    pub(crate) fn new<S: Scalar>(
        config: &Config,
        problem: &Problem<S>,
        outputs: &OutputPlan,
        record: &Record,
        skipped: &[Skipped],
    ) -> Self {
        let mut panels = panels::against_times(config, problem, record);
        panels.extend(profiles::panels(config, problem, record));
        panels.extend(panels::errors(config, record));
        panels.retain(|panel| !panel.curves.is_empty());
        let rates = rates(config, record);
        let quotes = Quotes::new(config, problem, record);
        let findings = findings::findings(config, problem, record, &quotes);
        let mut warnings = warnings::warnings(config, problem, record, &rates, &findings);
        for (n, reason) in skipped {
            warnings.push(format!("no exact solution for N = {n}: {reason}"));
        }
        let omitted = outputs.omitted.iter().map(|planned| {
            let (name, size) = (planned.what.name(), units::bytes(planned.bytes));
            format!("{name} ({size}, above `output.limit`)")
        });
        let tables = [advice::table(config, record), bounds::table(config, record)];
        Self {
            title: title(config, outputs.dimension),
            question: config.question.clone(),
            facts: facts(config, problem, record),
            end: record.end(),
            findings,
            panels,
            growth: advice::growth(config, problem, record),
            correlation: heat::correlation(problem, record),
            tables: tables.into_iter().flatten().collect(),
            rates,
            warnings,
            omitted: omitted.collect(),
        }
    }
}

/// One line: which model at which order.
pub(crate) fn title(config: &Config, dimension: usize) -> String {
    let order = match config.expansion.order {
        0 => "mean field".to_owned(),
        1 => "to order 1/N".to_owned(),
        n => format!("to order 1/N^{n}"),
    };
    let stem = config.path.file_stem().unwrap_or_default();
    let kind = config.model.kind.name;
    format!(
        "{}: {kind}, D = {dimension}, {order}",
        stem.to_string_lossy()
    )
}

fn facts<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    record: &Record,
) -> Vec<(String, String)> {
    let expansion = &config.expansion;
    let method = match expansion.method {
        Method::Cumulants => "connected cumulants",
        Method::Coefficients => "coefficients of the correlation errors",
        Method::Recursion => "the recursion of Theorem 1.4, once for each N",
        Method::Bogoliubov => "Bogoliubov data of a pure start",
    };
    let error = match (expansion.method, expansion.error) {
        (Method::Recursion, _) | (_, ErrorEstimate::None) => "none",
        (_, ErrorEstimate::Ratio) => {
            "an estimate from the ratio of the last two terms kept, not a bound"
        }
        (_, ErrorEstimate::Next) => "an estimate: the size of the next term, not a bound",
    };
    let mut norms = String::new();
    for &j in &expansion.marginals {
        let separator = if norms.is_empty() { "" } else { ", " };
        // Writing to a string cannot fail.
        let _ = write!(
            norms,
            "{separator}F_{j}: {}",
            norm_name(problem.model.as_ref(), j)
        );
    }
    let time = format!(
        "0 to {} in {} intervals, tolerance {:e}",
        config.time.end, config.time.samples, config.time.tolerance
    );
    let cost = format!(
        "{} steps, {} evaluations of the right-hand side",
        record.statistics.steps, record.statistics.rhs_evaluations
    );
    [
        ("Model", config.model.describe()),
        ("Start", describe::initial(&config.initial)),
        ("Method", method.to_owned()),
        ("Error figures", error.to_owned()),
        ("Norms", norms),
        ("Time", time),
        ("Cost", cost),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

/// The norm in which F_j is measured.
pub(crate) fn norm_name<S: Scalar>(model: &dyn Model<Scalar = S>, j: usize) -> &'static str {
    match norm_used(model, j) {
        Norm::L1 => "l1",
        Norm::Trace { .. } => "trace",
        _ => match model.space().norm() {
            Norm::Trace { .. } => "hilbert-schmidt",
            _ => "euclidean",
        },
    }
}
