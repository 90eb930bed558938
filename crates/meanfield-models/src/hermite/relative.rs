//! Collisions as matrices of the relative velocity.
//!
//! With u = v/√T, G = (u₁+u₂)/√2 and g = (u₁−u₂)/√2 are independent standard Gaussians, and a
//! collision changes g alone. In Hermite functions of (G, g), V = 1 ⊗ W with
//!
//! ```math
//! W_{BB'} = \int h_B(g)\, B(w)\, (P - 1)\, h_{B'}(g)\, M_1(g)\, dg, \qquad w = v_1 - v_2 = \sqrt{2T}\, g,
//! ```
//!
//! where P is the mean over the outgoing directions, or the reflection of w at a fixed direction n.
//! Both keep the length of g, so W is symmetric: W = −⟨(1−P)h_B, B (1−P)h_{B'}⟩ for the mean,
//! −½⟨…⟩ for the reflection. No eigenvalue is positive, and what P leaves alone (1, and the square
//! of g) is annihilated to rounding, whatever the quadrature. The factor |w|^γ is put into the
//! weight of the Gauss rule: then the rest is a polynomial and every entry is exact.

use meanfield_abstract::ModelError;
use meanfield_tensor::linalg;
use ndarray::{Array2, Axis};

use super::VelocityBasis;
use super::quadrature::{Rule, sphere};
use crate::parameter::refused;

/// W on Hermite functions of total degree ≤ 2M of the relative velocity.
pub(super) struct Relative {
    /// The functions of the relative velocity, of degree 2M.
    pub(super) basis: VelocityBasis,
    /// W.
    pub(super) matrix: Array2<f64>,
}

/// Which entries of W, and of V, can differ from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Selection {
    /// The parity of every component is kept, not that of their sum alone.
    pub(super) axes: bool,
    /// The total degree is kept (γ = 0).
    pub(super) degree: bool,
}

impl Selection {
    /// Whether an entry between these two multi-indices can differ from zero.
    pub(super) fn allows(self, a: &[usize; 3], b: &[usize; 3]) -> bool {
        self.class(a) == self.class(b)
    }

    /// A number that two multi-indices share exactly when an entry is allowed.
    pub(super) fn class(self, a: &[usize; 3]) -> usize {
        let total: usize = a.iter().sum();
        let parity = if self.axes {
            (a[0] % 2) + 2 * (a[1] % 2) + 4 * (a[2] % 2)
        } else {
            total % 2
        };
        if self.degree {
            8 * total + parity
        } else {
            parity
        }
    }
}

/// c with B = c·(the weight in which the Gauss rule is exact): the mean of
/// |√(2T) x|^γ over a standard Gaussian x of `components` components,
/// (4T)^{γ/2} Γ((components+γ)/2)/Γ(components/2).
fn mean_power(temperature: f64, gamma: f64, components: usize) -> Result<f64, ModelError> {
    let half = components as f64 / 2.0;
    let exponent = 0.5 * gamma * (4.0 * temperature).ln() + libm::lgamma(half + 0.5 * gamma)
        - libm::lgamma(half);
    let value = exponent.exp();
    if value.is_finite() {
        return Ok(value);
    }
    let found = format!("{gamma}, which makes the mean rate overflow");
    refused("power", found, "an exponent with finite rates")
}

/// W for the mean over all directions at rate |w|^γ.
pub(super) fn averaged(basis: &VelocityBasis, gamma: f64) -> Result<Relative, ModelError> {
    let d = basis.dimension();
    let scale = mean_power(basis.temperature(), gamma, d)?;
    let fine = VelocityBasis::of_pairs(basis)?;
    let radii = Rule::gamma(basis.degree() + 1, 0.5 * (d as f64 + gamma))?;
    let directions = sphere(d, 4 * basis.degree())?;
    let mut matrix = Array2::zeros((fine.len(), fine.len()));
    let mut shell = Array2::zeros((directions.len(), fine.len()));
    for (y, weight) in radii.nodes.iter().zip(&radii.weights) {
        let r = (2.0 * y).sqrt();
        let mut mean = vec![0.0; fine.len()];
        for ((n, w), mut row) in directions.iter().zip(shell.rows_mut()) {
            let Some(values) = row.as_slice_mut() else {
                continue;
            };
            fine.fill(n.map(|x| r * x), values);
            mean.iter_mut().zip(&*values).for_each(|(m, x)| *m += w * x);
        }
        for ((_, w), mut row) in directions.iter().zip(shell.rows_mut()) {
            for (x, m) in row.iter_mut().zip(&mean) {
                *x = (*x - m) * (w * weight).sqrt();
            }
        }
        linalg::gemm(-scale, shell.t(), shell.view(), matrix.view_mut());
    }
    let mut relative = Relative {
        basis: fine,
        matrix,
    };
    relative.clean(Selection {
        axes: true,
        degree: gamma == 0.0,
    });
    Ok(relative)
}

