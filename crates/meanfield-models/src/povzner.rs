//! Soft spheres: particles that fly freely in a periodic box and collide at a
//! distance; their mean-field limit is the Povzner equation.
//!
//! ```
//! use meanfield_abstract::{Model, Observable, check_assumptions};
//! use meanfield_models::kac::CrossSection;
//! use meanfield_models::povzner::{Povzner, PovznerOptions, Range, Transport, Velocities};
//!
//! // Hard spheres of range 0.1 in a box of length 1, with five velocities.
//! let gas = Povzner::new(&PovznerOptions {
//!     dimension: 1,
//!     points: 8,
//!     length: 1.0,
//!     velocity_dimension: 2,
//!     velocities: Velocities::Lattice { radius: 1.0 },
//!     range: Range::Gaussian { width: 0.1 },
//!     cross_section: CrossSection::HardSphere,
//!     transport: Transport::Upwind,
//! })?;
//! assert_eq!(gas.space().dimension(), 8 * 5);
//! assert!(check_assumptions(&gas).hold());
//!
//! // A cloud that moves to the right (more slowly than its drift: velocities end at 1).
//! let density = gas.density_bump(&[0.0], 0.15)?;
//! let f = gas.product_state(&density, &gas.velocity_maxwellian(0.5, &[0.4, 0.0])?)?;
//! assert!(Observable::named(&gas, "vx")?.mean(&f) > 0.2);
//! # Ok::<(), meanfield_abstract::ModelError>(())
//! ```
//!
//! # What is claimed
//! | | upwind | spectral |
//! |---|---|---|
//! | Tr∘K = 0, mass, momentum, energy | to rounding | to rounding |
//! | e^{tK} | positive, contracts L¹ | isometry of ℓ², signs are not kept |
//! | error of free flight | first order in Δx | none below the Nyquist frequency |
//! | bounds of section A.2 | hold | not claimed: K does not contract L¹ |
//!
//! With spectral transport [`check_assumptions`](meanfield_abstract::check_assumptions) demands no positive
//! rates ([`Capabilities::keeps_positivity`](meanfield_abstract::Capabilities::keeps_positivity) is false); negative
//! entries of a marginal are then to be read as the error of the grid. On a line, two particles of one
//! cell that exchange their velocities are the same two particles in another order: only exchanges between
//! cells have an effect.

mod channels;
mod circulant;
mod collisions;
mod grid;
mod linearised;
mod model;
mod observables;
mod options;
mod panel;
mod range;
mod semigroup;
mod states;
mod transport;
mod velocity;
mod velocity_space;

pub use grid::LARGEST_DIMENSION;
pub use model::Povzner;
pub use options::{PovznerOptions, Range, Transport, Velocities};
