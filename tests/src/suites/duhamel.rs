//! Suite `duhamel`: the solutions of Section 2 in integral form, the sums of
//! Section 3 and the explicit flows of Section 4, against the differential
//! equations.

mod explicit;
mod integrals;
mod sums;

pub(crate) use explicit::{Kinetic, explicit_defect, free_sites};
pub(crate) use integrals::{Source, leading};
pub(crate) use sums::{remainder_from, sum_residual};

use crate::verify::{Bound, Row, Suite};

/// The suite.
pub const SUITE: Suite = Suite {
    name: "duhamel",
    about: "integral forms of 𝓔_j^k, the sum of the recursion, the flows of Section 4",
    ids: &[
        "rescaled",
        "odd-leading-jump",
        "odd-leading-levels",
        "leading-jump",
        "leading-levels",
        "leading-4-jump",
        "next-jump",
        "next-levels",
        "next-3-jump",
        "sum-residual",
        "remainder",
        "flow-levels",
        "flow-hartree",
        "flow-pairs-levels",
        "flow-pairs-hartree",
    ],
    run,
};

/// A row of this suite.
fn row(
    id: &'static str,
    claim: &str,
    equation: &'static str,
    measured: f64,
    bound: f64,
    reason: &'static str,
) -> Row {
    SUITE.row(
        id,
        claim,
        equation,
        "0",
        (measured, Bound::AtMost(bound)),
        reason,
    )
}

fn run(_quick: bool) -> Vec<Row> {
    [integrals::rows(), sums::rows(), explicit::rows()].concat()
}