/// W for the reflection w' = w − 2n(n·w) at the unit vector n, at rate |n·w|^γ.
pub(super) fn along(
    basis: &VelocityBasis,
    gamma: f64,
    n: [f64; 3],
) -> Result<Relative, ModelError> {
    let d = basis.dimension();
    let scale = mean_power(basis.temperature(), gamma, 1)?;
    let fine = VelocityBasis::of_pairs(basis)?;
    let parallel = Rule::gamma(basis.degree() + 1, 0.5 * (1.0 + gamma))?;
    let across = Rule::gaussian(2 * basis.degree() + 1)?;
    let frame = complete(d, n);
    let points = across.nodes.len().pow(d as u32 - 1);
    let mut matrix = Array2::zeros((fine.len(), fine.len()));
    let mut plane = Array2::zeros((points, fine.len()));
    let mut mirrored = vec![0.0; fine.len()];
    for (y, weight) in parallel.nodes.iter().zip(&parallel.weights) {
        let x = (2.0 * y).sqrt();
        for (point, mut row) in plane.axis_iter_mut(Axis(0)).enumerate() {
            let (mut rest, mut w, mut g) = (point, *weight, [0.0; 3]);
            for direction in &frame {
                let node = rest % across.nodes.len();
                rest /= across.nodes.len();
                w *= across.weights[node];
                for (g, e) in g.iter_mut().zip(direction) {
                    *g += across.nodes[node] * e;
                }
            }
            let at = |sign: f64| std::array::from_fn(|k| g[k] + sign * x * n[k]);
            let Some(values) = row.as_slice_mut() else {
                continue;
            };
            fine.fill(at(1.0), values);
            fine.fill(at(-1.0), &mut mirrored);
            for (value, other) in values.iter_mut().zip(&mirrored) {
                *value = (*value - other) * w.sqrt();
            }
        }
        linalg::gemm(-0.5 * scale, plane.t(), plane.view(), matrix.view_mut());
    }
    let mut relative = Relative {
        basis: fine,
        matrix,
    };
    relative.clean(Selection {
        axes: d == 1,
        degree: gamma == 0.0,
    });
    Ok(relative)
}

impl VelocityBasis {
    /// The functions of the relative velocity of a pair.
    fn of_pairs(basis: &Self) -> Result<Self, ModelError> {
        Self::of_any_degree(basis.dimension(), 2 * basis.degree(), basis.temperature())
    }
}

impl Relative {
    /// Sets to zero what vanishes by symmetry, the constant included.
    pub(super) fn clean(&mut self, selection: Selection) {
        let indices = self.basis.indices();
        for ((row, column), value) in self.matrix.indexed_iter_mut() {
            let allowed = selection.allows(&indices[row], &indices[column]);
            if row == 0 || column == 0 || !allowed {
                *value = 0.0;
            }
        }
    }
}

/// d − 1 unit vectors that make n an orthonormal frame.
fn complete(d: usize, n: [f64; 3]) -> Vec<[f64; 3]> {
    match d {
        1 => Vec::new(),
        2 => vec![[-n[1], n[0], 0.0]],
        _ => {
            let cross = |a: [f64; 3], b: [f64; 3]| {
                std::array::from_fn(|k| {
                    a[(k + 1) % 3] * b[(k + 2) % 3] - a[(k + 2) % 3] * b[(k + 1) % 3]
                })
            };
            // The axis least along n is never parallel to it.
            let least = (0..3).fold(0, |k, i| if n[i].abs() < n[k].abs() { i } else { k });
            let mut axis = [0.0; 3];
            axis[least] = 1.0;
            let side: [f64; 3] = cross(n, axis);
            let length = side.iter().map(|x| x * x).sum::<f64>().sqrt();
            let side = side.map(|x| x / length);
            vec![side, cross(n, side)]
        }
    }
}
