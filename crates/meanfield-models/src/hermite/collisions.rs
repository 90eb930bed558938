//! Pair operators of collisions in Hermite functions, as lists of entries.

use meanfield_abstract::{ModelError, PairEntry};
use ndarray::Array2;

use super::VelocityBasis;
use super::quadrature::sphere;
use super::relative::{self, Relative, Selection};
use super::rotation::{assemble, require_size};
use crate::kac::CrossSection;
use crate::parameter::refused;

/// Rounding of a unit vector that was computed.
const UNIT: f64 = 1e-12;

/// Isotropic scattering: a pair with relative velocity w = v₁ − v₂ collides at rate |w|^γ, and
/// leaves with its momentum and energy in a direction drawn uniformly,
///
/// ```math
/// (VG)(v_1,v_2) = |w|^\gamma \big[ \mean{G(v_1',v_2')} - G(v_1,v_2) \big],
/// ```
///
/// the continuous counterpart of the lattice rule "to every pair with the same momentum and energy,
/// uniformly" of [`Kac::lattice`](crate::kac::Kac::lattice); for d = 1 the mean over staying and
/// exchanging the velocities. Entries are ⟨h_a⊗h_b, V h_c⊗h_d⟩, symmetric in (ab) ↔ (cd).
///
/// Every entry is exact to rounding: the only error is that pairs beyond degree M in a particle are
/// dropped, and for γ = 0 (total degree kept) not even that touches what has total degree ≤ M.
/// Mass, momentum and energy (M ≥ 2) are annihilated by V, and V is exchange symmetric, at every M.
/// Cost: see [`along`]; the relative velocity needs ~(M+1)(4M+1)^{d−1} nodes.
///
/// # Errors
/// [`ModelError::Parameter`]: key `degree` when V would have more than
/// [`LARGEST_COLLISION_LIST`](crate::kac::LARGEST_COLLISION_LIST) entries, counted before any is
/// made; key `power` for an exponent that is negative, not finite, or makes rates overflow.
pub fn averaged(
    basis: &VelocityBasis,
    cross_section: CrossSection,
) -> Result<Vec<PairEntry<f64>>, ModelError> {
    let gamma = cross_section.exponent()?;
    let selection = Selection {
        axes: true,
        degree: gamma == 0.0,
    };
    require_size(basis, selection)?;
    let relative = relative::averaged(basis, gamma)?;
    Ok(assemble(basis, &relative, selection))
}

/// The collision at a fixed unit vector n, at rate B(n; w) = |n·w|^γ:
///
/// ```math
/// (VG)(v_1,v_2) = |n \cdot w|^\gamma \big[ G(v_1 - n(n \cdot w),\ v_2 + n(n \cdot w)) - G(v_1,v_2) \big],
/// \qquad w = v_1 - v_2 \quad (79).
/// ```
///
/// The mean of the rate over n is [`mean_rate`]·|w|^γ. The mean of V over n is
/// [`direction_averaged`]; it is [`mean_rate`]·[`averaged`] exactly when γ = d − 2 (d = 2: Maxwell
/// molecules, d = 3: hard spheres), since only then is the outgoing direction uniform; for d = 1,
/// with no direction to draw, it is 2·[`averaged`]. What is exact, and what is kept, is as for
/// [`averaged`]. Cost: the nodes, (M+1)(2M+1)^{d−1}, times C(2M+d,d)²; then the sums over the
/// rotation of pairs, the number of entries times up to Π(s_k+1).
///
/// # Errors
/// As [`averaged`]; and key `n` unless n has d finite components and length 1.
pub fn along(
    basis: &VelocityBasis,
    cross_section: CrossSection,
    n: &[f64],
) -> Result<Vec<PairEntry<f64>>, ModelError> {
    let gamma = cross_section.exponent()?;
    let length = n.iter().map(|x| x * x).sum::<f64>().sqrt();
    if n.len() != basis.dimension() || !length.is_finite() || (length - 1.0).abs() > UNIT {
        let expected = format!("a unit vector of {} components", basis.dimension());
        return refused("n", format!("{n:?}, of length {length}"), expected);
    }
    let selection = direction_selection(basis, gamma);
    require_size(basis, selection)?;
    let mut direction = [0.0; 3];
    direction[..n.len()].copy_from_slice(n);
    let relative = relative::along(basis, gamma, direction)?;
    Ok(assemble(basis, &relative, selection))
}

/// The mean of [`along`] over all directions n, exact: as a function of n an entry is a polynomial
/// of degree ≤ 4M on the sphere. Cost: (4M+1) times that of [`along`] for d = 2, (2M+1)(4M+1) times
/// for d = 3, up to the relative velocity.
///
/// # Errors
/// As [`averaged`].
pub fn direction_averaged(
    basis: &VelocityBasis,
    cross_section: CrossSection,
) -> Result<Vec<PairEntry<f64>>, ModelError> {
    let gamma = cross_section.exponent()?;
    let selection = Selection {
        axes: true,
        degree: gamma == 0.0,
    };
    require_size(basis, selection)?;
    let mut sum: Option<Relative> = None;
    for (n, weight) in sphere(basis.dimension(), 4 * basis.degree())? {
        let one = relative::along(basis, gamma, n)?;
        let scaled: Array2<f64> = one.matrix * weight;
        match &mut sum {
            Some(sum) => sum.matrix += &scaled,
            None => {
                sum = Some(Relative {
                    basis: one.basis,
                    matrix: scaled,
                })
            }
        }
    }
    Ok(sum.map_or_else(Vec::new, |mut relative| {
        relative.clean(selection);
        assemble(basis, &relative, selection)
    }))
}

/// The mean of |n·e|^γ over unit vectors n of R^d, e a unit vector:
/// Γ((γ+1)/2) Γ(d/2) / (√π Γ((γ+d)/2)).
#[must_use]
pub fn mean_rate(dimension: usize, gamma: f64) -> f64 {
    let half = dimension as f64 / 2.0;
    let exponent = libm::lgamma(0.5 * (gamma + 1.0)) + libm::lgamma(half)
        - libm::lgamma(0.5)
        - libm::lgamma(half + 0.5 * gamma);
    exponent.exp()
}

fn direction_selection(basis: &VelocityBasis, gamma: f64) -> Selection {
    Selection {
        axes: basis.dimension() == 1,
        degree: gamma == 0.0,
    }
}
