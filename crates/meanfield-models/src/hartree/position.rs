//! Wave functions on the grid: transforms to momentum, where the kinetic energy
//! is diagonal, and convolutions with the pair potential.

use meanfield_abstract::{Hamiltonian, PositionHamiltonian};
use ndarray::ArrayView2;
use num_complex::Complex64;

use super::fourier::Fourier;
use super::{Grid, Hartree};

/// What transforms of wave functions need: d numbers of each kind, in the order
/// of [`Fourier::transform`].
#[derive(Debug, Clone)]
pub(super) struct Spectrum {
    pub(super) fourier: Fourier,
    pub(super) dimension: usize,
    /// ħ²k²/2m.
    pub(super) energies: Vec<f64>,
    /// The transform of v divided by d: real, as v is even.
    pub(super) kernel: Vec<f64>,
}

impl Spectrum {
    /// From the kinetic energies along one axis and the table v(x−y).
    pub(super) fn new(grid: &Grid, along_axis: &[f64], table: ArrayView2<'_, f64>) -> Self {
        let (n, d, dimension) = (grid.points(), grid.levels(), grid.dimension());
        let fourier = Fourier::new(n);
        let mut kernel: Vec<Complex64> = table.column(0).mapv(Complex64::from).to_vec();
        fourier.transform(dimension, &mut kernel);
        // The order of the axes does not matter: their energies add up.
        let energies = match dimension {
            1 => along_axis.to_vec(),
            _ => (0..d)
                .map(|k| along_axis[k / n] + along_axis[k % n])
                .collect(),
        };
        Self {
            fourier,
            dimension,
            energies,
            kernel: kernel.iter().map(|z| z.re / d as f64).collect(),
        }
    }

    /// Calls `work` on wave functions that transform in one call: all of them in
    /// one dimension, one by one in two.
    pub(super) fn together(&self, waves: &mut [Complex64], work: impl Fn(&mut [Complex64])) {
        match self.dimension {
            1 => work(waves),
            _ => waves.chunks_exact_mut(self.energies.len()).for_each(work),
        }
    }

    fn scale(&self, waves: &mut [Complex64]) {
        let factor = 1.0 / (self.energies.len() as f64).sqrt();
        waves.iter_mut().for_each(|z| *z *= factor);
    }
}

/// T = −ħ²Δ/2m by fast Fourier transforms: about 5 d log₂d operations for each
/// wave function, twice that for a convolution.
impl PositionHamiltonian for Hartree {
    fn points(&self) -> usize {
        self.levels()
    }

    fn hbar(&self) -> f64 {
        self.hbar
    }

    fn kinetic_energies(&self) -> &[f64] {
        &self.spectrum.energies
    }

    fn to_momentum(&self, waves: &mut [Complex64]) {
        let spectrum = &self.spectrum;
        spectrum.together(waves, |some| {
            spectrum.fourier.transform(spectrum.dimension, some);
            spectrum.scale(some);
        });
    }

    fn to_position(&self, waves: &mut [Complex64]) {
        let spectrum = &self.spectrum;
        spectrum.together(waves, |some| {
            spectrum.fourier.backward(spectrum.dimension, some);
            spectrum.scale(some);
        });
    }

    fn trap(&self) -> &[f64] {
        &self.field
    }

    fn pair_potential(&self) -> ArrayView2<'_, f64> {
        self.pair_table()
    }

    fn convolve(&self, waves: &mut [Complex64]) {
        let spectrum = &self.spectrum;
        spectrum.together(waves, |some| {
            spectrum.fourier.transform(spectrum.dimension, some);
            for wave in some.chunks_exact_mut(spectrum.kernel.len()) {
                for (z, &factor) in wave.iter_mut().zip(&spectrum.kernel) {
                    *z *= factor;
                }
            }
            spectrum.fourier.backward(spectrum.dimension, some);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Potential, Trap};
    use super::*;
    use meanfield_abstract::Sites;
    use meanfield_abstract::problems::Noise;

    /// Transforms of a few dozen numbers of order one with energies up to a hundred.
    const ROUNDING: f64 = 1e-12;

    #[test]
    fn law_fast_transforms_act_as_the_dense_matrices() {
        let gaussian = Potential::Gaussian {
            strength: 0.7,
            width: 0.9,
        };
        for (dimension, points) in [(1, 2), (1, 7), (1, 8), (2, 3), (2, 6)] {
            let grid = Grid::new(dimension, points, 3.0).unwrap();
            let trap = Some(Trap::Harmonic { omega: 1.3 });
            let model = Hartree::new(grid, 0.6, 1.7, gaussian, trap).unwrap();
            let kinetic = model.kinetic.matrix().mapv(Complex64::from);
            let dense = Sites::new(
                &kinetic,
                PositionHamiltonian::trap(&model),
                &model.pair_table().to_owned(),
                PositionHamiltonian::hbar(&model),
            )
            .unwrap();
            let d = model.points();
            let mut noise = Noise::new(5);
            let waves: Vec<Complex64> = (0..3 * d).map(|_| noise.scalar()).collect();
            type Action<'a> = &'a dyn Fn(&dyn PositionHamiltonian, &mut [Complex64]);
            let actions: [Action<'_>; 4] = [
                &|model, waves| model.apply_kinetic(waves),
                &|model, waves| model.propagate_kinetic(0.37, waves),
                &|model, waves| model.convolve(waves),
                &|model, waves| {
                    model.to_momentum(waves);
                    model.to_position(waves);
                },
            ];
            for (k, action) in actions.iter().enumerate() {
                let (mut fast, mut slow) = (waves.clone(), waves.clone());
                action(&model, &mut fast);
                action(&dense, &mut slow);
                for (a, b) in fast.iter().zip(&slow) {
                    assert!((a - b).norm() < ROUNDING, "action {k}: {a} against {b}");
                }
            }
            // Unitary: norms are kept.
            let mut moved = waves.clone();
            model.to_momentum(&mut moved);
            let norm = |w: &[Complex64]| w.iter().map(|z| z.norm_sqr()).sum::<f64>();
            assert!((norm(&moved) - norm(&waves)).abs() < ROUNDING);
        }
    }
}
