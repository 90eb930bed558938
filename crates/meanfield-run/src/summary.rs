//! summary.json: what was computed and what it cost.

mod sweep;

use serde_json::{Map, Value, json};

use meanfield::tensor::Scalar;

use crate::arrays::PROGRAM;
use crate::compute::{OutputPlan, Record};
use crate::config::{Config, Method};
use crate::memory::peak_memory;
use crate::outcome::{Outcome, norm_name};
use crate::problem::Problem;
pub(crate) use sweep::sweep_summary;

/// Wall-clock seconds by stage.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Seconds {
    /// Reading, building, checking.
    pub(crate) setup: f64,
    /// Exact solutions and the expansion, slices included.
    pub(crate) solve: f64,
    /// Putting the files together.
    pub(crate) write: f64,
}

/// The document.
pub(crate) fn summary<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    outputs: &OutputPlan,
    record: &Record,
    outcome: &Outcome,
    (seconds, planned): (Seconds, u64),
) -> Value {
    let method = match config.expansion.method {
        Method::Cumulants => "cumulants",
        Method::Coefficients => "coefficients",
        Method::Recursion => "recursion",
        Method::Bogoliubov => "bogoliubov",
    };
    let model = problem.model.as_ref();
    let norms: Map<String, Value> = config
        .expansion
        .marginals
        .iter()
        .map(|&j| (j.to_string(), json!(norm_name(model, j))))
        .collect();
    let omitted: Vec<Value> = outputs
        .omitted
        .iter()
        .map(|planned| json!({"array": planned.what.name(), "bytes": planned.bytes}))
        .collect();
    json!({
        "program": PROGRAM,
        "version": env!("CARGO_PKG_VERSION"),
        "config": config.path.file_name().map(|name| name.to_string_lossy()),
        "model": config.model.kind.name,
        "dimension": outputs.dimension,
        "order": config.expansion.order,
        "method": method,
        "marginals": config.expansion.marginals,
        "norms": norms,
        "end": record.end(),
        "ended": record.ended,
        "steps": record.statistics.steps,
        "rejected_steps": record.statistics.rejected,
        "rhs_evaluations": record.statistics.rhs_evaluations,
        "seconds": {
            "setup": seconds.setup,
            "solve": seconds.solve,
            "write": seconds.write,
        },
        "peak_bytes": {"planned": planned, "used": peak_memory()},
        "rates": rates(outcome),
        "bounds": bounds(record),
        "findings": outcome.findings,
        "omitted": omitted,
        "warnings": outcome.warnings,
    })
}

/// {"1": {"100": 3e-4, …}}: at the end, by j, then N.
fn bounds(record: &Record) -> Value {
    let mut out: Map<String, Value> = Map::new();
    for ((j, n), by_time) in &record.bounds {
        let by_n = out.entry(j.to_string()).or_insert_with(|| json!({}));
        by_n[n.to_string()] = json!(by_time.last());
    }
    Value::Object(out)
}

/// {"1": {"0": −1.01, …}}: by j, then truncation.
fn rates(outcome: &Outcome) -> Value {
    let mut out: Map<String, Value> = Map::new();
    for rate in &outcome.rates {
        let by_n = out.entry(rate.j.to_string()).or_insert_with(|| json!({}));
        by_n[rate.n.to_string()] = json!(rate.slope);
    }
    Value::Object(out)
}
