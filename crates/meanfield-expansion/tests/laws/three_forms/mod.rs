//! The recursion (a), the coefficients free of N (b) and the cumulants (c):
//! against values from elsewhere, and against each other.

mod agreement;
mod boundaries;
mod reference;

use meanfield_abstract::{Custom, Start, problems};
use meanfield_ode::Options;

pub(super) const OPTIONS: Options = Options {
    tolerance: 1e-12,
    floor: 1e-4,
};
/// A few hundred steps at that tolerance.
pub(super) const FLOW: f64 = 1e-9;

pub(super) fn three_states() -> (Custom<f64>, Start<f64>) {
    let f = vec![0.5, 0.3, 0.2];
    (problems::three_states().unwrap(), Start::Product { f })
}
