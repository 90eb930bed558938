//! Growth with time (22), (119), and how times scale with ħ.

use meanfield::models::hartree::{Grid, Hartree, Potential, Trap};
use meanfield::models::levels::problems::random_state;
use meanfield::prelude::*;
use meanfield_testing::worse;

use super::SUITE;
use super::measure::{data, distance};
use crate::instances::{self, Instance};
use crate::verify::{Bound, Row};

/// ‖E_1‖ and ‖E_2‖.
fn sizes<S: Scalar>(instance: &Instance<S>, time: f64, n: usize) -> [f64; 2] {
    let model = &*instance.model;
    let (_, layout, all) = data(instance, time, &[n], 2);
    [1, 2].map(|j| {
        let zero = vec![S::from_re(0.0); layout.len(j)];
        distance(model, &layout, j, &all[0].errors[j], &zero)
    })
}

/// The rates ln(‖E_j(t')‖/‖E_j(t)‖)/(t' − t), j = 1, 2, the least and the largest, over
/// the claimed one, `of_v` times ‖V‖.
fn rates<S: Scalar>(
    instance: &Instance<S>,
    of_v: f64,
    [early, late]: [f64; 2],
    n: usize,
) -> [f64; 2] {
    let v = instance.model.interaction().pair_norm().expect("a norm");
    let (before, after) = (sizes(instance, early, n), sizes(instance, late, n));
    let share = |j: usize| (after[j] / before[j]).ln() / ((late - early) * of_v * v);
    [share(0).min(share(1)), worse(share(0), share(1))]
}

fn trap(hbar: f64) -> Instance<num_complex::Complex64> {
    let grid = Grid::new(1, 2, 2.5).expect("two points");
    let potential = Potential::Gaussian {
        strength: 1.3,
        width: 0.8,
    };
    let trap = Some(Trap::Harmonic { omega: 0.7 });
    let model = Hartree::new(grid, hbar, 1.0, potential, trap).expect("a trap");
    let f = one_body_state(&model, "F", &random_state(2, 8)).expect("a state");
    Instance::new(model, f)
}

/// The exponent in ħ of what is left of ‖E_2(ħτ)‖ as ħ → 0, τ = 0.5: the potentials
/// act at rates 1/ħ, and free flight at rate ħ is left.
fn semiclassical() -> f64 {
    let at = |hbar: f64| sizes(&trap(hbar), 0.5 * hbar, 20)[1];
    let [a, b, c] = [0.1, 0.05, 0.025].map(at);
    ((a - b) / (b - c)).log2()
}

/// The largest relative change of ‖E_1‖, ‖E_2‖ at t = ħ from ħ = 1 to ħ = 1/2, 1/4.
fn rescaled() -> f64 {
    let at = |hbar: f64| sizes(&instances::spins(hbar, [0.6, 0.0, 0.8]), hbar, 20);
    let (one, others) = (at(1.0), [0.5, 0.25].map(at));
    let change = |of: &[f64; 2]| worse((of[0] / one[0] - 1.0).abs(), (of[1] / one[1] - 1.0).abs());
    others.iter().map(change).fold(0.0, worse)
}

pub(super) fn rows() -> Vec<Row> {
    let row = |id, claim: &str, claimed: &str, measured, reason| {
        SUITE.row(id, claim, "(22), (119)", claimed, measured, reason)
    };
    let infected = rates(&instances::epidemic(1e-3), 1.0, [3.0, 4.0], 2000);
    let spins = rates(
        &instances::spins(1.0, [1.0, 0.0, 0.0]),
        2.0,
        [1.5, 2.5],
        1000,
    );
    let jump = "an epidemic from 1 in 1000, N = 2000, t = 3 to 4: rate of growth of ‖E_1‖, ‖E_2‖ \
                over ‖V‖ (traceless in L¹: ‖V‖/2 a factor)";
    let levels = "spins at an unstable point, N = 1000, t = 1.5 to 2.5: rate of growth of ‖E_1‖, ‖E_2‖ \
                  over 2‖V‖";
    let bound = (Bound::AtMost(1.0), "e^(C‖V‖t) with the C of the flows");
    vec![
        row(
            "growth-in-t-jump",
            jump,
            "at most 1",
            (infected[1], bound.0),
            bound.1,
        ),
        row(
            "growth-in-t-positive-jump",
            jump,
            "1: the linearised flow grows as fast as it may",
            (infected[0], Bound::AtLeast(0.9)),
            "2 in 100 are infected at the end, which slows it",
        ),
        row(
            "growth-in-t-levels",
            levels,
            "1/2, where at most 1 is claimed",
            (spins[1], Bound::AtMost(0.55)),
            "at twice the rate 1, ‖V‖ = 2; the next order slows it",
        ),
        row(
            "growth-in-t-positive-levels",
            levels,
            "1/2: at twice the rate 1, ‖V‖ = 2",
            (spins[0], Bound::AtLeast(0.4)),
            "the next order is felt at the end",
        ),
        row(
            "hbar-levels",
            "levels: ‖E_1‖, ‖E_2‖ at t = ħ, N = 20, ħ = 1/2, 1/4: relative change from ħ = 1",
            "0: times are of order ħ/‖v‖",
            (rescaled(), Bound::AtMost(1e-9)),
            "rounding of E_2 out of marginals of order one",
        ),
        row(
            "hbar-hartree",
            "two sites: ‖E_2‖ at t = ħ/2, N = 20, tends to a limit as ħ → 0: exponent in ħ of \
             what is left: distance from 2",
            "2: K is potentials over ħ, and −iħΔ/2",
            ((semiclassical() - 2.0).abs(), Bound::AtMost(0.1)),
            "terms of order ħ⁴ at ħ = 0.1",
        ),
    ]
}
