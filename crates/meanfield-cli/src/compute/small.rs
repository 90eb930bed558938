//! The small arrays of result.npz: numbers by time, written at the end.

use meanfield::tensor::Scalar;

use super::record::Record;
use crate::arrays::{ArrayError, ResultFile};
use crate::config::Config;
use crate::outcome::error_estimate;
use crate::problem::{Meaning, Problem};

/// Writes t, error_j_N, true_error_j_n_N, obs_NAME_m and obs_NAME_var_m.
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
        let mean = |k: usize| record.observed[k][q].mean.as_ref();
        let order = record.observed[0][q].order(config.expansion.order);
        let by_power = by_power(order, record, |k| {
            mean(k).map(|series| series.coefficients().to_vec())
        });
        for (m, values) in by_power.iter().enumerate() {
            result.whole(&format!("obs_{name}_{m}"), values)?;
        }
        if record.has_series && matches!(quantity.meaning, Meaning::OneBody { .. }) {
            let variance = |k: usize| record.observed[k][q].variance.as_ref();
            let by_power = self::by_power(order, record, |k| {
                variance(k).map(|series| series.over_n().coefficients().to_vec())
            });
            for (m, values) in by_power.iter().enumerate() {
                result.whole(&format!("obs_{name}_var_{m}"), values)?;
            }
        }
    }
    Ok(())
}

/// The coefficients of a series by power of 1/N, then time; only those that
/// are known at every time.
fn by_power(
    order: usize,
    record: &Record,
    series: impl Fn(usize) -> Option<Vec<f64>>,
) -> Vec<Vec<f64>> {
    let all: Vec<Vec<f64>> = (0..record.times.len())
        .map(|k| series(k).unwrap_or_default())
        .collect();
    let known = all.iter().map(Vec::len).min().unwrap_or(0);
    (0..known.min(order + 1))
        .map(|m| all.iter().map(|c| c[m]).collect())
        .collect()
}
