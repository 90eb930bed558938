//! What a sweep found: every quantity at the end against the swept values.

mod panels;

use serde_json::Value;

use super::text;
use super::{Outcome, Table};
use crate::config::{Config, Sweep};
use crate::outcome::describe;

/// At most this many failed points are named.
const MOST_FAILURES: usize = 10;

/// A sweep that is finished.
pub(crate) struct Swept<'a> {
    /// Its axes.
    pub(crate) sweep: &'a Sweep,
    /// summary.json of every point; none where it failed.
    pub(crate) summaries: Vec<Option<Value>>,
    /// The points that failed, by number, and why.
    pub(crate) failed: Vec<(usize, String)>,
}

impl Swept<'_> {
    /// Whether point `number` failed.
    pub(crate) fn has_failed(&self, number: usize) -> bool {
        self.failed.iter().any(|(failed, _)| *failed == number)
    }

    /// The finding about a quantity at N of point `number`.
    fn finding(&self, number: usize, of: &(String, Option<u64>)) -> Option<&Value> {
        let findings = self.summaries[number].as_ref()?["findings"].as_array()?;
        let mut findings = findings.iter();
        findings.find(|f| f["quantity"] == of.0.as_str() && f["n"].as_u64() == of.1)
    }

    /// Every quantity with every N that any point has.
    fn quantities(&self) -> Vec<(String, Vec<Option<u64>>)> {
        let mut out: Vec<(String, Vec<Option<u64>>)> = Vec::new();
        for summary in self.summaries.iter().flatten() {
            for finding in summary["findings"].as_array().into_iter().flatten() {
                let name = finding["quantity"].as_str().unwrap_or_default();
                let n = finding["n"].as_u64();
                match out.iter_mut().find(|(known, _)| known == name) {
                    Some((_, numbers)) if numbers.contains(&n) => {}
                    Some((_, numbers)) => numbers.push(n),
                    None => out.push((name.to_owned(), vec![n])),
                }
            }
        }
        for (_, numbers) in &mut out {
            numbers.sort_unstable();
        }
        out
    }
}

/// What a sweep found.
pub(crate) fn outcome(config: &Config, swept: &Swept<'_>) -> Outcome {
    let sweep = swept.sweep;
    let stem = config.path.file_stem().unwrap_or_default();
    let axes: Vec<String> = sweep.axes.iter().map(|axis| axis.key.clone()).collect();
    let mut facts = vec![
        ("Model".to_owned(), config.model.describe()),
        ("Start".to_owned(), describe::initial(&config.initial)),
    ];
    for axis in &sweep.axes {
        const SHOWN: usize = 8;
        let count = axis.values.len();
        let shown: Vec<String> = if count <= SHOWN {
            axis.values.iter().map(|value| value.shown()).collect()
        } else {
            let ends = [0, 1, count - 1].map(|k| axis.values[k].shown());
            let [first, second, last] = ends;
            vec![first, second, "…".to_owned(), last]
        };
        let text = format!("{count} values: {}", shown.join(", "));
        facts.push((axis.key.clone(), text));
    }
    facts.push((
        "Time".to_owned(),
        format!("0 to {} where no axis says otherwise", config.time.end),
    ));
    Outcome {
        title: format!(
            "{}: {}, {} points over {}",
            stem.to_string_lossy(),
            config.model.kind.name,
            sweep.points(),
            axes.join(" × ")
        ),
        question: config.question.clone(),
        facts,
        end: config.time.end,
        panels: panels::panels(swept),
        tables: vec![table(swept)],
        warnings: warnings(swept),
        ..Outcome::default()
    }
}

fn warnings(swept: &Swept<'_>) -> Vec<String> {
    let mut out: Vec<String> = (swept.failed.iter().take(MOST_FAILURES))
        .map(|(number, reason)| format!("{} failed: {reason}", swept.sweep.name(*number)))
        .collect();
    let more = swept.failed.len().saturating_sub(MOST_FAILURES);
    if more > 0 {
        out.push(format!(
            "{more} more points failed; summary.json names them"
        ));
    }
    let warned = |summary: &&Value| {
        let warnings = summary["warnings"].as_array();
        warnings.is_some_and(|list| !list.is_empty())
    };
    let points: Vec<&Value> = swept.summaries.iter().flatten().collect();
    let count = points.iter().filter(|summary| warned(summary)).count();
    let first = points.iter().find(|summary| warned(summary));
    if let Some(first) = first.and_then(|summary| summary["warnings"][0].as_str()) {
        out.push(format!(
            "{count} of {} points come with warnings, all of them in summary.json; the first: {first}",
            points.len()
        ));
    }
    out
}

/// Every number at the end, a row for each point, quantity and N.
fn table(swept: &Swept<'_>) -> Table {
    let keys = swept.sweep.axes.iter().map(|axis| axis.key.clone());
    let columns = ["", "N", "mean field", "corrected", "exact"].map(str::to_owned);
    let mut rows = Vec::new();
    for (name, numbers) in swept.quantities() {
        for number in 0..swept.sweep.points() {
            for &n in &numbers {
                let Some(found) = swept.finding(number, &(name.clone(), n)) else {
                    continue;
                };
                let at = swept.sweep.position(number).into_iter();
                let values = swept.sweep.axes.iter().zip(at);
                let mut row: Vec<String> = values.map(|(axis, k)| axis.values[k].shown()).collect();
                let finding = |key: &str| found[key].as_f64();
                row.extend([name.clone(), n.map_or("∞".to_owned(), |n| n.to_string())]);
                row.extend(text::values(
                    finding("mean_field"),
                    finding("corrected"),
                    finding("error"),
                    finding("exact"),
                    found["note"].is_string(),
                ));
                rows.push(row);
            }
        }
    }
    Table {
        title: "At the end, point by point".to_owned(),
        note: String::new(),
        header: keys.chain(columns).collect(),
        rows,
        in_terminal: true,
    }
}
