//! Suite `slips`: formulas of the paper that fail as they are printed, each beside
//! the corrected one on the same data. Where the corrected formula has a row of
//! its own in another suite, only the printed one is here.

mod hierarchy;
mod recursion;

use crate::verify::{Bound, Row, Suite};

/// The suite.
pub const SUITE: Suite = Suite {
    name: "slips",
    about: "formulas that fail as printed, and the corrected ones",
    ids: &[
        "d-down2-printed",
        "d-down2",
        "d-down-diagonal-printed",
        "d-down-half-printed",
        "d-down",
        "slots-printed",
        "t3-printed",
        "t4-printed",
        "pairs-29-printed",
        "polynomial-30-printed",
        "source-45-printed",
        "initial-48-printed",
        "initial-48",
        "doubled-51-printed",
        "doubled-51",
        "generator-53-printed",
        "source-56-printed",
        "generator-31-printed",
        "sum-from-1-printed",
        "sum-63-printed",
        "source-65-printed",
        "kinetic-printed",
        "potentials-printed",
        "p-printed",
        "norm-d-printed",
        "norm-c1-printed",
    ],
    run,
};

/// Twice what any corrected formula here may miss by.
const VISIBLE: f64 = 2e-3;

/// A printed formula that must miss by at least that much.
fn printed(id: &'static str, claim: &str, equation: &'static str, measured: f64) -> Row {
    Row {
        suite: SUITE.name,
        id,
        claim: format!("as printed: {claim}"),
        equation,
        claimed: "not 0".to_owned(),
        measured,
        bound: Bound::AtLeast(VISIBLE),
        reason: "twice what any corrected formula here may miss by, most of them rounding",
        plot: None,
    }
}

/// The corrected formula.
fn corrected(
    id: &'static str,
    claim: &str,
    equation: &'static str,
    (measured, bound): (f64, f64),
    reason: &'static str,
) -> Row {
    Row {
        suite: SUITE.name,
        id,
        claim: format!("corrected: {claim}"),
        equation,
        claimed: "0".to_owned(),
        measured,
        bound: Bound::AtMost(bound),
        reason,
        plot: None,
    }
}

fn run(_quick: bool) -> Vec<Row> {
    [hierarchy::rows(), recursion::rows()].concat()
}
