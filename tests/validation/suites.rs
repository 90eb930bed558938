//! The suites on small sizes, a test each: `cargo test` alone shows that they hold.
//! `cargo xtask ci` passes them over, for it runs `verify --quick`, which holds all.

use meanfield_tests::suites::{
    algebra, assumptions, bogoliubov, duhamel, hartree, hierarchy, kac, linear, models, povzner,
    rates, recursion, reference, remainders, slips, structure,
};

macro_rules! validate {
    ($($suite:ident)*) => {$(
        #[test]
        fn $suite() {
            self::$suite::SUITE.assert_holds();
        }
    )*};
}

validate! {
    algebra assumptions bogoliubov duhamel hartree hierarchy kac linear models povzner
    rates recursion reference remainders slips structure
}
