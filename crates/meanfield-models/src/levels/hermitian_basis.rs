//! An orthonormal Hermitian basis of the d×d matrices: the coordinates in which
//! quantum generators are real.

use meanfield_abstract::Basis;
use ndarray::Array2;
use num_complex::Complex64;

/// Structure constants are sums of at most d products of numbers of order one;
/// the smallest that is not zero is of order 1/d.
const ROUNDING: f64 = 1e-14;

/// The generalised Gell-Mann matrices, normalised to Tr(B_α B_β) = δ_αβ.
///
/// In this order: B_0 = I/√d; for every k < l the pair (|k⟩⟨l| + |l⟩⟨k|)/√2,
/// −i(|k⟩⟨l| − |l⟩⟨k|)/√2; then, for l = 1…d−1, the diagonal matrices
/// (Σ_{k<l} |k⟩⟨k| − l|l⟩⟨l|)/√(l(l+1)). All but B_0 are traceless. For d = 2
/// these are I, σx, σy, σz over √2.
///
/// A Hermitian matrix has real coordinates x_α = Tr(B_α X), so a generator that
/// maps Hermitian matrices to Hermitian ones is a real matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct HermitianBasis {
    levels: usize,
    user_from_engine: Array2<Complex64>,
    engine_from_user: Array2<Complex64>,
}

impl HermitianBasis {
    /// The basis for d = `levels`. Memory: 2d⁴ complex numbers.
    #[must_use]
    pub fn new(levels: usize) -> Self {
        let d = levels;
        let mut user_from_engine = Array2::zeros((d * d, d * d));
        let mut next = 0;
        let mut push = |entries: &[(usize, usize, Complex64)]| {
            for &(x, y, value) in entries {
                user_from_engine[[x * d + y, next]] = value;
            }
            next += 1;
        };
        let real = Complex64::from;
        let identity = 1.0 / (d as f64).sqrt();
        push(&(0..d).map(|k| (k, k, real(identity))).collect::<Vec<_>>());
        let half = 0.5_f64.sqrt();
        for k in 0..d {
            for l in k + 1..d {
                push(&[(k, l, real(half)), (l, k, real(half))]);
                let i = Complex64::new(0.0, half);
                push(&[(k, l, -i), (l, k, i)]);
            }
        }
        for l in 1..d {
            let scale = 1.0 / ((l * (l + 1)) as f64).sqrt();
            let mut diagonal: Vec<_> = (0..l).map(|k| (k, k, real(scale))).collect();
            diagonal.push((l, l, real(-(l as f64) * scale)));
            push(&diagonal);
        }
        let engine_from_user = user_from_engine.t().mapv(|z| z.conj());
        Self {
            levels,
            user_from_engine,
            engine_from_user,
        }
    }

    /// The matrix B_α, d×d; `None` for α ≥ d².
    #[must_use]
    pub fn element(&self, alpha: usize) -> Option<Array2<Complex64>> {
        self.elements().nth(alpha)
    }

    /// B_0, B_1, …
    pub(super) fn elements(&self) -> impl Iterator<Item = Array2<Complex64>> + '_ {
        let d = self.levels;
        let columns = self.user_from_engine.columns().into_iter();
        columns.map(move |b| Array2::from_shape_fn((d, d), |(x, y)| b[x * d + y]))
    }

    /// Multiplication from the left by each B_α in the basis itself:
    /// `result[α][[μ, γ]]` = Tr(B_μ B_α B_γ). Rounding is removed from the real
    /// and the imaginary part separately, so that constants that vanish do so
    /// exactly. Cost: d⁸ multiply-adds.
    pub(super) fn left_products(&self) -> Vec<Array2<Complex64>> {
        let d = self.levels;
        let size = d * d;
        let clean = |x: f64| if x.abs() < ROUNDING { 0.0 } else { x };
        let elements: Vec<_> = self.elements().collect();
        elements
            .iter()
            .map(|left| {
                let mut products = Array2::zeros((size, size));
                for (gamma, right) in elements.iter().enumerate() {
                    for (k, &z) in left.dot(right).iter().enumerate() {
                        products[[k, gamma]] = z;
                    }
                }
                self.engine_from_user
                    .dot(&products)
                    .mapv(|z| Complex64::new(clean(z.re), clean(z.im)))
            })
            .collect()
    }
}

impl Basis for HermitianBasis {
    fn levels(&self) -> Option<usize> {
        Some(self.levels)
    }
    fn is_complex(&self) -> bool {
        true
    }
    fn user_from_engine(&self) -> Option<&Array2<Complex64>> {
        Some(&self.user_from_engine)
    }
    fn engine_from_user(&self) -> Option<&Array2<Complex64>> {
        Some(&self.engine_from_user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_the_basis_is_orthonormal_hermitian_and_traceless_but_for_the_identity() {
        for d in 1..=4 {
            let basis = HermitianBasis::new(d);
            let product = basis.engine_from_user.dot(&basis.user_from_engine);
            for ((a, b), z) in product.indexed_iter() {
                let expected = f64::from(u8::from(a == b));
                assert!((z - expected).norm() < 1e-15, "d = {d}: {a} {b} {z}");
            }
            for alpha in 0..d * d {
                let element = basis.element(alpha).unwrap();
                assert_eq!(element, element.t().mapv(|z| z.conj()));
                let trace: Complex64 = element.diag().sum();
                let expected = if alpha == 0 { (d as f64).sqrt() } else { 0.0 };
                assert!((trace - expected).norm() < 1e-15);
            }
            assert_eq!(basis.element(d * d), None);
        }
    }

    #[test]
    fn law_left_products_multiply_matrices() {
        let basis = HermitianBasis::new(3);
        let left = basis.left_products();
        let elements: Vec<_> = basis.elements().collect();
        for alpha in 0..9 {
            for gamma in 0..9 {
                let expected = elements[alpha].dot(&elements[gamma]);
                let mut found = Array2::zeros((3, 3));
                for mu in 0..9 {
                    found.scaled_add(left[alpha][[mu, gamma]], &elements[mu]);
                }
                assert!(
                    (&found - &expected)
                        .iter()
                        .all(|z: &Complex64| z.norm() < 1e-14)
                );
            }
        }
    }

    #[test]
    fn law_two_levels_give_the_pauli_matrices() {
        let basis = HermitianBasis::new(2);
        for (alpha, pauli) in [
            super::super::pauli::x(),
            super::super::pauli::y(),
            super::super::pauli::z(),
        ]
        .iter()
        .enumerate()
        {
            let scaled = basis.element(alpha + 1).unwrap().mapv(|z| z * 2_f64.sqrt());
            assert!((&scaled - pauli).iter().all(|z| z.norm() < 1e-15));
        }
    }
}
