//! The entropy of a density given by Hermite coefficients, as a series in 1/N.

use meanfield_abstract::Series;

use super::VelocityBasis;

impl VelocityBasis {
    /// −∫ f ln f dv of f = Σ_m N^{−m} f_m, composed in 1/N. With p = f/M_T,
    ///
    /// ```math
    /// S = -\int M_T\, p \ln p\, dv + \tfrac12 \int |v/\sqrt{T}|^2 f\, dv
    ///   + \frac{d}{2} \ln(2\pi T) \int f\, dv,
    /// ```
    ///
    /// the first term by the Gauss–Hermite rule with M + 1 nodes in each component, the least under
    /// which the functions are orthonormal, the others exactly. `None` where f_0 ≤ 0 at a node: a
    /// truncated Hermite series becomes negative somewhere far out, and the more nodes, the farther
    /// they reach. So this is an entropy of states near a Gaussian; two separate beams have none.
    /// Cost: (M+1)^d·D for each coefficient.
    #[must_use]
    pub fn entropy(&self, f: &[&[f64]]) -> Option<Series> {
        let grid = self.grid(self.degree() + 1).ok()?;
        let mut sum = Some(Series::constant(0.0, f.len()));
        grid.visit(self, |weight, _, values| {
            let at = |c: &&[f64]| -> f64 { c.iter().zip(values).map(|(x, h)| x * h).sum() };
            let p = Series::new(f.iter().map(at).collect());
            sum = sum
                .take()
                .zip(p.ln())
                .map(|(sum, ln)| &sum - &(&p * &ln).scaled(weight));
        });
        let d = self.dimension() as f64;
        let constant = 0.5 * d * (std::f64::consts::TAU * self.temperature()).ln();
        let reference = |c: &&[f64]| {
            let squares: f64 = (0..self.dimension())
                .filter_map(|k| self.rank(std::array::from_fn(|i| if i == k { 2 } else { 0 })))
                .map(|rank| c[rank] * 2_f64.sqrt())
                .sum();
            (constant + 0.5 * d) * c[0] + 0.5 * squares
        };
        Some(&sum? + &Series::new(f.iter().map(reference).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rounding of sums over a few hundred nodes.
    const ROUNDING: f64 = 1e-12;

    #[test]
    fn validate_the_entropy_of_a_gaussian() {
        // (d/2) ln(2πe s): exact for the reference itself, by quadrature for another temperature.
        for (d, degree, variance, tolerance) in [
            (1, 4, 1.0, ROUNDING),
            (3, 2, 1.0, ROUNDING),
            // The truncated coefficients are (1 − s/T)^{M/2}, and enter squared.
            (1, 12, 0.8, 1e-9),
            (2, 12, 0.9, 1e-9),
        ] {
            let b = VelocityBasis::new(d, degree, 1.0).unwrap();
            let f = b.gaussian(&vec![0.0; d], variance).unwrap();
            let found = b.entropy(&[&f]).unwrap().coefficients()[0];
            let expected = 0.5 * d as f64 * (1.0 + (std::f64::consts::TAU * variance).ln());
            assert!(
                (found - expected).abs() < tolerance,
                "{d}: {found} {expected}"
            );
        }
        let b = VelocityBasis::new(1, 4, 2.5).unwrap();
        let f = b.gaussian(&[0.0], 2.5).unwrap();
        let expected = 0.5 * (1.0 + (std::f64::consts::TAU * 2.5).ln());
        assert!((b.entropy(&[&f]).unwrap().coefficients()[0] - expected).abs() < ROUNDING);
    }

    #[test]
    fn law_the_coefficient_of_1_over_n_is_the_derivative() {
        let b = VelocityBasis::new(2, 4, 1.0).unwrap();
        let f0 = b.bkw(0.1).unwrap();
        let f1: Vec<f64> = (0..b.len())
            .map(|k| if k == 0 { 0.0 } else { 0.1 / k as f64 })
            .collect();
        let series = b.entropy(&[&f0, &f1, &f1]).unwrap();
        let at = |x: f64| {
            let shift = x + x * x;
            let f: Vec<f64> = f0.iter().zip(&f1).map(|(a, b)| a + shift * b).collect();
            b.entropy(&[&f]).unwrap().coefficients()[0]
        };
        let h = 1e-3;
        let first = (at(h) - at(-h)) / (2.0 * h);
        let second = (at(h) - 2.0 * at(0.0) + at(-h)) / (h * h);
        // Central differences leave h².
        assert!((series.coefficients()[1] - first).abs() < 1e-4 * first.abs());
        assert!((2.0 * series.coefficients()[2] - second).abs() < 1e-3 * second.abs());
    }

    #[test]
    fn law_a_series_that_is_negative_somewhere_has_no_entropy() {
        let b = VelocityBasis::new(1, 4, 1.0).unwrap();
        let beams = b.beams(2.0, 0.3).unwrap();
        assert_eq!(b.entropy(&[&beams]), None);
    }
}
