//! The suites that follow the paper formula by formula, on small sizes.

use meanfield_tests::suites::{algebra, duhamel, linear, remainders, slips, structure};

#[test]
fn validate_structure() {
    structure::SUITE.assert_holds();
}

#[test]
fn validate_algebra() {
    algebra::SUITE.assert_holds();
}

#[test]
fn validate_linear() {
    linear::SUITE.assert_holds();
}

#[test]
fn validate_remainders() {
    remainders::SUITE.assert_holds();
}

#[test]
fn validate_duhamel() {
    duhamel::SUITE.assert_holds();
}

#[test]
fn validate_slips() {
    slips::SUITE.assert_holds();
}
