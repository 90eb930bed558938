//! What was found as rows of text, for a terminal or a page.

use std::collections::BTreeMap;

use super::{Finding, Rate};
use crate::units;

/// The table of findings: its columns, and its rows, quantities named once. The order to
/// trust and the value of all orders are shown where they differ somewhere.
#[must_use]
pub fn finding_table(findings: &[Finding]) -> (Vec<&'static str>, Vec<Vec<String>>) {
    let is_cut = findings.iter().any(|f| f.full != f.corrected);
    let mut header = vec!["", "N", "mean field", "corrected"];
    if is_cut {
        header.extend(["order", "all orders"]);
    }
    header.push("exact");
    let mut before = "";
    let rows = findings.iter().map(|finding| {
        let first = finding.quantity != before;
        before = &finding.quantity;
        let name = if first { finding.quantity.as_str() } else { "" };
        let n = finding.n.map_or("∞".to_owned(), |n| n.to_string());
        let [mean_field, corrected, exact] = values(
            finding.mean_field,
            finding.corrected,
            finding.error,
            finding.exact,
            finding.note.is_some(),
        );
        let mut row = vec![name.to_owned(), n, mean_field, corrected];
        if is_cut {
            let order = finding
                .order
                .map_or(String::new(), |order| order.to_string());
            let full = finding.full.filter(|_| finding.full != finding.corrected);
            row.extend([
                order,
                full.map_or(String::new(), |x| units::plain(x, LEAST_DECIMALS)),
            ]);
        }
        row.push(exact);
        row
    });
    let rows = rows.collect();
    (header, rows)
}

/// Decimals of a mean field or an exact value at least.
const LEAST_DECIMALS: usize = 4;
/// Decimals of what is known to no error.
const MOST_DECIMALS: usize = 8;

/// Mean field, corrected ± error, exact: as many digits as the error leaves, and few where
/// the number is `doubtful`.
pub(super) fn values(
    mean_field: Option<f64>,
    corrected: Option<f64>,
    error: Option<f64>,
    exact: Option<f64>,
    doubtful: bool,
) -> [String; 3] {
    let scale = error.filter(|e| *e > 0.0);
    // What is known without an error keeps a few digits however large that is.
    let digits = match scale {
        Some(e) => units::decimals_for(e).max(LEAST_DECIMALS),
        None if doubtful => LEAST_DECIMALS,
        None => MOST_DECIMALS,
    };
    let plain = |x: f64| units::plain(x, digits);
    let with_error = |x: f64| match scale {
        Some(_) => units::with_error(x, scale),
        None => plain(x),
    };
    [
        mean_field.map_or(String::new(), plain),
        corrected.map_or(String::new(), with_error),
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
