//! How far a truncation may be from the truth: estimates from its own terms.
//!
//! These are estimates, not bounds: the series is asymptotic.

/// The "ratio" estimate of ‖F_j − Σ_{m≤n} N^{−m} f_{j,m}‖ from the last two
/// terms,
///
/// > N^{−n−1} ‖f_{j,n}‖ · max(‖f_{j,n}‖/‖f_{j,n−1}‖, j²):
///
/// the next term if the terms keep growing as they did, and at least the
/// combinatorial growth j²/N of (23). `norms[m]` is ‖f_{j,m}‖, m ≤ n; no extra
/// order is needed.
#[must_use]
pub fn ratio(norms: &[f64], j: usize, particles: f64) -> f64 {
    let Some((&last, before)) = norms.split_last() else {
        return 0.0;
    };
    let combinatorial = (j * j) as f64;
    let growth = match before.last() {
        Some(&previous) if previous > 0.0 => (last / previous).max(combinatorial),
        _ => combinatorial,
    };
    last * growth * particles.powi(-(norms.len() as i32))
}

/// The "next" estimate N^{−n−1} ‖f_{j,n+1}‖ from a solution of order n+1.
#[must_use]
pub fn next(next_norm: f64, order: usize, particles: f64) -> f64 {
    next_norm * particles.powi(-(order as i32 + 1))
}

/// The truncation that an asymptotic series should be cut at: the last order
/// before its terms |c_m| N^{−m} begin to grow.
#[must_use]
pub fn best_truncation(norms: &[f64], particles: f64) -> usize {
    let term = |m: usize| norms[m] * particles.powi(-(m as i32));
    (1..norms.len())
        .find(|&m| term(m) >= term(m - 1) && norms[m] > 0.0)
        .map_or(norms.len().saturating_sub(1), |m| m - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_ratio_extrapolates_a_geometric_series_exactly() {
        // c_m = 3·5^m: the next term at N = 100 is 3·5³·1e-6.
        let estimate = ratio(&[3.0, 15.0, 75.0], 1, 100.0);
        assert!((estimate - 375e-6).abs() < 1e-15);
        assert!((next(375.0, 2, 100.0) - estimate).abs() < 1e-15);
        // j² takes over when the terms fall.
        assert!((ratio(&[1.0, 1e-3], 2, 10.0) - 4e-5).abs() < 1e-15);
    }

    #[test]
    fn law_best_truncation_stops_where_terms_grow() {
        let norms = [1.0, 10.0, 200.0, 40000.0];
        assert_eq!(best_truncation(&norms, 1e3), 3);
        assert_eq!(best_truncation(&norms, 100.0), 2);
        assert_eq!(best_truncation(&norms, 5.0), 0);
        assert_eq!(best_truncation(&[1.0, 0.0, 0.0], 5.0), 2);
    }
}
