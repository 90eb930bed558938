//! Laws of the hierarchies: packed operators against the paper's sums, residuals
//! on exact N-body data, flows, norm estimates.

mod estimates;
mod exact_data;
mod flows;
mod norms;
mod packed_is_literal;
mod refused;

use meanfield_abstract::problems::Noise;
use meanfield_tensor::Scalar;
use meanfield_testing::{difference, largest};

/// Fails unless a and b agree relative to `scale`.
#[track_caller]
pub(crate) fn close<S: Scalar>(what: &str, a: &[S], b: &[S], tolerance: f64) {
    let scale = largest(a).max(largest(b)).max(1.0);
    let found = difference(a, b) / scale;
    assert!(found <= tolerance, "{what}: they differ by {found:e}");
}

/// Random packed entries.
pub(crate) fn noise<S: Scalar>(n: usize, seed: usize) -> Vec<S> {
    Noise::new(seed as u64).vector(n)
}
