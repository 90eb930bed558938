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

/// The estimate of ‖F_j − Σ_{m≤at} N^{−m} f_{j,m}‖ from all that is known: the [`next`] term
/// where there is one, else the [`ratio`].
#[must_use]
pub fn of_norms(norms: &[f64], at: usize, j: usize, particles: f64) -> f64 {
    match norms.get(at + 1) {
        Some(&norm) => next(norm, at, particles),
        None => ratio(norms, j, particles),
    }
}

/// The sizes, at one time, of what the coefficients of a number are made of.
#[derive(Debug, Clone, Copy)]
pub struct Sizes<'a> {
    /// ‖f_{1,m}‖.
    pub marginal: &'a [f64],
    /// ‖g_{2,m−1}‖ at m ≥ 1, and 0 at m = 0; empty where pairs are not laid out.
    pub correlation: &'a [f64],
}

/// What a number is taken of, which decides how large its coefficients may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Taken {
    /// Of F_1: |c_m| is at least `share`·‖f_{1,m}‖, but for an accident.
    OfOne {
        /// The typical ⟨f, a⟩ of a traceless f with ‖f‖ = 1; `None`: that of F itself.
        share: Option<f64>,
    },
    /// Of F_2.
    OfPairs,
    /// The variance of an empirical average, whose coefficient v_1 is of the limit.
    Fluctuation {
        /// The typical ⟨g, a⊗a⟩ of a g with ‖g‖ = 1.
        share: f64,
    },
}

/// ‖g_{2,m−1}‖ counts half beside ‖f_{1,m}‖, which may pass through zero.
const OF_CORRELATION: f64 = 0.5;
/// From the first correction alone: the next is at most so many times ‖g_{2,0}‖ larger,
const AFTER_FIRST: f64 = 8.0;
/// from two on: it grows at most so many times faster than the last one did,
const AFTER_LATER: f64 = 2.0;
/// unless the terms grow anyway, no more than so much, and no less than that: near a fixed
/// point correlations are small, and the next term need not be.
const MOST_GROWTH: f64 = 1.5;
const LEAST_GROWTH: f64 = 0.1;
/// ‖f_{1,m}‖ alone may grow so many times faster than all of r_m.
const ACCIDENT: f64 = 4.0;
/// Terms that fall by less than this from order to order have no sum worth a name:
const FALLING: f64 = 0.9;
/// what is left out is then so many times the last term: less than grew before it decayed,
const UNSUMMED: f64 = 30.0;
/// and a figure only where that is no more than the largest term, or, of what is made of
/// pairs, so small a share of it.
const SMALL: f64 = 0.1;

/// The estimate of the error of a number Σ_{m≤at} N^{−m} c_m, from the coefficients that
/// are known and the sizes at the same time: the next term where it is known, and beyond
/// the last one, c_K, a geometric series,
///
/// ```math
/// N^{-K-1}\, \tilde c_K\, x \,/\, (1 - x/N), \qquad
/// \tilde c_m = \max\big(|c_m|,\ s\, r_m\big), \quad r_m = \max\big(\norm{f_{1,m}}, \tfrac12 \norm{g_{2,m-1}}\big),
/// ```
///
/// where s is the largest |c_m|/r_m so far, and at least the share of [`Taken`]: a
/// coefficient that vanishes by accident says nothing of the next one. x is the growth of
/// r_m, which itself grows with the order in an asymptotic series, or that of the
/// correlations. Where x/N is not below one, as of the remains of a transient, the last
/// term itself is the measure; `None` where that is not small either.
///
/// The constants are those with which, over random models of each class, nine values in
/// ten lie within (suite `coverage`).
#[must_use]
pub fn of_number(
    c: &[f64],
    at: usize,
    taken: Taken,
    sizes: Sizes<'_>,
    particles: f64,
) -> Option<f64> {
    let last = c.len().checked_sub(1)?;
    let size = |m: usize| {
        let one = sizes.marginal.get(m).copied().unwrap_or(0.0);
        let two = sizes.correlation.get(m).copied().unwrap_or(0.0);
        match taken {
            Taken::OfOne { .. } => one.max(OF_CORRELATION * two),
            Taken::OfPairs | Taken::Fluctuation { .. } => (2.0 * one).max(two),
        }
    };
    let limit = sizes.marginal.first().copied().unwrap_or(1.0);
    let (mut share, first) = match taken {
        Taken::OfOne { share: Some(share) } => (share, 1),
        Taken::OfOne { share: None } | Taken::OfPairs => (c[0].abs() / limit, 1),
        Taken::Fluctuation { share } => (share, 2),
    };
    let mut floored = vec![c[0].abs(); last + 1];
    for m in 1..=last {
        floored[m] = c[m].abs();
        if m >= first && size(m) > 0.0 {
            share = share.max(c[m].abs() / size(m));
            floored[m] = share * size(m);
        }
    }
    let grown = |of: &dyn Fn(usize) -> f64, m: usize| match of(m - 1) > 0.0 {
        true => of(m) / of(m - 1),
        false => 0.0,
    };
    let one = |m: usize| sizes.marginal.get(m).copied().unwrap_or(0.0);
    let two = |m: usize| sizes.correlation.get(m).copied().unwrap_or(0.0);
    let growth = match last {
        0 => 1.0,
        1 => {
            let own = match taken {
                Taken::Fluctuation { .. } => two(1),
                _ => size(1) / limit,
            };
            let known = !sizes.correlation.is_empty();
            let next = AFTER_FIRST * own.max(two(1));
            (2.0 * own).max(if known {
                next.clamp(LEAST_GROWTH, MOST_GROWTH)
            } else {
                1.0
            })
        }
        _ => {
            let own = grown(&size, last);
            // A norm that was small at the order before grows fast by accident, or not.
            let own = own.max(grown(&one, last).min(ACCIDENT * own));
            let later = AFTER_LATER * own.max(grown(&two, last));
            // It grows from order to order at least as fast as last time, up to twice.
            let before = grown(&size, last - 1);
            let faster = if before > 0.0 {
                (own / before).min(2.0)
            } else {
                2.0
            };
            (own * faster.max((last + 1) as f64 / last as f64))
                .max(later.clamp(LEAST_GROWTH, MOST_GROWTH))
        }
    };
    let term = |m: usize| floored[m] * particles.powi(-(m as i32));
    let ratio = growth / particles;
    let tail = match ratio < FALLING {
        true => Some(term(last) * ratio / (1.0 - ratio)),
        false => {
            let largest = (0..=last).map(|m| c[m].abs() * particles.powi(-(m as i32)));
            let left = UNSUMMED * term(last);
            let most = match taken {
                Taken::OfOne { .. } => 1.0,
                Taken::OfPairs | Taken::Fluctuation { .. } => SMALL,
            };
            (left <= most * largest.fold(0.0, f64::max)).then_some(left)
        }
    };
    match at < last {
        true if at + 1 == last => Some(term(last) + tail.unwrap_or(0.0)),
        true => Some(term(at + 1)),
        false => tail,
    }
}

