//! φ, α, γ, χ at one time, and the tensors of the expansion made of them.

use meanfield_abstract::PositionHamiltonian;
use meanfield_tensor::SymmetricLayout;
use ndarray::{Array1, Array2};
use num_complex::Complex64;

use super::system::{parts, transform};
use super::transforms::Target;

/// The order-1 expansion of a pure start at one time: f_{1,0}, f_{1,1} and g_{2,0}
/// in factored form.
#[derive(Debug, Clone, PartialEq)]
pub struct Bogoliubov {
    /// φ(x): F = |φ⟩⟨φ|.
    pub phi: Array1<Complex64>,
    /// α(x, y), symmetric, on the complement of φ.
    pub alpha: Array2<Complex64>,
    /// γ(x, y), Hermitian and positive, on the complement of φ.
    pub gamma: Array2<Complex64>,
    /// χ(x), on the complement of φ.
    pub chi: Array1<Complex64>,
}

impl Bogoliubov {
    /// From the unknowns of [`super::BogoliubovSystem`].
    #[must_use]
    pub fn from_unknowns(model: &dyn PositionHamiltonian, y: &[Complex64]) -> Self {
        let d = model.points();
        let mut position = y.to_vec();
        transform(model, Target::Position, &mut position);
        let all = parts(d, &position);
        // Column by column there, row by row here.
        Self {
            phi: Array1::from_vec(all.phi.to_vec()),
            alpha: Array2::from_shape_fn((d, d), |(x, y)| all.alpha[y * d + x]),
            gamma: Array2::from_shape_fn((d, d), |(x, y)| all.gamma[y * d + x]),
            chi: Array1::from_vec(all.chi.to_vec()),
        }
    }

    /// The number of points d.
    #[must_use]
    pub fn points(&self) -> usize {
        self.phi.len()
    }

    /// f_{1,0} = φφ̄, d×d: row x, column x'.
    #[must_use]
    pub fn mean_field(&self) -> Array2<Complex64> {
        let d = self.points();
        Array2::from_shape_fn((d, d), |(x, y)| self.phi[x] * self.phi[y].conj())
    }

    /// f_{1,1} = γ + χφ̄ + φχ̄ − (Tr γ)φφ̄, d×d: row x, column x'.
    #[must_use]
    pub fn first_correction(&self) -> Array2<Complex64> {
        let (phi, chi) = (&self.phi, &self.chi);
        let depletion = self.depletion();
        let mut f = self.gamma.clone();
        for ((x, y), z) in f.indexed_iter_mut() {
            *z += chi[x] * phi[y].conj() + (phi[x] * chi[y].conj());
            *z -= depletion * phi[x] * phi[y].conj();
        }
        f
    }

    /// g_{2,0}(x₁,x₁'; x₂,x₂').
    #[must_use]
    pub fn pair_cumulant(&self, first: (usize, usize), second: (usize, usize)) -> Complex64 {
        let ((x1, y1), (x2, y2)) = (first, second);
        let (p, a, c) = (&self.phi, &self.alpha, &self.gamma);
        a[[x1, x2]] * p[y1].conj() * p[y2].conj()
            + p[x1] * p[x2] * a[[y1, y2]].conj()
            + c[[x1, y2]] * p[x2] * p[y1].conj()
            + c[[x2, y1]] * p[x1] * p[y2].conj()
    }

    /// g_{2,0} as a packed symmetric tensor over D = d² indices x·d + x', for a
    /// layout over D of degree 2 at least. Cost and memory: d⁴/2; for small d.
    #[must_use]
    pub fn packed_pair_cumulant(&self, layout: &SymmetricLayout) -> Vec<Complex64> {
        let d = self.points();
        let size = d * d;
        let mut packed = vec![Complex64::ZERO; layout.len(2)];
        for a in 0..size {
            for b in 0..=a {
                packed[layout.rank(&[a, b])] = self.pair_cumulant((a / d, a % d), (b / d, b % d));
            }
        }
        packed
    }

    /// Tr γ, the number of particles outside φ for N → ∞: N·(1 − ⟨φ|F_1|φ⟩).
    #[must_use]
    pub fn depletion(&self) -> f64 {
        self.gamma.diag().iter().map(|z| z.re).sum()
    }
}
