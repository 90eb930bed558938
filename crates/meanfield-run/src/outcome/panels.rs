//! The plots of a run.

use meanfield::tensor::Scalar;

use super::findings::{Line, lines};
use super::{Curve, Mark, Panel, Scale, rates};
use crate::compute::{AtN, Record, Source};
use crate::config::Config;
use crate::problem::Problem;

/// At most this many plots against time.
const MOST_PANELS: usize = 12;
/// At most this many orders in one plot.
pub(super) const MOST_ORDERS: usize = 5;
/// At most this many N in one plot.
const MOST_NUMBERS: usize = 3;

/// Every quantity against time order by order at the smallest N, and the fluctuations.
pub(super) fn against_times<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    record: &Record,
) -> Vec<Panel> {
    if record.times.len() < 2 {
        return Vec::new();
    }
    let lines = lines(config, problem);
    let each = lines
        .iter()
        .take(MOST_PANELS)
        .map(|line| match line.source {
            Source::Variance(_) => fluctuations(record, line),
            _ => by_order(config, record, line),
        });
    each.collect()
}

/// Errors against N, a plot for each F_j.
pub(super) fn errors(config: &Config, record: &Record) -> Vec<Panel> {
    let each = config.expansion.marginals.iter();
    each.filter_map(|&j| error_against_n(config, record, j))
        .collect()
}

/// The N to show: one with an exact solution if possible, small before large.
pub(super) fn shown_numbers(record: &Record) -> Vec<usize> {
    let mut numbers: Vec<usize> = record.corrected.keys().copied().collect();
    numbers.sort_by_key(|n| (!record.exact.contains_key(n), *n));
    numbers.truncate(MOST_NUMBERS);
    numbers
}

/// A time as text: a sum of steps has digits that mean nothing.
pub(super) fn number_of(t: f64) -> String {
    ((t * 1e6).round() / 1e6).to_string()
}

pub(super) fn curve(label: String, mark: Mark, colour: usize, points: Vec<(f64, f64)>) -> Curve {
    Curve {
        label,
        mark,
        colour,
        points,
    }
}

/// The values at one N against time.
fn against_time(record: &Record, values: &[AtN], source: Source, scale: f64) -> Vec<(f64, f64)> {
    let times = record.times.iter().zip(values);
    times
        .filter_map(|(&t, v)| Some((t, scale * source.at(v)?)))
        .collect()
}

/// Mean field, each order and exact, at one N.
fn by_order(config: &Config, record: &Record, line: &Line) -> Panel {
    let mut curves = Vec::new();
    let series: Vec<Vec<f64>> = (0..record.times.len())
        .map(|k| line.source.series(record, k))
        .collect();
    let number = shown_numbers(record).first().copied();
    let truncated = |order: usize, n: f64| -> Vec<(f64, f64)> {
        let at = |c: &Vec<f64>| {
            // A series that ends before this order has no such truncation.
            let kept = c.get(..=order)?;
            Some(kept.iter().rev().fold(0.0, |sum, x| x + sum / n))
        };
        let times = record.times.iter().zip(&series);
        times.filter_map(|(&t, c)| Some((t, at(c)?))).collect()
    };
    // Only a mean is one of the mean field; other quantities just have a limit.
    let limit = if line.name.starts_with('⟨') || line.name.contains("F_1") {
        "mean field"
    } else {
        "N → ∞"
    };
    curves.push(curve(limit.to_owned(), Mark::Dashed, 6, truncated(0, 1.0)));
    let mut title = line.name.clone();
    if let Some(n) = number {
        title = format!("{}, N = {n}", line.name);
        if record.has_series {
            for order in 1..=line.source.order(config, record).min(MOST_ORDERS) {
                curves.push(curve(
                    order_label(order),
                    Mark::Line,
                    order - 1,
                    truncated(order, n as f64),
                ));
            }
        } else if let Some(values) = record.corrected.get(&n) {
            let points = against_time(record, values, line.source, 1.0);
            curves.push(curve("recursion".to_owned(), Mark::Line, 0, points));
        }
        if let Some(values) = record.exact.get(&n) {
            let points = against_time(record, values, line.source, 1.0);
            curves.push(curve(
                "exact".to_owned(),
                Mark::Points,
                EXACT_COLOUR,
                points,
            ));
        }
    }
    curves.retain(|curve| !curve.points.is_empty());
    Panel {
        title,
        note: String::new(),
        x: "t".to_owned(),
        y: line.name.clone(),
        scale: scale(&curves),
        curves,
    }
}

