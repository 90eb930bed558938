//! What a user must know before trusting the numbers.

use std::collections::BTreeSet;

use meanfield::expansion::estimates;
use meanfield::tensor::{Norm, Scalar};
use ndarray::Array2;

use super::findings::lines;
use super::panels::number_of;
use super::{Finding, Rate};
use crate::compute::{Doubt, KEPT_ENTRIES, Record, Source};
use crate::config::{Config, ErrorEstimate, Start};
use crate::problem::Problem;

/// Truncated states may be negative by this much through rounding.
const ROUNDING: f64 = 1e-9;
/// A share of the motion in the first output interval that hides it.
const INITIAL_SHARE: f64 = 0.5;
/// A rate this far above the expected one is worth a word.
const RATE_SLACK: f64 = 0.5;

/// All warnings of a run, one for each cause.
pub(super) fn warnings<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    record: &Record,
    rates: &[Rate],
    findings: &[Finding],
) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(reason) = &record.ended {
        let (end, asked) = (number_of(record.end()), config.time.end);
        out.push(format!(
            "the solution ended: {reason}. What is here ends at t = {end}, and t = {asked} was asked \
             for: values near the end have no meaning if it grew without bound"
        ));
    }
    growing_terms(config, record, &mut out);
    doubtful(config, findings, &mut out);
    outside(findings, &mut out);
    lost_positivity(record, &mut out);
    negative_variances(config, problem, record, &mut out);
    combinatorial(config, &mut out);
    fixed_counts(config, problem, &mut out);
    given_cumulants(config, &mut out);
    initial_layer(record, &mut out);
    slow_rates(rates, &mut out);
    missing_values(config, problem, record, &mut out);
    no_square(config, problem, &mut out);
    absorbing(config, problem, record, &mut out);
    out
}

/// "30, 100 and 200", in words that end well.
fn listed<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    let mut all: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    all.dedup();
    match all.pop() {
        Some(last) if !all.is_empty() => format!("{} and {last}", all.join(", ")),
        Some(only) => only,
        None => String::new(),
    }
}

/// "t = 0.5", or "t = 0.5 to 2".
fn times(from: f64, to: f64) -> String {
    match from == to {
        true => format!("t = {}", number_of(from)),
        false => format!("t = {} to {}", number_of(from), number_of(to)),
    }
}

/// The series is asymptotic: its terms must fall, the first correction below the limit.
fn growing_terms(config: &Config, record: &Record, out: &mut Vec<String>) {
    let order = config.expansion.order;
    for (&j, by_time) in &record.norms {
        let (mut numbers, mut at_end, mut first) = (Vec::new(), Vec::new(), f64::INFINITY);
        for &n in &config.particles {
            let best = estimates::best_truncations(by_time, order, n as f64);
            let Some(k) = best.iter().position(|&best| best < order) else {
                continue;
            };
            first = first.min(record.times[k]);
            numbers.push(n);
            at_end.extend(best.last().copied().filter(|&best| best < order));
        }
        if numbers.is_empty() {
            continue;
        }
        let advice = match at_end.is_empty() {
            true => "at the end they fall again".to_owned(),
            false => {
                let last = by_time.last().map_or(&[][..], |norms| &norms[..=order]);
                let above = estimates::terms_fall_above(last);
                format!(
                    "at the end it is cut at order {}, and all of it helps above N = {above:.0} only",
                    listed(&at_end)
                )
            }
        };
        out.push(format!(
            "at N = {} the terms of F_{j} do not fall from t = {} on: the series is asymptotic, \
             and {advice}",
            listed(numbers),
            number_of(first)
        ));
    }
}

