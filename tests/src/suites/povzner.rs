//! Suite `povzner`: soft spheres are what they say, conserve what they should,
//! reduce to what is known, and approach the exact N-body gas.

mod collide;
mod conservation;
mod exact;
mod grids;
mod structure;
mod transport;

use meanfield::models::kac::CrossSection;
use meanfield::models::povzner::{Povzner, PovznerOptions, Range, Transport, Velocities};
use meanfield::prelude::*;
use meanfield_testing::worse;

use crate::verify::{Bound, Row, Suite};

/// The suite.
pub const SUITE: Suite = Suite {
    name: "povzner",
    about: "soft spheres: K, V, Q, invariants, limits, transport, grids, exact N-body",
    ids: &[
        "assumptions",
        "table-k",
        "table-v",
        "collisions-gain",
        "collisions-loss",
        "q",
        "hermite-direction",
        "mass",
        "momentum",
        "energy",
        "kac-0",
        "kac-1",
        "kac-2",
        "spectral-exact",
        "spectral-sign",
        "upwind-positive",
        "upwind-order",
        "entropy-production",
        "entropy-growth",
        "grid-spectral-0",
        "grid-spectral-1",
        "grid-upwind-0",
        "grid-upwind-1",
        "steps-upwind",
        "steps-spectral",
        "correlation",
        "correlation-nontrivial",
        "rate-0",
        "rate-1",
        "rate-2",
        "rate-approach",
    ],
    run,
};

/// Defects of sums of at most a few thousand products, relative to the largest.
const ROUNDING: f64 = 1e-12;
/// Why.
const BY_ROUNDING: &str = "rounding of sums of at most a few thousand terms of order one";

fn run(quick: bool) -> Vec<Row> {
    [
        structure::rows(quick),
        collide::rows(),
        conservation::rows(),
        transport::rows(quick),
        grids::rows(quick),
        exact::rows(quick),
    ]
    .concat()
}

/// Hard spheres on a line with the five velocities |v| ≤ 1 of the plane.
fn line(points: usize) -> PovznerOptions {
    PovznerOptions {
        dimension: 1,
        points,
        length: 2.0,
        velocity_dimension: 2,
        velocities: Velocities::Lattice { radius: 1.0 },
        range: Range::Gaussian { width: 0.3 },
        cross_section: CrossSection::HardSphere,
        transport: Transport::Upwind,
    }
}

/// Particles on a line that exchange their velocities −1, 0, 1.
fn exchange(points: usize) -> PovznerOptions {
    PovznerOptions {
        velocity_dimension: 1,
        ..line(points)
    }
}

fn model(options: PovznerOptions) -> Povzner {
    Povzner::new(&options).expect("options in range")
}

/// A state without symmetries: a density that varies along x, faster where it
/// is denser, and velocities that depend on the place.
fn state(model: &Povzner) -> Vec<f64> {
    let center = vec![0.3; model.options().dimension];
    let velocities = model.velocity_dimension();
    let drift = |x: f64| vec![x; velocities];
    let product = |density: &[f64], velocity: &[f64]| {
        let both = model.product_state(density, velocity);
        both.expect("as many as cells and velocities")
    };
    let bump = model.density_bump(&center, 0.25).expect("in range");
    let cosine = model.density_cosine(0.6).expect("in range");
    let cold = model
        .velocity_maxwellian(0.5, &drift(0.4))
        .expect("in range");
    let beams = model.velocity_beams(0.8, 0.6).expect("in range");
    let parts = product(&bump, &cold)
        .into_iter()
        .zip(product(&cosine, &beams));
    parts.map(|(x, y)| 0.5 * (x + y)).collect()
}

/// The coefficients of F_1 at the times after the first, to that order and
/// tolerance.
fn coefficients(
    model: &Povzner,
    f: Vec<f64>,
    (order, tolerance): (usize, f64),
    times: &[f64],
) -> Vec<Vec<Vec<f64>>> {
    let mut settings = Settings::new(order, times.to_vec());
    settings.tolerance = tolerance;
    let mut out = Vec::new();
    solve(model, &Start::Product { f }, &settings, |k, g| {
        if k > 0 {
            out.push(g.marginals(1).swap_remove(1).0);
        }
        Ok::<(), ExpansionError>(())
    })
    .expect("a regular expansion");
    out
}

fn largest(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().map(f64::abs).fold(0.0, worse)
}

fn difference(x: &[f64], y: &[f64]) -> f64 {
    assert_eq!(x.len(), y.len(), "two vectors of one space");
    largest(x.iter().zip(y).map(|(x, y)| x - y))
}
