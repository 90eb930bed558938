//! Soft spheres: particles that fly freely in a periodic box and collide at a
//! distance; their mean-field limit is the Povzner equation.

mod circulant;
mod grid;
mod interaction;
mod linearised;
mod model;
mod options;
mod panel;
mod range;
mod states;
mod transport;
mod velocity;

pub use grid::LARGEST_DIMENSION;
pub use model::Povzner;
pub use options::{PovznerOptions, Range, Transport, Velocities};
