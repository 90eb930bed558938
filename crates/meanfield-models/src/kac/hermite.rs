//! The model `kac` in Hermite functions of the velocity.

use meanfield_abstract::{
    Capabilities, Interaction, Measured, Model, ModelError, ObservableKind, PairOperator,
};
use meanfield_tensor::Space;
use ndarray::{ArrayView2, ArrayViewMut2};

use super::caricature::{entropy, one_body, require_energy};
use super::{CrossSection, moments};
use crate::hermite::{VelocityBasis, averaged};
use crate::parameter::refused;

/// Velocities v ∈ R^d that change by isotropic collisions only:
///
/// ```math
/// K = 0, \qquad (VG)(v_1,v_2) = |v_1-v_2|^\gamma \big[ \mean{G(v_1',v_2')} - G(v_1,v_2) \big],
/// ```
///
/// the mean over uniform directions of v₁′ − v₂′ at the same momentum and energy. The limit is the
/// homogeneous Boltzmann equation (80). States are coefficients of [`VelocityBasis`]; V is that of
/// [`averaged`].
///
/// Maxwell molecules (γ = 0): everything of total degree ≤ M, over all particles of a moment, is
/// exact. Otherwise a collision reaches every degree; what leaves degree M is dropped, and moments
/// converge as the degree grows. Mass, momentum, energy and (degree ≥ 4) the fluctuations of the
/// energy are kept exactly at every degree. The norm is the Gaussian-weighted ℓ²: no bound of the
/// theorem is claimed.
#[derive(Debug, Clone)]
pub struct KacHermite {
    basis: VelocityBasis,
    pair: PairOperator<f64>,
}

impl KacHermite {
    /// Hermite functions of total degree ≤ `degree` in 2 or 3 `dimension`s about a Gaussian of that
    /// `temperature`: D = C(degree + d, d). Cost: see [`averaged`]; the entries of V are counted
    /// before they are made.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] (keys `dimension`, `degree`, `temperature`, `power`) for a
    /// dimension other than 2 or 3, a degree below 2 or with more than
    /// [`LARGEST_COLLISION_LIST`](super::LARGEST_COLLISION_LIST) entries of V, a temperature that
    /// is not positive, an exponent that is negative or not finite.
    pub fn new(
        dimension: usize,
        degree: usize,
        temperature: f64,
        cross_section: CrossSection,
    ) -> Result<Self, ModelError> {
        if !(dimension == 2 || dimension == 3) {
            return refused("dimension", dimension, "2 or 3");
        }
        require_energy(degree)?;
        let basis = VelocityBasis::new(dimension, degree, temperature)?;
        let entries = averaged(&basis, cross_section)?;
        Ok(Self {
            pair: PairOperator::new(basis.space(), entries),
            basis,
        })
    }

    /// The Hermite functions.
    #[must_use]
    pub fn velocities(&self) -> &VelocityBasis {
        &self.basis
    }

    /// ½Σ± Gaussian(±u, width²), u = (speed, 0, …); see [`VelocityBasis::beams`].
    ///
    /// # Errors
    /// As there.
    pub fn beams(&self, speed: f64, width: f64) -> Result<Vec<f64>, ModelError> {
        self.basis.beams(speed, width)
    }

    /// The Maxwellian about a drift; see [`VelocityBasis::maxwellian`]. A fixed point of the limit
    /// equation, up to the degree where it is cut.
    ///
    /// # Errors
    /// As there.
    pub fn maxwellian(&self, temperature: f64, drift: &[f64]) -> Result<Vec<f64>, ModelError> {
        self.basis.maxwellian(temperature, drift)
    }

    /// The Bobylev–Krook–Wu state with κ = 1 − A, 0 ≤ A ≤ 2/(d+2); see [`VelocityBasis::bkw`]. For
    /// Maxwell molecules it solves the limit equation with κ(t) = 1 − A e^{−λt}, λ = (d−1)/(4d):
    /// 1/8 in the plane, 1/6 in space ([`bkw_rate`](crate::hermite::bkw_rate)).
    ///
    /// # Errors
    /// As there.
    pub fn bkw(&self, a: f64) -> Result<Vec<f64>, ModelError> {
        self.basis.bkw(a)
    }
}

impl Model for KacHermite {
    type Scalar = f64;

    fn space(&self) -> &Space<f64> {
        self.pair.one_body_space()
    }

    fn add_k(&self, _c: f64, _x: ArrayView2<'_, f64>, _out: ArrayViewMut2<'_, f64>) {
        // K = 0: velocities change by collisions only.
    }

    fn interaction(&self) -> &dyn Interaction<f64> {
        &self.pair
    }

    fn capabilities(&self) -> Capabilities<'_, f64> {
        Capabilities {
            k_is_zero: true,
            basis: &self.basis,
            measured: Some(self),
            ..Capabilities::of(self.space())
        }
    }
}

impl Measured<f64> for KacHermite {
    /// As for [`Kac`](super::Kac): `vx`, `vy`, `vz`, `m2`, `m4`, `txx`, `tyy`, `tzz`, `energy`,
    /// `qx` as far as the degree reaches, and `entropy` −∫ f ln f. The variance of an empirical
    /// average needs twice the degree of its mean.
    fn observable_names(&self) -> Vec<String> {
        let mut names = moments::names(self.basis.dimension(), self.basis.degree());
        names.push("entropy".to_owned());
        names
    }

    fn observable(&self, name: &str) -> Option<ObservableKind<'_, f64>> {
        if name == "entropy" {
            return Some(entropy(&self.basis));
        }
        let terms = moments::terms(self.basis.dimension(), name)?;
        self.basis.polynomial(&terms).map(one_body)
    }
}
