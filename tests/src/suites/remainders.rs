//! Suite `remainders`: what is left of 𝓔_j and F_j by each truncation the paper
//! speaks of, against exact N-body data.

mod growth;
mod marginals;
mod measure;
mod recursion;
mod structure;
mod time;

pub(crate) use self::recursion::{exponent_of, remainders};
pub(crate) use measure::data;

use crate::verify::{Row, Suite};

/// The suite.
pub const SUITE: Suite = Suite {
    name: "remainders",
    about: "(24), Theorem 1.4, Remarks 1.6 and 1.8, Corollary 1.7: exponents in N, structure",
    ids: &[
        "half-powers-1",
        "half-powers-2",
        "half-powers-3",
        "theorem-jump-0",
        "theorem-jump-1",
        "theorem-levels-0",
        "theorem-levels-1",
        "generator",
        "remark-kept",
        "remark-lost",
        "optimal-jump",
        "optimal-levels",
        "optimal-positive-jump",
        "optimal-positive-levels",
        "distance-slope-levels",
        "errors-uniform-jump",
        "errors-uniform-kac",
        "errors-uniform-povzner",
        "errors-uniform-levels",
        "errors-uniform-hartree",
        "distance-uniform-jump",
        "distance-uniform-kac",
        "distance-uniform-povzner",
        "distance-uniform-levels",
        "distance-uniform-hartree",
        "errors-in-j-jump",
        "errors-in-j-kac",
        "errors-in-j-povzner",
        "errors-in-j-levels",
        "errors-in-j-hartree",
        "distance-in-j-jump",
        "distance-in-j-kac",
        "distance-in-j-povzner",
        "distance-in-j-levels",
        "distance-in-j-hartree",
        "growth-in-j-jump",
        "growth-in-j-kac",
        "growth-in-j-povzner",
        "growth-in-j-levels",
        "growth-in-j-hartree",
        "growth-in-t-jump",
        "growth-in-t-positive-jump",
        "growth-in-t-levels",
        "growth-in-t-positive-levels",
        "hbar-levels",
        "hbar-hartree",
        "domain",
        "domain-reached",
        "integer-powers",
        "highest-power",
        "coefficients-depend-jump",
        "coefficients-depend-levels",
    ],
    run,
};

/// How far an exponent, extrapolated once from N = 20, 40, 80, may be from the
/// claimed one.
const EXPONENT: f64 = 0.1;
/// Why.
const EXTRAPOLATED: &str = "one extrapolation in 1/N from N = 20, 40, 80";
/// The numbers of particles.
const NUMBERS: [usize; 3] = [20, 40, 80];

fn run(quick: bool) -> Vec<Row> {
    [
        marginals::rows(),
        recursion::rows(),
        structure::rows(),
        growth::rows(quick),
        time::rows(),
    ]
    .concat()
}
