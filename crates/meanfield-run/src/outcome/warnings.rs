//! What a user must know before trusting the numbers.

use meanfield::expansion::estimates;
use meanfield::tensor::Scalar;

use super::Rate;
use super::findings::{Source, lines};
use crate::compute::Record;
use crate::config::{Config, Start};
use crate::problem::Problem;

/// Truncated states may be negative by this much through rounding.
const ROUNDING: f64 = 1e-9;
/// A share of the motion in the first output interval that hides it.
const INITIAL_SHARE: f64 = 0.5;
/// A rate this far above the expected one is worth a word.
const RATE_SLACK: f64 = 0.5;

/// All warnings of a run.
pub(super) fn warnings<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    record: &Record,
    rates: &[Rate],
) -> Vec<String> {
    let mut out = Vec::new();
    growing_terms(config, record, &mut out);
    lost_positivity(record, &mut out);
    negative_variances(config, problem, record, &mut out);
    combinatorial(config, &mut out);
    fixed_counts(config, problem, &mut out);
    initial_layer(record, &mut out);
    slow_rates(rates, &mut out);
    missing_values(config, problem, record, &mut out);
    out
}

/// The series is asymptotic: its terms must fall.
fn growing_terms(config: &Config, record: &Record, out: &mut Vec<String>) {
    let order = config.expansion.order;
    for (&j, by_time) in &record.norms {
        for &n in &config.particles {
            let best = estimates::best_truncations(by_time, order, n as f64);
            let first = best.iter().position(|&best| best < order);
            let (Some(first), Some(&at_end)) = (first, best.last()) else {
                continue;
            };
            let t = record.times[first];
            let advice = if at_end < order {
                let last = by_time.last().map_or(&[][..], |norms| &norms[..=order]);
                let above = estimates::terms_fall_above(last);
                format!(
                    "at the end the best truncation is order {at_end}, and all {order} orders help \
                     above N = {above:.0} only"
                )
            } else {
                "at the end they fall again".to_owned()
            };
            out.push(format!(
                "at N = {n} the terms of F_{j} do not fall from t = {t:.3} on: the series is \
                 asymptotic, and {advice}"
            ));
        }
    }
}

/// Truncations keep the trace but not positivity.
fn lost_positivity(record: &Record, out: &mut Vec<String>) {
    for (&(j, n), least) in &record.least {
        if least.value < -ROUNDING {
            out.push(format!(
                "F_{j} at N = {n} is not positive: its least {} is {:.2e} at t = {:.3}; truncations \
                 keep trace and consistency, not positivity",
                least.what, least.value, least.time
            ));
        }
    }
}

fn negative_variances<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    record: &Record,
    out: &mut Vec<String>,
) {
    for line in lines(config, problem) {
        if !matches!(line.source, Source::Variance(_)) {
            continue;
        }
        for (n, values) in &record.corrected {
            let at = |k: usize| line.source.at(&values[k]).map(|x| (x, record.times[k]));
            let least = (0..values.len())
                .filter_map(at)
                .min_by(|x, y| x.0.total_cmp(&y.0));
            if let Some((value, t)) = least
                && value < -ROUNDING
            {
                out.push(format!(
                    "{} at N = {n} is {value:.2e} at t = {t:.3}: a truncated variance can be \
                     negative",
                    line.name
                ));
            }
        }
    }
}

/// The coefficients of F_j grow like j² (23).
fn combinatorial(config: &Config, out: &mut Vec<String>) {
    for &j in &config.expansion.marginals {
        let few: Vec<String> = config
            .particles
            .iter()
            .filter(|&&n| estimates::too_few_particles(j, n))
            .map(usize::to_string)
            .collect();
        if !few.is_empty() {
            out.push(format!(
                "F_{j} at N = {}: j² = {} is not small against N, and corrections grow like j²/N",
                few.join(", "),
                j * j
            ));
        }
    }
}

/// Fixed counts N·F exist only where they are integers.
fn fixed_counts<S: Scalar>(config: &Config, problem: &Problem<S>, out: &mut Vec<String>) {
    if !matches!(config.initial.start, Start::FixedCounts) {
        return;
    }
    let odd: Vec<String> = config
        .particles
        .iter()
        .filter(|&&n| problem.start.counts(n).is_err())
        .map(usize::to_string)
        .collect();
    if !odd.is_empty() {
        out.push(format!(
            "fixed counts N·F are not integers at N = {}: no population starts there, and the \
             series is only an interpolation",
            odd.join(", ")
        ));
    }
}

/// Most of the motion before the first output time.
fn initial_layer(record: &Record, out: &mut Vec<String>) {
    let total: f64 = record.moved.iter().sum();
    let Some(&first) = record.moved.first() else {
        return;
    };
    // With fewer intervals a large first share is no surprise.
    if record.moved.len() >= 5 && total > ROUNDING && first > INITIAL_SHARE * total {
        out.push(format!(
            "{:.0} % of the motion of F happens before the first output time t = {:.3}: plots do not \
             resolve this initial layer; raise `time.samples` or lower `time.end`",
            100.0 * first / total,
            record.times[1]
        ));
    }
}

/// Convergence slower than the theorem's.
fn slow_rates(rates: &[Rate], out: &mut Vec<String>) {
    for rate in rates {
        let expected = -(rate.n as f64 + 1.0);
        if rate.slope > expected + RATE_SLACK {
            out.push(format!(
                "the error of F_{} to order {} falls like N^{:.2}, slower than N^{expected}: the \
                 exact N are too small for the series at this time",
                rate.j, rate.n, rate.slope
            ));
        }
    }
}

/// Derived observables without an expansion.
fn missing_values<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    record: &Record,
    out: &mut Vec<String>,
) {
    for line in lines(config, problem) {
        let missing = |k: &usize| line.source.series(record, *k).is_empty();
        let count = (0..record.times.len()).filter(missing).count();
        if record.has_series && count > 0 {
            out.push(format!(
                "{} has no expansion in 1/N at {count} of {} output times",
                line.name,
                record.times.len()
            ));
        }
    }
}
