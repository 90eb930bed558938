//! Gauss quadrature for probability measures with a known three-term recurrence.
//!
//! The nodes are the eigenvalues of the Jacobi matrix (G. H. Golub, J. H. Welsch, Math. Comp. 23,
//! 221, 1969), polished by Newton's method. The weights are Christoffel's 1/Σ p_k(x)², not the
//! squared eigenvector components: those are good to rounding of the *largest* weight only, and the
//! sums here multiply small weights by large polynomials.

use meanfield_abstract::ModelError;
use meanfield_tensor::linalg;
use ndarray::Array2;

/// Nodes and weights of a rule; the weights sum to 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rule {
    /// The nodes, in increasing order.
    pub(crate) nodes: Vec<f64>,
    /// The weights.
    pub(crate) weights: Vec<f64>,
}

/// Newton steps on a node: it starts with the digits of an eigenvalue.
const POLISH: usize = 2;

impl Rule {
    /// The rule with n nodes of the measure whose orthonormal polynomials obey
    /// x p_k = b_{k+1} p_{k+1} + a_k p_k + b_k p_{k−1}, p_0 = 1: exact for
    /// polynomials of degree ≤ 2n − 1. Cost: an eigenvalue problem of size n.
    fn new(
        n: usize,
        a: impl Fn(usize) -> f64,
        b: impl Fn(usize) -> f64,
    ) -> Result<Self, ModelError> {
        let jacobi = Array2::from_shape_fn((n, n), |(i, k)| match (i, k) {
            _ if i == k => a(i),
            _ if i.abs_diff(k) == 1 => b(i.max(k)),
            _ => 0.0,
        });
        let (mut nodes, _) = linalg::eigh(jacobi.view())?;
        let mut weights = vec![0.0; n];
        for (x, weight) in nodes.iter_mut().zip(&mut weights) {
            for _ in 0..POLISH {
                let (value, slope, _) = orthonormal(n, *x, &a, &b);
                *x -= value / slope;
            }
            let (_, _, squares) = orthonormal(n, *x, &a, &b);
            *weight = 1.0 / squares;
        }
        Ok(Self {
            nodes: nodes.to_vec(),
            weights,
        })
    }

    /// The standard Gaussian e^{−x²/2}/√(2π).
    pub(crate) fn gaussian(n: usize) -> Result<Self, ModelError> {
        Self::new(n, |_| 0.0, |k| (k as f64).sqrt())
    }

    /// The Gamma distribution x^{s−1} e^{−x}/Γ(s) on x > 0, s > 0.
    pub(crate) fn gamma(n: usize, s: f64) -> Result<Self, ModelError> {
        Self::new(
            n,
            |k| 2.0 * k as f64 + s,
            |k| (k as f64 * (k as f64 + s - 1.0)).sqrt(),
        )
    }

    /// The uniform distribution on [−1, 1].
    pub(crate) fn uniform(n: usize) -> Result<Self, ModelError> {
        let b = |k: usize| k as f64 / ((4 * k * k) as f64 - 1.0).sqrt();
        Self::new(n, |_| 0.0, b)
    }
}

/// b_n p_n, its derivative, and Σ_{k<n} p_k² at x.
fn orthonormal(
    n: usize,
    x: f64,
    a: &impl Fn(usize) -> f64,
    b: &impl Fn(usize) -> f64,
) -> (f64, f64, f64) {
    let (mut before, mut value) = (0.0, 1.0);
    let (mut slope_before, mut slope) = (0.0, 0.0);
    let mut squares = 0.0;
    for k in 0..n {
        squares += value * value;
        let lower = if k == 0 { 0.0 } else { b(k) };
        // The last step leaves b_n p_n: b_n may not be defined, and only the ratio is used.
        let upper = if k + 1 == n { 1.0 } else { b(k + 1) };
        let next = ((x - a(k)) * value - lower * before) / upper;
        let slope_next = (value + (x - a(k)) * slope - lower * slope_before) / upper;
        (before, value) = (value, next);
        (slope_before, slope) = (slope, slope_next);
    }
    (value, slope, squares)
}

