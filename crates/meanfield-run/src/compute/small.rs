//! The small arrays of result.npz: numbers by time, written at the end.

use meanfield::abstract_model::Series;
use meanfield::tensor::Scalar;

use super::estimate::error_estimate;
use super::quote::{Quotes, Source};
use super::record::Record;
use crate::arrays::{ArrayError, ResultFile};
use crate::config::Config;
use crate::problem::Problem;

/// Writes t, error_j_N, true_error_j_n_N, bound_j_N, trusted_N, obs_NAME_m and obs_NAME_var_m, the
/// coordinates obs_NAME_axis_AXIS of a field's components, and of observables that are
/// numbers what is quoted at N: obs_NAME_N, its ± err_obs_NAME_N, exact_obs_NAME_N, and the
/// same of obs_NAME_var. What has no value at a time is masked there by NaN.
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
    for ((j, n), bounds) in &record.bounds {
        result.whole(&format!("bound_{j}_N{n}"), bounds)?;
    }
    let quotes = Quotes::new(config, problem, record);
    for &n in record.corrected.keys() {
        if record.has_series {
            let trusted = quotes.trusted(n).iter().map(|&order| order as f64);
            result.whole(&format!("trusted_N{n}"), &trusted.collect::<Vec<_>>())?;
        }
        for (q, quantity) in problem.quantities.iter().enumerate() {
            if quantity.axes.is_empty() {
                let name = format!("obs_{}", quantity.name);
                quoted(&quotes, Source::Mean(q), &name, n, record, result)?;
                if quantity.fluctuates() {
                    quoted(
                        &quotes,
                        Source::Variance(q),
                        &(name + "_var"),
                        n,
                        record,
                        result,
                    )?;
                }
            }
        }
    }
    for (q, quantity) in problem.quantities.iter().enumerate() {
        let name = &quantity.name;
        let shape: Vec<usize> = quantity.axes.iter().map(|axis| axis.values.len()).collect();
        for axis in &quantity.axes {
            result.whole(&format!("obs_{name}_axis_{}", axis.name), &axis.values)?;
        }
        let order = record.observed[0][q].order(config.expansion.order);
        let components = quantity.components();
        let at = |k: usize| &record.observed[k][q].evaluated;
        let values = by_power(order, record, components, |k| at(k).value.clone());
        for (m, values) in values.iter().enumerate() {
            result.whole_of_shape(&format!("obs_{name}_{m}"), values, &shape)?;
        }
        if record.has_series {
            let variance = |k: usize| {
                let scaled = at(k).scaled_variance.as_ref()?;
                Some(scaled.iter().map(Series::over_n).collect())
            };
            for (m, values) in by_power(order, record, components, variance)
                .iter()
                .enumerate()
            {
                result.whole_of_shape(&format!("obs_{name}_var_{m}"), values, &shape)?;
            }
        }
    }
    Ok(())
}

/// What is quoted of a number at N, at every time.
fn quoted(
    quotes: &Quotes<'_>,
    source: Source,
    name: &str,
    n: usize,
    record: &Record,
    result: &mut ResultFile,
) -> Result<(), ArrayError> {
    let times = 0..record.times.len();
    let all: Vec<_> = times.map(|k| quotes.at(source, k, n)).collect();
    let mut write =
        |name: String, values: Vec<Option<f64>>| match values.iter().any(Option::is_some) {
            true => {
                let masked = values.into_iter().map(|x| x.unwrap_or(f64::NAN));
                result.whole(&name, &masked.collect::<Vec<_>>())
            }
            false => Ok(()),
        };
    let value = all.iter().map(|quote| Some(quote.as_ref()?.value));
    write(format!("{name}_N{n}"), value.collect())?;
    let error = all.iter().map(|quote| quote.as_ref()?.error);
    write(format!("err_{name}_N{n}"), error.collect())?;
    let exact = record.exact.get(&n).into_iter().flatten();
    write(
        format!("exact_{name}_N{n}"),
        exact.map(|values| source.at(values)).collect(),
    )
}

/// The coefficients by power of 1/N, then time, then component: as many as are known at any
/// time, masked by NaN where they are not.
fn by_power(
    order: usize,
    record: &Record,
    components: usize,
    series: impl Fn(usize) -> Option<Vec<Series>>,
) -> Vec<Vec<f64>> {
    let all: Vec<Vec<Series>> = (0..record.times.len())
        .map(|k| series(k).unwrap_or_default())
        .collect();
    let known = all.iter().flatten().map(Series::len).max().unwrap_or(0);
    let at = |list: &[Series], component: usize, m: usize| {
        let series = list.get(component);
        let known = series.and_then(|series| series.coefficients().get(m));
        known.copied().unwrap_or(f64::NAN)
    };
    let power = |m: usize| {
        let each = all
            .iter()
            .flat_map(|list| (0..components).map(move |c| at(list, c, m)));
        each.collect()
    };
    (0..known.min(order + 1)).map(power).collect()
}
