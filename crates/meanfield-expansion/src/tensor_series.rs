//! Series in 1/N whose coefficients are packed symmetric tensors, and the maps
//! between cumulants, correlation errors and marginals.
//!
//! With A⊙B the sum over subsets of the slots, the moments M_j and cumulants
//! G_j of Σ_j M_j u^j/j! = exp(Σ_j G_j u^j/j!) are related by
//!
//! ```math
//! M_j = \sum_{i=1}^{j} \frac{i}{j}\, G_i \odot M_{j-i}, \qquad M_0 = 1,
//! ```
//!
//! with marginals F_j for M_j when G_1 is the full first cumulant, and with
//! correlation errors E_j when G_1 is replaced by G_1 − F (theory: section 3
//! (c); (18), (19) follow).

use meanfield_tensor::{Scalar, SymmetricLayout};

/// Σ_m N^{−m} c_m with packed tensors c_m of one degree; `self.0[m]` is c_m.
#[derive(Debug, Clone, PartialEq)]
pub struct TensorSeries<S>(pub Vec<Vec<S>>);

impl<S: Scalar> TensorSeries<S> {
    /// The zero series of `terms` coefficients with `len` entries each.
    #[must_use]
    pub fn zero(terms: usize, len: usize) -> Self {
        Self(vec![vec![S::from_re(0.0); len]; terms])
    }

    /// The constant 1 (degree 0).
    #[must_use]
    pub fn one(terms: usize) -> Self {
        let mut one = Self::zero(terms, 1);
        if let Some(first) = one.0.first_mut() {
            first[0] = S::from_re(1.0);
        }
        one
    }

    /// Number of known coefficients.
    #[must_use]
    pub fn terms(&self) -> usize {
        self.0.len()
    }

    /// The coefficient of N^{−m}.
    #[must_use]
    pub fn term(&self, m: usize) -> &[S] {
        &self.0[m]
    }

    /// Σ_{m≤order} N^{−m} c_m.
    #[must_use]
    pub fn at(&self, n: f64, order: usize) -> Vec<S> {
        let len = self.0.first().map_or(0, Vec::len);
        let mut out = vec![S::from_re(0.0); len];
        for (m, term) in self.0.iter().enumerate().take(order + 1) {
            let weight = n.powi(-(m as i32));
            for (x, &y) in out.iter_mut().zip(term) {
                *x += y.scaled(weight);
            }
        }
        out
    }

    /// `self += c A⊙B`, coefficient by coefficient, for A of degree p and B of
    /// degree q.
    pub fn add_product(
        &mut self,
        layout: &SymmetricLayout,
        (p, a): (usize, &Self),
        (q, b): (usize, &Self),
        c: f64,
    ) {
        for (m, out) in self.0.iter_mut().enumerate() {
            for k in 0..=m {
                if k >= a.terms() || m - k >= b.terms() || a.is_zero(k) || b.is_zero(m - k) {
                    continue;
                }
                let (x, y) = (&a.0[k], &b.0[m - k]);
                layout.add_product((p, x), (q, y), S::from_re(c), out);
            }
        }
    }

    fn is_zero(&self, m: usize) -> bool {
        self.0[m].iter().all(|&x| x == S::from_re(0.0))
    }
}

/// M_0 … M_highest from the cumulants `cumulants[i]` = G_i (index 0 unused;
/// missing ones are zero).
#[must_use]
pub fn moments<S: Scalar>(
    layout: &SymmetricLayout,
    cumulants: &[TensorSeries<S>],
    highest: usize,
    terms: usize,
) -> Vec<TensorSeries<S>> {
    let mut out = vec![TensorSeries::one(terms)];
    for j in 1..=highest {
        let mut sum = TensorSeries::zero(terms, layout.len(j));
        for i in 1..=j.min(cumulants.len().saturating_sub(1)) {
            let share = i as f64 / j as f64;
            sum.add_product(layout, (i, &cumulants[i]), (j - i, &out[j - i]), share);
        }
        out.push(sum);
    }
    out
}

/// The inverse map: G_1 … G_highest from M_0 … M_highest (index 0 of the
/// result is a placeholder of degree 0).
#[must_use]
pub fn cumulants<S: Scalar>(
    layout: &SymmetricLayout,
    moments: &[TensorSeries<S>],
    terms: usize,
) -> Vec<TensorSeries<S>> {
    let mut out = vec![TensorSeries::zero(terms, 1)];
    for j in 1..moments.len() {
        let mut sum = moments[j].clone();
        sum.0.truncate(terms);
        for i in 1..j {
            let share = -(i as f64) / j as f64;
            sum.add_product(layout, (i, &out[i]), (j - i, &moments[j - i]), share);
        }
        out.push(sum);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use meanfield_abstract::problems::Noise;

    #[test]
    fn law_moments_and_cumulants_are_inverse() {
        let layout = SymmetricLayout::new(2, 4).unwrap();
        let mut noise = Noise::new(5);
        let mut g = vec![TensorSeries::zero(3, 1)];
        for j in 1..=4 {
            let terms = (0..3).map(|_| noise.vector::<f64>(layout.len(j)));
            g.push(TensorSeries(terms.collect()));
        }
        let back = cumulants(&layout, &moments(&layout, &g, 4, 3), 3);
        for (a, b) in g.iter().zip(&back).skip(1) {
            for (x, y) in a.0.iter().flatten().zip(b.0.iter().flatten()) {
                assert!((x - y).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn law_second_and_third_moments_of_one_variable() {
        // D = 1: M_2 = G_2 + G_1², M_3 = G_3 + 3 G_1 G_2 + G_1³.
        let layout = SymmetricLayout::new(1, 3).unwrap();
        let g = [0.0, 2.0, 3.0, 5.0].map(|x| TensorSeries(vec![vec![x]]));
        let m = moments(&layout, &g, 3, 1);
        assert_eq!(m[2].0[0][0], 7.0);
        assert_eq!(m[3].0[0][0], 31.0);
    }
}
