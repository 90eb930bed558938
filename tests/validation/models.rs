//! The suite `models` on small sizes.

#[test]
fn validate_models() {
    meanfield_tests::suites::models::SUITE.assert_holds();
}
