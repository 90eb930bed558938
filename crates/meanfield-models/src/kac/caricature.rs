//! Kac's caricature of a gas: particles on the line whose pairs rotate.

use meanfield_abstract::{
    Capabilities, Interaction, Measured, Model, ModelError, ObservableKind, OfMarginal, PairEntry,
    PairOperator,
};
use meanfield_tensor::Space;
use ndarray::{ArrayView2, ArrayViewMut2};
use num_complex::Complex64;

use crate::hermite::VelocityBasis;
use crate::parameter::refused;

/// Velocities v ∈ R; at rate 1/N each pair (v₁, v₂) is rotated by a uniform
/// angle (M. Kac, Third Berkeley Symposium III, 171, 1956):
///
/// ```math
/// K = 0, \qquad (VG)(v_1,v_2) = \frac{1}{2\pi} \int d\theta\,
///   G(v_1 \cos\theta - v_2 \sin\theta,\ v_1 \sin\theta + v_2 \cos\theta) - G(v_1,v_2).
/// ```
///
/// In Hermite functions ([`VelocityBasis`]) V keeps the total degree n of a pair. There it is P −
/// 1, P the projection on what rotations leave alone: one function for n = 2k,
///
/// ```math
/// r_{2i,2j} = 2^{-k} \sqrt{\binom{2i}{i} \binom{2j}{j}}, \qquad i + j = k,
/// ```
///
/// none for odd n. So everything of total degree ≤ M, over all particles of a moment, is exact with
/// functions of degree ≤ M in each particle, at every N and every order in 1/N. Energy (m2) is
/// conserved, momentum is not: m1 decays at rate 1 − 1/N.
#[derive(Debug, Clone)]
pub struct Caricature {
    basis: VelocityBasis,
    pair: PairOperator<f64>,
}

impl Caricature {
    /// Decay rate of 1 − κ in the Bobylev–Krook–Wu solution of the limit
    /// equation: ⟨cos²θ sin²θ⟩.
    pub const BKW_RATE: f64 = 0.125;

    /// The model on Hermite functions of degree ≤ `degree` about a Gaussian of
    /// that temperature. Cost: Σ_n (pairs of total degree n)² ~ degree³ entries.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] (keys `degree`, `temperature`) unless 2 ≤ degree ≤
    /// [`LARGEST_DEGREE`](crate::hermite::LARGEST_DEGREE) and temperature > 0.
    pub fn new(degree: usize, temperature: f64) -> Result<Self, ModelError> {
        require_energy(degree)?;
        let basis = VelocityBasis::new(1, degree, temperature)?;
        Ok(Self {
            pair: PairOperator::new(basis.space(), entries(degree)),
            basis,
        })
    }

    /// The Hermite functions.
    #[must_use]
    pub fn velocities(&self) -> &VelocityBasis {
        &self.basis
    }

    /// ½Σ± Gaussian(±speed, width²); see [`VelocityBasis::beams`].
    ///
    /// # Errors
    /// As there.
    pub fn beams(&self, speed: f64, width: f64) -> Result<Vec<f64>, ModelError> {
        self.basis.beams(speed, width)
    }

    /// The Bobylev–Krook–Wu state with κ = 1 − A, 0 ≤ A ≤ 2/3, ⟨v²⟩ = 1; see
    /// [`VelocityBasis::bkw`]. It solves the limit equation with κ(t) = 1 − A e^{−t/8}.
    ///
    /// # Errors
    /// As there.
    pub fn bkw(&self, a: f64) -> Result<Vec<f64>, ModelError> {
        self.basis.bkw(a)
    }
}

/// A model that conserves energy must be able to say what it is.
pub(super) fn require_energy(degree: usize) -> Result<(), ModelError> {
    if degree < 2 {
        return refused("degree", degree, "at least 2, the degree of the energy");
    }
    Ok(())
}

fn entries(degree: usize) -> Vec<PairEntry<f64>> {
    // C(2i, i)/4^i.
    let central: Vec<f64> = (0..=degree)
        .scan(1.0, |value, i| {
            let found = *value;
            *value *= (2 * i + 1) as f64 / (2 * i + 2) as f64;
            Some(found)
        })
        .collect();
    let invariant = |a: usize, b: usize| {
        let both = a.is_multiple_of(2) && b.is_multiple_of(2);
        if both {
            (central[a / 2] * central[b / 2]).sqrt()
        } else {
            0.0
        }
    };
    let mut out = Vec::new();
    // On total degree 0 rotations leave everything alone: V = 0.
    for n in 1..=2 * degree {
        let pairs = || (n.saturating_sub(degree)..=n.min(degree)).map(move |a| (a, n - a));
        for (a, b) in pairs() {
            for (c, d) in pairs() {
                let stays = if (a, b) == (c, d) { 1.0 } else { 0.0 };
                let value = invariant(a, b) * invariant(c, d) - stays;
                if value != 0.0 {
                    out.push(PairEntry { a, b, c, d, value });
                }
            }
        }
    }
    out
}

impl Model for Caricature {
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

impl Measured<f64> for Caricature {
    /// `m2`, `m4`, … and `m1`, `m3`, …, the moments ⟨v^p⟩ up to the degree; `entropy` −∫ f ln f.
    /// Moments are exact; the variance of the empirical average of v^p is when 2p is at most the
    /// degree.
    fn observable_names(&self) -> Vec<String> {
        let degree = self.basis.degree();
        let moments = (2..=degree).step_by(2).chain((1..=degree).step_by(2));
        moments
            .map(|p| format!("m{p}"))
            .chain(["entropy".to_owned()])
            .collect()
    }

    fn observable(&self, name: &str) -> Option<ObservableKind<'_, f64>> {
        if name == "entropy" {
            return Some(entropy(&self.basis));
        }
        if !self.observable_names().iter().any(|known| known == name) {
            return None;
        }
        let p: usize = name.strip_prefix('m')?.parse().ok()?;
        let values = self.basis.polynomial(&[(1.0, [p, 0, 0])])?;
        Some(one_body(values))
    }
}

/// A polynomial as an observable.
pub(super) fn one_body<'a>(values: Vec<f64>) -> ObservableKind<'a, f64> {
    ObservableKind::OneBody(values.into_iter().map(Complex64::from).collect())
}

/// The entropy in a Hermite basis.
pub(super) fn entropy(basis: &VelocityBasis) -> ObservableKind<'_, f64> {
    ObservableKind::OfMarginal(OfMarginal {
        axes: Vec::new(),
        range: None,
        evaluate: Box::new(|f| Some(vec![basis.entropy(f)?])),
    })
}