/// Numbers with no figure, and what would give them one.
fn doubtful(config: &Config, findings: &[Finding], out: &mut Vec<String>) {
    // Where the series of F_1 is cut, that is said already.
    let hardly = |note: &str| note.contains(Doubt::NoSum.reason());
    let without = |f: &&Finding| f.note.as_deref().is_some_and(hardly);
    let names: Vec<&str> = (findings.iter().filter(without))
        .map(|f| f.quantity.as_str())
        .collect();
    let numbers: BTreeSet<usize> = findings
        .iter()
        .filter(without)
        .filter_map(|f| f.n)
        .collect();
    if names.is_empty() {
        return;
    }
    let advice = match config.expansion.error {
        ErrorEstimate::Ratio => "; error = \"next\" in [expansion] solves one order more and knows",
        _ => "",
    };
    out.push(format!(
        "no ± for {} at N = {}: their terms hardly fall{advice}",
        listed(names),
        listed(numbers)
    ));
}

/// Exact values that an error figure does not reach.
fn outside(findings: &[Finding], out: &mut Vec<String>) {
    let is_outside = |f: &&Finding| match (f.corrected, f.error, f.exact) {
        (Some(value), Some(error), Some(exact)) => (exact - value).abs() > error,
        _ => false,
    };
    let names: Vec<&str> = (findings.iter().filter(is_outside))
        .map(|f| f.quantity.as_str())
        .collect();
    let numbers: BTreeSet<usize> = (findings.iter().filter(is_outside))
        .filter_map(|f| f.n)
        .collect();
    if !names.is_empty() {
        out.push(format!(
            "the exact value of {} lies outside ± at N = {}",
            listed(names),
            listed(numbers)
        ));
    }
}

