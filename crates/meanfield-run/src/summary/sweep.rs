//! summary.json of a sweep.

use serde_json::{Map, Value, json};

use crate::arrays::{PROGRAM, Stacked};
use crate::config::Config;
use crate::memory::peak_memory;
use crate::outcome::{Outcome, Swept};

/// The document: what the points have in common, the axes of result.npz, and
/// the summary of every point.
pub(crate) fn sweep_summary(
    config: &Config,
    swept: &Swept<'_>,
    stacked: &Stacked,
    outcome: &Outcome,
    (solve, write): (f64, f64),
) -> Value {
    let sweep = swept.sweep;
    let axes: Vec<Value> = sweep
        .axes
        .iter()
        .map(|axis| {
            let values = axis.values.iter().map(|value| match value.number {
                Some(x) => json!(x),
                None => json!(value.text),
            });
            json!({"key": axis.key, "values": values.collect::<Vec<_>>()})
        })
        .collect();
    let failed: Vec<Value> = swept
        .failed
        .iter()
        .map(|(number, message)| {
            json!({
                "point": number,
                "position": sweep.position(*number),
                "name": sweep.name(*number),
                "message": message,
            })
        })
        .collect();
    let points = swept.summaries.iter().enumerate();
    let points: Vec<Value> = points
        .map(|(number, summary)| {
            let mut out = Map::new();
            out.insert("point".to_owned(), json!(number));
            out.insert("position".to_owned(), json!(sweep.position(number)));
            out.insert("failed".to_owned(), json!(summary.is_none()));
            for key in [
                "dimension",
                "order",
                "steps",
                "rhs_evaluations",
                "seconds",
                "rates",
                "findings",
                "omitted",
                "warnings",
            ] {
                if let Some(value) = summary.as_ref().map(|summary| summary[key].clone()) {
                    out.insert(key.to_owned(), value);
                }
            }
            Value::Object(out)
        })
        .collect();
    let total = |key: &str| -> u64 {
        let each = swept.summaries.iter().flatten();
        each.filter_map(|summary| summary[key].as_u64()).sum()
    };
    // What all points agree in.
    let common = |key: &str| {
        let mut each = swept
            .summaries
            .iter()
            .flatten()
            .map(|summary| &summary[key]);
        let first = each.next().cloned().unwrap_or_default();
        if each.all(|other| *other == first) {
            first
        } else {
            Value::Null
        }
    };
    let planned = swept.summaries.iter().flatten();
    let planned = planned.filter_map(|summary| summary["peak_bytes"]["planned"].as_u64());
    json!({
        "program": PROGRAM,
        "version": env!("CARGO_PKG_VERSION"),
        "config": config.path.file_name().map(|name| name.to_string_lossy()),
        "model": config.model.kind.name,
        "dimension": common("dimension"),
        "order": common("order"),
        "sweep": {
            "axes": axes,
            "points": sweep.points(),
            "failed": failed,
            "arrays": {
                "stacked": stacked.stacked,
                "shared": stacked.shared,
                "by_point": stacked.single,
            },
        },
        "steps": total("steps"),
        "rhs_evaluations": total("rhs_evaluations"),
        "seconds": {"solve": solve, "write": write},
        "peak_bytes": {"planned": planned.max(), "used": peak_memory()},
        "points": points,
        "warnings": outcome.warnings,
    })
}
