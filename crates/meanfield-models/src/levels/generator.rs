//! K and V of a finite-level system as real arrays in the Hermitian basis.
//!
//! With B_α B_γ = Σ_μ c_{αγμ} B_μ, hence B_γ B_α = Σ_μ c̄_{αγμ} B_μ, and real
//! coordinates h_α, w_{αβ} of h and v,
//!
//! ```math
//! -\frac{i}{\hbar}[h, \cdot\,] = \frac{2}{\hbar} \sum_\alpha h_\alpha \operatorname{Im} c_\alpha, \qquad
//! -\frac{i}{\hbar}[v, \cdot\,] = \frac{2}{\hbar}
//!   \sum_{\alpha\beta} w_{\alpha\beta} \operatorname{Im}(c_\alpha \otimes c_\beta).
//! ```

use meanfield_abstract::{Basis, PairEntry};
use ndarray::linalg::kron;
use ndarray::{Array2, ArrayView1};
use num_complex::Complex64;

use super::HermitianBasis;

/// Entries of V are sums of at most D products; what cancels leaves this much
/// beside the largest entry.
const ROUNDING: f64 = 1e-14;

/// The operators of one particle and a pair, checked.
pub(super) struct Operators<'a> {
    pub(super) basis: &'a HermitianBasis,
    pub(super) hbar: f64,
    /// L_α of [`HermitianBasis::left_products`].
    pub(super) left: Vec<Array2<Complex64>>,
}

impl<'a> Operators<'a> {
    pub(super) fn new(basis: &'a HermitianBasis, hbar: f64) -> Self {
        Self {
            basis,
            hbar,
            left: basis.left_products(),
        }
    }

    fn dimension(&self) -> usize {
        self.left.len()
    }

    /// K = −(i/ħ)[h, ·] + Σ_m (J ρ J† − ½{J†J, ρ}), D×D. Row 0 is the trace and
    /// vanishes. Cost: D³ for each jump operator.
    pub(super) fn one_body(
        &self,
        h: &Array2<Complex64>,
        jumps: &[Array2<Complex64>],
    ) -> Array2<f64> {
        let size = self.dimension();
        let mut k = Array2::zeros((size, size));
        for (element, left) in self.basis.elements().zip(&self.left) {
            let coordinate = inner(&element, h);
            k.zip_mut_with(left, |sum, c| *sum += 2.0 / self.hbar * coordinate * c.im);
        }
        for jump in jumps {
            let adjoint = jump.t().mapv(|z| z.conj());
            let rate = adjoint.dot(jump);
            let lindblad = self.superoperator(|rho| {
                let half = (rate.dot(rho) + rho.dot(&rate)).mapv(|z| z * 0.5);
                jump.dot(rho).dot(&adjoint) - half
            });
            k.zip_mut_with(&lindblad, |sum, z| *sum += z.re);
        }
        // Tr∘K = 0 is a row of this matrix: rounding must not leak trace.
        k.row_mut(0).fill(0.0);
        k
    }

    /// A map of d×d matrices in this basis: column γ is the image of B_γ.
    fn superoperator(
        &self,
        map: impl Fn(&Array2<Complex64>) -> Array2<Complex64>,
    ) -> Array2<Complex64> {
        let size = self.dimension();
        let mut images = Array2::zeros((size, size));
        for (gamma, rho) in self.basis.elements().enumerate() {
            for (index, &z) in map(&rho).iter().enumerate() {
                images[[index, gamma]] = z;
            }
        }
        to_engine(self.basis, &images)
    }

