//! The model `kac` on a lattice, behind the trait of the engine.

use meanfield_abstract::{Model, ModelError, ObservableKind, PairOperator};
use meanfield_tensor::Space;
use ndarray::{ArrayView2, ArrayViewMut2};
use num_complex::Complex64;

use super::lattice::{Point, points};
use super::{CrossSection, collisions};

/// Velocities on a lattice that change by collisions only:
///
/// > K = 0,  (VG)(v₁,v₂) = B(|v₁−v₂|) [ (1/n) Σ G(v₁′,v₂′) − G(v₁,v₂) ],
///
/// the sum over the n ordered pairs of lattice points with v₁′ + v₂′ = v₁ + v₂ and
/// |v₁′|² + |v₂′|² = |v₁|² + |v₂|² (the pair itself and its exchange among them), B = |v₁−v₂|^γ of
/// [`CrossSection`]. The limit equation is a homogeneous Boltzmann equation
/// (80) with discrete velocities. L is L¹, D the number of velocities, and user
/// arrays are weights, one for each velocity of
/// [`velocities`](Kac::velocities).
#[derive(Debug, Clone)]
pub struct Kac {
    dimension: usize,
    velocities: Vec<Vec<f64>>,
    space: Space<f64>,
    pair: PairOperator<f64>,
}

/// Names of the observables in both dimensions.
const COMMON: [&str; 8] = ["vx", "vy", "m2", "m4", "txx", "tyy", "energy", "qx"];
/// Names of those that need a third component.
const SPATIAL: [&str; 2] = ["vz", "tzz"];

impl Kac {
    /// The integer points with |v| ≤ `radius` (Euclidean) in 2 or 3 dimensions:
    /// 5, 13, 29 of them in the plane for radius 1, 2, 3; 7 and 33 in space for
    /// radius 1 and 2. Cost: Σ n² entries of V, over the classes of n pairs with the same momentum and energy.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] (keys `dimension`, `radius`, `power`) for a
    /// dimension other than 2 or 3, a radius below 1 or with more than
    /// [`LARGEST_COLLISION_LIST`](super::LARGEST_COLLISION_LIST) entries of V,
    /// an exponent that is negative or not finite.
    pub fn lattice(
        dimension: usize,
        radius: f64,
        cross_section: CrossSection,
    ) -> Result<Self, ModelError> {
        let exponent = cross_section.exponent()?;
        let points = points(dimension, radius)?;
        let space = Space::probabilities(points.len());
        let entries = collisions::entries(&points, exponent)?;
        let components = |v: &Point| v[..dimension].iter().map(|&x| x as f64).collect();
        Ok(Self {
            dimension,
            velocities: points.iter().map(components).collect(),
            pair: PairOperator::new(space.trace(), entries),
            space,
        })
    }

    /// 2 or 3.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// The velocities in the order of the one-body index (lexicographic).
    #[must_use]
    pub fn velocities(&self) -> &[Vec<f64>] {
        &self.velocities
    }
}

impl Model for Kac {
    type Scalar = f64;

    fn space(&self) -> &Space<f64> {
        &self.space
    }

    fn add_k(&self, _c: f64, _x: ArrayView2<'_, f64>, _out: ArrayViewMut2<'_, f64>) {
        // K = 0: velocities change by collisions only.
    }

    fn k_is_zero(&self) -> bool {
        true
    }

    fn add_pair(&self, c: f64, x: ArrayView2<'_, f64>, out: ArrayViewMut2<'_, f64>) {
        self.pair.add_pair(c, x, out);
    }

    fn pair_operator(&self) -> Option<&PairOperator<f64>> {
        Some(&self.pair)
    }

    /// Twice the largest rate out of a pair.
    fn pair_norm(&self) -> Option<f64> {
        Some(self.pair.l1_norm())
    }

    /// `vx`, `vy`, `vz`; `m2` = |v|², `m4` = |v|⁴; `txx` = vx², `tyy`, `tzz`;
    /// `energy` = |v|²/2; `qx` = vx|v|² (twice the heat flux along x at rest).
    fn observable_names(&self) -> Vec<String> {
        let spatial = if self.dimension == 3 {
            &SPATIAL[..]
        } else {
            &[]
        };
        COMMON
            .iter()
            .chain(spatial)
            .map(|&name| name.to_owned())
            .collect()
    }

    fn observable(&self, name: &str) -> Option<ObservableKind<'_, f64>> {
        let square = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>();
        let value: &dyn Fn(&[f64]) -> f64 = match name {
            "vx" => &|v| v[0],
            "vy" => &|v| v[1],
            "vz" if self.dimension == 3 => &|v| v[2],
            "m2" => &square,
            "m4" => &|v| square(v).powi(2),
            "txx" => &|v| v[0] * v[0],
            "tyy" => &|v| v[1] * v[1],
            "tzz" if self.dimension == 3 => &|v| v[2] * v[2],
            "energy" => &|v| square(v) / 2.0,
            "qx" => &|v| v[0] * square(v),
            _ => return None,
        };
        let values = self.velocities.iter().map(|v| Complex64::from(value(v)));
        Some(ObservableKind::OneBody(values.collect()))
    }
}
