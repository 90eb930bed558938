//! Homogeneous Kac collisions: velocities on a lattice ([`Kac`]) or in Hermite functions
//! ([`KacHermite`]), and Kac's caricature on the line ([`Caricature`]).

mod caricature;
pub(crate) mod collisions;
mod cross_section;
mod hermite;
pub(crate) mod lattice;
mod model;
mod moments;
mod states;

pub use caricature::Caricature;
pub use collisions::LARGEST_COLLISION_LIST;
pub use cross_section::CrossSection;
pub use hermite::KacHermite;
pub use model::Kac;
