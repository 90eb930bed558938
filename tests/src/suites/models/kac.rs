//! Kac collisions on lattices: counts, invariants, entropy.

use meanfield::abstract_model::problems::Noise;
use meanfield::abstract_model::{Model, ModelError};
use meanfield::models::kac::{CrossSection, Kac};
use meanfield_testing::worse;
use ndarray::{Array2, Array4, ArrayView2};

use super::{SUITE, exact};
use crate::verify::{Bound, Row};

/// Dimension, radius, number of velocities.
const LATTICES: [(usize, f64, usize); 5] = [
    (2, 1.0, 5),
    (2, 2.0, 13),
    (3, 1.0, 7),
    (2, 3.0, 29),
    (3, 2.0, 33),
];

/// Every lattice with every kind of cross section; the three smallest lattices
/// when `quick`.
pub(super) fn every_model(quick: bool) -> Vec<Result<Kac, ModelError>> {
    let sections = [
        CrossSection::Maxwell,
        CrossSection::HardSphere,
        CrossSection::Power(0.5),
    ];
    let lattices = &LATTICES[..if quick { 3 } else { 5 }];
    let models = lattices.iter().flat_map(|&(dimension, radius, _)| {
        sections.map(|section| Kac::lattice(dimension, radius, section))
    });
    models.collect()
}

/// The rows of this file.
pub(super) fn rows(quick: bool) -> Vec<Row> {
    let models: Result<Vec<Kac>, _> = every_model(quick).into_iter().collect();
    let (Ok(models), Ok(hard)) = (models, Kac::lattice(2, 2.0, CrossSection::HardSphere)) else {
        return Vec::new();
    };
    let over = |measure: &dyn Fn(&Kac) -> f64| models.iter().map(measure).fold(0.0, worse);
    let produced = models.iter().map(least_entropy_production);
    vec![
        Row {
            suite: SUITE.name,
            id: "kac-points",
            claim: "integer points with |v| ≤ 1, 2, 3 (plane), 1, 2 (space)".to_owned(),
            equation: "Gauss's circle problem",
            claimed: "5, 13, 29; 7, 33".to_owned(),
            measured: wrong_counts(),
            bound: Bound::AtMost(0.0),
            reason: "a count",
            plot: None,
        },
        exact(
            "kac-v",
            "V G = |g| (mean over P, E − G), pair by pair",
            "(79), table of App. A",
            "0",
            v_defect(&hard),
        ),
        exact(
            "kac-conservation",
            "V keeps mass, momentum, energy of a pair",
            "(79), (81)",
            "0",
            over(&invariants),
        ),
        Row {
            suite: SUITE.name,
            id: "kac-entropy",
            claim: "H-theorem: −Σ Q(F,F) ln F > 0 away from equilibrium".to_owned(),
            equation: "(80)",
            claimed: "> 0".to_owned(),
            measured: produced.fold(f64::INFINITY, smaller),
            bound: Bound::AtLeast(1e-4),
            reason: "random states are far from equilibrium: production of at least 1e-3",
            plot: None,
        },
        exact(
            "kac-equilibrium",
            "Q(M,M) = 0 for a drifting Maxwellian",
            "(80)",
            "0",
            over(&drift_of_equilibrium),
        ),
    ]
}

fn wrong_counts() -> f64 {
    let wrong = LATTICES.iter().filter(|&&(dimension, radius, expected)| {
        Kac::lattice(dimension, radius, CrossSection::Maxwell)
            .map_or(true, |model| model.velocities().len() != expected)
    });
    wrong.count() as f64
}

fn square(v: &[f64]) -> f64 {
    v.iter().map(|x| x * x).sum()
}

/// The conserved quantities of a pair: momentum, and twice the energy.
fn of_pair(v: &[f64], w: &[f64]) -> Vec<f64> {
    let momentum = v.iter().zip(w).map(|(x, y)| x + y);
    momentum.chain([square(v) + square(w)]).collect()
}

/// The largest rate of change of 1, momentum and energy, over the pairs.
fn invariants(model: &Kac) -> f64 {
    let velocities = model.velocities();
    let d = velocities.len();
    let mut columns = vec![vec![0.0; model.dimension() + 2]; d * d];
    let Some(entries) = model.interaction().pair_entries() else {
        return f64::NAN;
    };
    entries.for_each_pair_entry(&mut |a, b, c, e, value| {
        let column = &mut columns[c * d + e];
        column[0] += value;
        for (k, x) in of_pair(&velocities[a], &velocities[b])
            .into_iter()
            .enumerate()
        {
            column[k + 1] += value * x;
        }
    });
    // Invariants reach 2R²: relative to the largest.
    let largest = velocities.iter().map(|v| square(v)).fold(1.0, f64::max);
    columns.into_iter().flatten().map(f64::abs).fold(0.0, worse) / largest
}

/// V of hard spheres against its definition, by a search over all pairs of
/// pairs.
fn v_defect(model: &Kac) -> f64 {
    let velocities = model.velocities();
    let d = velocities.len();
    let mut found = Array4::<f64>::zeros((d, d, d, d));
    if let Some(entries) = model.interaction().pair_entries() {
        entries.for_each_pair_entry(&mut |a, b, c, e, value| found[[a, b, c, e]] += value);
    }
    let mut worst = 0.0;
    for c in 0..d {
        for e in 0..d {
            let before = of_pair(&velocities[c], &velocities[e]);
            let same = |a: usize, b: usize| of_pair(&velocities[a], &velocities[b]) == before;
            let pairs = (0..d * d).filter(|k| same(k / d, k % d)).count() as f64;
            let relative: Vec<f64> = velocities[c]
                .iter()
                .zip(&velocities[e])
                .map(|(x, y)| x - y)
                .collect();
            let rate = square(&relative).sqrt();
            for a in 0..d {
                for b in 0..d {
                    let gain = if same(a, b) { rate / pairs } else { 0.0 };
                    let loss = if (a, b) == (c, e) { rate } else { 0.0 };
                    worst = worse(worst, (found[[a, b, c, e]] - gain + loss).abs());
                }
            }
        }
    }
    worst
}

/// Q(F,F).
fn q(model: &Kac, f: &[f64]) -> Vec<f64> {
    let Ok(column) = ArrayView2::from_shape((f.len(), 1), f) else {
        return vec![f64::NAN; f.len()];
    };
    let mut out = Array2::zeros((f.len(), 1));
    model
        .interaction()
        .add_q_product(1.0, column, column, out.view_mut());
    out.into_iter().collect()
}

/// The smaller of two numbers; NaN stays NaN.
fn smaller(a: f64, b: f64) -> f64 {
    -worse(-a, -b)
}

/// −Σ Q(F,F) ln F, the least over some random states.
fn least_entropy_production(model: &Kac) -> f64 {
    let production = |seed| {
        let f = Noise::new(seed).probabilities(model.velocities().len());
        let change = q(model, &f);
        -change.iter().zip(&f).map(|(x, y)| x * y.ln()).sum::<f64>()
    };
    (0..10).map(production).fold(f64::INFINITY, smaller)
}

/// The largest entry of Q(M,M) for a Maxwellian with a drift.
fn drift_of_equilibrium(model: &Kac) -> f64 {
    let drift = [0.3, -0.2, 0.1];
    let maxwellian = model.maxwellian(0.8, &drift[..model.dimension()]);
    maxwellian.map_or(f64::NAN, |f| {
        q(model, &f).into_iter().map(f64::abs).fold(0.0, worse)
    })
}
