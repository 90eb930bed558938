//! What was found as rows of text, for a terminal or a page.

use std::collections::BTreeMap;

use super::{Finding, Rate};
use crate::units;

/// The columns of [`finding_rows`].
pub const HEADER: [&str; 5] = ["", "N", "mean field", "corrected", "exact"];

/// The table of findings, row by row, quantities named once.
pub fn finding_rows(findings: &[Finding]) -> Vec<Vec<String>> {
    let mut before = "";
    findings
        .iter()
        .map(|finding| {
            let first = finding.quantity != before;
            before = &finding.quantity;
            let name = if first { finding.quantity.as_str() } else { "" };
            let n = finding.n.map_or("∞".to_owned(), |n| n.to_string());
            let mut row = vec![name.to_owned(), n];
            row.extend(values(
                finding.mean_field,
                finding.corrected,
                finding.error,
                finding.exact,
            ));
            row
        })
        .collect()
}

/// Decimals of a mean field or an exact value at least.
const LEAST_DECIMALS: usize = 4;

/// The last three columns of [`HEADER`]: as many digits as the error leaves.
pub(super) fn values(
    mean_field: Option<f64>,
    corrected: Option<f64>,
    error: Option<f64>,
    exact: Option<f64>,
) -> [String; 3] {
    let scale = error.filter(|e| *e > 0.0);
    // What is known without an error keeps a few digits however large that is.
    let digits = scale.map_or(8, |e| units::decimals_for(e).max(LEAST_DECIMALS));
    let plain = |x: f64| units::plain(x, digits);
    [
        mean_field.map_or(String::new(), plain),
        corrected.map_or(String::new(), |x| units::with_error(x, scale)),
        exact.map_or(String::new(), plain),
    ]
}

/// The table of rates, row by row.
pub fn rate_rows(rates: &[Rate]) -> Vec<Vec<String>> {
    let mut by_j: BTreeMap<usize, Vec<&Rate>> = BTreeMap::new();
    for rate in rates {
        by_j.entry(rate.j).or_default().push(rate);
    }
    let rows = by_j.into_values().flatten();
    rows.map(|rate| {
        vec![
            format!("F_{} to order {}", rate.j, rate.n),
            format!("{:.2}", rate.slope),
            format!("-{}", rate.n + 1),
        ]
    })
    .collect()
}
