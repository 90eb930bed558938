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
//! The state is e^{tA} times the start, by [`meanfield_ode::exponential`]: a
//! Taylor series accurate to rounding, with no tolerance to choose. Measured on
//! a jump process of three states, N = 80, t = 1: the Runge–Kutta pair
//! [`meanfield_ode::integrate`] at tolerance 1e-10 takes about three times as
//! many products with the generator and twice the time, and to reach the same
//! digits (tolerance 1e-13) about eleven times the products and eight times the
//! time.
//!
//! A product moves D(D+1)/2 numbers for each of C(N+D−3, D−1) occupations, at
//! about 7 ns each; their number grows like N·(rates)·t. To t = 1 at rates of
//! order one: N = 80 particles take a tenth of a second with D = 3 states and
//! some 4 s with D = 4; N = 40 with D = 5 some 4 s.
//!
//! # Limits
//! Memory is estimated before it is taken, and a state beyond
//! [`LARGEST_BYTES`] is refused; [`plan()`] tells a caller with a tighter
//! budget. In the probability sector positivity and mass hold to rounding; for
//! a quantum model whose trace sits on several elements of a basis that is not
//! Hermitian, entries carry multiplicities that cancel in the marginals, and
//! digits are lost as N grows.

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
