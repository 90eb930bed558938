//! The states a model names, and its observables as series against exact bosons.

use meanfield::abstract_model::Series;
use meanfield::expansion::{ExactPair, Moments};
use meanfield::models::hartree::{Grid, Hartree, Potential, Trap};
use meanfield::prelude::*;
use meanfield::tensor::linalg;
use meanfield_testing::{largest_difference, worse};
use num_complex::Complex64;

use super::physics::Physics;
use super::row;
use crate::verify::{Bound, Row};

/// The observables that users look at; the energy, conserved, comes last.
const NAMES: [&str; 6] = [
    "density",
    "momentum",
    "kinetic",
    "depletion",
    "g2",
    "energy",
];

pub(super) fn rows(quick: bool) -> Vec<Row> {
    let mut out = vec![thermal(), packet()];
    out.extend(series(quick));
    out
}

/// exp(−h/T)/Z from the eigenvectors of h written down from its formula.
fn thermal() -> Row {
    let line = Physics::line(3);
    let traps = [
        None,
        line.trap,
        Some(Trap::Lattice {
            depth: 1.4,
            periods: 1,
        }),
        Some(Trap::DoubleWell {
            separation: 1.5,
            height: 0.6,
        }),
    ];
    let planes = [1, 2];
    let mut defect = 0.0;
    let temperature = 0.6;
    for (trap, dimension) in traps.into_iter().flat_map(|t| planes.map(|d| (t, d))) {
        let physics = Physics {
            dimension,
            trap,
            ..line
        };
        let (energies, states) = linalg::eigh(physics.one_body().view()).expect("Hermitian");
        let weights = energies.mapv(|e| Complex64::from((-e / temperature).exp()));
        let adjoint = states.t().mapv(|z| z.conj());
        let expected = (&states * &weights).dot(&adjoint) / weights.sum();
        let found = physics.model().thermal(temperature).expect("a temperature");
        defect = worse(defect, largest_difference(&found, &expected));
    }
    row(
        "states-thermal",
        "thermal state = exp(−h/T)/Z of dense matrices, every trap, line and plane",
        "App. A",
        "0",
        defect,
        Bound::AtMost(1e-12),
        "rounding of an eigenvalue problem of at most nine dimensions",
    )
}

/// ⟨x⟩, ⟨p⟩ and the two variances of a packet on a line that resolves it.
fn packet() -> Row {
    let (hbar, center, width, momentum) = (0.7, 0.4, 0.6, 1.1);
    let grid = Grid::new(1, 64, 12.0).expect("a grid");
    let potential = Potential::Contact { strength: 0.3 };
    let model = Hartree::new(grid, hbar, 1.6, potential, None).expect("regular parameters");
    let f = model
        .gaussian(&[center], &[width], &[momentum])
        .expect("on the grid");
    let mean = |name: &str| Observable::named(&model, name).expect("known").mean(&f).re;
    let defects = [
        mean("x") - center,
        mean("p") - momentum,
        mean("x2") - center.powi(2) - width.powi(2),
        mean("p2") - momentum.powi(2) - (hbar / (2.0 * width)).powi(2),
    ];
    row(
        "states-gaussian",
        "Gaussian state: ⟨x⟩, ⟨p⟩, Var x = σ², Var p = (ħ/2σ)², 64 points",
        "App. A",
        "0",
        defects.map(f64::abs).into_iter().fold(0.0, worse),
        Bound::AtMost(1e-12),
        "the packet is below rounding at the edge, in space and in momentum",
    )
}

fn evaluate(model: &Hartree, moments: &impl Moments<Complex64>) -> Vec<Vec<Series>> {
    let each = NAMES.iter().map(|name| {
        let kind = model
            .capabilities()
            .observable(name)
            .expect("the model names it");
        let found = moments.evaluate(model, name, &kind).expect("it fits");
        found.value.expect("there are pairs")
    });
    each.collect()
}

/// The exponent of each observable's error in N, from all the terms it has.
fn series(quick: bool) -> Vec<Row> {
    const ORDER: usize = 2;
    const TIME: f64 = 0.5;
    let particles: [usize; 3] = if quick { [8, 16, 32] } else { [10, 20, 40] };
    let physics = Physics::line(3);
    let model = physics.model();
    let f = model
        .gaussian(&[0.25], &[0.6], &[0.5])
        .expect("on the grid");
    let start = Start::Product { f };
    let mut settings = Settings::new(ORDER, vec![0.0, TIME]);
    settings.tolerance = 1e-13;
    let mut expansion = Vec::new();
    solve(&model, &start, &settings, |_, g| {
        expansion = evaluate(&model, &g);
        Ok::<(), ExpansionError>(())
    })
    .expect("a regular expansion");
    let layout = SymmetricLayout::new(model.space().dimension(), 2).expect("small");
    let mut errors = vec![Vec::new(); NAMES.len()];
    for n in particles {
        let exact =
            meanfield::exact::solve(&model, &start, n, &[TIME], 2, None).expect("the sector fits");
        let pair = ExactPair {
            layout: &layout,
            first: exact.marginal(0, 1).unwrap(),
            second: Some(exact.marginal(0, 2).unwrap()),
            particles: n,
        };
        let truth = evaluate(&model, &pair);
        for ((errors, truth), series) in errors.iter_mut().zip(&truth).zip(&expansion) {
            let pairs = series.iter().zip(truth);
            let each =
                pairs.map(|(series, truth)| (series.at(n as f64) - truth.at(n as f64)).abs());
            errors.push(each.fold(0.0, worse));
        }
    }
    let mut worst = 0.0;
    // Without rounding the energy has an error at no order.
    let energy = errors.pop().unwrap_or_default();
    for (errors, series) in errors.iter().zip(&expansion) {
        let local = crate::suites::rates::exponents(errors);
        let terms = series.iter().map(|s| s.len()).min().unwrap_or(0);
        worst = worse(worst, (2.0 * local[1] - local[0] - terms as f64).abs());
    }
    let largest = particles[particles.len() - 1];
    vec![
        row(
            "observables-exact",
            format!(
                "{} of d = 3 bosons, all terms to order {ORDER}, against exact N to {largest}: \
                 exponent in N, extrapolated once: distance from the number of terms",
                NAMES[..errors.len()].join(", ")
            ),
            "Corollary 1.5",
            "N^-terms",
            worst,
            Bound::AtMost(0.15),
            "one extrapolation in 1/N leaves a term of order 1/N²",
        ),
        row(
            "observables-energy",
            format!(
                "energy per particle of d = 3 bosons, two terms, is that of exact N to {largest}"
            ),
            "Corollary 1.5",
            "0",
            energy.into_iter().fold(0.0, worse),
            Bound::AtMost(1e-11),
            "two evolutions at 1e-13 per step",
        ),
    ]
}
