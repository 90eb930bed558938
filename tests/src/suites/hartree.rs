//! Suite `hartree`: particles on a periodic grid.

mod conservation;
mod coordinates;
mod flows;
mod grids;
mod observables;
mod operators;
mod physics;
mod rates;
mod symmetries;
mod two_particles;

use meanfield::prelude::*;
use num_complex::Complex64;

use crate::verify::{Bound, Row, Suite};

/// The suite.
pub const SUITE: Suite = Suite {
    name: "hartree",
    about: "Hartree on 1D and 2D grids: operators, conservation laws, symmetries, rates",
    ids: &[
        "k",
        "v",
        "q",
        "limit",
        "energy-limit",
        "energy-orders",
        "energy-exchanged",
        "trace",
        "hermiticity",
        "plane-energy-limit",
        "plane-energy-orders",
        "plane-energy-exchanged",
        "plane-trace",
        "plane-hermiticity",
        "semiclassical-norm",
        "semiclassical-energy",
        "semiclassical-orbit",
        "two-particles-exact",
        "two-particles-bbgky",
        "two-particles-correlated",
        "plane-two-particles-exact",
        "plane-two-particles-bbgky",
        "plane-two-particles-correlated",
        "scaling-hbar",
        "scaling-mass",
        "ehrenfest-0",
        "ehrenfest-1",
        "ehrenfest-2",
        "ehrenfest-plane",
        "galilei-0",
        "galilei-1",
        "galilei-moved",
        "galilei-2",
        "galilei-moved-2",
        "inverse-flow-1",
        "inverse-flow-2",
        "leading-order",
        "leading-order-printed",
        "states-thermal",
        "states-gaussian",
        "observables-exact",
        "observables-energy",
        "steps-grid",
        "steps-kinetic",
        "rate-pure-3-0",
        "rate-pure-3-1",
        "rate-pure-3-2",
        "rate-pure-4-0",
        "rate-pure-4-1",
        "rate-pure-4-2",
        "rate-mixed-2-0",
        "rate-mixed-2-1",
        "rate-mixed-2-2",
        "rate-mixed-2-levels",
    ],
    run,
};

fn run(quick: bool) -> Vec<Row> {
    [
        operators::rows(quick),
        conservation::rows(quick),
        two_particles::rows(),
        symmetries::rows(quick),
        flows::rows(quick),
        observables::rows(quick),
        grids::rows(quick),
        rates::rows(quick),
    ]
    .concat()
}

/// A row of this suite.
fn row(
    id: &'static str,
    claim: impl Into<String>,
    equation: &'static str,
    claimed: &str,
    measured: f64,
    bound: Bound,
    reason: &'static str,
) -> Row {
    SUITE.row(id, claim, equation, claimed, (measured, bound), reason)
}

/// The cumulants (j, l) of one time, the order of the blocks.
type Family = Vec<((usize, usize), Vec<Complex64>)>;

/// All cumulants to that order at each of the times.
fn expansion(
    model: &dyn Model<Scalar = Complex64>,
    f: &[Complex64],
    order: usize,
    times: &[f64],
    tolerance: f64,
    mut see: impl FnMut(&Cumulants<'_, Complex64>),
) -> Vec<Family> {
    let mut settings = Settings::new(order, times.to_vec());
    settings.marginals = 2;
    settings.tolerance = tolerance;
    let mut out = Vec::new();
    let start = Start::Product { f: f.to_vec() };
    solve(model, &start, &settings, |_, g| {
        see(&g);
        let places = (1..=order + 1).flat_map(|j| (0..=order + 1 - j).map(move |l| (j, l)));
        let family = places.filter_map(|(j, l)| Some(((j, l), g.get(j, l)?.to_vec())));
        out.push(family.collect());
        Ok::<(), ExpansionError>(())
    })
    .expect("a regular expansion");
    out
}
