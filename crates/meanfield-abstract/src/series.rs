//! Truncated power series in 1/N with real coefficients.

use std::ops::{Add, Mul, Neg, Sub};

/// Σ_{m<len} c_m N^{−m}, with everything beyond the last coefficient unknown.
///
/// Sums and products keep as many coefficients as the shorter operand. A
/// series of one coefficient is a plain number: the same formula serves an
/// exact value at one N and its expansion.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Series(Vec<f64>);

impl Series {
    /// The series with these coefficients, that of N^0 first.
    #[must_use]
    pub fn new(coefficients: Vec<f64>) -> Self {
        Self(coefficients)
    }

    /// The constant `value` known to `len` coefficients.
    #[must_use]
    pub fn constant(value: f64, len: usize) -> Self {
        let mut c = vec![0.0; len];
        if let Some(first) = c.first_mut() {
            *first = value;
        }
        Self(c)
    }

    /// The coefficients.
    #[must_use]
    pub fn coefficients(&self) -> &[f64] {
        &self.0
    }

    /// Number of known coefficients.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The sum of the known terms at N = `n`.
    #[must_use]
    pub fn at(&self, n: f64) -> f64 {
        self.0.iter().rev().fold(0.0, |sum, c| c + sum / n)
    }

    /// The first `len` coefficients.
    #[must_use]
    pub fn truncated(&self, len: usize) -> Self {
        Self(self.0.iter().take(len).copied().collect())
    }

    /// The series times N^{−1}: one more coefficient is known.
    #[must_use]
    pub fn over_n(&self) -> Self {
        Self(std::iter::once(0.0).chain(self.0.iter().copied()).collect())
    }

    /// Multiplication by a number.
    #[must_use]
    pub fn scaled(&self, x: f64) -> Self {
        Self(self.0.iter().map(|c| c * x).collect())
    }

    /// 1/series; `None` when the leading coefficient vanishes.
    #[must_use]
    pub fn reciprocal(&self) -> Option<Self> {
        let lead = *self.0.first()?;
        if lead == 0.0 {
            return None;
        }
        let mut out: Vec<f64> = vec![1.0 / lead];
        for m in 1..self.len() {
            let sum: f64 = (1..=m).map(|k| self.0[k] * out[m - k]).sum();
            out.push(-sum / lead);
        }
        Some(Self(out))
    }

    /// The square root; the zero series has the zero root, and `None` stands
    /// for a leading coefficient that is not positive: the root is then no
    /// power series in 1/N.
    #[must_use]
    pub fn sqrt(&self) -> Option<Self> {
        if self.0.iter().all(|&c| c == 0.0) {
            return Some(self.clone());
        }
        let lead = *self.0.first()?;
        if lead <= 0.0 {
            return None;
        }
        let mut out = vec![lead.sqrt()];
        for m in 1..self.len() {
            let sum: f64 = (1..m).map(|k| out[k] * out[m - k]).sum();
            out.push((self.0[m] - sum) / (2.0 * out[0]));
        }
        Some(Self(out))
    }

    /// The natural logarithm; `None` unless the leading coefficient is
    /// positive.
    #[must_use]
    pub fn ln(&self) -> Option<Self> {
        let lead = *self.0.first()?;
        if lead.is_nan() || lead <= 0.0 {
            return None;
        }
        // s = e^l has s' = s l'.
        let mut out = vec![lead.ln()];
        for m in 1..self.len() {
            let sum: f64 = (1..m).map(|k| k as f64 * out[k] * self.0[m - k]).sum();
            out.push((self.0[m] - sum / m as f64) / lead);
        }
        Some(Self(out))
    }
}

impl Add for &Series {
    type Output = Series;
    fn add(self, other: &Series) -> Series {
        Series(self.0.iter().zip(&other.0).map(|(x, y)| x + y).collect())
    }
}

impl Sub for &Series {
    type Output = Series;
    fn sub(self, other: &Series) -> Series {
        Series(self.0.iter().zip(&other.0).map(|(x, y)| x - y).collect())
    }
}

impl Neg for &Series {
    type Output = Series;
    fn neg(self) -> Series {
        self.scaled(-1.0)
    }
}

impl Mul for &Series {
    type Output = Series;
    fn mul(self, other: &Series) -> Series {
        let len = self.len().min(other.len());
        let coefficient = |m| (0..=m).map(|k| self.0[k] * other.0[m - k]).sum();
        Series((0..len).map(coefficient).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_root_and_reciprocal_invert() {
        let s = Series::new(vec![4.0, -3.0, 0.5, 7.0, 1.0]);
        let close = |a: &Series, b: &Series| {
            let d = a - b;
            assert!(d.len() == 5 && d.coefficients().iter().all(|x| x.abs() < 1e-12));
        };
        let root = s.sqrt().unwrap();
        close(&(&root * &root), &s);
        close(&(&s.reciprocal().unwrap() * &s), &Series::constant(1.0, 5));
        assert_eq!(Series::new(vec![0.0, 1.0]).sqrt(), None);
        assert_eq!(Series::new(vec![0.0, 1.0]).reciprocal(), None);
        assert_eq!(
            Series::constant(0.0, 3).sqrt(),
            Some(Series::constant(0.0, 3))
        );
    }

    #[test]
    fn law_the_logarithm_adds_under_products() {
        let s = Series::new(vec![4.0, -3.0, 0.5, 7.0, 1.0]);
        let t = Series::new(vec![0.3, 1.0, -2.0, 0.1, 5.0]);
        let sum = &s.ln().unwrap() + &t.ln().unwrap();
        let product = (&s * &t).ln().unwrap();
        for (x, y) in product.coefficients().iter().zip(sum.coefficients()) {
            // Coefficients reach 10² on the way.
            assert!((x - y).abs() < 1e-11);
        }
        // ln(1 + x) = x − x²/2 + x³/3.
        let one = Series::new(vec![1.0, 1.0, 0.0, 0.0]).ln().unwrap();
        assert_eq!(one, Series::new(vec![0.0, 1.0, -0.5, 1.0 / 3.0]));
        for bad in [vec![], vec![0.0, 1.0], vec![-1.0], vec![f64::NAN]] {
            assert_eq!(Series::new(bad).ln(), None);
        }
    }

    #[test]
    fn law_evaluation_is_the_sum_of_the_terms() {
        let s = Series::new(vec![1.0, 2.0, 3.0]);
        assert!((s.at(10.0) - 1.23).abs() < 1e-15);
        assert!((s.over_n().at(10.0) - 0.123).abs() < 1e-15);
    }
}
