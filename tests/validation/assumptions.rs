//! The suite `assumptions` on small sizes.

#[test]
fn validate_assumptions() {
    meanfield_tests::suites::assumptions::SUITE.assert_holds();
}
