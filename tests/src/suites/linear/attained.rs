//! Constants that are norms: where a bound on an operator or on a flow is attained,
//! and for levels the largest share of it that a search found.

use std::f64::consts::FRAC_1_SQRT_2;

use meanfield::models::levels::{Levels, pauli};
use meanfield::prelude::*;
use meanfield_testing::worse;
use ndarray::Array2;
use num_complex::Complex64;

use super::SUITE;
use super::norms::{BOUNDS, NAMES, norms};
use crate::class::{Class, Stated};
use crate::instances::Instance;
use crate::paper::power;
use crate::paper::size::probes;
use crate::verify::{Bound, Row};

/// Highest j.
const HIGHEST: usize = 2;
/// 1 − j/N and the terms of order 1/N beside one of order 1 are then within 1e-5 of
/// their limits.
const PARTICLES: usize = 1_000_000;

/// All in state 0, of the process in which two particles in 0, one in 0 and one in 1,
/// and two in 1 collide into states of their own: no gain meets a loss or another gain.
fn collisions() -> Instance<f64> {
    let rate = |from, to| match (from, to) {
        ((0, 0), (2, 3) | (3, 2)) | ((1, 1), (6, 7) | (7, 6)) => 0.5,
        ((0, 1), (4, 5)) | ((1, 0), (5, 4)) => 1.0,
        _ => 0.0,
    };
    let model = problems::jump_process(8, |_, _| 0.0, rate).expect("valid rates");
    Instance::new(model, basis_element(8, 0))
}

fn basis_element(dimension: usize, a: usize) -> Vec<f64> {
    (0..dimension)
        .map(|b| f64::from(u8::from(a == b)))
        .collect()
}

/// The least share over j ≤ 2 of each bound that 0^{⊗j} or 1^{⊗j} attains.
pub(crate) fn attained() -> [f64; BOUNDS] {
    let instance = collisions();
    let tensors = |j| [0, 1].map(|a| power(&basis_element(8, a), j)).to_vec();
    let mut out = [f64::INFINITY; BOUNDS];
    for j in 1..=HIGHEST {
        let found = norms(&instance, (j, PARTICLES), &tensors, &tensors);
        for (out, (norm, bound)) in out.iter_mut().zip(found) {
            // ‖T_1‖ and ‖D_1^{−2}‖ are 0.
            if bound > 0.0 {
                *out = out.min(norm / bound);
            }
        }
    }
    out
}

/// Levels whose pairs are flipped together, and levels that turn beside one in
/// level 0; both are in level 0. v has a constant, which is no interaction: its largest
/// eigenvalue says nothing of ‖V‖.
pub(super) fn levels() -> [Instance<f64>; 2] {
    let zero = (pauli::z() + Array2::<Complex64>::eye(2)).mapv(|x| x * 0.5);
    let product = |a: &Array2<_>, b: &Array2<_>, weight| pauli::product(weight, a, b);
    let one = Array2::eye(2);
    let constant = product(&one, &one, 1.0);
    let flips = product(&pauli::x(), &pauli::x(), 1.0) + product(&pauli::y(), &pauli::y(), -1.0);
    let turns = product(&pauli::x(), &zero, 1.0) + product(&zero, &pauli::x(), 1.0);
    [flips, turns].map(|v| {
        let v = v + &constant;
        let model = Levels::new(&Array2::zeros((2, 2)), &v, &[], 1.0).expect("Hermitian");
        let user = model.bloch(0.0, 0.0, 1.0).expect("pure");
        let f = one_body_state(&model, "F", &user).expect("a state");
        Instance::new(model, f)
    })
}

/// The largest share over j ≤ 2 of each bound on basis elements and on F^{⊗j}.
fn found() -> [f64; BOUNDS] {
    let mut out = [0.0; BOUNDS];
    for instance in levels() {
        let tensors = |j| {
            let mut all = probes(&*instance.model, j, 0);
            all.push(power(&instance.f, j));
            all
        };
        for j in 1..=HIGHEST {
            let found = norms(&instance, (j, PARTICLES), &tensors, &tensors);
            for (out, (norm, bound)) in out.iter_mut().zip(found) {
                if bound > 0.0 {
                    *out = worse(*out, norm / bound);
                }
            }
        }
    }
    out
}

/// Claimed shares, in the order of the bounds, and why.
const JUMP: ([f64; BOUNDS], &str) = (
    [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 10.0 / 11.0],
    "1 − j/N of the constant; T_j and −jΔ_j lose the same pairs with opposite signs, which leaves \
     3j² − j of (7j² − 3j)/2",
);
const LEVELS: ([f64; BOUNDS], &str) = (
    [
        1.0,
        1.0,
        FRAC_1_SQRT_2,
        1.0,
        FRAC_1_SQRT_2,
        1.0 / 3.0,
        FRAC_1_SQRT_2,
    ],
    "no more was found in a search over v, F and E of two levels: pure F gives each of the two \
     parts of Δ_1, and V(F⊗F) without its mean field, less than ‖V‖",
);

pub(super) fn rows() -> Vec<Row> {
    let measured = [
        (
            Class::Jump,
            "0^⊗j, 1^⊗j, the least of j ≤ 2",
            attained(),
            JUMP,
        ),
        (Class::Levels, "the largest of j ≤ 2", found(), LEVELS),
    ];
    let mut rows = Vec::new();
    for (k, (name, claim, equation)) in NAMES.into_iter().enumerate() {
        for (class, what, found, (shares, reason)) in measured {
            let stated = Stated {
                suite: &SUITE,
                name: &format!("{name}-attained"),
                claim: &format!("{claim}: what {what} attain, N = 1e6"),
                equation,
                claimed: &format!("{:.4}", shares[k]),
                bound: Bound::AtLeast(shares[k] - 1e-5),
                reason,
            };
            rows.push(stated.row(class, found[k]));
        }
    }
    rows
}
