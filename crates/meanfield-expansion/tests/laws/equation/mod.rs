//! The equation of the connected cumulants, multiplied out monomial by
//! monomial: against the exact evolution of N particles, in rational numbers,
//! and against the engine's right-hand side.

mod cumulants;
mod engine;
mod kinds;
mod model;
mod n_body;
mod polynomial;
mod taylor;
