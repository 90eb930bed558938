//! Named two-level systems, one file each. Level 0 is σz = +1, level 1 is
//! σz = −1.

mod bose_hubbard_dimer;
mod collective;
mod dissipation;
mod lipkin;
mod one_axis_twisting;
mod transverse_field;

pub use bose_hubbard_dimer::BoseHubbardDimer;
pub use collective::Collective;
pub use dissipation::Dissipation;
pub use lipkin::Lipkin;
pub use one_axis_twisting::OneAxisTwisting;
pub use transverse_field::TransverseField;
