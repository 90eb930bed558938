//! The plots of a sweep.

use serde_json::Value;

use super::Swept;
use crate::outcome::{Curve, Mark, Panel, Scale};

/// At most this many combinations of the other axes in one plot.
const MOST_CURVES: usize = 6;
/// At most this many N in one plot, or plots of one quantity.
const MOST_NUMBERS: usize = 3;
/// At most this many quantities are drawn.
const MOST_QUANTITIES: usize = 8;
/// The colour of the mean field where it is one curve.
const MEAN_FIELD: usize = 6;
/// Values that span more than this factor are on a logarithmic axis.
const WIDE: f64 = 30.0;

/// The axis to draw along: the numbers of which there are most, the last
/// of several.
fn along(swept: &Swept<'_>) -> usize {
    let axes = swept.sweep.axes.iter().enumerate();
    let numbers = axes.filter(|(_, axis)| axis.values.iter().all(|v| v.number.is_some()));
    let longest = numbers.max_by_key(|(_, axis)| axis.values.len());
    longest.map_or(0, |(k, _)| k)
}

/// The plots: every quantity at the end, and its error.
pub(super) fn panels(swept: &Swept<'_>) -> Vec<Panel> {
    let along = along(swept);
    let several = swept.sweep.axes.len() > 1;
    let mut out = Vec::new();
    for (name, numbers) in swept.quantities().into_iter().take(MOST_QUANTITIES) {
        let numbers = &numbers[..numbers.len().min(MOST_NUMBERS)];
        if several {
            out.extend(numbers.iter().map(|&n| family(swept, along, &name, n)));
        } else {
            out.push(single(swept, &name, numbers));
        }
        let first = numbers.iter().find(|n| n.is_some());
        out.extend(first.and_then(|&n| errors(swept, along, &name, n)));
    }
    out.retain(|panel| !panel.curves.is_empty());
    out
}

/// A curve over the values of one axis, the others as at point `base`.
fn over(
    swept: &Swept<'_>,
    along: usize,
    base: &[usize],
    value: impl Fn(usize) -> Option<f64>,
) -> Vec<(f64, f64)> {
    let axis = &swept.sweep.axes[along];
    let mut points: Vec<(f64, f64)> = (0..swept.sweep.points())
        .filter_map(|number| {
            let mut at = swept.sweep.position(number);
            let k = at[along];
            at[along] = base[along];
            // Values that are no numbers are counted.
            let x = axis.values[k].number.unwrap_or(k as f64);
            (at == base).then(|| Some((x, value(number)?)))?
        })
        .collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    points
}

fn number(finding: Option<&Value>, key: &str) -> Option<f64> {
    finding?[key].as_f64()
}

/// One axis: the mean field, and truncations and exact values at every N.
fn single(swept: &Swept<'_>, name: &str, numbers: &[Option<u64>]) -> Panel {
    let value = |n: Option<u64>, key: &'static str| {
        let of = (name.to_owned(), n);
        over(swept, 0, &[0], |k| number(swept.finding(k, &of), key))
    };
    let mut curves = Vec::new();
    let mut add = |label: String, mark, colour, points: Vec<(f64, f64)>| {
        if !points.is_empty() {
            curves.push(Curve {
                label,
                mark,
                colour,
                points,
            });
        }
    };
    if let Some(&first) = numbers.first() {
        let limit = value(first, "mean_field");
        add("N → ∞".to_owned(), Mark::Dashed, MEAN_FIELD, limit);
    }
    for (colour, &n) in numbers.iter().enumerate() {
        let Some(shown) = n else { continue };
        let label = format!("N = {shown}");
        add(label.clone(), Mark::Line, colour, value(n, "corrected"));
        add(
            format!("{label}, exact"),
            Mark::Points,
            colour,
            value(n, "exact"),
        );
    }
    panel(swept, 0, format!("{name} at the end"), name, curves)
}

