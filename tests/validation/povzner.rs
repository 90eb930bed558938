//! The suite `povzner` on small sizes.

#[test]
fn validate_povzner() {
    meanfield_tests::suites::povzner::SUITE.assert_holds();
}
