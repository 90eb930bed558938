//! The leading correlation as a map.

use meanfield::tensor::Scalar;

use crate::compute::{Record, Rows};
use crate::problem::Problem;

/// A square table of numbers to be drawn in colours.
#[derive(Debug, Clone)]
pub struct HeatMap {
    /// Above it.
    pub title: String,
    /// Under the title.
    pub note: String,
    /// What rows and columns are; numbers where there are no names.
    pub labels: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<f64>>,
}

/// At most this many names fit beside a map.
const MOST_LABELS: usize = 16;

/// g_{2,0} at the end.
pub(super) fn correlation<S: Scalar>(problem: &Problem<S>, record: &Record) -> Option<HeatMap> {
    let found = record.correlation.as_ref()?;
    let (labels, of) = match found.rows {
        Rows::Spin => (
            ["σx", "σy", "σz"].map(str::to_owned).to_vec(),
            "Of two particles, ⟨σ_a σ_b⟩ − ⟨σ_a⟩⟨σ_b⟩",
        ),
        Rows::Levels => (
            Vec::new(),
            "Of two particles, the correlation of their places in the basis (diagonal elements)",
        ),
        Rows::Entries => (
            problem.entries.clone(),
            "Of two particles, the joint state less the product of their own, entry by entry",
        ),
    };
    let each = match found.block {
        1 => String::new(),
        block if block == problem.together => " Rows and columns are places: each cell is a sum \
            over all velocities there."
            .to_owned(),
        block => format!(" Each cell is a sum over {block} × {block} entries."),
    };
    let named = found.size <= MOST_LABELS && labels.len() >= found.size && found.block == 1;
    let labels = if named {
        labels.into_iter().take(found.size).collect()
    } else {
        // Places are counted, not the entries at them.
        let each = (found.block / problem.together).max(1);
        (0..found.size).map(|k| (k * each).to_string()).collect()
    };
    Some(HeatMap {
        title: format!("Correlation g_2_0 at t = {}", record.end()),
        note: format!("{of}: this over N, up to higher powers of 1/N.{each}"),
        labels,
        rows: found
            .values
            .chunks(found.size)
            .map(<[f64]>::to_vec)
            .collect(),
    })
}