    /// The pair part of jumps of all particles together, L = Σ_i L_i at rate 1/N:
    ///
    /// ```math
    /// V\rho = \sum_L \Big( L_1 \rho L_2^\dagger + L_2 \rho L_1^\dagger
    ///   - \tfrac12 \{L_1^\dagger L_2 + L_2^\dagger L_1, \rho\} \Big),
    /// ```
    ///
    /// as a list. Cost: D⁴ for each operator.
    pub(super) fn collective(&self, jumps: &[Array2<Complex64>]) -> Vec<PairEntry<f64>> {
        let size = self.dimension();
        let mut sum = Array2::<f64>::zeros((size * size, size * size));
        for jump in jumps {
            let adjoint = jump.t().mapv(|z| z.conj());
            let left = |a: &Array2<Complex64>| self.superoperator(|rho| a.dot(rho));
            let right = |a: &Array2<Complex64>| self.superoperator(|rho| rho.dot(a));
            let (l, l_adjoint) = (left(jump), left(&adjoint));
            let (r, r_adjoint) = (right(jump), right(&adjoint));
            let one_way = kron(&l, &r_adjoint)
                - (kron(&l_adjoint, &l) + kron(&r_adjoint, &r)).mapv(|z| z * 0.5);
            let other = kron(&r_adjoint, &l)
                - (kron(&l, &l_adjoint) + kron(&r, &r_adjoint)).mapv(|z| z * 0.5);
            sum.zip_mut_with(&(one_way + other), |sum, z| *sum += z.re);
        }
        // Tr_12∘V = 0 is a row of this matrix: rounding must not leak trace.
        sum.row_mut(0).fill(0.0);
        let largest = sum.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
        let kept = sum
            .indexed_iter()
            .filter(|(_, x)| x.abs() > ROUNDING * largest);
        kept.map(|((row, column), &value)| PairEntry {
            a: row / size,
            b: row % size,
            c: column / size,
            d: column % size,
            value,
        })
        .collect()
    }

    /// V = −(i/ħ)[v, ·] from the d²×d² matrix ⟨ab|v|ce⟩, as a list. Cost: at
    /// most D⁵ multiply-adds for a v without structure.
    pub(super) fn pair(&self, v: &Array2<Complex64>) -> Vec<PairEntry<f64>> {
        let size = self.dimension();
        let w = Self::coordinates(self.basis, v);
        let largest = w.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
        // Σ_β w_{αβ} L_β once for each α: the second factor beside L_α.
        let partner: Vec<_> = w.rows().into_iter().map(|row| self.combined(row)).collect();
        let mut entries = Vec::new();
        for mu in 0..size {
            for gamma in 0..size {
                let mut image = Array2::<f64>::zeros((size, size));
                for (left, right) in self.left.iter().zip(&partner) {
                    let c = left[[mu, gamma]];
                    if c != Complex64::ZERO {
                        image.zip_mut_with(right, |s, z| *s += c.re * z.im + c.im * z.re);
                    }
                }
                for ((nu, delta), &x) in image.indexed_iter() {
                    if x.abs() > ROUNDING * largest {
                        entries.push(PairEntry {
                            a: mu,
                            b: nu,
                            c: gamma,
                            d: delta,
                            value: 2.0 / self.hbar * x,
                        });
                    }
                }
            }
        }
        entries
    }

    /// w_{αβ} = Tr((B_α⊗B_β) v), D×D, with rounding removed.
    pub(super) fn coordinates(basis: &HermitianBasis, v: &Array2<Complex64>) -> Array2<f64> {
        let (size, d) = (v.nrows(), basis.levels().unwrap_or(1));
        // Row (a,c), column (b,e): one operator index for each particle.
        let by_particle = Array2::from_shape_fn((size, size), |(ac, be)| {
            v[[ac / d * d + be / d, ac % d * d + be % d]]
        });
        let rows = to_engine(basis, &by_particle);
        let both = to_engine(basis, &rows.t().to_owned());
        let largest = both.iter().fold(0.0_f64, |m, z| m.max(z.norm()));
        let clean = |z: &Complex64| {
            if z.re.abs() > 1e-15 * largest {
                z.re
            } else {
                0.0
            }
        };
        both.t().map(clean)
    }

    fn combined(&self, weights: ArrayView1<'_, f64>) -> Array2<Complex64> {
        let size = self.dimension();
        let mut sum = Array2::zeros((size, size));
        for (&weight, left) in weights.iter().zip(&self.left) {
            if weight != 0.0 {
                sum.scaled_add(Complex64::from(weight), left);
            }
        }
        sum
    }
}

/// The matrix engine_from_user, which this basis always has, times another.
fn to_engine(basis: &HermitianBasis, matrix: &Array2<Complex64>) -> Array2<Complex64> {
    match basis.engine_from_user() {
        Some(w) => w.dot(matrix),
        None => matrix.clone(),
    }
}

/// Tr(A B) of two Hermitian matrices.
fn inner(a: &Array2<Complex64>, b: &Array2<Complex64>) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x.conj() * y).re).sum()
}
