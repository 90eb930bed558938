//! How far a truncation may be from the truth: estimates from its own terms.
//!
//! These are estimates, not bounds: the series is asymptotic.

/// The "ratio" estimate of ‖F_j − Σ_{m≤n} N^{−m} f_{j,m}‖ from the last two
/// terms,
///
/// ```math
/// N^{-n-1} \norm{f_{j,n}} \cdot \max\Big( \frac{\norm{f_{j,n}}}{\norm{f_{j,n-1}}},\ j^2 \Big):
/// ```
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

/// The truncation that an asymptotic series should be cut at: just before its
/// smallest term ‖c_m‖ N^{−m}, m ≥ 1, which is then the size of the error; the
/// last order where that term is the last one. `norms[m]` is ‖c_m‖.
#[must_use]
pub fn best_truncation(norms: &[f64], particles: f64) -> usize {
    let term = |m: usize| norms[m] * particles.powi(-(m as i32));
    let last = norms.len().saturating_sub(1);
    // Of equal terms, vanishing ones above all, the last counts.
    let smallest = (1..=last)
        .rev()
        .min_by(|&m, &l| term(m).total_cmp(&term(l)));
    match smallest {
        Some(m) if m < last => m - 1,
        _ => last,
    }
}

/// The best truncation at every time, orders up to `order`; `by_time[k][m]` is
/// ‖c_m‖ at the k-th time. A coefficient that passes through zero makes the next
/// term the larger one for a moment, which means nothing: terms begin to grow only
/// where one exceeds the largest that its predecessor has been so far. From then
/// on the best truncation is that of the terms of the moment.
#[must_use]
pub fn best_truncations(by_time: &[Vec<f64>], order: usize, particles: f64) -> Vec<usize> {
    let mut largest = vec![0.0_f64; order + 1];
    let mut grown = false;
    let best = |norms: &Vec<f64>| {
        for (l, &x) in largest.iter_mut().zip(norms) {
            *l = l.max(x);
        }
        let grows = |m: usize| norms[m] > 0.0 && norms[m] >= particles * largest[m - 1];
        grown = grown || (1..=order).any(grows);
        match grown {
            true => best_truncation(&norms[..=order], particles),
            false => order,
        }
    };
    by_time.iter().map(best).collect()
}

/// The number of particles above which the terms of a series fall from each order
/// to the next, max_m ‖c_m‖/‖c_{m−1}‖; infinite where one follows a vanishing one.
#[must_use]
pub fn terms_fall_above(norms: &[f64]) -> f64 {
    let ratio = |pair: &[f64]| match pair[1] == 0.0 {
        true => 0.0,
        false => pair[1] / pair[0],
    };
    norms.windows(2).map(ratio).fold(0.0, f64::max)
}

/// Whether j² is not small against N: there corrections to F_j, which grow like
/// j²/N (23), (120), are no corrections. One particle is none too many.
#[must_use]
pub fn too_few_particles(j: usize, particles: usize) -> bool {
    j > 1 && j * j >= particles
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
        // Nothing grows out of a vanishing term.
        assert!((ratio(&[0.0, 0.3], 2, 10.0) - 1.2e-2).abs() < 1e-15);
    }

    #[test]
    fn law_best_truncation_stops_before_the_smallest_term() {
        let norms = [1.0, 10.0, 200.0, 40000.0];
        assert_eq!(best_truncation(&norms, 1e3), 3);
        // Terms 0.1, 0.02, 0.04: to order 1 the error is about 0.02.
        assert_eq!(best_truncation(&norms, 100.0), 1);
        assert_eq!(best_truncation(&norms, 5.0), 0);
        assert_eq!(best_truncation(&[1.0, 0.0, 0.0], 5.0), 2);
        assert_eq!(best_truncation(&[1.0], 5.0), 0);
        assert_eq!(terms_fall_above(&norms), 200.0);
        assert_eq!(terms_fall_above(&[1.0, 0.0, 0.0]), 0.0);
        assert!(terms_fall_above(&[1.0, 0.0, 1.0]).is_infinite());
    }

    #[test]
    fn law_best_truncation_is_the_partial_sum_that_is_nearest() {
        // ∫_0^∞ e^{−x}/(1+x/N) dx = Σ (−1)^m m! N^{−m}, which diverges; at N = 10 by
        // quadrature, on x = 0 … 60.
        let (n, h) = (10.0_f64, 1e-3);
        let value = |k: i32| (-h * f64::from(k)).exp() / (1.0 + h * f64::from(k) / n);
        let simpson = |k: i32| f64::from(2 + 2 * (k % 2)) * value(k);
        let exact = h / 3.0 * (value(0) + (1..60_000).map(simpson).sum::<f64>());
        let factorials: Vec<f64> = (0..=20).map(|m| (1..=m).map(f64::from).product()).collect();
        let mut sums = Vec::new();
        let mut sum = 0.0;
        for (m, c) in factorials.iter().enumerate() {
            sum += (-1.0_f64).powi(m as i32) * c * n.powi(-(m as i32));
            sums.push((sum - exact).abs());
        }
        let best = best_truncation(&factorials, n);
        let least = sums.iter().copied().fold(f64::INFINITY, f64::min);
        assert_eq!(sums[best], least, "{best}: {sums:?}");
    }

    #[test]
    fn law_a_zero_of_a_coefficient_is_no_divergence() {
        let passing = vec![
            vec![1.0, 0.5, 0.1],
            vec![1.0, 1e-9, 0.1],
            vec![1.0, 0.5, 0.1],
        ];
        assert_eq!(best_truncations(&passing, 2, 10.0), [2, 2, 2]);
        let growing = vec![
            vec![1.0, 0.5, 0.1],
            vec![1.0, 2.0, 30.0],
            vec![1.0, 20.0, 900.0],
        ];
        assert_eq!(best_truncations(&growing, 2, 10.0), [2, 0, 0]);
        assert!(too_few_particles(3, 9) && !too_few_particles(3, 10));
        assert!(!too_few_particles(1, 1));
    }
}
