//! How E_j, F_j − F^{⊗j} and F_j − F_j^{N,1} grow with j, and that the constants of
//! (22), (23), (119), (120) serve every N and t, on exact data of every class.

use meanfield::hierarchy::marginal_from_errors;
use meanfield::prelude::*;
use meanfield_testing::{Evolve, worse};

use super::SUITE;
use super::measure::{Data, data, distance};
use crate::class::{Class, Stated};
use crate::each;
use crate::instances::{self, Instance};
use crate::paper::exponent;
use crate::verify::{Bound, Row};

/// What is measured of a class.
const MEASURED: usize = 5;
/// Degrees at which constants are compared.
const SMALL: usize = 4;
/// The times.
const TIMES: [f64; 2] = [0.25, 1.0];

/// N, 2N where constants are compared; N and the degrees j, 2j of the exponents in j,
/// 2j = √N, or as near as the state space lets it be.
struct Sizes {
    numbers: [usize; 2],
    many: usize,
    degrees: [usize; 2],
}

fn sizes(class: Class) -> Sizes {
    let (numbers, many, degrees) = match class {
        // Five velocities, and six states of soft spheres.
        Class::Kac => ([16, 32], 16, [2, 4]),
        Class::Povzner => ([8, 16], 16, [2, 4]),
        _ => ([16, 32], 64, [4, 8]),
    };
    Sizes {
        numbers,
        many,
        degrees,
    }
}

/// The norms by degree: ‖E_j‖, ‖F_j − F^{⊗j}‖.
fn norms<S: Scalar>(
    instance: &Instance<S>,
    time: f64,
    numbers: &[usize],
    degree: usize,
) -> Vec<[Vec<f64>; 2]> {
    let model = &*instance.model;
    let (f, layout, all) = data(instance, time, numbers, degree);
    let of = |of: &Data<S>| {
        let zero = |j| vec![S::from_re(0.0); layout.len(j)];
        let error = |j| distance(model, &layout, j, &of.errors[j], &zero(j));
        let apart = |j| distance(model, &layout, j, &of.marginals[j], &layout.power(&f, j));
        [
            (0..=degree).map(error).collect(),
            (0..=degree).map(apart).collect(),
        ]
    };
    all.iter().map(of).collect()
}

/// The largest growth from N to 2N, over the times, of max_j ‖E_j‖^{1/j} √N/j and of
/// max_j N/j² ‖F_j − F^{⊗j}‖; how far the exponent in j of (N^{j/2} ‖E_j‖)^{1/j} is from
/// 1/2; the largest exponents in j of ‖F_j − F^{⊗j}‖ and of ‖F_j − F_j^{N,1}‖.
fn measure<S: Scalar>(instance: &Instance<S>, of: &Sizes) -> [f64; MEASURED] {
    let mut found = [0.0; MEASURED];
    let mut raise = |k: usize, value: f64| found[k] = worse(found[k], value);
    for time in TIMES {
        let both = norms(instance, time, &of.numbers, SMALL);
        let [few, many] = [0, 1].map(|k| {
            let n = of.numbers[k] as f64;
            let per_factor = |j: usize| both[k][0][j].powf(1.0 / j as f64) * n.sqrt() / j as f64;
            let squared = |j: usize| both[k][1][j] * n / (j * j) as f64;
            [
                (1..=SMALL).map(per_factor).fold(0.0, worse),
                (1..=SMALL).map(squared).fold(0.0, worse),
            ]
        });
        raise(0, many[0] / few[0]);
        raise(1, many[1] / few[1]);

        let (n, [low, high]) = (of.many, of.degrees);
        let [errors, apart] = norms(instance, time, &[n], high).swap_remove(0);
        let scaled = |j: usize| errors[j].powf(1.0 / j as f64);
        raise(2, (exponent(scaled(high), scaled(low)) - 0.5).abs());
        raise(3, exponent(apart[high], apart[low]));
        let [low, high] = [low / 2, high / 2].map(|j| left(instance, time, n, j));
        raise(4, exponent(high, low));
    }
    found
}

