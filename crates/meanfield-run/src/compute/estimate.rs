//! The estimate of a truncation's error that a configuration asks for.

use meanfield::expansion::estimates;

use crate::config::{Config, ErrorEstimate};

/// The estimate that the configuration asks for of a series cut at `order`,
/// from the sizes of the coefficients (one more than the order for "next").
pub(crate) fn error_estimate(
    config: &Config,
    order: usize,
    sizes: &[f64],
    j: usize,
    n: usize,
) -> Option<f64> {
    match config.expansion.error {
        ErrorEstimate::None => None,
        ErrorEstimate::Ratio => {
            let kept = &sizes[..sizes.len().min(order + 1)];
            (!kept.is_empty()).then(|| estimates::ratio(kept, j, n as f64))
        }
        ErrorEstimate::Next => sizes
            .get(order + 1)
            .map(|&next| estimates::next(next, order, n as f64)),
    }
}
