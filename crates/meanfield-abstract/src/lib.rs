//! The abstract mean-field model of Appendix A: a one-body generator K, a pair
//! operator V and a trace,
//!
//! ```math
//! \partial_t F^N = \sum_i K_i F^N + \frac{1}{N} \sum_{i<j} V_{ij} F^N \qquad (88)\text{--}(90)
//! ```
//!
//! Everything the expansion needs is in the trait [`Model`]: the space, K, V as an
//! [`Interaction`], and [`Capabilities`], which say what only some models can do
//! ([`Hamiltonian`], [`PositionHamiltonian`], [`Splitting`], [`Measured`]) and how the
//! engine's arrays relate to the user's ([`Basis`]). A generator that is a sum of terms,
//! with another power of 1/N or a factor that changes in time, is a [`SumOfTerms`].
//!
//! ```
//! use meanfield_abstract::{Custom, Interaction, Model, check_assumptions};
//! use meanfield_tensor::Norm;
//! use ndarray::{Array2, Array4};
//!
//! // Two states; meeting particles (0,1) both end in state 1 at rate 1.
//! let mut v = Array4::zeros((2, 2, 2, 2));
//! for (a, b) in [(0, 1), (1, 0)] {
//!     v[[1, 1, a, b]] = 1.0;
//!     v[[a, b, a, b]] = -1.0;
//! }
//! let model = Custom::from_dense(&Array2::zeros((2, 2)), &v, &[1.0, 1.0], Norm::L1)?;
//! assert!(check_assumptions(&model).hold());
//! assert_eq!(model.interaction().pair_norm(), Some(2.0));
//! # Ok::<(), meanfield_abstract::ModelError>(())
//! ```
//!
//! # Conventions
//! * A pair is counted once, with 1/N in front.
//! * Arrays hold weights, not densities: probabilities, or matrix elements in
//!   an orthonormal basis. Tr is a sum, and 1 for a state.
//! * Operators add to their result: `out += c·(image)`.

mod basis;
mod capabilities;
mod check;
mod custom;
mod effort;
mod error;
mod hamiltonian;
mod interaction;
mod jumps;
mod linearised;
mod model;
mod observable;
mod observable_kind;
mod pair;
mod position;
pub mod problems;
mod required;
mod semigroup;
mod series;
mod start;
mod state;
mod terms;

pub use basis::{Basis, UserBasis, in_every_slot};
pub use capabilities::Capabilities;
pub use check::{Assumptions, check_assumptions};
pub use custom::Custom;
pub use effort::{COLUMNS_OF_A_MATRIX, Effort, multiply_add};
pub use error::ModelError;
pub use hamiltonian::Hamiltonian;
pub use interaction::{Interaction, PairEntries};
pub use jumps::JumpProcess;
pub use linearised::{DenseLinearisation, Linearisation};
pub use model::Model;
pub use observable::{Observable, require_hermitian};
pub use observable_kind::{
    Axis, Derived, Field, Functional, MarginalFunction, Measured, ObservableKind, OfMarginal,
    PackedPair, PairFunctional, PairSource, PairTensor, TwoBody,
};
pub use pair::{
    ChannelRates, Leading, PairEntry, PairOperator, Sources, SymmetricPairs, Transitions,
};
pub use position::{PositionHamiltonian, Sites};
pub use required::RequiredOnly;
pub use semigroup::{Frame, Propagator, Semigroup, Splitting, WithoutK};
pub use series::Series;
pub use start::Start;
pub use state::{LARGEST_TRACE_NORM, least_value, norm, norm_used, one_body_state, to_user};
pub use terms::{Envelope, Power, SumOfTerms, Term, WithoutV, refuse_further_terms};
