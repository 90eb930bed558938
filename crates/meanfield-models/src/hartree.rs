//! Quantum mean field on a grid: H = Σ_i h_i + (1/N) Σ_{i<j} v(x_i − x_j), whose
//! limit is the Hartree equation (15).
//!
//! ```
//! use meanfield_abstract::{Model, one_body_state};
//! use meanfield_models::hartree::{Grid, Hartree, Potential, Trap};
//!
//! // Repulsive bosons in a harmonic trap, ħ = m = 1.
//! let grid = Grid::new(1, 16, 8.0)?;
//! let potential = Potential::Gaussian { strength: 1.0, width: 0.5 };
//! let model = Hartree::new(grid, 1.0, 1.0, potential, Some(Trap::Harmonic { omega: 1.0 }))?;
//! let f = one_body_state(&model, "F", &model.gaussian(&[0.5], &[0.7], &[0.0])?)?;
//! assert_eq!(f.len(), 16 * 16);
//! assert!(model.interaction().pair_norm().is_some_and(|norm| norm <= 1.0));
//! # Ok::<(), meanfield_abstract::ModelError>(())
//! ```
//!
//! # Conventions
//! * Arrays hold matrix elements ⟨x|·|x'⟩ in the orthonormal position basis,
//!   index x·d + x' with d = n^dimension: no factor Δx anywhere, Tr is the sum of the
//!   diagonal.
//! * v is a function of the minimal-image displacement. A harmonic trap or a
//!   double well is not periodic: take a box so large that nothing reaches ±L/2.

mod convolution;
mod depletion;
mod fourier;
mod grid;
mod kinetic;
mod linearised;
mod model;
mod observables;
mod operators;
mod plane_waves;
mod position;
mod potential;
mod states;

pub use grid::Grid;
pub use model::Hartree;
pub use potential::{Potential, Trap};