/// A quantity that stays positive and falls or grows by more than this factor
/// is read on a logarithmic axis: on a linear one its small values are a line.
const WIDE: f64 = 50.0;

fn scale(curves: &[Curve]) -> Scale {
    let values = || curves.iter().flat_map(|curve| &curve.points).map(|p| p.1);
    let least = values().fold(f64::INFINITY, f64::min);
    let largest = values().fold(0.0, f64::max);
    if least > 0.0 && largest > WIDE * least {
        Scale::LogY
    } else {
        Scale::Linear
    }
}

/// The legend of a truncation.
pub(super) fn order_label(order: usize) -> String {
    match order {
        1 => "to 1/N".to_owned(),
        _ => format!("to 1/N^{order}"),
    }
}

/// Exact points beside curves of several colours.
pub(super) const EXACT_COLOUR: usize = 5;

/// N times the variance: its limit and a few N.
fn fluctuations(record: &Record, line: &Line) -> Panel {
    let mut curves = Vec::new();
    let limit = record.times.iter().enumerate().filter_map(|(k, &t)| {
        // Var = Σ_m N^{−m} v_m with v_0 = 0: N·Var tends to v_1.
        Some((t, *line.source.series(record, k).get(1)?))
    });
    curves.push(curve("N → ∞".to_owned(), Mark::Dashed, 6, limit.collect()));
    for (colour, n) in shown_numbers(record).into_iter().enumerate() {
        let scale = n as f64;
        let points = against_time(record, &record.corrected[&n], line.source, scale);
        curves.push(curve(format!("N = {n}"), Mark::Line, colour, points));
        if let Some(values) = record.exact.get(&n) {
            let points = against_time(record, values, line.source, scale);
            curves.push(curve(
                format!("N = {n}, exact"),
                Mark::Points,
                colour,
                points,
            ));
        }
    }
    curves.retain(|curve| !curve.points.is_empty());
    let name = format!("N · {}", line.name);
    Panel {
        title: name.clone(),
        note: "Fluctuations of the empirical average; a product state of independent particles \
               keeps the variance of one of them."
            .to_owned(),
        x: "t".to_owned(),
        y: name,
        scale: Scale::Linear,
        curves,
    }
}

/// Errors of every truncation against N at the end.
fn error_against_n(config: &Config, record: &Record, j: usize) -> Option<Panel> {
    let measured = rates(config, record);
    let mut curves: Vec<Curve> = (0..=config.expansion.order)
        .filter_map(|n| {
            let points: Vec<(f64, f64)> = rates::at_end(record, j, n).collect();
            let slope = measured.iter().find(|rate| (rate.j, rate.n) == (j, n));
            let slope = slope.map_or(String::new(), |rate| format!(": N^{:.2}", rate.slope));
            let label = format!("order {n}{slope}");
            (points.len() > 1).then(|| curve(label, Mark::LineAndPoints, n, points))
        })
        .collect();
    let bounds = record.bounds.iter().filter(|((i, _), _)| *i == j);
    let bounds = bounds.filter_map(|(&(_, n), by_time)| Some((n as f64, *by_time.last()?)));
    let bounds: Vec<(f64, f64)> = bounds.collect();
    if bounds.len() > 1 {
        let colour = config.expansion.order;
        curves.push(curve("bound".to_owned(), Mark::Dashed, colour, bounds));
    }
    (!curves.is_empty()).then(|| Panel {
        title: format!("Error of F_{j} at t = {}", record.end()),
        note: "Distance of each truncation from the exact N-body marginal.".to_owned(),
        x: "N".to_owned(),
        y: "error".to_owned(),
        scale: Scale::LogLog,
        curves,
    })
}