/// ‖F_j − F_j^{N,1}‖ with F_j^{N,1} as in (33), of E_ℓ to N^{−1−⌊ℓ/2⌋} for every ℓ ≤ j.
fn left<S: Scalar>(instance: &Instance<S>, time: f64, n: usize, j: usize) -> f64 {
    let (model, start) = (&*instance.model, instance.product());
    let (f, layout, all) = data(instance, time, &[n], j);
    let errors = Evolve::to(time).cumulants(model, &start, (1 + j / 2, j), |g| {
        let kept = |(l, e): (usize, &TensorSeries<S>)| e.at(n as f64, 1 + l / 2);
        let all = g.correlation_errors(j);
        all.iter().enumerate().map(kept).collect::<Vec<_>>()
    });
    let found = marginal_from_errors(&layout, &f, j, &errors).unwrap();
    distance(model, &layout, j, &found, &all[0].marginals[j])
}

/// How fast F_j approaches F^{⊗j} on two levels.
fn slope(quick: bool) -> Row {
    let instance = instances::mixed_levels();
    let numbers: [usize; 2] = if quick { [16, 32] } else { [32, 64] };
    let (f, layout, all) = data(&instance, 0.3, &numbers, SMALL);
    let apart = |k: usize, j: usize| {
        let product = layout.power(&f, j);
        distance(&*instance.model, &layout, j, &all[k].marginals[j], &product)
    };
    let exponents = (1..=SMALL).map(|j| exponent(apart(0, j), apart(1, j)));
    let worst = exponents.map(|e| (e - 1.0).abs()).fold(0.0, worse);
    SUITE.row(
        "distance-slope-levels",
        format!(
            "two levels: exponent of ‖F_j − F^⊗j‖ in N, j ≤ 4, N = {numbers:?}: distance from 1"
        ),
        "(23), (120)",
        "1/N",
        (worst, Bound::AtMost(0.2)),
        "corrections of relative size j/N, j ≤ 4, N ≥ 16",
    )
}

pub(super) fn rows(quick: bool) -> Vec<Row> {
    let (constant, at_most) = (
        "corrections of relative size j/N at N = 16 (soft spheres: 8)",
        "what is claimed is a bound",
    );
    let stated = [
        (
            "errors-uniform",
            "growth of max_j ‖E_j‖^(1/j) √N/j, j ≤ 4, from N to 2N, the larger of t = 0.25, 1",
            "(22), (119)",
            "at most 1: one constant for every N",
            (1.1, constant),
        ),
        (
            "distance-uniform",
            "growth of max_j N/j² ‖F_j − F^⊗j‖, j ≤ 4, from N to 2N, the larger of t = 0.25, 1",
            "(23), (120)",
            "at most 1: one constant for every N",
            (1.1, constant),
        ),
        (
            "errors-in-j",
            "exponent in j of (N^(j/2) ‖E_j‖)^(1/j) up to √N: distance from 1/2, the larger of \
             t = 0.25, 1",
            "(22), (119), Theorem 1.4: (A_t j²)^(j/2)",
            "1/2, where at most 1 is claimed",
            (
                0.25,
                "(j−1)!! to the power 1/j, and corrections of relative size j²/N; what is no \
                 correlation has 0",
            ),
        ),
        (
            "distance-in-j",
            "exponent in j of ‖F_j − F^⊗j‖ up to √N, the larger of t = 0.25, 1",
            "(23), (120)",
            "at most 2",
            (2.0, at_most),
        ),
        (
            "growth-in-j",
            "exponent in j of ‖F_j − F_j^{N,1}‖ by (33) up to √N/2, the larger of t = 0.25, 1",
            "Corollaries 1.5, 5.1, A.2",
            "at most 1",
            (1.0, at_most),
        ),
    ];
    let measured = Class::STATES.map(|class| {
        let sizes = sizes(class);
        (class, each!(class, instance => measure(&instance, &sizes)))
    });
    let row = |(k, (name, claim, equation, claimed, (bound, reason)))| {
        let stated = Stated {
            suite: &SUITE,
            name,
            claim,
            equation,
            claimed,
            bound: Bound::AtMost(bound),
            reason,
        };
        measured.map(|(class, found): (Class, [f64; MEASURED])| stated.row(class, found[k]))
    };
    let rows = stated.into_iter().enumerate().flat_map(row);
    rows.chain([slope(quick)]).collect()
}
