//! ‖T_j‖, ‖C_{j+1}‖ (14), (100), and the norms of D_j and its like with the
//! constants that are true (40), (83), (140).

use meanfield::hierarchy::estimates;
use meanfield::hierarchy::literal::Literal;
use meanfield::prelude::*;
use meanfield_testing::worse;
use ndarray::ArrayD;

use super::SUITE;
use crate::class::{Class, Stated};
use crate::each;
use crate::instances::Instance;
use crate::paper::scaled;
use crate::paper::size::{basis, gain, probes};
use crate::verify::{Bound, Row};

/// Highest j.
const HIGHEST: usize = 3;
/// Random tensors beside the extreme ones, for the trace norm.
const SAMPLES: u64 = 10;

/// T, C, D, D^1, D^−1, D^−2 and N(T_j/N + D_j − Δ_j).
pub(super) const BOUNDS: usize = 7;

/// The operators by name, each in units of its bound, with the equations of the bound.
pub(super) const NAMES: [(&str, &str, &str); BOUNDS] = [
    (
        "norm-t",
        "‖T_j‖ over j(j−1)/2 ‖V‖, j ≤ 3",
        "(14), (100), corrected",
    ),
    (
        "norm-c",
        "‖C_{j+1}‖ over j‖V‖ and ‖C_{i,j+1}‖ over ‖V‖, j ≤ 3",
        "(14), (100), corrected",
    ),
    (
        "norm-d",
        "‖D_j‖ over 2j‖V‖, j ≤ 3, N = j, j+2, 20",
        "(40), (83), (140), corrected",
    ),
    (
        "norm-d-up",
        "‖D_j^1‖ over (1−j/N) j‖V‖",
        "(40), (83), (140), corrected",
    ),
    (
        "norm-d-down",
        "‖D_j^{−1}‖ over (3j²−2j)‖V‖/N (trace norm: 4j²−3j)",
        "(40), (71), (83), (140), corrected",
    ),
    (
        "norm-d-down2",
        "‖D_j^{−2}‖ over j(j−1)‖V‖/N (trace norm: 3/2 of it)",
        "(40), (71), (83), (140), corrected",
    ),
    (
        "gap",
        "‖T_j/N + D_j − Δ_j‖ over (7j²−3j)/2 ‖V‖/N",
        "after (31), corrected",
    ),
];

/// Tensors of a degree to measure norms on.
type Probes<'a, S> = &'a dyn Fn(usize) -> Vec<ArrayD<S>>;

/// What each operator does to the norm of some tensors at most, and its bound; T and C
/// act on tensors without symmetry too.
pub(super) fn norms<S: Scalar>(
    instance: &Instance<S>,
    (j, n): (usize, usize),
    any: Probes<'_, S>,
    symmetric: Probes<'_, S>,
) -> [(f64, f64); BOUNDS] {
    let (model, f) = (&*instance.model, &instance.f);
    let v = pair_norm(instance);
    let l1 = model.space().norm() == Norm::L1;
    let on = Literal { model, f };
    let d_down2 = match j.checked_sub(2) {
        Some(lowest) => gain(model, &symmetric(lowest), |e| on.d_down2(n, e)),
        None => 0.0,
    };
    let gap = gain(model, &symmetric(j), |e| {
        on.t(e) + scaled(on.d(n, e) - on.delta(e), n as f64)
    });
    let d_up = gain(model, &symmetric(j + 1), |e| on.d_up(n, e));
    let d_down = gain(model, &symmetric(j - 1), |e| on.d_down(n, e));
    [
        (gain(model, &any(j), |e| on.t(e)), estimates::t(j, v)),
        (gain(model, &any(j + 1), |e| on.c(e)), estimates::c(j, v)),
        (
            gain(model, &symmetric(j), |e| on.d(n, e)),
            estimates::d(j, v),
        ),
        (d_up, estimates::d_up(j, n, v)),
        (d_down, estimates::d_down(j, n, v, l1)),
        (d_down2, estimates::d_down2(j, n, v, l1)),
        (gap, estimates::t_plus_r(j, v)),
    ]
}

