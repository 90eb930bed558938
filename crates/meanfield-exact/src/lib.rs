//! Exact N-body evolution: the slow, obvious, trusted reference that every
//! approximation is checked against.
//!
//! [`solve`] takes any [`Model`](meanfield_abstract::Model) and any start that
//! fixes the N-body state, and returns the marginals F_1 … F_J at finite N:
//!
//! | sector | unknowns | for |
//! |---|---|---|
//! | [`bosons`] | C(N+d−1, N) amplitudes | Hamiltonian models, pure product starts |
//! | [`symmetric`] | C(N+D−1, N) probabilities or expectation values | everything else |
//! | [`full`] | D^N | any tensor, N ≤ 5; the definition itself |
//!
//! [`closed_form`] holds the results that can be written down.
//!
//! ```
//! use meanfield_abstract::{Start, problems};
//! use meanfield_exact::solve;
//!
//! let model = problems::sis()?; // susceptible, infected
//! let start = Start::Product { f: vec![0.4, 0.6] };
//! let exact = solve(&model, &start, 10, &[1.0], 2, None)?;
//! let infected = exact.marginal(0, 1)[1];
//! assert!((infected - 0.605093581433).abs() < 1e-11);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Time stepping
//! The state is e^{tA} times the start, by [`meanfield_ode::exponential`].

pub mod bosons;
pub mod closed_form;
mod error;
pub mod full;
mod generator;
mod pair_map;
mod solve;
pub mod symmetric;
#[cfg(test)]
mod test_models;
mod weighting;

pub use error::ExactError;
pub use solve::{ExactMarginals, LARGEST_BYTES, Plan, Sector, plan, required_bytes, solve};
