//! The suites on small sizes, a test each: `cargo test` alone shows that they hold.
//! `cargo xtask ci` passes them over, for it runs `verify --quick`, which holds all.

use meanfield_tests::suites::*;

macro_rules! validate {
    ($($suite:ident)*) => {
        const TESTED: &[&str] = &[$(stringify!($suite)),*];

        $(
            #[test]
            fn $suite() {
                self::$suite::SUITE.assert_holds();
            }
        )*

        #[test]
        fn law_every_suite_is_tested() {
            for suite in ALL {
                assert!(TESTED.contains(&suite.name), "no test of {}", suite.name);
            }
            assert_eq!(TESTED.len(), ALL.len());
        }
    };
}

validate! {
    algebra assumptions bogoliubov bounds duhamel hartree hierarchy kac linear models povzner
    rates recursion reference remainders slips structure table threshold validity
}
