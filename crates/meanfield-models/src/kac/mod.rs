//! Homogeneous Kac collisions between particles whose velocities lie on a
//! lattice.

mod collisions;
mod cross_section;
mod lattice;
mod model;
mod states;

pub use collisions::LARGEST_COLLISION_LIST;
pub use cross_section::CrossSection;
pub use model::Kac;
