//! The table judging itself: rows that must not pass.

use crate::verify::{Bound, Row, Suite, Verdict};

/// The suite `table`.
pub const SUITE: Suite = Suite {
    name: "table",
    about: "rows that must fail do fail",
    ids: &["false-claim"],
    run,
};

/// A suite in which every row is wrong in a way of its own: a defect above its
/// bound, an effect below it, a NaN, a bound that allows everything, a row
/// twice, a row nobody listed and one that is missing.
pub const BROKEN: Suite = Suite {
    name: "broken",
    about: "every row fails",
    ids: &["too-large", "too-small", "nan", "no-bound", "absent"],
    run: broken,
};

/// The verdicts that [`BROKEN`] deserves, in order.
pub const DESERVED: [Verdict; 7] = [
    Verdict::Fails,
    Verdict::Fails,
    Verdict::NotFinite,
    Verdict::NotFinite,
    Verdict::Unexpected,
    Verdict::Unexpected,
    Verdict::Missing,
];

fn run(_quick: bool) -> Vec<Row> {
    let found = BROKEN.judge(true);
    let wrong = found
        .iter()
        .zip(DESERVED)
        .filter(|(judged, deserved)| judged.verdict != *deserved)
        .count()
        + found.len().abs_diff(DESERVED.len());
    vec![Row {
        suite: SUITE.name,
        id: "false-claim",
        claim: "false, missing and non-finite rows are refused".to_owned(),
        equation: "-",
        claimed: "0 let through".to_owned(),
        measured: wrong as f64,
        bound: Bound::AtMost(0.0),
        reason: "a count: a table that passes a false row proves nothing",
        plot: None,
    }]
}

fn broken(_quick: bool) -> Vec<Row> {
    let row = |id, measured, bound| Row {
        suite: BROKEN.name,
        id,
        claim: "1 + 1 = 3".to_owned(),
        equation: "-",
        claimed: "3".to_owned(),
        measured,
        bound,
        reason: "this row must fail",
        plot: None,
    };
    vec![
        row("too-large", 1.0, Bound::AtMost(1e-12)),
        row("too-small", 0.0, Bound::AtLeast(1e-3)),
        row("nan", f64::NAN, Bound::AtMost(1.0)),
        row("no-bound", 0.0, Bound::AtMost(f64::INFINITY)),
        row("too-large", 0.0, Bound::AtMost(1.0)),
        row("unlisted", 0.0, Bound::AtMost(1.0)),
    ]
}
