//! Suite `kac`: Kac's caricature and Kac collisions, on lattices and in
//! Hermite functions, against closed moments, known solutions and exact N-body data.

mod caricature;
mod closed;
mod collisions;
mod degree;
mod fluctuations;
mod gap;
mod lattice;
mod rates;
mod relaxation;
mod solutions;

use meanfield::prelude::*;

use crate::verify::{Bound, Row, Suite};

/// The suite.
pub const SUITE: Suite = Suite {
    name: "kac",
    about: "Kac's caricature, lattice and Hermite velocities: closed moments, BKW, gap, rates",
    ids: &[
        "caricature-degree",
        "maxwell-degree",
        "caricature-m4-closed-form",
        "caricature-m4-exact",
        "caricature-m6-exact",
        "caricature-m4-series",
        "caricature-m6-series",
        "caricature-gap",
        "bkw-caricature",
        "bkw-plane",
        "bkw-space",
        "entropy-bkw",
        "stress-plane",
        "heat-plane",
        "stress-space",
        "heat-space",
        "lattice-conservation",
        "lattice-coefficients",
        "lattice-h-theorem",
        "lattice-positivity",
        "lattice-entropy-series",
        "hermite-conservation",
        "hard-spheres-degree",
        "half-power-degree",
        "fluctuations-caricature",
        "fluctuations-lattice",
        "fluctuations-hermite",
        "q-caricature",
        "q-hermite",
        "space-0",
        "space-1",
        "space-2",
        "caricature-0",
        "caricature-1",
        "caricature-2",
        "hermite-0",
        "hermite-1",
        "hermite-2",
    ],
    run,
};

/// Tolerance per step of every expansion and flow here.
const TOLERANCE: f64 = 1e-12;

/// A row of this suite.
fn row(
    id: &'static str,
    claim: String,
    equation: &'static str,
    claimed: &str,
    measured: f64,
    bound: Bound,
    reason: &'static str,
) -> Row {
    SUITE.row(id, claim, equation, claimed, (measured, bound), reason)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// ⟨a⟩ as a functional on the engine's space.
fn functional(model: &dyn Model<Scalar = f64>, name: &str) -> Vec<f64> {
    Observable::named(model, name)
        .expect("the model names it")
        .first
}

/// What `read` makes of the cumulants at each of `times` (the first is the
/// start).
fn expand<T>(
    model: &dyn Model<Scalar = f64>,
    f: &[f64],
    order: usize,
    times: &[f64],
    mut read: impl FnMut(&Cumulants<'_, f64>) -> T,
) -> Vec<T> {
    let mut settings = Settings::new(order, times.to_vec());
    settings.tolerance = TOLERANCE;
    let mut out = Vec::new();
    solve(
        model,
        &Start::Product { f: f.to_vec() },
        &settings,
        |_, g| {
            out.push(read(&g));
            Ok::<(), ExpansionError>(())
        },
    )
    .expect("a regular expansion");
    out
}

/// The mean-field flow at each of `times`.
fn flow(model: &dyn Model<Scalar = f64>, f: &[f64], times: &[f64]) -> Vec<Vec<f64>> {
    let options = meanfield::ode::Options {
        tolerance: TOLERANCE,
        ..Default::default()
    };
    meanfield::hierarchy::mean_field_flow(model, f, times, &options).expect("a regular flow")
}

fn run(quick: bool) -> Vec<Row> {
    [
        caricature::rows(quick),
        gap::rows(quick),
        solutions::rows(quick),
        relaxation::rows(),
        lattice::rows(quick),
        degree::rows(quick),
        fluctuations::rows(quick),
        collisions::rows(),
        rates::rows(quick),
    ]
    .concat()
}