/// ‖V‖.
pub(super) fn pair_norm<S: Scalar>(instance: &Instance<S>) -> f64 {
    let norm = instance.model.interaction().pair_norm();
    norm.expect("a model with a norm")
}

/// Norms in units of their bounds.
fn shares<S: Scalar>(instance: &Instance<S>) -> [f64; BOUNDS] {
    let (model, f) = (&*instance.model, &instance.f);
    let l1 = model.space().norm() == Norm::L1;
    let symmetric = |j| probes(model, j, SAMPLES);
    let any = |j| match l1 {
        true => basis(f.len(), j),
        false => symmetric(j),
    };
    let mut out = [0.0; BOUNDS];
    for j in 1..=HIGHEST {
        for n in [j, j + 2, 20] {
            // T and C do not know N.
            let any: Probes<'_, S> = if n == j { &any } else { &|_| Vec::new() };
            let found = norms(instance, (j, n), any, &symmetric);
            for (out, (norm, bound)) in out.iter_mut().zip(found) {
                // ‖T_1‖ = 0 ≤ 0.
                let share = if bound == 0.0 { norm } else { norm / bound };
                *out = worse(*out, share);
            }
        }
        let literal = Literal { model, f };
        for i in 0..j {
            let norm = gain(model, &any(j + 1), |e| literal.c_at(i, e));
            out[1] = worse(out[1], norm / pair_norm(instance));
        }
    }
    out
}

/// ‖C_{1,2}‖ of v = χσz⊗σz over ‖v‖_∞/ħ, on every basis element: (14) has 1.
pub(crate) fn first_pair_norm() -> f64 {
    let instance = crate::instances::two_levels();
    let (model, f) = (&*instance.model, &instance.f);
    let literal = Literal { model, f };
    // ‖V‖ = (max v − min v)/ħ, and v has ±χ for eigenvalues.
    let of_v = pair_norm(&instance) / 2.0;
    gain(model, &basis(f.len(), 2), |e| literal.c_at(0, e)) / of_v
}

/// ‖T_j/N + D_j − Δ_j‖ at N = 20, 40, 80, j = 2: the exponent of N.
fn exponent_of_gap() -> f64 {
    let instance = crate::instances::correlated_jump();
    let (model, f) = (&*instance.model, &instance.f);
    let literal = Literal { model, f };
    let same = probes(model, 2, 0);
    let size = |n: usize| {
        gain(model, &same, |e| {
            scaled(literal.t(e), 1.0 / n as f64) + literal.d(n, e) - literal.delta(e)
        })
    };
    (size(40) / size(80)).log2()
}

pub(super) fn rows() -> Vec<Row> {
    let measured = Class::TWO.map(|class| each!(class, instance => shares(&instance)));
    let mut rows = Vec::new();
    for (k, (name, claim, equation)) in NAMES.into_iter().enumerate() {
        let stated = Stated {
            suite: &SUITE,
            name,
            claim,
            equation,
            claimed: "at most 1",
            bound: Bound::AtMost(1.0 + 1e-12),
            reason: "a bound; in L¹ the norm itself, on the extreme points of the unit ball, in \
                     the trace norm the largest of some samples",
        };
        for (class, found) in Class::TWO.into_iter().zip(measured) {
            rows.push(stated.row(class, found[k]));
        }
    }
    rows.push(SUITE.row(
        "gap-size",
        "exponent of ‖T_2/N + D_2 − Δ_2‖ in N: distance from 1",
        "after (31)",
        "1/N",
        ((exponent_of_gap() - 1.0).abs(), Bound::AtMost(1e-12)),
        "it is a multiple of 1/N: rounding",
    ));
    rows
}
