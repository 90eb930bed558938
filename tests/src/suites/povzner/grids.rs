//! The coefficients as the grid is refined.

use meanfield::prelude::*;

use super::{
    Bound, PovznerOptions, Row, SUITE, Transport, coefficients, difference, exchange, model,
};

pub(super) fn rows(quick: bool) -> Vec<Row> {
    // Every grid of a run has the places of a grid of `shared` points.
    let (coarse, fine, shared) = if quick { (12, 18, 6) } else { (16, 32, 8) };
    let exact = profiles(Transport::Spectral, fine, shared);
    let spectral = profiles(Transport::Spectral, coarse, shared);
    let ladder: &[usize] = if quick { &[12, 24, 48] } else { &[24, 48, 96] };
    let upwind: Vec<[Vec<f64>; 2]> = ladder
        .iter()
        .map(|&points| profiles(Transport::Upwind, points, shared))
        .collect();
    let mut rows = Vec::new();
    for (m, id) in ["grid-spectral-0", "grid-spectral-1"]
        .into_iter()
        .enumerate()
    {
        rows.push(SUITE.row(
            id,
            format!(
                "density of f_(1,{m}): {coarse} points against {fine}, spectral transport, smooth data"
            ),
            "(102), Corollary A.2",
            "faster than any power",
            (
                difference(&spectral[m], &exact[m]),
                Bound::AtMost(if quick { 1e-6 } else { 1e-9 }),
            ),
            "the modes beyond the Nyquist frequency of a Gaussian of the width of h, width 0.3 in a box of 2",
        ));
    }
    for (m, id) in ["grid-upwind-0", "grid-upwind-1"].into_iter().enumerate() {
        let errors: Vec<f64> = upwind
            .iter()
            .map(|p| difference(&p[m], &exact[m]))
            .collect();
        let local: Vec<f64> = errors.windows(2).map(|e| (e[0] / e[1]).log2()).collect();
        let extrapolated = 2.0 * local[1] - local[0];
        rows.push(SUITE.row(
            id,
            format!(
                "density of f_(1,{m}), upwind, {ladder:?} points: exponent in Δx, extrapolated, from 1"
            ),
            "(102), Corollary A.2",
            "1",
            (
                (extrapolated - 1.0).abs(),
                Bound::AtMost(if quick { 0.2 } else { 0.08 }),
            ),
            "one extrapolation in Δx leaves a term of order Δx²",
        ));
    }
    rows.extend(steps());
    rows
}

/// Right-hand sides as the grid is refined and K with it.
fn steps() -> Vec<Row> {
    let kinds = [
        ("steps-upwind", "upwind", Transport::Upwind),
        ("steps-spectral", "spectral", Transport::Spectral),
    ];
    let measured = kinds.map(|(id, name, transport)| {
        let evaluations = |order, points| {
            let gas = model(PovznerOptions {
                transport,
                ..exchange(points)
            });
            let velocity = gas.velocity_maxwellian(0.8, &[0.3]).expect("in range");
            let bump = gas.density_bump(&[0.3], 0.35).expect("in range");
            let f = gas.product_state(&bump, &velocity).expect("in range");
            let mut settings = Settings::new(order, vec![0.0, 1.0]);
            settings.tolerance = 1e-7;
            let solved = solve(&gas, &Start::Product { f }, &settings, |_, _| {
                Ok::<(), ExpansionError>(())
            });
            solved.expect("a regular expansion").rhs_evaluations as f64
        };
        let grids = [(0, 32, 1024), (1, 16, 64)];
        let counts = grids.map(|(order, few, many)| {
            [evaluations(order, few), evaluations(order, many)]
        });
        let changes = counts.map(|[few, many]| (many / few - 1.0).abs());
        SUITE.row(
            id,
            format!(
                "right-hand sides, {name}, order 0 from 32 to 1024 points and order 1 from 16 to \
                 64: {counts:?}: largest relative change"
            ),
            "(102), Corollary A.2",
            "0, as K leaves the equation",
            (changes[0].max(changes[1]), Bound::AtMost(0.2)),
            "the collisions alone decide; with K in the equation the fine grids take 3 to 20 times as many",
        )
    });
    measured.to_vec()
}

/// Density per length of f_{1,0} and f_{1,1}, at `shared` places that every
/// grid has.
fn profiles(transport: Transport, points: usize, shared: usize) -> [Vec<f64>; 2] {
    let gas = model(PovznerOptions {
        transport,
        ..exchange(points)
    });
    // The grid is refined with the box, not with the state: weights are
    // densities times Δx.
    let velocity = gas.velocity_maxwellian(0.8, &[0.3]).expect("in range");
    let cold = gas.velocity_maxwellian(0.4, &[-0.2]).expect("in range");
    let cosine = gas.density_cosine(0.8).expect("in range");
    let bump = gas.density_bump(&[0.3], 0.35).expect("in range");
    let parts = [(&cosine, &velocity), (&bump, &cold)]
        .map(|(density, velocity)| gas.product_state(density, velocity).expect("in range"));
    let f = parts[0].iter().zip(&parts[1]).map(|(x, y)| 0.5 * (x + y));
    let terms = coefficients(&gas, f.collect(), (1, 1e-11), &[0.0, 0.7]).swap_remove(0);
    let step = gas.options().length / points as f64;
    [0, 1].map(|m| {
        let density = terms[m]
            .chunks(3)
            .map(|cell| cell.iter().sum::<f64>() / step);
        density.step_by(points / shared).collect()
    })
}
