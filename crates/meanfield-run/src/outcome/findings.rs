//! The numbers at the end time, for every N.

use meanfield::tensor::Scalar;

use super::Finding;
use crate::compute::{Doubt, Quotes, Record, Source};
use crate::config::Config;
use crate::problem::Problem;

/// At most this many entries of F_1 are shown.
pub(super) const SHOWN_ENTRIES: usize = 8;

/// Something that has a value at every time, with and without N.
pub(super) struct Line {
    /// Its name.
    pub(super) name: String,
    /// What it is.
    pub(super) source: Source,
}

/// What is shown: the observables with their variances, or else entries of F_1.
pub(super) fn lines<S: Scalar>(config: &Config, problem: &Problem<S>) -> Vec<Line> {
    let mut out = Vec::new();
    for (q, quantity) in problem.quantities.iter().enumerate() {
        let line = |name: String, source| Line { name, source };
        if !quantity.axes.is_empty() {
            continue;
        }
        if quantity.is_average() {
            out.push(line(format!("⟨{}⟩", quantity.name), Source::Mean(q)));
            if config.expansion.order > 0 && quantity.fluctuates() {
                out.push(line(format!("Var {}", quantity.name), Source::Variance(q)));
            }
        } else {
            out.push(line(quantity.name.clone(), Source::Mean(q)));
        }
    }
    if !out.is_empty() {
        return out;
    }
    let levels = problem.model.capabilities().basis.levels();
    let complex = problem.model.capabilities().basis.is_complex();
    for (e, label) in problem.entries.iter().enumerate() {
        let (row, column) = levels.map_or((e, e), |d| (e / d, e % d));
        // The other half of a Hermitian matrix says nothing new.
        if row > column || out.len() >= SHOWN_ENTRIES {
            continue;
        }
        let name = format!("F_1[{label}]");
        if !complex || (levels.is_some() && row == column) {
            out.push(Line {
                name,
                source: Source::Real(e),
            });
        } else {
            let (re, im) = (format!("Re {name}"), format!("Im {name}"));
            out.push(Line {
                name: re,
                source: Source::Real(e),
            });
            out.push(Line {
                name: im,
                source: Source::Imaginary(e),
            });
        }
    }
    out
}

/// The table at the end time.
pub(super) fn findings<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    record: &Record,
    quotes: &Quotes<'_>,
) -> Vec<Finding> {
    let last = record.times.len() - 1;
    let mut out = Vec::new();
    for line in lines(config, problem) {
        let limit = Finding {
            quantity: line.name.clone(),
            mean_field: quotes.limit(line.source, last),
            ..Finding::default()
        };
        if record.corrected.is_empty() && limit.mean_field.is_some() {
            out.push(limit.clone());
        }
        for &n in record.corrected.keys() {
            let Some(quote) = quotes.at(line.source, last, n) else {
                continue;
            };
            let exact = record.exact.get(&n).and_then(|list| list.last());
            let exact = exact.and_then(|v| line.source.at(v));
            let off = exact.map(|exact| (exact - quote.value).abs());
            let outside = off.zip(quote.error).is_some_and(|(off, e)| off > e);
            let notes = [
                quote.doubt.map(Doubt::reason),
                outside.then_some("the exact value lies outside ±"),
            ];
            let notes: Vec<&str> = notes.into_iter().flatten().collect();
            out.push(Finding {
                n: Some(n),
                corrected: Some(quote.value),
                error: quote.error,
                coarser: quote.apart,
                order: record.has_series.then_some(quote.order),
                full: Some(quote.full),
                exact,
                note: (!notes.is_empty()).then(|| notes.join("; ")),
                ..limit.clone()
            });
        }
    }
    out
}
