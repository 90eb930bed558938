//! The suite `rates` on small sizes.

#[test]
fn validate_rates() {
    meanfield_tests::suites::rates::SUITE.assert_holds();
}
