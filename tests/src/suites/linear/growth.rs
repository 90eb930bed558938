//! Growth of U_j⁰ and U_j (69).

use meanfield::hierarchy::estimates;
use meanfield::hierarchy::literal::Literal;
use meanfield::prelude::*;
use meanfield::tensor::dense;
use meanfield_testing::worse;
use ndarray::ArrayD;
use num_complex::Complex64;

use super::SUITE;
use super::attained::levels;
use super::factors::linearised;
use super::norms::pair_norm;
use crate::class::{Class, Stated};
use crate::each;
use crate::instances::{self, Instance};
use crate::paper::size::{probes, size};
use crate::paper::{drive, power, recursion};
use crate::verify::{Bound, Curve, Plot, Row};

/// At t = 0 every flow is 1 and so is every bound.
pub(super) const TIMES: [f64; 3] = [0.1, 0.3, 0.8];
const PARTICLES: usize = 6;
const HIGHEST: usize = 3;
const SAMPLES: u64 = 6;

/// The largest ‖U E‖/‖E‖ over the probes at each of the times > 0: the norm on
/// symmetric tensors in L¹, a lower bound of it in the trace norm.
fn norms_of_flow<S: Scalar>(
    instance: &Instance<S>,
    probes: &[ArrayD<S>],
    times: &[f64],
    generator: impl Fn(&Literal<'_, S>, &ArrayD<S>) -> ArrayD<S>,
) -> Vec<f64> {
    let (model, f) = (&*instance.model, &instance.f);
    let times = [&[0.0], times].concat();
    let flow = drive(model, f, probes, &times, 1e-10, |literal, e| {
        e.iter().map(|e| generator(literal, e)).collect()
    });
    let norm = |flow: &crate::paper::Flow<S>| {
        let pairs = flow.tensors.iter().zip(probes);
        let ratios = pairs.map(|(image, e)| size(model, image) / size(model, e));
        ratios.fold(0.0, worse)
    };
    flow[1..].iter().map(norm).collect()
}

/// What the flows reach, in units of what they may: U_j⁰, U_j; and the curves of
/// j = 2. The tensors are probes, and the powers of those elements.
fn measure<S: Scalar>(instance: &Instance<S>, elements: &[Vec<S>]) -> ([f64; 2], Plot) {
    let v = pair_norm(instance);
    let mut found = [0.0, 0.0];
    let mut curves = Vec::new();
    for j in 1..=HIGHEST {
        let mut probes = probes(&*instance.model, j, SAMPLES);
        probes.extend(elements.iter().map(|e| power(e, j)));
        let limit = norms_of_flow(instance, &probes, &TIMES, linearised);
        let full = norms_of_flow(instance, &probes, &TIMES, |l, e| {
            recursion::h(l, PARTICLES, e)
        });
        for (k, &t) in TIMES.iter().enumerate() {
            let bound = estimates::flow(j, v, t);
            found = [
                worse(found[0], limit[k] / bound),
                worse(found[1], full[k] / bound),
            ];
        }
        if j == 2 {
            let curve = |label: &str, value: &dyn Fn(usize) -> f64| Curve {
                label: label.to_owned(),
                points: (0..TIMES.len()).map(|k| (TIMES[k], value(k))).collect(),
                slope: None,
            };
            curves = vec![
                curve("‖U_2⁰‖", &|k| limit[k]),
                curve("‖U_2‖, N = 6", &|k| full[k]),
                curve("e^(2‖V‖t)", &|k| estimates::flow(2, v, TIMES[k])),
            ];
        }
    }
    let plot = Plot {
        x: "t".to_owned(),
        y: "norm".to_owned(),
        curves,
    };
    (found, plot)
}

/// ‖U_j⁰‖ on traceless symmetric tensors in L¹: on (e_a − e_b)^{⊗j} and products of
/// such, in units of e^{j‖V‖t/2}.
fn traceless(instance: &Instance<f64>) -> f64 {
    let d = instance.f.len();
    let v = pair_norm(instance);
    let mut found = 0.0;
    for j in 1..=HIGHEST {
        let mut tensors = Vec::new();
        for a in 0..d {
            for b in 0..a {
                let mut one = vec![0.0; d];
                (one[a], one[b]) = (1.0, -1.0);
                tensors.push(power(&one, j));
                let mut other = vec![0.0; d];
                (other[b], other[(a + 1) % d]) = (1.0, -1.0);
                if other.iter().sum::<f64>() == 0.0 && j == 2 {
                    let both = dense::insert(&one, &[0], &dense::vector(&other));
                    tensors.push(dense::symmetrise(&both));
                }
            }
        }
        let norms = norms_of_flow(instance, &tensors, &TIMES, linearised);
        for (norm, t) in norms.into_iter().zip(TIMES) {
            found = worse(found, norm / estimates::traceless_flow(j, v, t));
        }
    }
    found
}

/// Levels that turn beside one in level 0, all with σy = 1, and the state of level 0,
/// which grows at first as e^{‖V‖t/√2}: no more was found in a search over v, F and E of
/// two levels.
fn turning() -> (Instance<f64>, Vec<f64>) {
    let [_, Instance { model, f: zero }] = levels();
    let user = [
        0.5.into(),
        Complex64::new(0.0, -0.5),
        Complex64::new(0.0, 0.5),
        0.5.into(),
    ];
    let f = one_body_state(&*model, "F", &user).expect("a state");
    (Instance { model, f }, zero)
}

/// ln‖U_1(t,0)‖/‖V‖t at t = 1e-3 where the flow grows as fast as it may: U_1⁰ or
/// U_1 of many particles, the lesser of the two.
fn attained(instance: &Instance<f64>) -> f64 {
    const EARLY: f64 = 1e-3;
    let probes = probes(&*instance.model, 1, 0);
    let rate = |generator: &dyn Fn(&Literal<'_, f64>, &ArrayD<f64>) -> ArrayD<f64>| {
        let norm = norms_of_flow(instance, &probes, &[EARLY], generator)[0];
        norm.ln() / (pair_norm(instance) * EARLY)
    };
    rate(&linearised).min(rate(&|l, e| recursion::h(l, 1_000_000, e)))
}

pub(super) fn rows() -> Vec<Row> {
    let stated = |name, claim, equation| Stated {
        suite: &SUITE,
        name,
        claim,
        equation,
        claimed: "at most 1",
        bound: Bound::AtMost(1.0 + 1e-8),
        reason: "a bound, and integrations at a tolerance of 1e-10",
    };
    // None infected, and levels that turn: the flow grows as fast as it may, or as was
    // found.
    let spread = instances::epidemic(0.0);
    let (turning, zero) = turning();
    let fastest = [measure(&spread, &[]).0, measure(&turning, &[zero]).0];
    let measured = [0, 1].map(|at| {
        let (found, plot) = each!(Class::TWO[at], instance => measure(&instance, &[]));
        ([0, 1].map(|k| worse(found[k], fastest[at][k])), plot)
    });
    let names = [
        (
            "growth-limit",
            "largest ‖U_j⁰(t,0)‖/e^(j‖V‖t), j ≤ 3, 0 < t ≤ 0.8",
        ),
        (
            "growth",
            "largest ‖U_j(t,0)‖/e^(j‖V‖t), N = 6, j ≤ 3, 0 < t ≤ 0.8",
        ),
    ];
    let mut rows = Vec::new();
    for (k, (name, claim)) in names.into_iter().enumerate() {
        let stated = stated(name, claim, "(69), t ≥ s");
        for (class, (found, plot)) in Class::TWO.into_iter().zip(&measured) {
            let mut row = stated.row(class, found[k]);
            row.plot = Some(plot.clone());
            rows.push(row);
        }
        if k == 0 {
            let instance = instances::correlated_jump();
            let claim = "on traceless tensors, largest ‖U_j⁰(t,0)E‖/‖E‖ over e^(j‖V‖t/2)";
            let of = worse(traceless(&instance), traceless(&spread));
            rows.push(
                Stated {
                    claim,
                    name: "growth-traceless",
                    ..stated
                }
                .row(Class::Jump, of),
            );
        }
    }
    let attained = [
        (
            "growth-attained",
            "an epidemic among none infected: ln‖U_1(t,0)‖/‖V‖t, t = 1e-3, with and without 1/N",
            self::attained(&spread),
        ),
        (
            "growth-traceless-attained",
            "the same, on traceless tensors: largest ‖U_j⁰(t,0)E‖/‖E‖ over e^(j‖V‖t/2)",
            traceless(&spread),
        ),
    ];
    rows.extend(attained.map(|(id, claim, share)| {
        let found = (share, Bound::AtLeast(0.999));
        let reason = "terms of relative size ‖V‖t and 1/N, and integrations at 1e-10";
        SUITE.row(
            id,
            claim,
            "(69), t ≥ s",
            "1: the constant is attained",
            found,
            reason,
        )
    }));
    rows
}
