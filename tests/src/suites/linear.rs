//! Suite `linear`: the linear flows U_j⁰ and U_j, their growth, and the norms of
//! the operators in them.

mod attained;
mod dyson;
mod factors;
mod growth;
mod iterated;
mod norms;

pub(crate) use attained::attained;
pub(crate) use factors::printed as printed_polynomials;
pub(crate) use norms::first_pair_norm;

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
        "growth-attained",
        "growth-traceless-attained",
        "growth-paths-jump",
        "growth-paths-levels",
        "growth-paths-attained-jump",
        "growth-paths-attained-levels",
        "growth-simplex-jump",
        "growth-simplex-levels",
        "norm-t-jump",
        "norm-t-levels",
        "norm-c-jump",
        "norm-c-levels",
        "norm-d-jump",
        "norm-d-levels",
        "norm-d-up-jump",
        "norm-d-up-levels",
        "norm-d-down-jump",
        "norm-d-down-levels",
        "norm-d-down2-jump",
        "norm-d-down2-levels",
        "gap-jump",
        "gap-levels",
        "norm-t-attained-jump",
        "norm-c-attained-jump",
        "norm-d-attained-jump",
        "norm-d-up-attained-jump",
        "norm-d-down-attained-jump",
        "norm-d-down2-attained-jump",
        "gap-attained-jump",
        "norm-t-attained-levels",
        "norm-c-attained-levels",
        "norm-d-attained-levels",
        "norm-d-up-attained-levels",
        "norm-d-down-attained-levels",
        "norm-d-down2-attained-levels",
        "gap-attained-levels",
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
        iterated::rows(),
        norms::rows(),
        attained::rows(),
        dyson::rows(),
    ]
    .concat()
}
