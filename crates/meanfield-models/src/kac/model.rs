//! The model `kac` on a lattice, behind the trait of the engine.

use meanfield_abstract::{
    Capabilities, Interaction, Measured, Model, ModelError, ObservableKind, OfMarginal,
    PairOperator, Series,
};
use meanfield_tensor::Space;
use ndarray::{ArrayView2, ArrayViewMut2};
use num_complex::Complex64;

use super::lattice::{Point, points};
use super::{CrossSection, collisions, moments};

/// Velocities on a lattice that change by collisions only:
///
/// ```math
/// K = 0, \qquad (VG)(v_1,v_2) = B(|v_1-v_2|) \Big[ \frac{1}{n} \sum G(v_1',v_2') - G(v_1,v_2) \Big],
/// ```
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
    pair: PairOperator<f64>,
}

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
        let entries = collisions::entries(&points, exponent)?;
        let components = |v: &Point| v[..dimension].iter().map(|&x| x as f64).collect();
        Ok(Self {
            dimension,
            velocities: points.iter().map(components).collect(),
            pair: PairOperator::new(Space::probabilities(points.len()), entries),
        })
    }

    /// Bytes taken at most while [`Kac::lattice`] makes that model. Counted up to
    /// what the constructor refuses, where it is a lower bound. Cost: the pairs
    /// of velocities.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] (keys `dimension`, `radius`) without a lattice.
    pub fn required_bytes(dimension: usize, radius: f64) -> Result<usize, ModelError> {
        let entries = collisions::count(&points(dimension, radius)?);
        Ok(PairOperator::<f64>::required_bytes(entries).unwrap_or(usize::MAX))
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
            measured: Some(self),
            ..Capabilities::of(self.space())
        }
    }
}

impl Measured<f64> for Kac {
    /// `vx`, `vy`, `vz`; `m2` = |v|², `m4` = |v|⁴; `txx` = vx², `tyy`, `tzz`;
    /// `energy` = |v|²/2; `qx` = vx|v|² (twice the heat flux along x at rest);
    /// `entropy` = −Σ F ln F.
    fn observable_names(&self) -> Vec<String> {
        let mut names = moments::names(self.dimension, usize::MAX);
        names.push("entropy".to_owned());
        names
    }

    fn observable(&self, name: &str) -> Option<ObservableKind<'_, f64>> {
        if name == "entropy" {
            return Some(ObservableKind::OfMarginal(OfMarginal {
                axes: Vec::new(),
                range: None,
                evaluate: Box::new(|f| Some(vec![entropy(f)?])),
            }));
        }
        let terms = moments::terms(self.dimension, name)?;
        let value = |v: &Vec<f64>| Complex64::from(moments::value(&terms, v));
        let values = self.velocities.iter().map(value);
        Some(ObservableKind::OneBody(values.collect()))
    }
}

/// −Σ_a F_a ln F_a of F = Σ_m N^{−m} f_m, composed in 1/N. A state that is empty
/// at every order contributes nothing; `None` where f_0 ≤ 0 in another: x ln x has
/// no power series at 0.
fn entropy(f: &[&[f64]]) -> Option<Series> {
    let mut sum = Series::constant(0.0, f.len());
    for a in 0..f.first()?.len() {
        let weight = Series::new(f.iter().map(|f| f[a]).collect());
        if weight.coefficients().iter().any(|&x| x != 0.0) {
            sum = &sum - &(&weight * &weight.ln()?);
        }
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_the_entropy_is_composed_in_powers_of_1_over_n() {
        let (f0, f1, f2) = (
            [0.5, 0.3, 0.2, 0.0],
            [0.1, -0.3, 0.2, 0.0],
            [-0.2, 0.1, 0.1, 0.0],
        );
        let series = entropy(&[&f0, &f1, &f2]).unwrap();
        let at = |x: f64| {
            let f = |a: usize| f0[a] + x * f1[a] + x * x * f2[a];
            -(0..3).map(|a| f(a) * f(a).ln()).sum::<f64>()
        };
        let h = 1e-3;
        let expected = [
            at(0.0),
            (at(h) - at(-h)) / (2.0 * h),
            (at(h) - 2.0 * at(0.0) + at(-h)) / (2.0 * h * h),
        ];
        for (found, expected) in series.coefficients().iter().zip(expected) {
            // Central differences leave h².
            assert!((found - expected).abs() < 1e-5, "{found} {expected}");
        }
        assert_eq!(entropy(&[&[1.0, 0.0], &[-0.1, 0.1]]), None);
        assert_eq!(entropy(&[&[1.1, -0.1]]), None);
    }
}
