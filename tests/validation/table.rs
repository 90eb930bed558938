//! The table itself: what must fail does, and every suite is well formed.

use std::collections::BTreeSet;

use meanfield_tests::suites::{ALL, table};
use meanfield_tests::verify::{Report, Suite, Verdict};

#[test]
fn validate_the_table_refuses_false_rows() {
    table::SUITE.assert_holds();
    let report = Report {
        rows: table::BROKEN.judge(true),
        ..Report::default()
    };
    let verdicts: Vec<Verdict> = report.rows.iter().map(|judged| judged.verdict).collect();
    assert_eq!(verdicts, table::DESERVED);
    assert!(!report.holds() && report.failures() == 7);
    let text = report.table();
    for word in ["FAILS", "NOT FINITE", "MISSING", "UNEXPECTED", "7 do not"] {
        assert!(text.contains(word), "{text}");
    }
    // NaN has no JSON form; the verdict carries it.
    let json = report.json().unwrap();
    assert!(json.contains("not_finite") && json.contains("null"));
}

#[test]
fn law_a_suite_that_breaks_off_or_measures_nothing_does_not_hold() {
    fn breaks_off(_quick: bool) -> Vec<meanfield_tests::verify::Row> {
        panic!("on purpose")
    }
    let suite = Suite {
        name: "breaks-off",
        about: "panics",
        ids: &["owed"],
        run: breaks_off,
    };
    let rows = suite.judge(true);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].verdict, Verdict::Missing);
    assert!(!Report::default().holds());
}

#[test]
fn law_names_are_unique_and_no_suite_is_empty() {
    let names: BTreeSet<_> = ALL.iter().map(|suite| suite.name).collect();
    assert_eq!(names.len(), ALL.len());
    for suite in ALL {
        let ids: BTreeSet<_> = suite.ids.iter().collect();
        assert!(
            !ids.is_empty() && ids.len() == suite.ids.len(),
            "{}",
            suite.name
        );
    }
}
