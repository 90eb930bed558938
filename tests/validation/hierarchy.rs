//! The suite `hierarchy` on small sizes.

#[test]
fn validate_hierarchy() {
    meanfield_tests::suites::hierarchy::SUITE.assert_holds();
}
