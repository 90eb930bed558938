//! Which order to trust at which N, and how the coefficients grow.

use meanfield::expansion::estimates;
use meanfield::tensor::Scalar;

use super::panels::{curve, number_of};
use super::{Mark, Panel, Scale, Table, norm_name};
use crate::compute::{Record, error_estimate};
use crate::config::{Config, Method};
use crate::problem::Problem;

/// A row for every F_j and every N; none where there is no series to cut.
pub(super) fn table(config: &Config, record: &Record) -> Option<Table> {
    let order = config.expansion.order;
    if order == 0 || config.expansion.method == Method::Recursion {
        return None;
    }
    let mut rows = Vec::new();
    for (&j, by_time) in &record.norms {
        let Some(last) = by_time.last() else { continue };
        for &n in &config.particles {
            let best = estimates::best_truncations(by_time, order, n as f64);
            let at_end = best.last().copied().unwrap_or(order);
            let until = match best.iter().position(|&best| best < order) {
                None => "the end".to_owned(),
                Some(0) => "never".to_owned(),
                Some(k) => format!("t = {}", number_of(record.times[k - 1])),
            };
            let estimate = error_estimate(config, at_end, last, j, n);
            let errors = record.true_errors.get(&(j, at_end, n));
            let truth = errors.and_then(|errors| errors.last());
            let size = |x: f64| format!("{x:.0e}");
            rows.push(vec![
                format!("F_{j}"),
                n.to_string(),
                at_end.to_string(),
                until,
                estimate.map_or(String::new(), size),
                truth.map_or(String::new(), |&x| size(x)),
            ]);
        }
    }
    let header = [
        "",
        "N",
        "order to trust at the end",
        "all orders help until",
        "error, estimated",
        "error, true",
    ];
    (!rows.is_empty()).then(|| Table {
        title: "Which order to trust".to_owned(),
        note: "The series is asymptotic: it is best cut before its smallest term. Errors are those of \
               F_j cut there, at the end; a true one comes from the exact solution."
            .to_owned(),
        header: header.map(str::to_owned).to_vec(),
        rows,
        in_terminal: false,
    })
}

/// The size of every coefficient of F_j against time, a plot for each j.
pub(super) fn growth<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    record: &Record,
) -> Vec<Panel> {
    let order = config.expansion.order;
    if order == 0 || record.times.len() < 2 {
        return Vec::new();
    }
    let each = record.norms.iter().map(|(&j, by_time)| {
        let curves = (0..=order).map(|m| {
            let sizes = by_time.iter().zip(&record.times);
            let points = sizes.filter_map(|(norms, &t)| Some((t, *norms.get(m)?)));
            // What is exactly 0, at the start say, has no place on the axis.
            let points = points.filter(|p| p.1 > 0.0).collect();
            curve(format!("m = {m}"), Mark::Line, m, points)
        });
        let curves = curves.filter(|curve| !curve.points.is_empty()).collect();
        Panel {
            title: format!("Growth of the coefficients of F_{j}"),
            note: format!(
                "F_{j} = Σ_m N^−m f_{j}_m; the term of order m is the curve over N^m. Norm: {}.",
                norm_name(problem.model.as_ref(), j)
            ),
            x: "t".to_owned(),
            y: format!("‖f_{j}_m‖"),
            scale: Scale::LogY,
            curves,
        }
    });
    each.collect()
}
