//! The suite `hartree` on small sizes.

#[test]
fn validate_hartree() {
    meanfield_tests::suites::hartree::SUITE.assert_holds();
}
