//! Homogeneous Kac collisions between particles whose velocities lie on a
//! lattice.

pub(crate) mod collisions;
mod cross_section;
pub(crate) mod lattice;
mod model;
mod states;

pub use collisions::LARGEST_COLLISION_LIST;
pub use cross_section::CrossSection;
pub use model::Kac;
