//! The estimate of a marginal's truncation error that a configuration asks for.

use meanfield::expansion::estimates;

use crate::config::{Config, ErrorEstimate};

/// The estimate that the configuration asks for of ‖F_j − …‖ cut at `order`, from the
/// norms of the coefficients (one more than the order for "next").
pub(crate) fn error_estimate(
    config: &Config,
    order: usize,
    norms: &[f64],
    j: usize,
    n: usize,
) -> Option<f64> {
    match config.expansion.error {
        ErrorEstimate::None => None,
        _ => (!norms.is_empty()).then(|| estimates::of_norms(norms, order, j, n as f64)),
    }
}
