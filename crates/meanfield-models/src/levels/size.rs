//! What a finite-level model takes in memory, before it is made.

use meanfield_abstract::{Basis, ModelError, PairOperator};
use ndarray::{Array2, Array4};
use num_complex::Complex64;

use super::generator::Operators;
use super::validity::require_pair;
use super::{HermitianBasis, Levels};

impl Levels {
    /// Bytes taken at most while [`Levels::new`] makes the model with that v: D
    /// matrices D×D twice, D = d², and the list of V, which has at most
    ///
    /// ```math
    /// \min\Big( D^4,\ \sum_{\alpha\beta:\ w_{\alpha\beta} \ne 0} n_\alpha n_\beta,
    ///   \ \Big|\bigcup_\alpha n_\alpha\Big|^2 \Big)
    /// ```
    ///
    /// entries: w the coordinates of v, n_α the pairs (μ,γ) where Tr(B_μ B_α B_γ)
    /// may differ from 0, the union over those α that v contains. Nothing of
    /// that size is built. Cost: d⁶ multiply-adds, memory as v itself.
    ///
    /// # Errors
    /// [`ModelError`] for a v that the constructor refuses.
    pub fn required_bytes(v: &Array4<Complex64>) -> Result<usize, ModelError> {
        let d = v.dim().0;
        require_pair(d, v)?;
        let basis = HermitianBasis::new(d);
        let size = d * d;
        let v = Array2::from_shape_fn((size, size), |(row, column)| {
            v[[row / d, row % d, column / d, column % d]]
        });
        let entries = entry_bound(&basis, &Operators::coordinates(&basis, &v));
        let matrices = size
            .checked_pow(3)
            .and_then(|n| n.checked_mul(2 * size_of::<Complex64>()));
        let list = entries.and_then(PairOperator::<f64>::required_bytes);
        let both = matrices.zip(list);
        Ok(both.map_or(usize::MAX, |(a, b)| a.saturating_add(b)))
    }
}

/// An upper bound of the number of entries of V with these coordinates; `None`
/// beyond what can be counted.
fn entry_bound(basis: &HermitianBasis, w: &Array2<f64>) -> Option<usize> {
    let size = w.nrows();
    let patterns = Patterns::new(basis);
    let mut counts = vec![0_usize; size];
    let mut union = Array2::from_elem((size, size), false);
    for (alpha, count) in counts.iter_mut().enumerate() {
        if w.row(alpha).iter().all(|x| *x == 0.0) {
            continue;
        }
        let pattern = patterns.products(alpha);
        *count = pattern.iter().filter(|x| **x).count();
        union.zip_mut_with(&pattern, |all, x| *all |= x);
    }
    // v is exchange symmetric, so that the second factors are those of the first.
    let all = union.iter().filter(|x| **x).count();
    let terms = w.indexed_iter().filter(|(_, x)| **x != 0.0);
    let sum = terms
        .map(|((alpha, beta), _)| counts[alpha].checked_mul(counts[beta]))
        .try_fold(0_usize, |sum, term| sum.checked_add(term?));
    let candidates = [size.checked_pow(4), sum, all.checked_mul(all)];
    candidates.into_iter().flatten().min()
}

/// Where the matrices of the basis have entries.
struct Patterns {
    levels: usize,
    /// The entries (x, y) of each B_α.
    of_element: Vec<Vec<(usize, usize)>>,
    /// The α with an entry at x·d + y.
    at: Vec<Vec<usize>>,
}

impl Patterns {
    fn new(basis: &HermitianBasis) -> Self {
        let d = basis.levels().unwrap_or(1);
        let mut of_element = vec![Vec::new(); d * d];
        let mut at = vec![Vec::new(); d * d];
        if let Some(matrix) = basis.user_from_engine() {
            for ((place, alpha), _) in matrix.indexed_iter().filter(|(_, z)| z.norm() > 0.0) {
                of_element[alpha].push((place / d, place % d));
                at[place].push(alpha);
            }
        }
        Self {
            levels: d,
            of_element,
            at,
        }
    }

    /// Whether some x, y, z have B_μ\[z,x\], B_α\[x,y\], B_γ\[y,z\] ≠ 0, by (μ, γ).
    fn products(&self, alpha: usize) -> Array2<bool> {
        let d = self.levels;
        let mut found = Array2::from_elem((d * d, d * d), false);
        for &(x, y) in &self.of_element[alpha] {
            for z in 0..d {
                for &mu in &self.at[z * d + x] {
                    for &gamma in &self.at[y * d + z] {
                        found[[mu, gamma]] = true;
                    }
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::problems::random_levels;
    use super::super::{Dissipation, Lipkin, OneAxisTwisting};
    use super::*;
    use meanfield_abstract::{Hamiltonian, Model};

    /// The pair energy of a model as [`Levels::new`] takes it.
    fn pair(model: &Levels) -> Array4<Complex64> {
        let d = Hamiltonian::levels(model);
        let v = Hamiltonian::pair(model);
        Array4::from_shape_fn((d, d, d, d), |(a, b, c, e)| v[[a * d + b, c * d + e]])
    }

    /// A density-density interaction of d levels: v is diagonal.
    fn density(d: usize) -> Levels {
        let v = Array4::from_shape_fn((d, d, d, d), |(a, b, c, e)| {
            let same = (a, b) == (c, e);
            Complex64::from(if same {
                1.0 / (1.0 + (a + b) as f64)
            } else {
                0.0
            })
        });
        Levels::new(&Array2::zeros((d, d)), &v, &[], 1.0).unwrap()
    }

    #[test]
    fn law_the_list_of_v_is_no_longer_than_was_counted() {
        let none = Dissipation::default();
        let twisting = OneAxisTwisting { chi: 0.7 }.model(none, 1.0).unwrap();
        let lipkin = Lipkin {
            epsilon: 1.0,
            v: 0.4,
            w: 0.2,
        };
        let models = [
            random_levels(2, 1).unwrap(),
            random_levels(3, 2).unwrap(),
            random_levels(4, 3).unwrap(),
            twisting,
            lipkin.model(none, 1.0).unwrap(),
            density(3),
            density(4),
        ];
        for model in models {
            let found = model.interaction().pair_operator().unwrap().entries();
            let v = Hamiltonian::pair(&model);
            let basis = HermitianBasis::new(Hamiltonian::levels(&model));
            let bound = entry_bound(&basis, &Operators::coordinates(&basis, &v)).unwrap();
            assert!(found <= bound, "{found} entries, counted {bound}");
            let bytes = Levels::required_bytes(&pair(&model)).unwrap();
            assert!(bytes >= PairOperator::<f64>::required_bytes(found).unwrap());
        }
    }

    #[test]
    fn law_a_sparse_v_is_not_counted_as_a_full_one() {
        let model = density(6);
        let bytes = Levels::required_bytes(&pair(&model)).unwrap();
        let full = PairOperator::<f64>::required_bytes(36_usize.pow(4)).unwrap();
        assert!(bytes < full / 10, "{bytes} against {full}");
    }
}
