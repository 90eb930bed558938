//! The suite `reference` on small sizes.

#[test]
fn validate_reference() {
    meanfield_tests::suites::reference::SUITE.assert_holds();
}
