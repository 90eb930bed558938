//! Soft spheres: particles that fly freely in a periodic box and collide at a
//! distance; their mean-field limit is the Povzner equation.

mod channels;
mod circulant;
mod grid;
mod interaction;
mod linearised;
mod model;
mod observables;
mod options;
mod panel;
mod range;
mod states;
mod transport;
mod velocity;
mod velocity_space;

pub use grid::LARGEST_DIMENSION;
pub use model::Povzner;
pub use options::{PovznerOptions, Range, Transport, Velocities};
