//! Every claim is shown, for every class of models it is about, by rows that
//! exist; and the table notices when one is not.

use meanfield_tests::claims::{COUNT, Claim, Shown, all, defects, page};
use meanfield_tests::verify::{Judged, Report, Verdict};

#[test]
fn law_every_claim_is_shown() {
    let numbers: Vec<usize> = all().map(|claim| claim.number).collect();
    assert_eq!(numbers, (1..=COUNT).collect::<Vec<_>>());
    assert_eq!(defects(all()), Vec::<String>::new());
}

#[test]
fn law_the_conformance_page_is_that_of_the_table() {
    assert_eq!(page().unwrap(), include_str!("../../docs/conformance.md"));
}

/// A claim that is in order.
const GOOD: Claim = Claim {
    number: 1,
    equations: "(1)",
    statement: "rows that must fail do fail",
    classes: "J",
    items: &["meanfield"],
    shown: &[Shown {
        classes: "J",
        row: "table/false-claim",
    }],
};

fn report(verdict: Verdict, claim: &Claim) -> Report {
    let judged = Judged {
        suite: "table",
        id: "false-claim",
        verdict,
        row: None,
    };
    let mut report = Report {
        rows: vec![judged],
        ..Report::default()
    };
    report.judge_claims([claim]);
    report
}

#[test]
fn law_a_claim_without_its_rows_does_not_hold() {
    assert_eq!(GOOD.defects(), Vec::<String>::new());
    assert!(report(Verdict::Holds, &GOOD).holds());
    for verdict in [Verdict::Fails, Verdict::NotFinite, Verdict::Missing] {
        let report = report(verdict, &GOOD);
        assert_eq!(report.claims[0].verdict, verdict);
        assert!(!report.holds());
    }
    let broken = [
        ("no row shows it", Claim { shown: &[], ..GOOD }),
        ("no item", Claim { items: &[], ..GOOD }),
        (
            "no row covers the class Q",
            Claim {
                classes: "JQ",
                ..GOOD
            },
        ),
        (
            "there is no row table/another",
            Claim {
                shown: &[Shown {
                    classes: "J",
                    row: "table/another",
                }],
                ..GOOD
            },
        ),
        (
            "there is no row table/false-jump",
            Claim {
                shown: &[Shown {
                    classes: "J",
                    row: "table/false-*",
                }],
                ..GOOD
            },
        ),
    ];
    for (what, claim) in broken {
        let found = claim.defects();
        assert!(found.iter().any(|d| d.contains(what)), "{what}: {found:?}");
        let report = report(Verdict::Holds, &claim);
        assert_eq!(report.claims[0].verdict, Verdict::Missing, "{what}");
        assert!(!report.holds(), "{what}");
    }
    // A row that exists but was not measured.
    let mut unmeasured = report(Verdict::Holds, &GOOD);
    unmeasured.rows.clear();
    unmeasured.judge_claims([&GOOD]);
    assert_eq!(unmeasured.claims[0].verdict, Verdict::Missing);
}
