//! Physical models for the 1/N expansion: finite-level quantum particles,
//! quantum particles on a grid, Kac collisions, soft spheres.
//!
//! Every model is a one-body generator K, a pair operator V and a trace,
//!
//! ```math
//! \partial_t F^N = \sum_i K_i F^N + \frac{1}{N} \sum_{i<j} V_{ij} F^N \qquad (88)\text{--}(90)
//! ```
//!
//! behind the trait [`Model`](meanfield_abstract::Model):
//!
//! | | L | K | V |
//! |---|---|---|---|
//! | [`Levels`](levels::Levels) | d×d matrices, trace norm | −(i/ħ)\[h, ·\] + Lindblad terms | −(i/ħ)\[v, ·\] |
//! | [`Hartree`](hartree::Hartree) | the same, on the d sites of a periodic grid | −(i/ħ)\[−ħ²Δ/2m + trap, ·\] | −(i/ħ)\[v(x₁−x₂), ·\] |
//! | [`Kac`](kac::Kac) | weights of velocities, L¹ | 0 | collisions at rate \|v₁−v₂\|^γ |
//! | [`KacHermite`](kac::KacHermite) | [Hermite coefficients](hermite::VelocityBasis), weighted ℓ² | 0 | the same |
//! | [`Caricature`](kac::Caricature) | the same, v ∈ R | 0 | rotations of a pair of velocities |
//! | [`Povzner`](povzner::Povzner) | weights of cells and velocities, L¹ | −v·∇ₓ | h(x₁−x₂) times collisions |
//!
//! ```
//! use meanfield_abstract::{Model, Observable, check_assumptions, one_body_state};
//! use meanfield_models::kac::{CrossSection, Kac};
//! use meanfield_models::levels::{Dissipation, TransverseField};
//!
//! // H = ½Σσx + (1/N) Σ_{i<j} σzσz, each particle decaying at rate 0.1.
//! let decay = Dissipation { decay: 0.1, dephasing: 0.0 };
//! let spins = TransverseField { omega: 1.0, chi: 1.0 }.model(decay, 1.0)?;
//! let f = one_body_state(&spins, "F", &spins.bloch(0.6, 0.0, 0.8)?)?;
//! assert!((Observable::named(&spins, "sz")?.mean(&f) - 0.8).abs() < 1e-15);
//! assert_eq!(spins.interaction().pair_norm(), Some(2.0)); // eigenvalues of v: ±1
//!
//! // Hard spheres with the 13 velocities |v| ≤ 2 of the square lattice.
//! let gas = Kac::lattice(2, 2.0, CrossSection::HardSphere)?;
//! assert_eq!(gas.velocities().len(), 13);
//! assert!(check_assumptions(&gas).hold());
//! # Ok::<(), meanfield_abstract::ModelError>(())
//! ```
//!
//! # Conventions
//! * A pair is counted once, with 1/N in front.
//! * User arrays hold weights, or Hermite coefficients, or matrix elements with
//!   index x·d + x'; ħ is a parameter of quantum models, k_B = 1 and masses are 1
//!   (on grids a parameter).
//! * Two levels: level 0 is σz = +1.
//! * Every error names the key or the array it is about.

pub mod hartree;
pub mod hermite;
pub mod kac;
pub mod levels;
mod parameter;
pub mod povzner;
