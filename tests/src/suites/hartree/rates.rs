//! Exponents of ‖F_j − F_j^{N,n}‖ in N on exact N-body data.

use meanfield::abstract_model::{Hamiltonian, norm};
use meanfield::exact::Sector;
use meanfield::models::hartree::{Hartree, Potential};
use meanfield::models::levels::Levels;
use meanfield::prelude::*;
use meanfield::tensor::dense;
use meanfield_testing::{largest_difference, worse};
use ndarray::Array4;
use num_complex::Complex64;

use super::coordinates::Coordinates;
use super::physics::{Physics, displaced};
use super::row;
use crate::verify::{Bound, Row};

/// Distance of the extrapolated exponent from n+1 that is allowed: one
/// extrapolation in 1/N leaves a term of order N^{−2}.
const EXPONENT: Bound = Bound::AtMost(0.1);
/// Highest j whose marginal is compared, and the order of the expansion.
const MARGINALS: usize = 2;
const ORDER: usize = 2;

/// Exact F_1 and F_2, packed.
type Exact<'a> = &'a dyn Fn(usize) -> [Vec<Complex64>; MARGINALS];

/// The worst distance from n+1, over j, of the exponents extrapolated from the
/// last three N, for each truncation n.
fn exponents(
    model: &Hartree,
    f: &[Complex64],
    time: f64,
    particles: &[usize],
    exact: Exact<'_>,
) -> Vec<f64> {
    let mut settings = Settings::new(ORDER, vec![0.0, time]);
    settings.marginals = MARGINALS;
    settings.tolerance = 1e-13;
    let start = Start::Product { f: f.to_vec() };
    let mut series = Vec::new();
    solve(model, &start, &settings, |_, g| {
        series = g.marginals(MARGINALS);
        Ok::<(), ExpansionError>(())
    })
    .expect("a regular expansion");
    let layout = SymmetricLayout::new(f.len(), MARGINALS).expect("small");
    let truth: Vec<_> = particles.iter().map(|&n| exact(n)).collect();
    let distance = |truncation: usize, j: usize| {
        let errors: Vec<f64> = particles
            .iter()
            .zip(&truth)
            .map(|(&n, truth)| {
                let series = series[j].at(n as f64, truncation);
                let each = series.iter().zip(&truth[j - 1]);
                let difference: Vec<Complex64> = each.map(|(a, b)| a - b).collect();
                norm(model, &layout, j, &difference).expect("finite")
            })
            .collect();
        let local: Vec<f64> = errors.windows(2).map(|w| (w[0] / w[1]).log2()).collect();
        let last = local.len() - 1;
        (2.0 * local[last] - local[last - 1] - (truncation + 1) as f64).abs()
    };
    (0..=ORDER)
        .map(|n| (1..=MARGINALS).map(|j| distance(n, j)).fold(0.0, worse))
        .collect()
}

/// Bosons in φ^{⊗N}.
fn pure(physics: &Physics, time: f64, particles: &[usize]) -> Vec<f64> {
    let model = physics.model();
    let f = model
        .gaussian(&[0.25], &[0.6], &[0.5])
        .expect("on the grid");
    let start = Start::Product { f: f.clone() };
    exponents(&model, &f, time, particles, &|n| {
        let exact = meanfield::exact::solve(&model, &start, n, &[time], MARGINALS, None)
            .expect("the sector fits");
        assert_eq!(exact.sector, Sector::Bosons);
        [1, 2].map(|j| exact.marginal(0, j).unwrap().to_vec())
    })
}

