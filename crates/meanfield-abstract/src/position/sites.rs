//! Sites with arbitrary hopping: every operator a dense matrix, the obviously
//! right implementation that faster ones are checked against.

use meanfield_tensor::linalg;
use ndarray::{Array2, ArrayView2, ArrayViewMut2};
use num_complex::Complex64;

use super::PositionHamiltonian;
use crate::{ModelError, require_hermitian};

/// d sites with a Hermitian hopping matrix T, a trap U and a symmetric pair
/// potential v. A transform costs d² operations for each wave function.
#[derive(Debug, Clone)]
pub struct Sites {
    hbar: f64,
    energies: Vec<f64>,
    /// Columns are conjugated eigenvectors of T.
    from_position: Array2<Complex64>,
    /// Rows are eigenvectors of T.
    from_momentum: Array2<Complex64>,
    trap: Vec<f64>,
    potential: Array2<f64>,
}

impl Sites {
    /// The Hamiltonian with T (d×d), U (d numbers), v (d×d) and ħ.
    ///
    /// # Errors
    /// [`ModelError`] for wrong shapes, entries that are not finite, a T that is
    /// not Hermitian or a v that is not symmetric, ħ not positive.
    pub fn new(
        hopping: &Array2<Complex64>,
        trap: &[f64],
        potential: &Array2<f64>,
        hbar: f64,
    ) -> Result<Self, ModelError> {
        let d = trap.len();
        for (array, found) in [("T", hopping.dim()), ("v", potential.dim())] {
            if found != (d, d) {
                return Err(ModelError::Shape {
                    array: array.to_owned(),
                    found: vec![found.0, found.1],
                    expected: format!("({d}, {d})"),
                });
            }
        }
        let not_finite = |array: &str, index, found: String| ModelError::NotFinite {
            array: array.to_owned(),
            index,
            found,
        };
        if let Some(x) = trap.iter().position(|u| !u.is_finite()) {
            return Err(not_finite("U", vec![x], trap[x].to_string()));
        }
        let complex_potential = potential.mapv(Complex64::from);
        for (array, matrix) in [("T", hopping), ("v", &complex_potential)] {
            let bad = matrix.indexed_iter().find(|(_, z)| !z.is_finite());
            if let Some(((x, y), z)) = bad {
                return Err(not_finite(array, vec![x, y], z.to_string()));
            }
            require_hermitian(array, matrix)?;
        }
        if !(hbar.is_finite() && hbar > 0.0) {
            return Err(ModelError::Parameter {
                key: "hbar",
                found: hbar.to_string(),
                expected: "a positive number".to_owned(),
            });
        }
        let (energies, eigenvectors) = linalg::eigh(hopping.view())?;
        Ok(Self {
            hbar,
            energies: energies.to_vec(),
            from_position: eigenvectors.mapv(|z| z.conj()),
            from_momentum: eigenvectors.t().as_standard_layout().into_owned(),
            trap: trap.to_vec(),
            potential: potential.clone(),
        })
    }

    /// T as a matrix.
    #[must_use]
    pub fn hopping(&self) -> Array2<Complex64> {
        let d = self.trap.len();
        let mut waves = Array2::eye(d);
        if let Some(columns) = waves.as_slice_mut() {
            self.apply_kinetic(columns);
        }
        // Row y holds the image of the unit vector at y.
        waves.reversed_axes().as_standard_layout().into_owned()
    }

    /// Rows ψ ← ψ·matrix.
    fn multiply(&self, matrix: &Array2<Complex64>, waves: &mut [Complex64]) {
        let d = self.trap.len();
        let source = waves.to_vec();
        waves.fill(Complex64::ZERO);
        let shape = (waves.len() / d.max(1), d);
        let (Ok(source), Ok(target)) = (
            ArrayView2::from_shape(shape, &source),
            ArrayViewMut2::from_shape(shape, waves),
        ) else {
            return;
        };
        linalg::gemm(Complex64::ONE, source, matrix.view(), target);
    }
}

