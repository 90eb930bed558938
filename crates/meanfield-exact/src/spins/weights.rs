//! How F^{⊗N} of two levels is spread over total spins.
//!
//! With the eigenvalues p ≥ q ≥ 0 of F, p + q = 1, and k = N/2 − J,
//!
//! ```math
//! F^{\otimes N} = \bigoplus_k (pq)^k \operatorname{diag}(p^{2J-i} q^i,\ i = 0 \ldots 2J) \otimes 1_{d_k},
//! \qquad d_k = \binom{N}{k} \frac{N-2k+1}{N-k+1},
//! ```
//!
//! in the basis |J, m = J−i⟩ along the Bloch vector: a mixture of the states (k, i)
//! with weights w_{k,i} = d_k p^{N−k−i} q^{k+i} that sum to one.

/// Weight of all states that are left out. The trace distance of what is kept
/// to F^{⊗N} is at most this, at all times and in every marginal.
const NEGLECTED: f64 = 1e-16;

/// The states of one total spin that count.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spin {
    /// k = N/2 − J.
    pub(super) k: usize,
    /// Dimension 2J + 1 = N − 2k + 1.
    pub(super) dimension: usize,
    /// w_{k,i} for i = 0, 1, … as far as they count.
    pub(super) weights: Vec<f64>,
}

/// The total spins that count, by increasing k, for `ratio` = q/p ≤ 1. Each
/// weight is within a few roundings for each total spin between it and the most
/// likely one: neither d_k nor p^N is ever formed. Cost: N and the states kept.
pub(super) fn spins(n: usize, ratio: f64) -> Vec<Spin> {
    let most = n / 2;
    // d_{k+1} q/(d_k p), k < most.
    let step = |k: usize| {
        let (n, k) = (n as f64, k as f64);
        ratio * (n - 2.0 * k - 1.0) * (n - k + 1.0) / ((k + 1.0) * (n - 2.0 * k + 1.0))
    };
    // w_{k,0} from the largest outwards; what underflows does not count.
    let mut mode = (0, 0.0_f64, 0.0_f64);
    for k in 0..most {
        let log = mode.2 + step(k).ln();
        mode = if log > mode.1 {
            (k + 1, log, log)
        } else {
            (mode.0, mode.1, log)
        };
    }
    let mode = mode.0;
    let mut leading = vec![0.0; most + 1];
    leading[mode] = 1.0;
    for k in mode..most {
        leading[k + 1] = leading[k] * step(k);
    }
    for k in (0..mode).rev() {
        leading[k] = leading[k + 1] / step(k);
    }
    let powers: Vec<f64> = std::iter::successors(Some(1.0), |x| Some(x * ratio))
        .take(n + 1)
        .collect();
    // Σ_{i≤m} (q/p)^i.
    let sums: Vec<f64> = {
        let mut sum = 0.0;
        let partial = powers.iter().map(|x| {
            sum += x;
            sum
        });
        partial.collect()
    };
    let total: f64 = (0..=most).map(|k| leading[k] * sums[n - 2 * k]).sum();
    let states: usize = (0..=most).map(|k| n - 2 * k + 1).sum();
    let least = NEGLECTED / states as f64;
    let spin = |k: usize| {
        let dimension = n - 2 * k + 1;
        let weights = powers[..dimension]
            .iter()
            .map(|power| leading[k] / total * power)
            .take_while(|&weight| weight > least)
            .collect();
        Spin {
            k,
            dimension,
            weights,
        }
    };
    (0..=most)
        .map(spin)
        .filter(|s| !s.weights.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validate_multiplicities_by_coupling_one_spin_after_the_other() {
        // paths[2J] = how often N spins ½ couple to J.
        let mut paths = vec![1.0];
        for n in 1..=30_usize {
            let mut next = vec![0.0; n + 1];
            for (twice, &count) in paths.iter().enumerate() {
                next[twice + 1] += count;
                if twice > 0 {
                    next[twice - 1] += count;
                }
            }
            paths = next;
            let (p, q) = (0.7_f64, 0.3_f64);
            let found = spins(n, q / p);
            assert_eq!(found.len(), n / 2 + 1);
            for spin in found {
                assert_eq!(spin.dimension, n - 2 * spin.k + 1);
                for (i, weight) in spin.weights.iter().enumerate() {
                    let up = (n - spin.k - i) as i32;
                    let expected = paths[n - 2 * spin.k] * p.powi(up) * q.powi((spin.k + i) as i32);
                    assert!((weight / expected - 1.0).abs() < 1e-12, "N {n}");
                }
            }
        }
    }

    #[test]
    fn law_weights_of_thousands_of_particles_sum_to_one_and_have_the_right_mean() {
        for n in [1, 2, 99, 5000] {
            for q in [0.0, 1e-300, 1e-9, 0.15, 0.4999, 0.5] {
                let found = spins(n, q / (1.0 - q));
                let (mut total, mut down) = (0.0, 0.0);
                for spin in &found {
                    for (i, w) in spin.weights.iter().enumerate() {
                        total += w;
                        down += w * (spin.k + i) as f64;
                    }
                }
                assert!((total - 1.0).abs() < 1e-13, "{n} {q}: {total}");
                assert!((down / n as f64 - q).abs() < 1e-13, "{n} {q}");
            }
        }
        let pure = spins(5000, 0.0);
        assert_eq!((pure.len(), pure[0].weights.len()), (1, 1));
        // Few of the 6 million states of 5000 particles count.
        let kept: usize = spins(5000, 0.15 / 0.85)
            .iter()
            .map(|s| s.weights.len())
            .sum();
        assert!((1_000..20_000).contains(&kept), "{kept}");
    }
}