/// A rule on the unit sphere of R^d that is exact for even polynomials of
/// degree ≤ `degree`: pairs of a direction (components beyond d are 0) and its
/// weight; the weights sum to 1.
pub(crate) fn sphere(d: usize, degree: usize) -> Result<Vec<([f64; 3], f64)>, ModelError> {
    let around = degree + 1;
    let angle = |k: usize| std::f64::consts::TAU * (k as f64 + 0.25) / around as f64;
    Ok(match d {
        // Both directions, so that a function may be odd as well.
        1 => vec![([1.0, 0.0, 0.0], 0.5), ([-1.0, 0.0, 0.0], 0.5)],
        2 => (0..around)
            .map(|k| {
                let (sin, cos) = angle(k).sin_cos();
                ([cos, sin, 0.0], 1.0 / around as f64)
            })
            .collect(),
        _ => {
            let heights = Rule::uniform(degree / 2 + 1)?;
            let mut points = Vec::with_capacity(heights.nodes.len() * around);
            for (&z, &weight) in heights.nodes.iter().zip(&heights.weights) {
                let radius = (1.0 - z * z).sqrt();
                for k in 0..around {
                    let (sin, cos) = angle(k).sin_cos();
                    let point = [radius * cos, radius * sin, z];
                    points.push((point, weight / around as f64));
                }
            }
            points
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative rounding of a sum of a few dozen positive terms.
    const ROUNDING: f64 = 1e-12;

    fn moment(rule: &Rule, power: i32) -> f64 {
        let terms = rule.nodes.iter().zip(&rule.weights);
        terms.map(|(x, w)| w * x.powi(power)).sum()
    }

    #[test]
    fn validate_moments_up_to_twice_the_nodes_less_one() {
        for n in [1, 2, 5, 20, 60] {
            let (normal, flat) = (Rule::gaussian(n).unwrap(), Rule::uniform(n).unwrap());
            let gamma = Rule::gamma(n, 1.75).unwrap();
            let (mut double_factorial, mut rising) = (1.0, 1.0);
            for k in 0..n.min(40) {
                let even = moment(&normal, 2 * k as i32) / double_factorial;
                assert!((even - 1.0).abs() < ROUNDING, "{n}: {k}: {even}");
                double_factorial *= (2 * k + 1) as f64;
                let even = moment(&flat, 2 * k as i32) * (2 * k + 1) as f64;
                assert!((even - 1.0).abs() < ROUNDING, "{n}: {k}: {even}");
                let one = moment(&gamma, k as i32) / rising;
                assert!((one - 1.0).abs() < ROUNDING, "{n}: {k}: {one}");
                rising *= 1.75 + k as f64;
            }
        }
    }

    #[test]
    fn law_small_weights_keep_their_digits() {
        // Σ w p_n² = 1 weighs the far nodes as much as the near ones.
        let rule = Rule::gaussian(41).unwrap();
        let b = |k: usize| (k as f64).sqrt();
        let mut sum = 0.0;
        for (&x, &w) in rule.nodes.iter().zip(&rule.weights) {
            let (mut before, mut value) = (0.0, 1.0);
            for k in 0..40 {
                let lower = if k == 0 { 0.0 } else { b(k) };
                (before, value) = (value, (x * value - lower * before) / b(k + 1));
            }
            sum += w * value * value;
        }
        assert!((sum - 1.0).abs() < ROUNDING, "{sum}");
    }

    #[test]
    fn validate_means_of_monomials_over_the_sphere() {
        let factorial = |n: i32| (1..=n).rev().step_by(2).map(f64::from).product::<f64>();
        for (d, degree) in [(1, 8), (2, 8), (3, 8)] {
            let points = sphere(d, degree).unwrap();
            for (i, j, k) in [
                (0, 0, 0),
                (8, 0, 0),
                (2, 4, 0),
                (2, 2, 4),
                (3, 1, 0),
                (1, 2, 1),
            ] {
                if (j > 0 && d < 2) || (k > 0 && d < 3) {
                    continue;
                }
                let mean: f64 = points
                    .iter()
                    .map(|(n, w)| w * n[0].powi(i) * n[1].powi(j) * n[2].powi(k))
                    .sum();
                let total = i + j + k;
                let odd = [i, j, k].iter().any(|p| p % 2 == 1);
                // Π (p−1)!! / (d(d+2)…(d+|p|−2)).
                let above: f64 = [i, j, k].iter().map(|p| factorial(p - 1)).product();
                let below: f64 = (0..total / 2).map(|m| (d as i32 + 2 * m) as f64).product();
                let expected = if odd { 0.0 } else { above / below };
                assert!((mean - expected).abs() < ROUNDING, "{d}: {i}{j}{k}: {mean}");
            }
        }
    }
}
