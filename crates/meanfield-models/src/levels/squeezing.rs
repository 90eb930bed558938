//! The spin squeezing parameter of two-level particles, as a series in 1/N.
//!
//! ```math
//! \xi^2 = N \cdot \min \operatorname{Var}\Big( \frac{1}{N} \sum_i n \cdot \sigma_i \Big)
//! \quad \text{over unit vectors } n \perp \mean{\sigma}
//! ```
//!
//! (M. Kitagawa, M. Ueda, Phys. Rev. A 47, 5138, 1993): 1 for independent spins
//! that all point the same way, less when squeezed.

use meanfield_abstract::{Derived, Series};

use super::pauli;

/// Coefficients below this share of the largest one are rounding: the two
/// variances across a coherent state are equal, and the root of their
/// difference has no expansion unless it is recognised as zero.
const ROUNDING: f64 = 1e-12;

/// ξ² from the means ⟨σ_i⟩ and the covariances N·Cov(σ_i, σ_k).
///
/// With C the 3×3 matrix of covariances and n = s/|s|, the two variances across
/// s are the non-zero eigenvalues of (1−nnᵀ)C(1−nnᵀ): their sum is tr C − nᵀCn,
/// their product nᵀ adj(C) n.
fn compose(s: &[Series], c: &[Vec<Series>]) -> Option<Series> {
    let squares = s.iter().map(|x| x * x);
    let length = squares.reduce(|x, y| &x + &y)?;
    let inverse = length.reciprocal()?;
    let along = |m: &dyn Fn(usize, usize) -> Series| -> Option<Series> {
        let terms = (0..9).map(|k| &(&s[k / 3] * &s[k % 3]) * &m(k / 3, k % 3));
        Some(&terms.reduce(|x, y| &x + &y)? * &inverse)
    };
    let trace = &(&c[0][0] + &c[1][1]) + &c[2][2];
    let sum = &trace - &along(&|i, k| c[i][k].clone())?;
    // Cofactors with cyclic indices carry their sign.
    let product = along(&|i, k| {
        let (i1, i2, k1, k2) = ((i + 1) % 3, (i + 2) % 3, (k + 1) % 3, (k + 2) % 3);
        &(&c[i1][k1] * &c[i2][k2]) - &(&c[i1][k2] * &c[i2][k1])
    })?;
    let half = sum.scaled(0.5);
    let square = &half * &half;
    let scale = square
        .coefficients()
        .iter()
        .map(|x| x.abs())
        .fold(0.0, f64::max);
    let difference = &square - &product;
    let cleaned = difference
        .coefficients()
        .iter()
        .map(|&x| if x.abs() <= ROUNDING * scale { 0.0 } else { x });
    let root = Series::new(cleaned.collect()).sqrt()?;
    Some(&half - &root)
}

/// The observable `squeezing`.
pub(super) fn squeezing() -> Derived {
    Derived {
        name: "squeezing".to_owned(),
        ingredients: [pauli::x(), pauli::y(), pauli::z()]
            .map(|sigma| sigma.into_iter().collect())
            .to_vec(),
        compose,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(x: f64) -> Series {
        Series::constant(x, 1)
    }

    #[test]
    fn law_squeezing_is_the_least_variance_across_the_spin() {
        // s along z; variances 0.5 and 2 along axes turned by 30° in the plane.
        let (cos, sin) = (0.75_f64.sqrt(), 0.5);
        let xx = 0.5 * cos * cos + 2.0 * sin * sin;
        let yy = 0.5 * sin * sin + 2.0 * cos * cos;
        let xy = (2.0 - 0.5) * sin * cos;
        let c = [[xx, xy, 0.3], [xy, yy, -0.2], [0.3, -0.2, 7.0]];
        let c = c.map(|row| row.map(number).to_vec());
        let s = [0.0, 0.0, -0.8].map(number);
        let found = compose(&s, &c).unwrap();
        assert!((found.coefficients()[0] - 0.5).abs() < 1e-14);
        // No direction across a vanishing spin.
        assert_eq!(compose(&[0.0; 3].map(number), &c), None);
    }

    #[test]
    fn law_a_coherent_state_is_not_squeezed_at_any_order() {
        let s = [0.6, 0.0, 0.8].map(|x| Series::constant(x, 3));
        let c: Vec<Vec<Series>> = (0..3)
            .map(|i| {
                let entry = |k: usize| {
                    let own = if i == k { 1.0 } else { 0.0 };
                    let product = s[i].coefficients()[0] * s[k].coefficients()[0];
                    Series::constant(own - product, 3)
                };
                (0..3).map(entry).collect()
            })
            .collect();
        let found = compose(&s, &c).unwrap();
        for (x, y) in found.coefficients().iter().zip([1.0, 0.0, 0.0]) {
            assert!((x - y).abs() < 1e-14);
        }
    }
}