/// Several axes: a family of curves at one N.
fn family(swept: &Swept<'_>, along: usize, name: &str, n: Option<u64>) -> Panel {
    let of = (name.to_owned(), n);
    let mut curves = Vec::new();
    for (colour, (base, label)) in others(swept, along).into_iter().enumerate() {
        for (key, mark, what) in [
            ("mean_field", Mark::Dashed, "N → ∞"),
            ("corrected", Mark::Line, ""),
            ("exact", Mark::Points, "exact"),
        ] {
            let points = over(swept, along, &base, |k| number(swept.finding(k, &of), key));
            if points.is_empty() {
                continue;
            }
            let comma = if what.is_empty() { "" } else { ", " };
            curves.push(Curve {
                label: format!("{label}{comma}{what}"),
                mark,
                colour,
                points,
            });
        }
    }
    let at = n.map_or(String::new(), |n| format!(", N = {n}"));
    panel(swept, along, format!("{name} at the end{at}"), name, curves)
}

/// How far mean field and truncation are from the exact value at N, and how
/// far the estimate says; the first combination of the other axes.
fn errors(swept: &Swept<'_>, along: usize, name: &str, n: Option<u64>) -> Option<Panel> {
    let of = (name.to_owned(), n);
    let (base, label) = others(swept, along).into_iter().next()?;
    let distance = |key: &'static str| {
        over(swept, along, &base, |k| {
            let finding = swept.finding(k, &of);
            Some((number(finding, key)? - number(finding, "exact")?).abs())
        })
    };
    let mut curves = Vec::new();
    for (label, mark, colour, points) in [
        (
            "mean field, true",
            Mark::Dashed,
            MEAN_FIELD,
            distance("mean_field"),
        ),
        (
            "corrected, true",
            Mark::LineAndPoints,
            0,
            distance("corrected"),
        ),
        (
            "corrected, estimated",
            Mark::Line,
            1,
            over(swept, along, &base, |k| {
                number(swept.finding(k, &of), "error")
            }),
        ),
    ] {
        if points.iter().any(|p| p.1 > 0.0) {
            curves.push(Curve {
                label: label.to_owned(),
                mark,
                colour,
                points,
            });
        }
    }
    // An estimate alone is in the table.
    if curves.len() < 2 {
        return None;
    }
    let at = if label.is_empty() {
        String::new()
    } else {
        format!(", {label}")
    };
    let title = format!("Error of {name}, N = {}{at}", n?);
    let mut panel = panel(swept, along, title, "error", curves);
    panel.scale = match panel.scale {
        Scale::LogX | Scale::LogLog => Scale::LogLog,
        _ => Scale::LogY,
    };
    Some(panel)
}

/// The combinations of the other axes, with their names; the first index along
/// the axis.
fn others(swept: &Swept<'_>, along: usize) -> Vec<(Vec<usize>, String)> {
    let bases = (0..swept.sweep.points()).map(|number| swept.sweep.position(number));
    let bases: Vec<Vec<usize>> = bases.filter(|at| at[along] == 0).collect();
    let step = bases.len().div_ceil(MOST_CURVES).max(1);
    let named = bases.into_iter().step_by(step).map(|base| {
        let axes = swept.sweep.axes.iter().enumerate().zip(&base);
        let parts: Vec<String> = axes
            .filter(|((k, _), _)| *k != along)
            .map(|((_, axis), &at)| format!("{} = {}", short(&axis.key), axis.values[at].shown()))
            .collect();
        (base, parts.join(", "))
    });
    named.collect()
}

/// The last word of a key.
fn short(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

fn panel(swept: &Swept<'_>, along: usize, title: String, y: &str, curves: Vec<Curve>) -> Panel {
    let axis = &swept.sweep.axes[along];
    let numbers: Option<Vec<f64>> = axis.values.iter().map(|value| value.number).collect();
    let mut note = String::new();
    let scale = match numbers {
        Some(numbers) => {
            let least = numbers.iter().copied().fold(f64::INFINITY, f64::min);
            let largest = numbers.iter().copied().fold(0.0, f64::max);
            let wide = least > 0.0 && largest > WIDE * least;
            if wide { Scale::LogX } else { Scale::Linear }
        }
        None => {
            let each = axis.values.iter().enumerate();
            let named: Vec<String> = each.map(|(k, v)| format!("{k}: {}", v.shown())).collect();
            note = named.join(", ");
            Scale::Linear
        }
    };
    Panel {
        title,
        note,
        x: axis.key.clone(),
        y: y.to_owned(),
        scale,
        curves,
    }
}
