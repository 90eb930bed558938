//! Named one-body states, as user arrays of d² matrix elements.

use meanfield_abstract::{Hamiltonian, ModelError};
use meanfield_tensor::linalg;
use ndarray::Array2;
use num_complex::Complex64;
use std::f64::consts::PI;

use super::Hartree;
use crate::parameter::{finite, positive, refused};

/// Periodic images of a Gaussian that are summed on either side: the next one
/// is beyond 12 standard deviations for every width that is accepted.
const IMAGES: isize = 3;

impl Hartree {
    /// The wave function of [`Hartree::gaussian`], d numbers of norm 1.
    ///
    /// # Errors
    /// As there.
    pub fn gaussian_wave(
        &self,
        center: &[f64],
        width: &[f64],
        momentum: &[f64],
    ) -> Result<Vec<Complex64>, ModelError> {
        let axes = self.grid.dimension();
        for (key, found) in [("center", center), ("width", width), ("momentum", momentum)] {
            if found.len() != axes {
                let expected = format!("one number for each of the {axes} dimension(s)");
                return refused(key, format!("{} number(s)", found.len()), expected);
            }
        }
        let waves = (0..axes)
            .map(|axis| self.wave_along_axis(center[axis], width[axis], momentum[axis]))
            .collect::<Result<Vec<_>, _>>()?;
        let at = |site| {
            (0..axes)
                .map(|a| waves[a][self.grid.index(site, a)])
                .product()
        };
        let mut psi: Vec<Complex64> = (0..self.levels()).map(at).collect();
        normalise(&mut psi);
        Ok(psi)
    }

    /// The pure state |ψ⟩⟨ψ| with
    /// ψ(x) ∝ exp(−(x−center)²/4width² + i·momentum·x/ħ) in every component,
    /// summed over its periodic images: `width` is the standard deviation of
    /// |ψ|². One number for each dimension in each of the arguments.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] with the key
    /// * `center`: not a number, or outside the box [−L/2, L/2);
    /// * `width`: below Δx/2, which the grid does not resolve, or above L/4,
    ///   which does not fit the box;
    /// * `momentum`: beyond the Nyquist momentum πħ/Δx of the grid;
    ///
    /// and for a number of components that is not the dimension.
    pub fn gaussian(
        &self,
        center: &[f64],
        width: &[f64],
        momentum: &[f64],
    ) -> Result<Vec<Complex64>, ModelError> {
        let psi = self.gaussian_wave(center, width, momentum)?;
        Ok(psi
            .iter()
            .flat_map(|x| psi.iter().map(move |y| x * y.conj()))
            .collect())
    }

    fn wave_along_axis(
        &self,
        center: f64,
        width: f64,
        momentum: f64,
    ) -> Result<Vec<Complex64>, ModelError> {
        let (length, spacing) = (self.grid.length(), self.grid.spacing());
        let (center, width) = (finite("center", center)?, positive("width", width)?);
        let momentum = finite("momentum", momentum)?;
        if !(-0.5 * length..0.5 * length).contains(&center) {
            let expected = format!("a point of the box [{}, {})", -0.5 * length, 0.5 * length);
            return refused("center", center, expected);
        }
        if width < 0.5 * spacing {
            let expected = format!(
                "at least {}, half the distance of the grid points: take more points or a \
                 smaller box",
                0.5 * spacing
            );
            return refused("width", width, expected);
        }
        if width > 0.25 * length {
            let expected = format!(
                "at most {}, a quarter of the box: take a larger box",
                0.25 * length
            );
            return refused("width", width, expected);
        }
        let nyquist = PI * self.hbar / spacing;
        if momentum.abs() > nyquist {
            let expected = format!(
                "a momentum within the Nyquist momentum ±πħ/Δx = ±{nyquist} of the grid: take \
                 more points or a smaller box"
            );
            return refused("momentum", momentum, expected);
        }
        let image = |x: f64| {
            let decay = -((x - center) / (2.0 * width)).powi(2);
            Complex64::from_polar(decay.exp(), momentum * x / self.hbar)
        };
        let mut wave: Vec<Complex64> = (self.grid.positions().into_iter())
            .map(|x| {
                (-IMAGES..=IMAGES)
                    .map(|k| image(x + k as f64 * length))
                    .sum()
            })
            .collect();
        normalise(&mut wave);
        Ok(wave)
    }

    /// e^{−h/T}/Tr e^{−h/T}, the thermal state of the one-body Hamiltonian h
    /// (k_B = 1). Cost: d³.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] (key `temperature`) unless it is positive;
    /// [`ModelError::Tensor`] when the eigenvalues of h cannot be found.
    pub fn thermal(&self, temperature: f64) -> Result<Vec<Complex64>, ModelError> {
        let temperature = positive("temperature", temperature)?;
        let (energies, states) = linalg::eigh(self.one_body_matrix().view())?;
        let weights = energies.mapv(|e| (-(e - energies[0]) / temperature).exp());
        let weights = &weights / weights.sum();
        let mut rho = Array2::zeros(states.raw_dim());
        linalg::gemm(1.0, (&states * &weights).view(), states.t(), rho.view_mut());
        // Symmetric to the last bit, as a state must be.
        Ok((&rho + &rho.t())
            .iter()
            .map(|x| Complex64::from(0.5 * x))
            .collect())
    }
}

fn normalise(psi: &mut [Complex64]) {
    let norm = psi.iter().map(|z| z.norm_sqr()).sum::<f64>().sqrt();
    psi.iter_mut().for_each(|z| *z /= norm);
}
