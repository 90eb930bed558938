//! What a gas of soft spheres is made of.

use crate::kac::CrossSection;

/// The parameters of [`Povzner`](super::Povzner).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PovznerOptions {
    /// Dimension of space, 1 or 2.
    pub dimension: usize,
    /// Grid points in each direction.
    pub points: usize,
    /// Length L of the periodic box in each direction; the grid covers
    /// [−L/2, L/2).
    pub length: f64,
    /// Dimension of the velocities, 1 to 3, at least that of space. In one
    /// dimension colliding particles exchange their velocities.
    pub velocity_dimension: usize,
    /// The velocities.
    pub velocities: Velocities,
    /// How the collision rate falls off with the distance.
    pub range: Range,
    /// How it depends on the relative speed.
    pub cross_section: CrossSection,
    /// How free flight is discretised.
    pub transport: Transport,
}

/// The velocities of a particle.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Velocities {
    /// The integer points with |v| ≤ `radius`, as in
    /// [`Kac::lattice`](crate::kac::Kac::lattice).
    Lattice {
        /// The radius.
        radius: f64,
    },
    /// Hermite functions about a Gaussian, see
    /// [`VelocityBasis`](crate::hermite::VelocityBasis). Free flight is spectral: the
    /// functions have no single velocity to jump with.
    Hermite {
        /// Highest total degree M.
        degree: usize,
        /// Temperature of the reference Gaussian.
        temperature: f64,
    },
}

/// The profile of h(|x₁−x₂|), which has integral 1: Σ_y h(x−y) Δx^d = 1 on the
/// grid.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Range {
    /// h ∝ Σ_images exp(−r²/2·width²).
    Gaussian {
        /// Standard deviation in each direction.
        width: f64,
    },
    /// h constant where the minimal-image distance is at most `width`, 0
    /// beyond. From the longest distance in the box on, √d·L/2, h is constant
    /// in space.
    Hat {
        /// The largest distance at which particles collide.
        width: f64,
    },
}

/// How K = −v·∇x acts on the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Transport {
    /// Jumps to the next cell downstream at rate |v_i|/Δx in each direction:
    /// e^{tK} is positive and a contraction in L¹; first order in Δx. On a
    /// lattice of velocities only.
    Upwind,
    /// The derivative of the trigonometric interpolant: exact for data whose
    /// Fourier modes lie below the Nyquist frequency, ℓ²-isometric, but
    /// positivity is not kept.
    Spectral,
}
