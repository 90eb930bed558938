//! The suite `bogoliubov` on small sizes.

#[test]
fn validate_bogoliubov() {
    meanfield_tests::suites::bogoliubov::SUITE.assert_holds();
}
