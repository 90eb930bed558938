//! Finite-level quantum particles: H = Σ_i h_i + (1/N) Σ_{i<j} v_ij, with
//! optional Lindblad jumps of each particle.

mod families;
mod generator;
mod hermitian_basis;
mod model;
pub mod pauli;
pub mod problems;
mod size;
mod squeezing;
mod states;
mod validity;

pub use families::{
    BoseHubbardDimer, Collective, Dissipation, Lipkin, OneAxisTwisting, TransverseField,
};
pub use hermitian_basis::HermitianBasis;
pub use model::Levels;