/// Truncations keep the trace but not positivity.
fn lost_positivity(record: &Record, out: &mut Vec<String>) {
    let negative = |j: usize| {
        let of_degree = record
            .least
            .iter()
            .filter(move |((degree, _), _)| *degree == j);
        of_degree.filter(|(_, least)| least.value < -ROUNDING)
    };
    let degrees: BTreeSet<usize> = record.least.keys().map(|key| key.0).collect();
    for j in degrees {
        let numbers: Vec<usize> = negative(j).map(|((_, n), _)| *n).collect();
        let worst = negative(j).min_by(|x, y| x.1.value.total_cmp(&y.1.value));
        if let Some((_, least)) = worst {
            out.push(format!(
                "F_{j} of all orders at N = {} is not positive: its least {} is {:.2e} at t = {}; \
                 truncations keep trace and consistency, not positivity",
                listed(numbers),
                least.what,
                least.value,
                number_of(least.time)
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
    let mut names: Vec<String> = Vec::new();
    let mut numbers = BTreeSet::new();
    let (mut from, mut to) = (f64::INFINITY, f64::NEG_INFINITY);
    for line in lines(config, problem) {
        if !matches!(line.source, Source::Variance(_)) {
            continue;
        }
        for (&n, values) in &record.corrected {
            for (values, &t) in values.iter().zip(&record.times) {
                if line.source.at(values).is_some_and(|x| x < -ROUNDING) {
                    (from, to) = (from.min(t), to.max(t));
                    numbers.insert(n);
                    names.push(line.name.clone());
                }
            }
        }
    }
    if !names.is_empty() {
        out.push(format!(
            "{} of all orders at N = {} is negative at {}: a truncated variance can be",
            listed(names),
            listed(numbers),
            times(from, to)
        ));
    }
}

/// The coefficients of F_j grow like j² (23).
fn combinatorial(config: &Config, out: &mut Vec<String>) {
    let few = |j: usize| {
        let all = config.particles.iter().copied();
        all.filter(move |&n| estimates::too_few_particles(j, n))
    };
    let marginals = config.expansion.marginals.iter().copied();
    let degrees: Vec<usize> = marginals.filter(|&j| few(j).next().is_some()).collect();
    let numbers: BTreeSet<usize> = degrees.iter().flat_map(|&j| few(j)).collect();
    if !degrees.is_empty() {
        let names = degrees.iter().map(|j| format!("F_{j}"));
        out.push(format!(
            "{} at N = {}: j² is not small against N, and corrections grow like j²/N",
            listed(names),
            listed(numbers)
        ));
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

/// Cumulants of a start without those of one particle.
fn given_cumulants(config: &Config, out: &mut Vec<String>) {
    let Start::Cumulants(given) = &config.initial.start else {
        return;
    };
    let order = config.expansion.order;
    let missing: Vec<String> = (1..=order)
        .filter(|&l| !given.contains_key(&(1, l)))
        .map(|l| format!("g_1_{l}"))
        .collect();
    if !missing.is_empty() {
        out.push(format!(
            "the start has no {}: the corrections of F_1 begin at zero",
            listed(missing)
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
    let slow = rates
        .iter()
        .filter(|rate| rate.slope > RATE_SLACK - rate.n as f64 - 1.0);
    let each: Vec<String> = slow
        .map(|rate| {
            let expected = rate.n + 1;
            format!(
                "F_{} to order {} like N^{:.2}, not N^-{expected}",
                rate.j, rate.n, rate.slope
            )
        })
        .collect();
    if !each.is_empty() {
        out.push(format!(
            "errors fall slower than the theorem's: {}: the exact N are too small for the series \
             at this time",
            listed(each)
        ));
    }
}

/// A state that ends everything: no population leaves it, every particle gets there alone,
/// and the limit is somewhere else.
fn absorbing<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    record: &Record,
    out: &mut Vec<String>,
) {
    /// A share of the limit in that state that counts as all of it.
    const ARRIVED: f64 = 0.999;
    let model = problem.model.as_ref();
    let d = model.space().dimension();
    let Some(list) = model.interaction().pair_entries() else {
        return;
    };
    if model.space().norm() != Norm::L1 || d > KEPT_ENTRIES || !model.further_terms().is_empty() {
        return;
    }
    let mut k = Array2::from_elem((d, d), S::from_re(0.0));
    model.add_k(S::from_re(1.0), Array2::eye(d).view(), k.view_mut());
    let mut left = vec![false; d];
    list.for_each_pair_entry(&mut |a, b, c, e, x| {
        if c == e && (a, b) != (c, e) && x.re() > 0.0 {
            left[c] = true;
        }
    });
    let jumps = |from: usize, to: usize| from != to && k[[to, from]].re() > 0.0;
    let stays = |s: usize| !left[s] && (0..d).all(|to| !jumps(s, to));
    let reached_from_all = |s: usize| {
        let mut reach = vec![false; d];
        reach[s] = true;
        for _ in 0..d {
            for from in 0..d {
                reach[from] = reach[from] || (0..d).any(|to| reach[to] && jumps(from, to));
            }
        }
        reach.into_iter().all(|reached| reached)
    };
    let end = record.entries.last().and_then(|by_power| by_power.first());
    for s in (0..d).filter(|&s| stays(s) && reached_from_all(s)) {
        let share = end.and_then(|f| f.get(s)).map_or(1.0, |z| z.re);
        if share < ARRIVED && !config.particles.is_empty() {
            out.push(format!(
                "every population ends with all particles in {}, and stays: the limit, with \
                 {share:.3} there, is left at last, after a time that grows with N; the series \
                 cannot see it ([compare] does)",
                problem.entries[s]
            ));
        }
    }
}

/// Averages whose square the model does not hold.
fn no_square<S: Scalar>(config: &Config, problem: &Problem<S>, out: &mut Vec<String>) {
    let averages = problem.quantities.iter().filter(|q| q.is_average());
    let names: Vec<&str> = averages
        .filter(|q| !q.fluctuates())
        .map(|q| q.name.as_str())
        .collect();
    if config.expansion.order > 0 && !names.is_empty() {
        out.push(format!(
            "no variance of {}: the model's coordinates do not hold the square; `square` in \
             [[observable]] gives it",
            listed(names)
        ));
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
