//! Plots of fields over their coordinate: at the start and halfway, and at the
//! end order by order.

use meanfield::tensor::Scalar;

use super::panels::{EXACT_COLOUR, MOST_ORDERS, curve, number_of, order_label, shown_numbers};
use super::{Mark, Panel, Scale};
use crate::compute::{Observed, Record};
use crate::config::Config;
use crate::problem::{Problem, Quantity};

/// One plot for every field of one axis; fields of two are for the reader of
/// result.npz.
pub(super) fn panels<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    record: &Record,
) -> Vec<Panel> {
    let quantities = problem.quantities.iter().enumerate();
    quantities
        .filter(|(_, quantity)| quantity.axes.len() == 1)
        .filter_map(|(q, quantity)| profile(config, quantity, q, record))
        .collect()
}

/// Earlier times, in colours that no order of a short series has.
const START_COLOUR: usize = 4;
const HALFWAY_COLOUR: usize = 3;

fn profile<S>(config: &Config, quantity: &Quantity<S>, q: usize, record: &Record) -> Option<Panel> {
    let axis = quantity.axes.first()?;
    let points = |values: Vec<f64>| axis.values.iter().copied().zip(values).collect::<Vec<_>>();
    let truncated = |at: &Observed, order: usize, n: f64| -> Option<Vec<f64>> {
        let field = at.field()?.iter();
        let known = |s: &meanfield::abstract_model::Series| {
            (s.len() > order).then(|| s.truncated(order + 1).at(n))
        };
        field.map(known).collect()
    };
    let (first, last) = (
        record.observed.first()?.get(q)?,
        record.observed.last()?.get(q)?,
    );
    let mut curves = Vec::new();
    let mut add = |label: String, mark, colour, values: Option<Vec<f64>>| {
        if let Some(values) = values {
            curves.push(curve(label, mark, colour, points(values)));
        }
    };
    if record.times.len() > 1 {
        let start = format!("N → ∞, t = {}", record.times[0]);
        add(start, Mark::Dashed, START_COLOUR, truncated(first, 0, 1.0));
    }
    let half = record.times.len() / 2;
    // With the last time alone there is nothing between.
    if half > 0 && half + 1 < record.times.len() {
        let values = record.observed.get(half).and_then(|at| at.get(q));
        let values = values.and_then(|at| truncated(at, 0, 1.0));
        let label = format!("N → ∞, t = {}", number_of(record.times[half]));
        add(label, Mark::Dashed, HALFWAY_COLOUR, values);
    }
    add("N → ∞".to_owned(), Mark::Dashed, 6, truncated(last, 0, 1.0));
    let mut title = format!("{} at t = {}", quantity.name, record.end());
    if let Some(&n) = shown_numbers(record).first() {
        title += &format!(", N = {n}");
        if record.has_series {
            for order in 1..=last.order(config.expansion.order).min(MOST_ORDERS) {
                let values = truncated(last, order, n as f64);
                add(order_label(order), Mark::Line, order - 1, values);
            }
        }
        let exact = record.exact.get(&n).and_then(|list| list.last());
        let exact = exact.and_then(|values| values.fields.get(q)?.clone());
        add("exact".to_owned(), Mark::Points, EXACT_COLOUR, exact);
    }
    (!curves.is_empty()).then(|| Panel {
        title,
        note: String::new(),
        x: axis.name.clone(),
        y: quantity.name.clone(),
        scale: Scale::Linear,
        curves,
    })
}
