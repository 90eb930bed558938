//! The measured rate of convergence: the slope of log error against log N.

use super::Rate;
use crate::compute::Record;
use crate::config::Config;

/// Errors below this multiple of the tolerance per step say more about the
/// integrator than about the expansion.
const ABOVE_TOLERANCE: f64 = 30.0;
/// And errors below this are rounding.
const ROUNDING: f64 = 1e-13;

/// Slopes at the end time, by j and truncation, where at least two errors are
/// above what the integrator can resolve.
pub(crate) fn rates(config: &Config, record: &Record) -> Vec<Rate> {
    let floor = (ABOVE_TOLERANCE * config.time.tolerance).max(ROUNDING);
    let mut out = Vec::new();
    for &j in &config.expansion.marginals {
        for n in 0..=config.expansion.order {
            let points: Vec<(f64, f64)> = at_end(record, j, n)
                .filter(|&(_, error)| error > floor)
                .map(|(particles, error)| (particles.ln(), error.ln()))
                .collect();
            if let Some(slope) = slope(&points) {
                out.push(Rate { j, n, slope });
            }
        }
    }
    out
}

/// (N, error) at the end time.
pub(super) fn at_end(record: &Record, j: usize, n: usize) -> impl Iterator<Item = (f64, f64)> {
    record
        .true_errors
        .iter()
        .filter(move |((degree, truncation, _), _)| (*degree, *truncation) == (j, n))
        .filter_map(|((_, _, particles), errors)| Some((*particles as f64, *errors.last()?)))
}

/// The least-squares slope through two points or more.
fn slope(points: &[(f64, f64)]) -> Option<f64> {
    if points.len() < 2 {
        return None;
    }
    let count = points.len() as f64;
    let x = points.iter().map(|p| p.0).sum::<f64>() / count;
    let y = points.iter().map(|p| p.1).sum::<f64>() / count;
    let covariance: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    let variance: f64 = points.iter().map(|p| (p.0 - x).powi(2)).sum();
    Some(covariance / variance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_the_slope_of_a_power_is_its_exponent() {
        let points: Vec<(f64, f64)> = [10.0_f64, 20.0, 40.0]
            .iter()
            .map(|n| (n.ln(), (5.0 * n.powi(-3)).ln()))
            .collect();
        assert!((slope(&points).unwrap() + 3.0).abs() < 1e-12);
        assert_eq!(slope(&points[..1]), None);
    }
}
