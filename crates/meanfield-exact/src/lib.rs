//! Exact N-body evolution: the slow, obvious, trusted reference that every
//! approximation is checked against,
//!
//! ```math
//! \partial_t F^N = \sum_i K_i F^N + \frac{1}{N} \sum_{i<j} V_{ij} F^N \quad (88)\text{--}(90), \qquad F_j = \Tr^{j+1} \cdots \Tr^{N} F^N \quad (87).
//! ```
//!
//! [`solve`] takes any [`Model`](meanfield_abstract::Model) and any start that
//! fixes the N-body state, and returns the marginals F_1 … F_J at finite N:
//!
//! | sector | unknowns | for |
//! |---|---|---|
//! | [`bosons`] | C(N+d−1, N) amplitudes | Hamiltonian models, pure product starts |
//! | [`spins`] | some √N·N·(20 … N) amplitudes | two-level Hamiltonian models, any product start |
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
//! let infected = exact.marginal(0, 1).ok_or("no F_1")?[1];
//! assert!((infected - 0.605093581433).abs() < 1e-11);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Time stepping
//! The state is e^{tA} times the start, accurate to rounding, with no tolerance
//! to choose, by the series that suits what is known of A:
//!
//! | A | series | products |
//! |---|---|---|
//! | −iH/ħ: bosons, total spins | Chebyshev, [`meanfield_ode::unitary`] | ½·(width of the spectrum)·t + 25 |
//! | jumps between occupations | uniformisation, [`meanfield_ode::uniformised`] | Λt + 9√(Λt), Λ the largest rate out |
//! | anything else | Taylor on steps, [`meanfield_ode::exponential`] | about five for each unit of ‖A‖t |
//!
//! Further terms of the generator ([`meanfield_abstract::SumOfTerms`]) whose factor is
//! constant are part of A. Where one changes in time, ∂t P = Σ_k c_k(t) N^{−p_k} A_k P is
//! integrated in [`symmetric`] with a relative tolerance of 1e-13 a step, from t = 0.
//!
//! A is a sparse matrix over occupation numbers, one diagonal for each move of
//! two particles, where that fits and pays, and else acts by gathering pairs of
//! slots through index tables. Measured on one thread to t = 1 with dense pair rates
//! of order one, D = 3, N = 200 (20,301 occupations): 557 products and 0.1 s. Two
//! levels in a field with a pair interaction, N = 100, mixed product start: 55,331
//! amplitudes and 0.04 s.
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
mod evolution;
pub mod full;
mod generator;
mod pair_map;
mod parts;
mod rows;
mod sector;
mod solve;
pub mod spins;
pub mod symmetric;
#[cfg(test)]
mod test_models;
mod weighting;

pub use error::ExactError;
pub use sector::{ExactMarginals, LARGEST_BYTES, Plan, Sector};
pub use solve::{plan, required_bytes, solve};
