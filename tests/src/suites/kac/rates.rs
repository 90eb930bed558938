//! Exponents of ‖F_j − F_j^{N,n}‖ in N on exact N-body data, for Kac's models.

use super::SUITE;
use crate::instances;
use crate::suites::rates::{against_n, errors, exponents};
use crate::verify::{Bound, Row};
use meanfield_testing::worse;

/// Distance of the extrapolated exponent from n + 1 that is allowed: what one
/// extrapolation in 1/N leaves at N = 20 to 40 is of order N^{−2}.
const EXPONENT: f64 = 0.15;

fn rates(
    ids: &[&'static str],
    kind: &str,
    particles: &[usize],
    found: &[Vec<Vec<f64>>],
) -> Vec<Row> {
    let claim = |n: usize| {
        let mut worst = 0.0;
        for degree in found {
            let local = exponents(&degree[n]);
            let extrapolated = 2.0 * local[local.len() - 1] - local[local.len() - 2];
            worst = worse(worst, (extrapolated - (n + 1) as f64).abs());
        }
        let last = particles[particles.len() - 1];
        Row {
            suite: SUITE.name,
            id: ids[n],
            claim: format!(
                "{kind}: exponent at truncation n = {n}, j = 1 and 2, N to {last}, extrapolated \
                 once: distance from {}",
                n + 1
            ),
            equation: "Corollary A.2",
            claimed: format!("N^-{}", n + 1),
            measured: worst,
            bound: Bound::AtMost(EXPONENT),
            reason: "one extrapolation in 1/N leaves a term of order 1/N²",
            plot: (n == 0).then(|| against_n(particles, &found[0])),
        }
    };
    (0..ids.len()).map(claim).collect()
}

/// The rows of this file.
pub(super) fn rows(quick: bool) -> Vec<Row> {
    let space: &[usize] = if quick { &[3, 6, 12] } else { &[5, 10, 20] };
    let line: &[usize] = if quick { &[6, 12, 24] } else { &[10, 20, 40] };
    let plane: &[usize] = if quick { &[4, 8, 16] } else { &[6, 12, 24] };
    let (kac, caricature, hermite) = (
        instances::kac(3, 1.0),
        instances::caricature(4),
        instances::kac_hermite(2, 2),
    );
    [
        rates(
            &["space-0", "space-1", "space-2"],
            "kac, 3D, seven velocities",
            space,
            &errors(&kac, 1.0, 2, space),
        ),
        rates(
            &["caricature-0", "caricature-1", "caricature-2"],
            "caricature, degree 4",
            line,
            &errors(&caricature, 1.0, 2, line),
        ),
        rates(
            &["hermite-0", "hermite-1", "hermite-2"],
            "hard spheres, 2D, Hermite degree 2",
            plane,
            &errors(&hermite, 1.0, 2, plane),
        ),
    ]
    .concat()
}
