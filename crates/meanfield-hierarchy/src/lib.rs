//! The hierarchies of the mean-field limit: the limit equation, the BBGKY
//! hierarchy of the marginals, and the hierarchy of the correlation errors
//!
//! ```math
//! E_j = \sum_{K \subset J} (-1)^{|K|}\, \ins{F}{K} F_{J \setminus K} \qquad (18), (107)
//! ```
//!
//! with the operators D_j, D_j^1, D_j^{−1}, D_j^{−2} that drive it,
//!
//! ```math
//! \partial_t E_j = \Big(K^j + \frac{T_j}{N}\Big) E_j + D_j E_j + D_j^{1} E_{j+1} + D_j^{-1} E_{j-1} + D_j^{-2} E_{j-2} \qquad (34), (117)
//! ```
//!
//! Every operator exists twice. [`Operators`] acts on packed symmetric tensors
//! through the moves of [`SymmetricLayout`](meanfield_tensor::SymmetricLayout): that is what one runs. [`literal`] writes
//! the paper's sums over particles out, slot by slot, on dense tensors: that is
//! what the packed form is checked against, and where to look a formula up.
//!
//! ```
//! use meanfield_abstract::{Model, problems};
//! use meanfield_hierarchy::{Operators, correlation_errors, marginals_of};
//!
//! let model = problems::sis()?;
//! let mut operators = Operators::new(&model, 3)?;
//! let f = [0.4, 0.6];
//! // Three independent particles have no correlations ...
//! let state = operators.layout().power(&f, 3);
//! let marginals = marginals_of(operators.layout(), model.space().trace(), 3, &state);
//! let errors = correlation_errors(operators.layout(), &f, &marginals)?;
//! assert!(errors[2].iter().all(|x| x.abs() < 1e-15));
//! // ... but the next moment they do: ∂t E_2 = D_2^{−2} E_0 (N = 3).
//! operators.set_state(&f)?;
//! let mut slope = vec![0.0; 3];
//! operators.add_correlation(1.0, 2, 3, &errors, &mut slope)?;
//! assert!(slope[1].abs() > 0.01);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! For generators that are sums of terms ([`meanfield_abstract::SumOfTerms`]) [`MeanField`]
//! and the flows take all of them, [`FurtherOperators`] has the operators beside those of
//! K + V/N, and norms are those of K + V/N alone: [`OperatorNorms`] refuses the others.
//!
//! # Conventions
//! * Operators *add* to their result: `out += c·(image)`.
//! * The sign and index conventions are those of the paper; sums Σ_{i≠l} run
//!   over ordered pairs, and the conventions (39) are the cases j = 1, 2 and N
//!   of the general formulas.
//! * Flows go forward in time only: for many models e^{−tK} does not exist.

mod bbgky;
mod correlation;
mod correlation_flow;
mod error;
mod errors;
pub mod estimates;
mod further;
mod linearised;
pub mod literal;
mod marginals;
mod mean_field;
mod operator_norms;
mod operators;

pub use correlation_flow::{CorrelationFlow, correlation_flow};
pub use error::HierarchyError;
pub use errors::{correlation_error, correlation_errors, marginal_from_errors};
pub use further::{FurtherOperators, FurtherTerm};
pub use linearised::{LinearisedFlow, linearised_flow, propagator};
pub use marginals::{largest_trace, marginals_of};
pub use mean_field::{MeanField, mean_field_flow};
pub use operator_norms::{Constants, Geometry, LARGEST_SINGULAR, OperatorNorms};
pub use operators::Operators;
