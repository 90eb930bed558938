//! Suite `linear`: the linear flows U_j⁰ and U_j, their growth, and the norms of
//! the operators in them.

mod dyson;
mod factors;
mod growth;
mod norms;

pub(crate) use factors::printed as printed_polynomials;
pub(crate) use norms::{attained, first_pair_norm};

use crate::verify::{Row, Suite};

/// The suite.
pub const SUITE: Suite = Suite {
    name: "linear",
    about: "U_j⁰ and U_j: factors, growth, inverses, Dyson's series; norms of the operators",
    ids: &[
        "factors-arrays",
        "factors-levels",
        "polynomials-arrays",
        "polynomials-levels",
        "factors-off-arrays",
        "factors-off-levels",
        "inverse-levels",
        "growth-limit-jump",
        "growth-limit-levels",
        "growth-traceless-jump",
        "growth-jump",
        "growth-levels",
        "growth-paths",
        "growth-simplex",
        "norm-t-jump",
        "norm-t-levels",
        "norm-c-jump",
        "norm-c-levels",
        "norm-d-jump",
        "norm-d-levels",
        "norm-d-attained",
        "norm-d-up-jump",
        "norm-d-up-levels",
        "norm-d-down-jump",
        "norm-d-down-levels",
        "norm-d-down2-jump",
        "norm-d-down2-levels",
        "gap-jump",
        "gap-levels",
        "gap-size",
        "dyson-0",
        "dyson-1",
        "dyson-2",
    ],
    run,
};

fn run(_quick: bool) -> Vec<Row> {
    [
        factors::rows(),
        growth::rows(),
        norms::rows(),
        dyson::rows(),
    ]
    .concat()
}