/// Thermal particles: the exponents, and how far the exact marginals are from
/// those of a [`Levels`] with the same h and v.
fn mixed(physics: &Physics, time: f64, particles: &[usize]) -> (Vec<f64>, f64) {
    let (model, d) = (physics.model(), physics.levels());
    // Displaced, so that the state moves at all.
    let f = displaced(d, &model.thermal(0.4).expect("a temperature"));
    // Matrix elements would carry multiplicities of 10^21 at N = 40.
    let own = Coordinates::new(&model);
    let v = Hamiltonian::pair(&model);
    let v = Array4::from_shape_fn((d, d, d, d), |(a, b, c, e)| v[[a * d + b, c * d + e]]);
    let levels = Levels::new(&model.one_body(), &v, &[], physics.hbar).expect("Hermitian");
    let mut apart = 0.0;
    let found = exponents(&model, &f, time, particles, &|n| {
        exact(&own, Sector::Expectations, &f, n, time)
    });
    for &n in particles {
        let pairs = exact(&own, Sector::Expectations, &f, n, time)
            .into_iter()
            .zip(exact(&levels, Sector::TotalSpin, &f, n, time));
        apart = pairs
            .map(|(a, b)| largest_difference(&a, &b))
            .fold(apart, worse);
    }
    (found, apart)
}

/// F_1 and F_2 of N particles, evolved in that sector, in the user's matrix elements, packed.
fn exact(
    model: &dyn Model<Scalar = f64>,
    sector: Sector,
    f: &[Complex64],
    n: usize,
    time: f64,
) -> [Vec<Complex64>; MARGINALS] {
    let start = Start::Product {
        f: one_body_state(model, "F", f).expect("a state"),
    };
    let [own, layout] = [model.space().dimension(), f.len()]
        .map(|size| SymmetricLayout::new(size, MARGINALS).expect("small"));
    let solved = meanfield::exact::solve(model, &start, n, &[time], MARGINALS, None)
        .expect("the sector fits");
    assert_eq!(solved.sector, sector);
    [1, 2].map(|j| {
        let user = to_user(model, &own, j, solved.marginal(0, j).unwrap());
        dense::to_packed(&layout, &user)
    })
}

pub(super) fn rows(quick: bool) -> Vec<Row> {
    let particles: &[usize] = if quick { &[8, 16, 32] } else { &[10, 20, 40] };
    let three = Physics::line(3);
    let four = Physics {
        potential: Potential::SoftCoulomb {
            strength: 0.8,
            softening: 0.6,
        },
        ..Physics::line(4)
    };
    let two = Physics {
        length: 2.0,
        ..Physics::line(2)
    };
    let last = particles[particles.len() - 1];
    let (thermal, apart) = mixed(&two, 0.5, particles);
    let cross_check = row(
        "rate-mixed-2-levels",
        format!(
            "thermal, d = 2: exact F_1 and F_2 from K and V of the Hartree model, N to {last}, \
             against a finite-level system with its h and v, by total spin"
        ),
        "(88)",
        "0",
        apart,
        Bound::AtMost(1e-11),
        "two evolutions to rounding, summed over some hundred products",
    );
    [
        (
            ["rate-pure-3-0", "rate-pure-3-1", "rate-pure-3-2"],
            "pure, d = 3",
            pure(&three, 0.5, particles),
        ),
        (
            ["rate-pure-4-0", "rate-pure-4-1", "rate-pure-4-2"],
            "pure, d = 4",
            pure(&four, 0.5, particles),
        ),
        (
            ["rate-mixed-2-0", "rate-mixed-2-1", "rate-mixed-2-2"],
            "thermal, displaced, d = 2",
            thermal,
        ),
    ]
    .into_iter()
    .flat_map(|(ids, kind, measured)| {
        ids.into_iter()
            .zip(measured)
            .enumerate()
            .map(move |(n, (id, measured))| {
                row(
                    id,
                    format!(
                        "{kind}: exponent at truncation n = {n}, j = 1 and 2, N to {last}, \
                     extrapolated once: distance from {}",
                        n + 1
                    ),
                    "Corollary 1.5",
                    &format!("N^-{}", n + 1),
                    measured,
                    EXPONENT,
                    "one extrapolation in 1/N leaves a term of order 1/N²",
                )
            })
    })
    .chain([cross_check])
    .collect()
}
