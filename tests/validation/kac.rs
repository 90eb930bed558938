//! The suite `kac` on small sizes.

#[test]
fn validate_kac() {
    meanfield_tests::suites::kac::SUITE.assert_holds();
}
