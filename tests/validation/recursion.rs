//! The suite `recursion` on small sizes.

#[test]
fn validate_recursion() {
    meanfield_tests::suites::recursion::SUITE.assert_holds();
}
