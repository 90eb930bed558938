//! Velocities spanned by tensor Hermite functions about a Gaussian of temperature T: what
//! homogeneous and inhomogeneous kinetic models share.
//!
//! * [`VelocityBasis`]: the functions, polynomial observables, products, multiplication by a
//!   velocity component, named states;
//! * [`averaged`], [`along`], [`direction_averaged`]: collisions as pair operators.
//!
//! Coefficients are not weights: f may be negative somewhere and the norm is the Gaussian-weighted
//! ℓ², in which no bound of the theorem is claimed.

mod basis;
mod collisions;
mod entropy;
mod quadrature;
mod relative;
mod rotation;
mod states;
#[cfg(test)]
mod tests;

pub use basis::{LARGEST_BASIS, LARGEST_DEGREE, VelocityBasis};
pub use collisions::{along, averaged, direction_averaged, mean_rate};
pub use states::{BKW_TEMPERATURE, beams_temperature, bkw_rate};
