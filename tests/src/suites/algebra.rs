//! Suite `algebra`: the identities of Sections 1, 2 and of Appendices A, B that
//! are pure algebra, on arbitrary arrays and arbitrary symmetric tensors.

mod derivation;
mod insertion;
mod operators;
mod slots;

pub(crate) use derivation::Derivation;
pub(crate) use slots::conjugated;

use crate::verify::{Bound, Row, Suite};

/// The suite.
pub const SUITE: Suite = Suite {
    name: "algebra",
    about: "slots, insertions, D_j and its like, and the derivation of (117) term by term",
    ids: &[
        "slots",
        "slots-second",
        "sums-over-slots",
        "insertions-compose",
        "insertions-commute",
        "insertions-pass",
        "insertions-derivative",
        "embedding",
        "inverse-pair",
        "conventions",
        "conventions-last",
        "operators-1-2",
        "delta-pairs",
        "delta-pairs-symmetric-only",
        "derivation-1",
        "derivation-2-1",
        "derivation-compensation",
        "derivation-2-2",
        "derivation-2-3",
        "derivation-2-4",
        "derivation-2-sum",
        "derivation-3-1",
        "derivation-3-2",
        "derivation-3-3",
        "derivation-3-4",
        "derivation-3-sum",
        "derivation-4",
        "derivation-all",
        "derivation-exact",
    ],
    run,
};

/// Relative to the largest entry.
const ROUNDING: f64 = 1e-12;

/// An identity, as the largest relative defect.
fn identity(id: &'static str, claim: &str, equation: &'static str, measured: f64) -> Row {
    Row {
        suite: SUITE.name,
        id,
        claim: claim.to_owned(),
        equation,
        claimed: "0".to_owned(),
        measured,
        bound: Bound::AtMost(ROUNDING),
        reason: "rounding of some hundred terms, relative to the largest entry",
        plot: None,
    }
}

fn run(_quick: bool) -> Vec<Row> {
    [
        slots::rows(),
        insertion::rows(),
        operators::rows(),
        derivation::rows(),
    ]
    .concat()
}
