//! Growth of U_j⁰ and U_j (69), and the two inequalities that the proof of
//! Theorem 1.4 iterates them with (70), (72).

use meanfield::hierarchy::estimates;
use meanfield::hierarchy::literal::Literal;
use meanfield::prelude::*;
use meanfield::tensor::dense;
use meanfield_testing::worse;
use ndarray::ArrayD;

use super::SUITE;
use super::factors::linearised;
use crate::class::{Class, Stated};
use crate::each;
use crate::instances::Instance;
use crate::paper::size::{probes, size};
use crate::paper::{drive, recursion};
use crate::verify::{Bound, Curve, Plot, Row};

const TIMES: [f64; 4] = [0.0, 0.1, 0.3, 0.8];
const PARTICLES: usize = 6;
const HIGHEST: usize = 3;
const SAMPLES: u64 = 6;

/// The largest ‖U E‖/‖E‖ over the probes at each of the times: the norm on
/// symmetric tensors in L¹, a lower bound of it in the trace norm.
fn norms_of_flow<S: Scalar>(
    instance: &Instance<S>,
    probes: &[ArrayD<S>],
    generator: impl Fn(&Literal<'_, S>, &ArrayD<S>) -> ArrayD<S>,
) -> Vec<f64> {
    let (model, f) = (&*instance.model, &instance.f);
    let flow = drive(model, f, probes, &TIMES, 1e-10, |literal, e| {
        e.iter().map(|e| generator(literal, e)).collect()
    });
    let norm = |flow: &crate::paper::Flow<S>| {
        let pairs = flow.tensors.iter().zip(probes);
        let ratios = pairs.map(|(image, e)| size(model, image) / size(model, e));
        ratios.fold(0.0, worse)
    };
    flow.iter().map(norm).collect()
}

/// What the flows reach, in units of what they may: U_j⁰, U_j; and the curves of
/// j = 2.
fn measure<S: Scalar>(instance: &Instance<S>) -> ([f64; 2], Plot) {
    let v = instance
        .model
        .interaction()
        .pair_norm()
        .expect("a model with a norm");
    let mut found = [0.0, 0.0];
    let mut curves = Vec::new();
    for j in 1..=HIGHEST {
        let probes = probes(&*instance.model, j, SAMPLES);
        let limit = norms_of_flow(instance, &probes, |l, e| linearised(l, e));
        let full = norms_of_flow(instance, &probes, |l, e| recursion::h(l, PARTICLES, e));
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
                points: (1..TIMES.len()).map(|k| (TIMES[k], value(k))).collect(),
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
    let v = instance.model.interaction().pair_norm().expect("rates");
    let mut found = 0.0;
    for j in 1..=HIGHEST {
        let mut tensors = Vec::new();
        for a in 0..d {
            for b in 0..a {
                let mut one = vec![0.0; d];
                (one[a], one[b]) = (1.0, -1.0);
                tensors.push(crate::paper::power(&one, j));
                let mut other = vec![0.0; d];
                (other[b], other[(a + 1) % d]) = (1.0, -1.0);
                if other.iter().sum::<f64>() == 0.0 && j == 2 {
                    let both = dense::insert(&one, &[0], &dense::vector(&other));
                    tensors.push(dense::symmetrise(&both));
                }
            }
        }
        let norms = norms_of_flow(instance, &tensors, linearised);
        for (norm, t) in norms.into_iter().zip(TIMES) {
            found = worse(found, norm / estimates::traceless_flow(j, v, t));
        }
    }
    found
}

/// (70): the largest Π e^{(j+i)(t_i − t_{i+1})} over e^{(j+m)(t_0 − t_{m+1})}, for
/// decreasing times.
fn paths() -> f64 {
    let mut noise = problems::Noise::new(70);
    let mut found = 0.0;
    for m in 0..8_usize {
        for j in 1..5_usize {
            let mut t: Vec<f64> = (0..m + 2).map(|_| noise.uniform()).collect();
            t.sort_by(|a, b| b.total_cmp(a));
            let steps = (0..=m).map(|i| (j + i) as f64 * (t[i] - t[i + 1]));
            let all = (j + m) as f64 * (t[0] - t[m + 1]);
            found = worse(found, (steps.sum::<f64>() - all).exp());
        }
    }
    found
}

/// (72): ∫dt_1 ∫^{t_1}dt_2 … over t^n/n!, each integral by the trapezoidal rule on
/// what the one inside it gave; the largest relative defect, n ≤ 5.
fn simplex() -> f64 {
    const STEPS: usize = 4000;
    const T: f64 = 1.7;
    let h = T / STEPS as f64;
    let mut inner = vec![1.0; STEPS + 1];
    let (mut expected, mut found) = (1.0, 0.0);
    for n in 1..=5 {
        let mut outer = vec![0.0];
        for k in 0..STEPS {
            outer.push(outer[k] + 0.5 * h * (inner[k] + inner[k + 1]));
        }
        expected *= T / f64::from(n);
        found = worse(found, (outer[STEPS] / expected - 1.0).abs());
        inner = outer;
    }
    found
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
    let measured = Class::TWO.map(|class| each!(class, instance => measure(&instance)));
    let names = [
        (
            "growth-limit",
            "largest ‖U_j⁰(t,0)‖/e^(j‖V‖t), j ≤ 3, t ≤ 0.8",
        ),
        (
            "growth",
            "largest ‖U_j(t,0)‖/e^(j‖V‖t), N = 6, j ≤ 3, t ≤ 0.8",
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
            let instance = crate::instances::correlated_jump();
            let claim = "on traceless tensors, largest ‖U_j⁰(t,0)E‖/‖E‖ over e^(j‖V‖t/2)";
            let of = self::traceless(&instance);
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
    rows.push(SUITE.row(
        "growth-paths",
        "Π e^((j+i)(t_i − t_{i+1})) over e^((j+m)(t_0 − t_{m+1})), random decreasing times",
        "(70)",
        "at most 1",
        (paths(), Bound::AtMost(1.0 + 1e-14)),
        "an inequality between numbers",
    ));
    rows.push(SUITE.row(
        "growth-simplex",
        "the iterated integral over t ≥ t_1 ≥ … ≥ t_n is t^n/n!, n ≤ 5",
        "(72)",
        "0",
        (simplex(), Bound::AtMost(1e-6)),
        "the trapezoidal rule at 4000 points",
    ));
    rows
}
