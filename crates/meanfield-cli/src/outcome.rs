//! What a run found, in plain numbers: the common source of the terminal
//! summary and of report.html.

/// A value at one N and at the end time.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    /// "⟨I⟩", "F_1[0]".
    pub(crate) quantity: String,
    /// Number of particles.
    pub(crate) n: usize,
    /// The limit N → ∞.
    pub(crate) mean_field: f64,
    /// The truncated series at N.
    pub(crate) corrected: f64,
    /// The estimate of its error.
    pub(crate) error: Option<f64>,
    /// The exact value, where it was computed.
    pub(crate) exact: Option<f64>,
}

/// A measured rate of convergence in N.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rate {
    /// The marginal F_j.
    pub(crate) j: usize,
    /// The truncation: the highest power of 1/N kept.
    pub(crate) n: usize,
    /// The slope of log error against log N.
    pub(crate) slope: f64,
}

/// One plot.
#[derive(Debug, Clone)]
pub(crate) struct Panel {
    /// Above the plot.
    pub(crate) title: String,
    /// Under the title, if there is more to say.
    pub(crate) note: String,
    /// Label of the horizontal axis.
    pub(crate) x: String,
    /// Label of the vertical axis.
    pub(crate) y: String,
    /// Both axes logarithmic.
    pub(crate) log: bool,
    /// What is drawn.
    pub(crate) curves: Vec<Curve>,
}

/// One curve of a plot.
#[derive(Debug, Clone)]
pub(crate) struct Curve {
    /// In the legend.
    pub(crate) label: String,
    /// How it is drawn.
    pub(crate) mark: Mark,
    /// Number of its colour: curves that belong together share one.
    pub(crate) colour: usize,
    /// The points.
    pub(crate) points: Vec<(f64, f64)>,
}

/// How a curve is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// A line.
    Line,
    /// A broken line.
    Dashed,
    /// Circles.
    Points,
    /// A line with circles at its points.
    LineAndPoints,
}

/// Everything that is shown to a human.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outcome {
    /// One line: which model at which order.
    pub(crate) title: String,
    /// The question in the user's words.
    pub(crate) question: String,
    /// The model, the start, the numerics: name and value.
    pub(crate) facts: Vec<(String, String)>,
    /// The time at which findings and rates hold.
    pub(crate) end: f64,
    /// Values at each N.
    pub(crate) findings: Vec<Finding>,
    /// Rates of convergence.
    pub(crate) rates: Vec<Rate>,
    /// Plots.
    pub(crate) panels: Vec<Panel>,
    /// What the user must know before trusting the numbers.
    pub(crate) warnings: Vec<String>,
    /// Arrays left out, with the reason.
    pub(crate) omitted: Vec<String>,
}
