//! Suite `assumptions`: which of the assumptions (A), (B), (C), (91)–(93) of
//! Appendix A each discretisation satisfies exactly, and which only in the
//! limit of a fine grid or a high degree.

mod discretisations;
mod measure;
mod page;

pub use page::page;

use crate::verify::{Bound, Row, Suite};
use discretisations::discretisations;
use meanfield_testing::worse;

/// The suite.
pub const SUITE: Suite = Suite {
    name: "assumptions",
    about: "which assumptions of the theorem each discretisation satisfies, exactly or in the limit",
    ids: &["exact", "limit-violated", "limit-reached"],
    run,
};

/// The assumptions, one for each column of the table.
const ASSUMPTIONS: [(&str, &str); 6] = [
    (
        "(85)",
        "the partial trace is a contraction, and ‖F‖ = 1 for a state",
    ),
    ("(90)", "V is symmetric under exchange"),
    ("(91)", "e^{tK} keeps positivity and the norm of states"),
    ("(92)", "so does the N-body evolution"),
    ("(93)", "K and V have no trace"),
    ("(C)", "so does the limit equation, for all times"),
];

/// What a discretisation does about one assumption.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Cell {
    /// It holds: the defect measured.
    Exact(f64),
    /// It holds in the limit: the defects on a coarse and on a fine grid.
    Limit(f64, f64),
    /// It is not claimed.
    NotClaimed,
}

/// One way to make a model finite.
struct Discretisation {
    name: &'static str,
    cells: [Cell; 6],
    remark: &'static str,
}

/// Errors of integrations at a tolerance of 1e-12, and of eigenvalues.
const INTEGRATED: f64 = 1e-9;
/// A violation below this would not be told from rounding.
const VISIBLE: f64 = 1e-7;
/// What a grid twice as fine must leave of a violation at most.
const FINER: f64 = 0.5;

fn run(_quick: bool) -> Vec<Row> {
    let all = discretisations();
    let cells = || all.iter().flat_map(|one| one.cells);
    let exact = cells().filter_map(|cell| match cell {
        Cell::Exact(defect) => Some(defect),
        _ => None,
    });
    let limits = || {
        cells().filter_map(|cell| match cell {
            Cell::Limit(coarse, fine) => Some((coarse, fine)),
            _ => None,
        })
    };
    let row = |id, claim: &str, claimed: &str, measured, bound, reason| Row {
        suite: SUITE.name,
        id,
        claim: claim.to_owned(),
        equation: "(85), (90)–(93), (C)",
        claimed: claimed.to_owned(),
        measured,
        bound,
        reason,
        plot: None,
    };
    vec![
        row(
            "exact",
            "every assumption that docs/assumptions.md calls exact: the largest defect",
            "0",
            exact.fold(0.0, worse),
            Bound::AtMost(INTEGRATED),
            "integrations at a tolerance of 1e-12, eigenvalues",
        ),
        row(
            "limit-violated",
            "every one that it says holds only in the limit: the least violation on a coarse grid",
            "> 0",
            limits()
                .map(|(coarse, _)| coarse)
                .fold(f64::INFINITY, f64::min),
            Bound::AtLeast(VISIBLE),
            "far above rounding",
        ),
        row(
            "limit-reached",
            "the same on a finer grid: the largest share of the violation that is left",
            "→ 0",
            limits()
                .map(|(coarse, fine)| fine / coarse)
                .fold(0.0, worse),
            Bound::AtMost(FINER),
            "a grid about twice as fine halves it at least",
        ),
    ]
}
