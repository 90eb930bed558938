//! Suite `structure`: what the theorem assumes of a model and of states holds
//! for a model of every class.

mod limit;
mod norms;
mod particles;
mod states;

use crate::class::Stated;
use crate::verify::{Bound, Row, Suite};

/// The suite.
pub const SUITE: Suite = Suite {
    name: "structure",
    about: "states, marginals, norms, traces and the limit equation on a model of every class",
    ids: &[
        "n-body-jump",
        "n-body-kac",
        "n-body-povzner",
        "n-body-levels",
        "n-body-hartree",
        "marginals-jump",
        "marginals-arrays",
        "marginals-kac",
        "marginals-povzner",
        "marginals-levels",
        "marginals-hartree",
        "limit-jump",
        "limit-arrays",
        "limit-kac",
        "limit-povzner",
        "limit-levels",
        "limit-hartree",
        "conserved-kac",
        "conserved-povzner",
        "conserved-levels",
        "conserved-hartree",
        "linearised-jump",
        "linearised-arrays",
        "linearised-kac",
        "linearised-povzner",
        "linearised-levels",
        "linearised-hartree",
        "permutations-jump",
        "permutations-arrays",
        "permutations-kac",
        "permutations-povzner",
        "permutations-levels",
        "permutations-hartree",
        "trace-contracts-jump",
        "trace-contracts-kac",
        "trace-contracts-povzner",
        "trace-contracts-levels",
        "trace-contracts-hartree",
        "traceless-jump",
        "traceless-arrays",
        "traceless-kac",
        "traceless-povzner",
        "traceless-levels",
        "traceless-hartree",
        "semigroup-jump",
        "semigroup-kac",
        "semigroup-povzner",
        "semigroup-levels",
        "semigroup-hartree",
        "occupation-jump",
        "occupation-kac",
        "occupation-povzner",
        "n-body-conserved-kac",
        "n-body-conserved-povzner",
        "collisions-kac",
        "product-jump",
        "product-levels",
        "fixed-counts",
        "fixed-counts-first",
        "fixed-counts-size",
    ],
    run,
};

/// Two evolutions to rounding, or an integration at a tolerance of 1e-13.
const INTEGRATED: f64 = 1e-10;

/// A claim of this suite with a defect that must vanish.
fn exactly<'a>(
    name: &'a str,
    claim: &'a str,
    equation: &'static str,
    bound: f64,
    reason: &'static str,
) -> Stated<'a> {
    Stated {
        suite: &SUITE,
        name,
        claim,
        equation,
        claimed: "0",
        bound: Bound::AtMost(bound),
        reason,
    }
}

fn run(_quick: bool) -> Vec<Row> {
    [
        states::rows(),
        limit::rows(),
        norms::rows(),
        particles::rows(),
    ]
    .concat()
}
