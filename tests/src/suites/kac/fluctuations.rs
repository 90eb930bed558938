//! The energy per particle fluctuates as it did at the start: N-body energy is
//! conserved.

use meanfield::models::kac::{Caricature, CrossSection, KacHermite};
use meanfield::prelude::*;
use meanfield_testing::worse;

use super::{expand, row};
use crate::instances;
use crate::verify::{Bound, Row};

/// The largest change of a coefficient of N·Var of the energy per particle.
fn drift(model: &dyn Model<Scalar = f64>, f: &[f64], name: &str, order: usize) -> f64 {
    let energy = Observable::named(model, name).expect("the model names it");
    // At order n the variance is known to 1/N^{n−1}: order 1 would be the Gaussian part alone.
    let series = expand(model, f, order, &[0.0, 0.5, 2.0], |g| {
        g.scaled_variance(&energy)
    });
    let first = series[0].coefficients();
    let mut worst = if first[0] > 1e-3 { 0.0 } else { f64::NAN };
    for later in &series[1..] {
        for (x, y) in later.coefficients().iter().zip(first) {
            worst = worse(worst, (x - y).abs());
        }
    }
    worst
}

/// The rows of this file.
pub(super) fn rows(quick: bool) -> Vec<Row> {
    let caricature = Caricature::new(4, 1.0).expect("a degree");
    let f = caricature.beams(0.8, 0.5).expect("narrow");
    let line = drift(&caricature, &f, "m2", 3);
    let mut lattice = 0.0;
    let high = if quick { 1 } else { 2 };
    for (dimension, radius, order) in [(2, 1.0, 3), (2, 2.0, high), (3, 1.0, 2)] {
        let instance = instances::kac(dimension, radius);
        lattice = worse(
            lattice,
            drift(&*instance.model, &instance.f, "energy", order),
        );
    }
    let mut hermite = 0.0;
    for section in [CrossSection::Maxwell, CrossSection::HardSphere] {
        let model = KacHermite::new(2, 4, 1.0, section).expect("small");
        let f = model.beams(0.8, 0.7).expect("narrow");
        hermite = worse(hermite, drift(&model, &f, "energy", high));
    }
    [
        (
            "fluctuations-caricature",
            "caricature, degree 4, order 3",
            line,
        ),
        (
            "fluctuations-lattice",
            "lattices, 5, 13 and 7 velocities",
            lattice,
        ),
        (
            "fluctuations-hermite",
            "Hermite 2D, degree 4, Maxwell and hard spheres",
            hermite,
        ),
    ]
    .map(|(id, what, measured)| {
        row(
            id,
            format!("{what}: N·Var of the energy per particle is constant, order by order"),
            "(79), (81)",
            "0",
            measured,
            Bound::AtMost(1e-9),
            "tolerance 1e-12 per step of the integrator",
        )
    })
    .to_vec()
}