impl PositionHamiltonian for Sites {
    fn points(&self) -> usize {
        self.trap.len()
    }
    fn hbar(&self) -> f64 {
        self.hbar
    }
    fn kinetic_energies(&self) -> &[f64] {
        &self.energies
    }
    fn to_momentum(&self, waves: &mut [Complex64]) {
        self.multiply(&self.from_position, waves);
    }
    fn to_position(&self, waves: &mut [Complex64]) {
        self.multiply(&self.from_momentum, waves);
    }
    fn trap(&self) -> &[f64] {
        &self.trap
    }
    fn pair_potential(&self) -> ArrayView2<'_, f64> {
        self.potential.view()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problems::Noise;

    /// Products of matrices of five rows with entries of order one.
    const ROUNDING: f64 = 1e-13;

    fn random(d: usize) -> (Array2<Complex64>, Sites) {
        let mut noise = Noise::new(7);
        let half = Array2::from_shape_fn((d, d), |_| {
            Complex64::new(noise.uniform() - 0.5, noise.uniform() - 0.5)
        });
        let hopping = &half + &half.t().mapv(|z| z.conj());
        let trap: Vec<f64> = (0..d).map(|_| noise.uniform()).collect();
        let half = Array2::from_shape_fn((d, d), |_| noise.uniform());
        let sites = Sites::new(&hopping, &trap, &(&half + &half.t()), 0.7).unwrap();
        (hopping, sites)
    }

    #[test]
    fn law_transforms_diagonalise_the_hopping() {
        let (hopping, sites) = random(5);
        let found = sites.hopping();
        for (a, b) in found.iter().zip(&hopping) {
            assert!((a - b).norm() < ROUNDING, "{a} against {b}");
        }
        let wave: Vec<Complex64> = (0..10).map(|x| Complex64::new(x as f64, 1.0)).collect();
        let mut back = wave.clone();
        sites.to_momentum(&mut back);
        sites.to_position(&mut back);
        for (a, b) in back.iter().zip(&wave) {
            assert!((a - b).norm() < ROUNDING * 10.0);
        }
    }

    #[test]
    fn law_propagation_is_generated_by_the_hopping() {
        let (_, sites) = random(4);
        let wave: Vec<Complex64> = (0..4).map(|x| Complex64::new(1.0, x as f64)).collect();
        let at = |tau: f64| {
            let mut moved = wave.clone();
            sites.propagate_kinetic(tau, &mut moved);
            moved
        };
        let step = 1e-5;
        let (ahead, behind) = (at(step), at(-step));
        let mut expected = wave.clone();
        sites.apply_kinetic(&mut expected);
        for x in 0..4 {
            let slope = (ahead[x] - behind[x]) / (2.0 * step);
            // The third derivative over 6 times the step squared.
            assert!((slope + Complex64::I * expected[x] / 0.7).norm() < 1e-7);
        }
    }

    #[test]
    fn law_convolution_is_the_table() {
        let (_, sites) = random(4);
        let mut wave = vec![Complex64::ZERO; 8];
        wave[6] = Complex64::I;
        sites.convolve(&mut wave);
        for x in 0..4 {
            assert_eq!(wave[4 + x], Complex64::I * sites.pair_potential()[[x, 2]]);
        }
    }

    #[test]
    fn law_bad_sites_are_refused() {
        let one = Array2::<Complex64>::eye(2);
        let v = Array2::<f64>::zeros((2, 2));
        let name = |result: Result<Sites, ModelError>| match result {
            Err(ModelError::Shape { array, .. } | ModelError::NotHermitian { array, .. }) => array,
            Err(ModelError::NotFinite { array, .. }) => array,
            Err(ModelError::Parameter { key, .. }) => key.to_owned(),
            other => panic!("{other:?}"),
        };
        let mut skew = one.clone();
        skew[[0, 1]] = Complex64::ONE;
        let mut lopsided = v.clone();
        lopsided[[0, 1]] = 1.0;
        assert_eq!(name(Sites::new(&skew, &[0.0; 2], &v, 1.0)), "T");
        assert_eq!(name(Sites::new(&one, &[0.0; 2], &lopsided, 1.0)), "v");
        assert_eq!(name(Sites::new(&one, &[0.0; 3], &v, 1.0)), "T");
        assert_eq!(name(Sites::new(&one, &[f64::NAN; 2], &v, 1.0)), "U");
        assert_eq!(name(Sites::new(&one, &[0.0; 2], &v, 0.0)), "hbar");
    }
}
