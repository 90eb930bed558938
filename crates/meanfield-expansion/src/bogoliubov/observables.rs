//! What users ask of a quantum gas: densities, their correlations, fluctuations
//! of one-body observables, the energy; and how well the structure is kept.

use meanfield_abstract::PositionHamiltonian;
use meanfield_tensor::linalg;
use ndarray::{Array1, Array2, ArrayView2};
use num_complex::Complex64;

use super::Bogoliubov;

impl Bogoliubov {
    /// The diagonal of f_{1,0} and of f_{1,1}: the weights of the points, to order 1/N.
    #[must_use]
    pub fn density(&self) -> [Array1<f64>; 2] {
        let depletion = self.depletion();
        let rho = self.phi.mapv(|z| z.norm_sqr());
        let correction = Array1::from_shape_fn(self.points(), |x| {
            self.gamma[[x, x]].re + 2.0 * (self.chi[x] * self.phi[x].conj()).re - depletion * rho[x]
        });
        [rho, correction]
    }

    /// The density–density correlation of two different particles,
    /// g_{2,0}(x,x; z,z), d×d: the limit of N(F_2 − F_1⊗F_1) on the diagonal. Cost: d².
    #[must_use]
    pub fn density_correlation(&self) -> Array2<f64> {
        let d = self.points();
        let phi = &self.phi;
        Array2::from_shape_fn((d, d), |(x, z)| {
            let pair = self.alpha[[x, z]] * (phi[x] * phi[z]).conj();
            let exchange = self.gamma[[x, z]] * phi[z] * phi[x].conj();
            2.0 * (pair.re + exchange.re)
        })
    }

    /// The pair distribution F_2(x,x; z,z) to order 1/N: the coefficients of N⁰ and
    /// N⁻¹, d×d each. Cost: d².
    #[must_use]
    pub fn pair_distribution(&self) -> [Array2<f64>; 2] {
        let d = self.points();
        let [rho, correction] = self.density();
        let leading = Array2::from_shape_fn((d, d), |(x, z)| rho[x] * rho[z]);
        let mut next = self.density_correlation();
        for ((x, z), value) in next.indexed_iter_mut() {
            *value += rho[x] * correction[z] + correction[x] * rho[z];
        }
        [leading, next]
    }

    /// The mean of a one-body observable a (d×d, row x, column x'; Hermitian) to
    /// order 1/N: Tr(a f_{1,0}), Tr(a f_{1,1}). Cost: d².
    #[must_use]
    pub fn mean(&self, a: ArrayView2<'_, Complex64>) -> [f64; 2] {
        let image = a.dot(&self.phi);
        let leading = hermitian(&self.phi, &image).re;
        let shifted = 2.0 * hermitian(&self.chi, &image).re;
        let spread: Complex64 = a.iter().zip(self.gamma.t()).map(|(a, c)| a * c).sum();
        [leading, spread.re + shifted - self.depletion() * leading]
    }

    /// The limit of N·Cov of the empirical averages of a and b, symmetrised:
    /// ⟨F, ½(ab+ba)⟩ − ⟨F,a⟩⟨F,b⟩ + ⟨g_{2,0}, a⊗b⟩. With u = Q aφ and s = Q bφ this is
    /// Re(u†s) + 2 Re(u†α s̄) + 2 Re(u†γ s). Cost: d².
    #[must_use]
    pub fn scaled_covariance(
        &self,
        a: ArrayView2<'_, Complex64>,
        b: ArrayView2<'_, Complex64>,
    ) -> f64 {
        let (u, s) = (self.off_condensate(a), self.off_condensate(b));
        let pairs = self.alpha.dot(&s.mapv(|z| z.conj()));
        let exchange = self.gamma.dot(&s);
        (hermitian(&u, &s) + 2.0 * (hermitian(&u, &pairs) + hermitian(&u, &exchange))).re
    }

    /// The limit of N·Var of the empirical average of a.
    #[must_use]
    pub fn scaled_variance(&self, a: ArrayView2<'_, Complex64>) -> f64 {
        self.scaled_covariance(a, a)
    }

    /// Q aφ.
    fn off_condensate(&self, a: ArrayView2<'_, Complex64>) -> Array1<Complex64> {
        let mut image = a.dot(&self.phi);
        let along = hermitian(&self.phi, &image);
        image.scaled_add(-along, &self.phi);
        image
    }

    /// The energy per particle to order 1/N, ⟨T+U⟩ + ½(1 − 1/N)⟨v⟩: the coefficients
    /// of N⁰ and N⁻¹, both conserved. Cost: 2d transforms.
    #[must_use]
    pub fn energy(&self, model: &dyn PositionHamiltonian) -> [f64; 2] {
        let d = self.points();
        let depletion = self.depletion();
        let [rho, correction] = self.density();
        // Wave functions one after another: φ, then the columns of γ.
        let mut waves = self.phi.to_vec();
        waves.extend(self.gamma.t().iter());
        model.apply_kinetic(&mut waves);
        let (image, columns) = waves.split_at(d);
        let image = Array1::from_vec(image.to_vec());
        let kinetic = hermitian(&self.phi, &image).re;
        let spread: f64 = (0..d).map(|x| columns[x * d + x].re).sum();
        let kinetic_next = spread + 2.0 * hermitian(&self.chi, &image).re - depletion * kinetic;

        let v = model.pair_potential();
        let w = v.dot(&rho);
        let trap =
            |f: &Array1<f64>| -> f64 { model.trap().iter().zip(f).map(|(u, f)| u * f).sum() };
        let correlation = self.density_correlation();
        let pair: f64 = v.iter().zip(&correlation).map(|(v, c)| v * c).sum();
        [
            kinetic + trap(&rho) + 0.5 * w.dot(&rho),
            kinetic_next + trap(&correction) + w.dot(&correction) + 0.5 * (pair - w.dot(&rho)),
        ]
    }

    /// The largest entry of γ(1+γ) − αα*, which vanishes along the flow: the
    /// excitations are a pure quasi-free state. Cost: two d×d×d products.
    #[must_use]
    pub fn purity_defect(&self) -> f64 {
        let mut defect = self.gamma.clone();
        let one = Complex64::ONE;
        linalg::gemm(one, self.gamma.view(), self.gamma.view(), defect.view_mut());
        let conjugate = self.alpha.mapv(|z| z.conj());
        linalg::gemm(-one, self.alpha.view(), conjugate.view(), defect.view_mut());
        largest(defect.iter())
    }

    /// The largest entry of φ†α, φ†γ and φ†χ, which vanish along the flow.
    #[must_use]
    pub fn complement_defect(&self) -> f64 {
        let bra = self.phi.mapv(|z| z.conj());
        let (pairs, spread) = (bra.dot(&self.alpha), bra.dot(&self.gamma));
        let shift = bra.dot(&self.chi);
        largest(pairs.iter().chain(&spread).chain([&shift]))
    }
}

/// a†b.
fn hermitian(a: &Array1<Complex64>, b: &Array1<Complex64>) -> Complex64 {
    a.iter().zip(b).map(|(a, b)| a.conj() * b).sum()
}

/// The largest modulus; NaN stays NaN.
fn largest<'a>(values: impl Iterator<Item = &'a Complex64>) -> f64 {
    values.map(|z| z.norm()).fold(0.0, |worst, x| {
        if x.is_nan() || worst.is_nan() {
            f64::NAN
        } else {
            f64::max(worst, x)
        }
    })
}
