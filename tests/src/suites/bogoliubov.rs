//! Suite `bogoliubov`: the factored form of a pure start on a grid is the
//! general form, obeys its own laws, agrees with exact bosons, and carries
//! grids that the general form cannot hold.

mod bosons;
mod general;
mod grids;

use meanfield::abstract_model::problems::Noise;
use meanfield::expansion::bogoliubov::{self, Bogoliubov};
use meanfield::models::hartree::{Grid, Hartree, Potential, Trap};
use meanfield::prelude::*;
use num_complex::Complex64;

use crate::verify::{Bound, Row, Suite};

/// The suite.
pub const SUITE: Suite = Suite {
    name: "bogoliubov",
    about: "pure starts with O(d²) unknowns: equality with the general form, exact bosons, fine grids",
    ids: &[
        "general-mean",
        "general-correction",
        "general-pair",
        "general-observables",
        "general-excited",
        "quasi-free",
        "complement",
        "energy-leading",
        "energy-correction",
        "bosons-depletion-3",
        "bosons-depletion-4",
        "bosons-marginal",
        "bosons-pair",
        "bosons-depletion-at-40",
        "line-memory",
        "line-laws",
        "square-laws",
        "memory-refused",
        "steps-spacing",
        "spacing-physics",
    ],
    run,
};

/// A row of this suite.
fn row(
    id: &'static str,
    claim: String,
    equation: &'static str,
    claimed: &str,
    measured: f64,
    (bound, reason): (Bound, &'static str),
) -> Row {
    SUITE.row(id, claim, equation, claimed, (measured, bound), reason)
}

/// Every kind of pair potential, in a box of length 3.
const POTENTIALS: [Potential; 4] = [
    Potential::Gaussian {
        strength: 0.8,
        width: 0.6,
    },
    Potential::SoftCoulomb {
        strength: -0.5,
        softening: 0.4,
    },
    Potential::Cosine { strength: 0.7 },
    Potential::Contact { strength: 0.3 },
];

/// Every kind of trap.
const TRAPS: [Option<Trap>; 4] = [
    None,
    Some(Trap::Harmonic { omega: 1.2 }),
    Some(Trap::Lattice {
        depth: 1.0,
        periods: 1,
    }),
    Some(Trap::DoubleWell {
        separation: 1.4,
        height: 0.6,
    }),
];

/// A small model with ħ ≠ 1 and m ≠ 1.
fn small(dimension: usize, points: usize, potential: Potential, trap: Option<Trap>) -> Hartree {
    let grid = Grid::new(dimension, points, 3.0).expect("a grid");
    Hartree::new(grid, 0.7, 1.6, potential, trap).expect("regular parameters")
}

/// A wave function without any symmetry.
fn random_wave(d: usize, seed: u64) -> Vec<Complex64> {
    let mut noise = Noise::new(seed);
    let psi: Vec<Complex64> = (0..d).map(|_| noise.scalar()).collect();
    let norm = psi.iter().map(|z| z.norm_sqr()).sum::<f64>().sqrt();
    psi.iter().map(|z| z / norm).collect()
}

/// The state at every time.
fn solved(model: &Hartree, phi: &[Complex64], times: &[f64], tolerance: f64) -> Vec<Bogoliubov> {
    let settings = bogoliubov::Settings {
        tolerance,
        ..bogoliubov::Settings::new(times.to_vec())
    };
    let mut out = Vec::new();
    bogoliubov::solve(model, phi, &settings, |_, state| {
        out.push(state.clone());
        Ok::<(), ExpansionError>(())
    })
    .expect("a regular solve");
    out
}

fn run(quick: bool) -> Vec<Row> {
    [
        general::rows(quick),
        bosons::rows(quick),
        grids::rows(quick),
    ]
    .concat()
}