/// The truncation that an asymptotic series should be cut at: just before its
/// smallest term ‖c_m‖ N^{−m}, m ≥ 1, which is then the size of the error; the
/// last order where that term is the last one, and order 0 where the first correction
/// is no smaller than what it corrects. `norms[m]` is ‖c_m‖.
#[must_use]
pub fn best_truncation(norms: &[f64], particles: f64) -> usize {
    let term = |m: usize| norms[m] * particles.powi(-(m as i32));
    let last = norms.len().saturating_sub(1);
    if last > 0 && norms[0] > 0.0 && term(1) >= term(0) {
        return 0;
    }
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
        // A first correction that is larger than the limit, however short the series.
        assert_eq!(best_truncation(&norms[..2], 5.0), 0);
        assert_eq!(best_truncation(&norms[..2], 20.0), 1);
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

    /// Sizes that fall by ten from order to order.
    const FALL: Sizes<'_> = Sizes {
        marginal: &[1.0, 0.1, 0.01, 0.001],
        correlation: &[0.0, 0.1, 0.01, 0.001],
    };

    #[test]
    fn law_a_known_term_is_the_error_and_an_accident_is_none() {
        let taken = Taken::OfOne { share: Some(0.3) };
        let c = [0.5, 0.04, -0.003];
        // Cut at order 0: the next term; the rest of the series is not added.
        let zero = of_number(&c, 0, taken, FALL, 100.0).unwrap();
        assert!((zero - 4e-4).abs() < 1e-12, "{zero}");
        // Whole: c_2 by what grows at most, x = 2·0.1 > 0.1, and its geometric series.
        let whole = of_number(&c, 2, taken, FALL, 100.0).unwrap();
        let expected = 0.4 * 0.01 * 0.2 * 1e-6 / (1.0 - 0.002);
        assert!((whole - expected).abs() < 1e-18, "{whole}");
        // c_2 = 0 by accident changes nothing.
        let accident = of_number(&[0.5, 0.04, 0.0], 2, taken, FALL, 100.0).unwrap();
        assert_eq!(accident, whole);
        // Nor does a norm that passes through zero, where there are correlations.
        let zero_norm = Sizes {
            marginal: &[1.0, 0.1, 0.0],
            ..FALL
        };
        let found = of_number(&[0.5, 0.04, 0.0], 2, taken, zero_norm, 100.0).unwrap();
        assert!(found > 0.2 * whole, "{found:e} of {whole:e}");
        // Terms that do not fall have no figure; the order before has.
        let grows = Sizes {
            marginal: &[1.0, 0.5, 20.0],
            correlation: &[0.0, 0.5, 20.0],
        };
        assert_eq!(of_number(&c, 2, taken, grows, 10.0), None);
        assert!(of_number(&c, 1, taken, grows, 10.0).is_some());
    }

    #[test]
    fn law_the_figure_falls_as_the_next_power_of_1_over_n() {
        let taken = [
            Taken::OfOne { share: None },
            Taken::OfPairs,
            Taken::Fluctuation { share: 0.5 },
        ];
        for taken in taken {
            for order in 1..=3 {
                let c = &[0.5, 0.2, 0.1, 0.05][..=order];
                let at = |n| of_number(c, order, taken, FALL, n).unwrap();
                let rate = (at(1e6) / at(2e6)).log2();
                assert!(
                    (rate - (order + 1) as f64).abs() < 1e-5,
                    "{taken:?}: {rate}"
                );
            }
        }
        assert_eq!(of_norms(&[1.0, 2.0, 3.0], 1, 1, 10.0), next(3.0, 1, 10.0));
        assert_eq!(
            of_norms(&[1.0, 2.0], 1, 2, 10.0),
            ratio(&[1.0, 2.0], 2, 10.0)
        );
    }
}
