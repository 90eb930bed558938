//! The small arrays of result.npz: numbers by time, written at the end.

use meanfield::abstract_model::Series;
use meanfield::tensor::Scalar;

use super::estimate::error_estimate;
use super::record::Record;
use crate::arrays::{ArrayError, ResultFile};
use crate::config::Config;
use crate::problem::Problem;

/// Writes t, error_j_N, true_error_j_n_N, obs_NAME_m and obs_NAME_var_m, and
/// the coordinates obs_NAME_axis_AXIS of a field's components.
pub(crate) fn write_small<S: Scalar>(
    config: &Config,
    problem: &Problem<S>,
    record: &Record,
    result: &mut ResultFile,
) -> Result<(), ArrayError> {
    result.whole("t", &record.times)?;
    for (j, by_time) in &record.norms {
        for &n in &config.particles {
            let estimates: Option<Vec<f64>> = by_time
                .iter()
                .map(|norms| error_estimate(config, config.expansion.order, norms, *j, n))
                .collect();
            if let Some(estimates) = estimates {
                result.whole(&format!("error_{j}_N{n}"), &estimates)?;
            }
        }
    }
    for ((j, truncation, n), errors) in &record.true_errors {
        result.whole(&format!("true_error_{j}_{truncation}_N{n}"), errors)?;
    }
    for (q, quantity) in problem.quantities.iter().enumerate() {
        let name = &quantity.name;
        let shape: Vec<usize> = quantity.axes.iter().map(|axis| axis.values.len()).collect();
        for axis in &quantity.axes {
            result.whole(&format!("obs_{name}_axis_{}", axis.name), &axis.values)?;
        }
        let order = record.observed[0][q].order(config.expansion.order);
        let at = |k: usize| &record.observed[k][q].evaluated;
        let values = by_power(order, record, |k| at(k).value.clone());
        for (m, values) in values.iter().enumerate() {
            result.whole_of_shape(&format!("obs_{name}_{m}"), values, &shape)?;
        }
        if record.has_series {
            let variance = |k: usize| {
                let scaled = at(k).scaled_variance.as_ref()?;
                Some(scaled.iter().map(Series::over_n).collect())
            };
            for (m, values) in by_power(order, record, variance).iter().enumerate() {
                result.whole_of_shape(&format!("obs_{name}_var_{m}"), values, &shape)?;
            }
        }
    }
    Ok(())
}

/// The coefficients by power of 1/N, then time, then component; only those
/// that are known at every time.
fn by_power(
    order: usize,
    record: &Record,
    series: impl Fn(usize) -> Option<Vec<Series>>,
) -> Vec<Vec<f64>> {
    let all: Vec<Vec<Series>> = (0..record.times.len())
        .map(|k| series(k).unwrap_or_default())
        .collect();
    let least = |list: &Vec<Series>| list.iter().map(Series::len).min().unwrap_or(0);
    let known = all.iter().map(least).min().unwrap_or(0);
    (0..known.min(order + 1))
        .map(|m| all.iter().flatten().map(|c| c.coefficients()[m]).collect())
        .collect()
}
