//! What the proof of Theorem 1.4 iterates, on the flows and operators themselves: with
//! I_m = ∫dt_1 … ∫dt_m U_j(t,t_1) D_j^1 U_{j+1}(t_1,t_2) … D_{j+m−1}^1 U_{j+m}(t_m,0),
//!
//! > ‖I_m‖ ≤ e^{(j+m)‖V‖t} ‖D_j^1‖ … ‖D_{j+m−1}^1‖ t^m/m!   (70), (72).

use meanfield::hierarchy::{Operators, estimates};
use meanfield::prelude::*;
use meanfield::tensor::dense;
use meanfield_testing::worse;
use ndarray::ArrayD;

use super::SUITE;
use super::attained::levels;
use super::growth::TIMES;
use super::norms::pair_norm;
use crate::class::{Class, Stated};
use crate::each;
use crate::instances::{self, Instance};
use crate::paper::size::{probes, size};
use crate::paper::{apart, drive, recursion, scaled};
use crate::verify::{Bound, Row};

const PARTICLES: usize = 20;

/// I_m E at each of the times > 0, E of degree j + m: the last of a chain
/// ∂t W_i = H_i W_i + D_i^1 W_{i+1} that starts as (0, …, 0, E).
fn iterated<S: Scalar>(
    instance: &Instance<S>,
    m: usize,
    e: &ArrayD<S>,
    (times, tolerance): (&[f64], f64),
) -> Vec<ArrayD<S>> {
    let (model, f, j) = (&*instance.model, &instance.f, e.ndim() - m);
    let mut start: Vec<_> = (j..j + m).map(|i| dense::zeros(f.len(), i)).collect();
    start.push(e.clone());
    let times = [&[0.0], times].concat();
    let flow = drive(model, f, &start, &times, tolerance, |literal, w| {
        let slope = |i: usize| {
            let own = recursion::h(literal, PARTICLES, &w[i]);
            match w.get(i + 1) {
                Some(above) => own + literal.d_up(PARTICLES, above),
                None => own,
            }
        };
        (0..=m).map(slope).collect()
    });
    let first = |at: &crate::paper::Flow<S>| at.tensors[0].clone();
    flow[1..].iter().map(first).collect()
}

/// The largest ‖I_m E‖/‖E‖ in units of its bound.
fn share<S: Scalar>(instance: &Instance<S>, m: usize, e: &ArrayD<S>, times: &[f64]) -> f64 {
    let (model, v, j) = (&*instance.model, pair_norm(instance), e.ndim() - m);
    let of_time = |(image, t): (ArrayD<S>, &f64)| {
        // (70), then (72).
        let paths = estimates::flow(j + m, v, *t);
        let simplex = (1..=m).map(|k| t / k as f64).product::<f64>();
        let operators = (j..j + m).map(|i| estimates::d_up(i, PARTICLES, v));
        size(model, &image) / (paths * simplex * operators.product::<f64>() * size(model, e))
    };
    let images = iterated(instance, m, e, (times, 1e-9));
    images.into_iter().zip(times).map(of_time).fold(0.0, worse)
}

/// The largest share over random tensors, m = 1, 2 and j + m ≤ 3, and over extreme ones
/// at m = j = 1 and t = 1e-3, where a flow is nearly 1.
fn paths<S: Scalar>(instance: &Instance<S>) -> f64 {
    let early = probes(&*instance.model, 2, 0);
    let early = early.iter().map(|e| share(instance, 1, e, &[1e-3]));
    let mut found = early.fold(0.0, worse);
    for (j, m) in [(1, 1), (2, 1), (1, 2)] {
        // The random ones are the last.
        for e in probes(&*instance.model, j + m, 1).iter().rev().take(2) {
            found = worse(found, share(instance, m, e, &TIMES));
        }
    }
    found
}

/// The relative distance of I_2 E/(t²/2), t → 0, from D_1^1 D_2^1 E by the packed
/// operators, extrapolated from t = h, 2h.
fn simplex<S: Scalar>(instance: &Instance<S>) -> f64 {
    const H: f64 = 1e-3;
    let model = &*instance.model;
    let e = probes(model, 3, 1).pop().expect("a random tensor");
    let images = iterated(instance, 2, &e, (&[H, 2.0 * H], 1e-13));
    let [near, far] = [0, 1].map(|k| {
        let t = H * (k + 1) as f64;
        scaled(&images[k], 2.0 / (t * t))
    });
    let limit = scaled(near, 2.0) - far;
    let mut operators = Operators::new(model, 3).expect("small");
    operators.set_state(&instance.f).unwrap();
    let layout = operators.layout().clone();
    let mut packed = dense::to_packed(&layout, &e);
    for j in [2, 1] {
        let mut image = vec![S::from_re(0.0); layout.len(j)];
        operators
            .add_d_up(S::from_re(1.0), j, PARTICLES, &packed, &mut image)
            .unwrap();
        packed = image;
    }
    apart(&limit, &dense::from_packed(&layout, 1, &packed))
}

/// Two in state 0 leave it together, and all are there.
fn pairs() -> Instance<f64> {
    let rate = |from, to| f64::from(u8::from((from, to) == ((0, 0), (1, 1))));
    let model = problems::jump_process(2, |_, _| 0.0, rate).expect("valid rates");
    Instance::new(model, vec![1.0, 0.0])
}

pub(super) fn rows() -> Vec<Row> {
    let of = |name, claim, equation, claimed, bound, reason| Stated {
        suite: &SUITE,
        name,
        claim,
        equation,
        claimed,
        bound,
        reason,
    };
    let bounded = of(
        "growth-paths",
        "the iterated integral I_m over e^((j+m)‖V‖t) ‖D_j^1‖…‖D_(j+m−1)^1‖ t^m/m!, N = 20, \
         m ≤ 2, j+m ≤ 3, 0 < t ≤ 0.8",
        "(70), (72)",
        "at most 1",
        Bound::AtMost(1.0 + 1e-7),
        "a bound, and integrations at a tolerance of 1e-9",
    );
    let limit = of(
        "growth-simplex",
        "I_2 is t²/2 D_1^1 D_2^1 as t → 0: relative distance, extrapolated from t = 1e-3, 2e-3",
        "(72)",
        "0",
        Bound::AtMost(1e-3),
        "what one extrapolation leaves is of order (‖V‖t)²",
    );
    let attained = Stated {
        name: "growth-paths-attained",
        claim: "the same, the largest: t = 1e-3, m = j = 1",
        claimed: "1: the constant is attained",
        bound: Bound::AtLeast(0.99),
        reason: "the flows change it by a few ‖V‖t",
        ..bounded
    };
    // Models with constants that are attained beside some without structure.
    let [flips, _] = levels();
    let jump = worse(paths(&instances::correlated_jump()), paths(&pairs()));
    let levels = worse(paths(&instances::mixed_levels()), paths(&flips));
    let mut rows = Vec::new();
    for (class, found) in [(Class::Jump, jump), (Class::Levels, levels)] {
        rows.push(bounded.row(class, found));
        rows.push(attained.row(class, found));
    }
    rows.extend(limit.rows(
        &Class::TWO,
        |class| each!(class, instance => simplex(&instance)),
    ));
    rows
}
