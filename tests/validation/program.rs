//! The exit code of `cargo xtask verify` through the program that it runs.

use std::process::{Command, Output};

fn verify(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_meanfield-verify"))
        .arg("table")
        .args(args)
        .output()
        .expect("the program was built for this test")
}

#[test]
fn law_rows_that_hold_exit_with_0() {
    let out = verify(&["table"]);
    assert_eq!(out.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&out.stdout).contains("holds"));
}

#[test]
fn law_a_suite_whose_every_row_is_wrong_exits_with_1() {
    let out = verify(&["broken"]);
    assert_eq!(out.status.code(), Some(1));
    let text = String::from_utf8_lossy(&out.stdout);
    for word in ["FAILS", "NOT FINITE", "MISSING", "UNEXPECTED", "7 do not"] {
        assert!(text.contains(word), "{text}");
    }
    // One row that does not hold among rows that do.
    assert_eq!(verify(&["table", "broken"]).status.code(), Some(1));
}

#[test]
fn law_an_unknown_suite_is_refused_with_the_known_ones() {
    let out = verify(&["tables"]);
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("table, "));
}
