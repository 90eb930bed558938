//! The expansion against exact N-body evolution: two cells, three velocities.

use meanfield::abstract_model::{ObservableKind, PackedPair, norm};
use meanfield::expansion::TensorSeries;
use meanfield::models::povzner::Povzner;
use meanfield::prelude::*;
use meanfield_testing::worse;

use crate::paper::extrapolated;

use super::{Bound, PovznerOptions, Range, Row, SUITE, difference, exchange, largest, model};

/// Highest order, and highest j whose marginal is compared.
const ORDER: usize = 2;
const MARGINALS: usize = 2;
const TIME: f64 = 0.5;

pub(super) fn rows(quick: bool) -> Vec<Row> {
    // Particles of one cell that exchange velocities are the same particles in
    // another order: what correlates is the exchange between the cells.
    let gas = model(PovznerOptions {
        length: 1.0,
        range: Range::Gaussian { width: 0.5 },
        ..exchange(2)
    });
    let f = vec![0.45, 0.02, 0.35, 0.02, 0.14, 0.02];
    let ladder: &[usize] = if quick {
        &[5, 10, 20]
    } else {
        &[5, 10, 20, 40]
    };
    let exact: Vec<[Vec<f64>; 2]> = ladder
        .iter()
        .map(|&n| {
            let start = Start::Product { f: f.clone() };
            let found = meanfield::exact::solve(&gas, &start, n, &[TIME], MARGINALS, None)
                .expect("the sector fits");
            [1, 2].map(|j| found.marginal(0, j).unwrap().to_vec())
        })
        .collect();
    let (series, g) = expansion(&gas, f);
    let mut rows = correlation(&gas, ladder, &exact, &g, quick);
    rows.extend(rates(&gas, ladder, &exact, &series));
    rows
}

/// The series of F_1 and F_2, and g_{2,0}.
fn expansion(gas: &Povzner, f: Vec<f64>) -> (Vec<TensorSeries<f64>>, Vec<f64>) {
    let mut settings = Settings::new(ORDER, vec![0.0, TIME]);
    settings.marginals = MARGINALS;
    settings.tolerance = 1e-13;
    let (mut series, mut leading) = (Vec::new(), Vec::new());
    solve(gas, &Start::Product { f }, &settings, |_, g| {
        series = g.marginals(MARGINALS);
        leading = g.get(2, 0).expect("within the order").to_vec();
        Ok::<(), ExpansionError>(())
    })
    .expect("a regular expansion");
    (series, leading)
}

/// C(r) of the leading correlation, against N(F_2 − F_1⊗F_1) at N → ∞.
fn correlation(
    gas: &Povzner,
    ladder: &[usize],
    exact: &[[Vec<f64>; 2]],
    g: &[f64],
    quick: bool,
) -> Vec<Row> {
    let layout = SymmetricLayout::new(gas.space().dimension(), 2).expect("small");
    let Some(ObservableKind::TwoBody(correlation)) =
        gas.capabilities().observable("density_correlation")
    else {
        return Vec::new();
    };
    let both = |g: Vec<f64>| {
        let pair = PackedPair {
            layout: &layout,
            values: &g,
        };
        [(correlation.pair)(&pair), g]
    };
    let expected = both(g.to_vec());
    // The value at 1/N = 0 of the polynomial through the ladder.
    let table: Vec<[Vec<f64>; 2]> = (ladder.iter().zip(exact))
        .map(|(&n, [first, second])| {
            let product = layout.power(first, 2);
            let entries = second.iter().zip(&product);
            let g: Vec<f64> = entries.map(|(x, y)| n as f64 * (x - y)).collect();
            both(g)
        })
        .collect();
    let mut error = 0.0;
    for k in 0..2 {
        let limit = extrapolated(table.iter().map(|row| row[k].clone()).collect());
        let size = largest(expected[k].iter().copied());
        error = worse(error, difference(&limit, &expected[k]) / size);
    }
    vec![
        SUITE.row(
            "correlation",
            format!(
                "density correlation Σ_x g_(2,0)(x, x+r), and g_(2,0) itself = lim N(F_2 − F_1⊗F_1), exact N to {}, extrapolated",
                ladder[ladder.len() - 1]
            ),
            "Corollary 2.4",
            "0",
            (error, Bound::AtMost(if quick { 1e-3 } else { 1e-5 })),
            "what polynomials of degree 3 (quick: 2) in 1/N leave",
        ),
        SUITE.row(
            "correlation-nontrivial",
            "collisions correlate the densities: largest |C(r)|",
            "Corollary 2.4",
            "> 0",
            (largest(expected[0].iter().copied()), Bound::AtLeast(1e-4)),
            "an effect, not rounding",
        ),
    ]
}

/// Exponents of ‖F_j − F_j^{N,n}‖ in N.
fn rates(
    gas: &Povzner,
    ladder: &[usize],
    exact: &[[Vec<f64>; 2]],
    series: &[TensorSeries<f64>],
) -> Vec<Row> {
    let layout = SymmetricLayout::new(gas.space().dimension(), MARGINALS).expect("small");
    let mut rows = Vec::new();
    let mut retreat = f64::NEG_INFINITY;
    for (n, id) in ["rate-0", "rate-1", "rate-2"].into_iter().enumerate() {
        let target = (n + 1) as f64;
        let mut worst = 0.0_f64;
        for j in 1..=MARGINALS {
            let errors: Vec<f64> = (ladder.iter().zip(exact))
                .map(|(&particles, truth)| {
                    let found = series[j].at(particles as f64, n);
                    let error: Vec<f64> = found
                        .iter()
                        .zip(&truth[j - 1])
                        .map(|(x, y)| x - y)
                        .collect();
                    norm(gas, &layout, j, &error).expect("finite")
                })
                .collect();
            let local: Vec<f64> = errors.windows(2).map(|e| (e[0] / e[1]).log2()).collect();
            let extrapolated = 2.0 * local[local.len() - 1] - local[local.len() - 2];
            worst = worse(worst, (extrapolated - target).abs());
            for pair in local.windows(2) {
                retreat = retreat.max((pair[1] - target).abs() - (pair[0] - target).abs());
            }
        }
        rows.push(SUITE.row(
            id,
            format!(
                "two cells, three velocities: exponent at truncation n = {n}, j = 1 and 2, N to {}, \
                 extrapolated once: distance from {target}",
                ladder[ladder.len() - 1]
            ),
            "Corollary A.2",
            &format!("N^-{target}"),
            (worst, Bound::AtMost(0.01)),
            "one extrapolation in 1/N leaves a term of order 1/N²",
        ));
    }
    rows.push(SUITE.row(
        "rate-approach",
        "every local exponent is nearer to n+1 than the one before (largest retreat)",
        "Corollary A.2",
        "negative",
        (retreat, Bound::AtMost(0.0)),
        "monotone approach",
    ));
    rows
}
