//! Marginals of a population with fixed occupation numbers at t = 0.
//!
//! Drawing j of N particles without return,
//!
//! ```math
//! F_j[\alpha] = \frac{\prod_a (N x_a)_{\alpha_a}}{(N)_j}, \qquad (n)_k = n(n-1) \cdots (n-k+1),
//! ```
//!
//! for every tuple of states with occupations α.

/// F_j at the occupations `alpha`, Σα = j, when `counts[a]` = N x_a particles
/// are in state a. Zero when j exceeds N: no such tuple can be drawn.
#[must_use]
pub fn marginal(counts: &[usize], alpha: &[usize]) -> f64 {
    let n: usize = counts.iter().sum();
    let mut drawn = 0;
    let mut value = 1.0;
    for (&count, &k) in counts.iter().zip(alpha) {
        for i in 0..k {
            if i >= count {
                return 0.0;
            }
            value *= (count - i) as f64 / (n - drawn) as f64;
            drawn += 1;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_two_draws_without_return() {
        let counts = [3, 2];
        assert!((marginal(&counts, &[2, 0]) - 0.3).abs() < 1e-15);
        assert!((marginal(&counts, &[1, 1]) - 0.3).abs() < 1e-15);
        assert!((marginal(&counts, &[0, 2]) - 0.1).abs() < 1e-15);
        assert_eq!(marginal(&counts, &[0, 3]), 0.0);
    }
}
