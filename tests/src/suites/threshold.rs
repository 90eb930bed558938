//! Suite `threshold`: how correlation errors and marginals grow with j, up to
//! √N and beyond.
//!
//! ‖E_j‖ comes from the hierarchy (34) itself; ‖F_j − F^{⊗j}‖ from exact data. Over
//! D states ‖F_j − F^{⊗j}‖ grows like j/N once j ≫ D, slower than j²/N (23): the
//! threshold j ~ √N is that of the sum over subsets (19), term by term.

mod measure;

use std::thread;

use crate::instances::{self, Instance};
use crate::verify::{Bound, Curve, Plot, Row, Suite};
use meanfield::prelude::*;
use meanfield_testing::worse;
use measure::{distances, error_norms, exact_error_norms, reaches_one, slope, sum_over_subsets};

/// The suite.
pub const SUITE: Suite = Suite {
    name: "threshold",
    about: "‖E_j‖ and ‖F_j − F^{⊗j}‖ against j and N, j to 3√N",
    ids: &[
        "slopes-two-states",
        "slopes-three-states",
        "slopes-levels",
        "closure-two-states",
        "closure-three-states",
        "closure-matters",
        "inclusion-exclusion",
        "growth-bounded",
        "growth-gaussian",
        "subsets-threshold",
        "marginals-slope",
        "marginals-bounded",
        "marginals-linear",
    ],
    run,
};

/// Time of the comparisons.
const TIME: f64 = 1.0;
/// Times at which one constant must serve.
const TIMES: [f64; 2] = [0.5, 2.0];

/// The largest distance, over j = 1 … `highest`, of the exponent of ‖E_j‖ in N,
/// extrapolated once in 1/N, from ⌈j/2⌉.
fn slopes<S: Scalar>(instance: &Instance<S>, highest: usize, time: f64) -> f64 {
    // What is left out by closing here is smaller by N^{−2} at the least.
    let degree = highest + 4;
    let numbers = [100, 200, 400];
    let norms = numbers.map(|n| error_norms(instance, time, (n, degree)));
    let mut worst = 0.0_f64;
    for j in 1..=highest {
        let local = |k: usize| (norms[k][j] / norms[k + 1][j]).log2();
        let exponent = 2.0 * local(1) - local(0);
        worst = worst.max((exponent - j.div_ceil(2) as f64).abs());
    }
    worst
}

/// The largest relative change of ‖E_j‖, j ≤ J = 3√N, when the hierarchy is closed
/// after `far`·J instead of `near`·J; the norms with it.
fn closure(instance: &Instance<f64>, time: f64, n: usize, near: f64, far: f64) -> (f64, Vec<f64>) {
    let asked = 3 * n.isqrt();
    let closed = |share: f64| error_norms(instance, time, (n, (share * asked as f64) as usize));
    let (near, far) = thread::scope(|scope| {
        let near = scope.spawn(|| closed(near));
        let far = closed(far);
        (near.join().expect("a regular flow"), far)
    });
    let change = |j: usize| (near[j] / far[j] - 1.0).abs();
    ((1..=asked).map(change).fold(0.0, f64::max), far)
}

/// The largest, over the times, of what `by_degree(N, t)` has at the larger N, in units
/// of what it has for j ≤ 2 at the smaller.
fn serves([few, many]: [usize; 2], by_degree: impl Fn(usize, f64) -> Vec<f64>) -> f64 {
    let largest = |values: &[f64]| values.iter().copied().fold(0.0, worse);
    let ratio = |t| largest(&by_degree(many, t)) / largest(&by_degree(few, t)[..2]);
    TIMES.map(ratio).into_iter().fold(0.0, worse)
}

fn run(quick: bool) -> Vec<Row> {
    let (two, three) = (instances::sis(), instances::jump());
    let large = if quick { 100 } else { 400 };
    let (changed, errors) = closure(&two, TIME, large, 1.5, 2.0);
    let small = if quick { 36 } else { 400 };
    // D = 3 has j³ entries: closed no further than need be.
    let (changed_three, _) = closure(&three, 0.5, small, 1.35, 1.5);

    // Closed at √N, the hierarchy is not converged up to there.
    let early = error_norms(&two, TIME, (large, large.isqrt()));
    let matters = (1..early.len()).map(|j| (early[j] / errors[j] - 1.0).abs());
    let matters = matters.fold(0.0, f64::max);

    // Inclusion and exclusion, where it has six digits.
    let exact = exact_error_norms(&two, TIME, (100, 12));
    let own = error_norms(&two, TIME, (100, 30));
    let known = (1..=12).filter(|&j| exact[j].0 > 1e6 * exact[j].1);
    let apart = known.map(|j| (own[j] / exact[j].0 - 1.0).abs());
    let (count, apart) = apart.fold((0, 0.0_f64), |(k, worst), x| (k + 1, worst.max(x)));
    let apart = if count >= 6 { apart } else { f64::NAN };

    let root = large.isqrt();
    let per_factor = |j: usize| errors[j].powf(1.0 / j as f64) * (large as f64).sqrt();
    let even = |j: usize| per_factor(2 * j);
    let gaussian = slope(
        ((root / 2) as f64, even(root / 4)),
        (root as f64, even(root / 2)),
    );

    let numbers = if quick { [25, 100] } else { [100, 400] };
    let reached = numbers.map(|n| {
        let errors = match n {
            _ if n == large => errors.clone(),
            _ => error_norms(&two, TIME, (n, 6 * n.isqrt())),
        };
        reaches_one(|j| sum_over_subsets(&errors, j), 6 * n.isqrt())
    });
    let threshold = slope(
        (numbers[0] as f64, reached[0]),
        (numbers[1] as f64, reached[1]),
    );

    let apart_at = numbers.map(|n| distances(&two, TIME, (n, 3 * numbers[0].isqrt())));
    let root = numbers[0].isqrt();
    let in_n = slope(
        (numbers[0] as f64, apart_at[0][root]),
        (numbers[1] as f64, apart_at[1][root]),
    );
    let last = distances(&two, TIME, (numbers[1], 3 * numbers[1].isqrt()));
    let squared = serves(numbers, |n, t| {
        let apart = distances(&two, t, (n, 3 * n.isqrt()));
        let constant = |j: usize| apart[j] * n as f64 / (j * j) as f64;
        (1..apart.len()).map(constant).collect()
    });
    let most = serves(numbers, |n, t| {
        let errors = error_norms(&two, t, (n, 3 * n.isqrt()));
        let constant = |j: usize| errors[j].powf(1.0 / j as f64) * (n as f64).sqrt() / j as f64;
        (1..=2 * n.isqrt()).map(constant).collect()
    });
    let j = numbers[1].isqrt();
    let in_j = slope((j as f64, last[j]), (3.0 * j as f64, last[3 * j]));

    let at_most = |id, claim: &str, equation, claimed: &str, measured, bound, reason| Row {
        suite: SUITE.name,
        id,
        claim: claim.to_owned(),
        equation,
        claimed: claimed.to_owned(),
        measured,
        bound: Bound::AtMost(bound),
        reason,
        plot: None,
    };
    let one_extrapolation = "one extrapolation in 1/N from N = 100, 200, 400";
    let serving = "corrections of relative size 1/N at the smaller N";
    let mut rows = vec![
        at_most(
            "slopes-two-states",
            "D = 2: exponent of ‖E_j‖ in N, j ≤ 8: distance from ⌈j/2⌉",
            "(22), (119), Corollary 2.4",
            "N^-⌈j/2⌉",
            slopes(&two, 8, TIME),
            0.05,
            one_extrapolation,
        ),
        at_most(
            "slopes-three-states",
            "D = 3: the same, j ≤ 6",
            "(22), (119), Corollary 2.4",
            "N^-⌈j/2⌉",
            slopes(&three, 6, 0.5),
            0.05,
            one_extrapolation,
        ),
        at_most(
            "slopes-levels",
            "two levels, trace norm: the same, j ≤ 4",
            "(22), (119), Corollary 2.4",
            "N^-⌈j/2⌉",
            slopes(&instances::mixed_levels(), 4, 0.3),
            0.05,
            one_extrapolation,
        ),
        at_most(
            "closure-two-states",
            &format!("D = 2, N = {large}: ‖E_j‖, j ≤ 3√N, changes by, closed at 6√N for 4.5√N"),
            "(34), (117)",
            "0",
            changed,
            1e-6,
            "what is left out is smaller for every degree that is added",
        ),
        at_most(
            "closure-three-states",
            &format!("D = 3, N = {small}: the same, closed at 4.5√N for 4.05√N"),
            "(34), (117)",
            "0",
            changed_three,
            1e-6,
            "what is left out is smaller for every degree that is added",
        ),
        Row {
            suite: SUITE.name,
            id: "closure-matters",
            claim: format!("D = 2, N = {large}: ‖E_j‖, j ≤ √N, changes by, closed at √N"),
            equation: "(34), (117)",
            claimed: "visibly".to_owned(),
            measured: matters,
            bound: Bound::AtLeast(1e-3),
            reason: "a closure that could not be seen would not need to converge",
            plot: None,
        },
        at_most(
            "inclusion-exclusion",
            "D = 2, N = 100: ‖E_j‖ against exact marginals, where these have six digits (j ≥ 6)",
            "(18), (107)",
            "0",
            apart,
            1e-5,
            "six digits are required of the reference",
        ),
        at_most(
            "growth-bounded",
            &format!(
                "D = 2: ‖E_j‖^(1/j) √N/j, j ≤ 2√N, N = {}, in units of its value at j ≤ 2, N = {}, \
                 the larger of t = 0.5, 2",
                numbers[1], numbers[0]
            ),
            "(22), (119)",
            "at most 1: one constant serves every N and j",
            most,
            1.05,
            serving,
        ),
        at_most(
            "growth-gaussian",
            &format!(
                "D = 2, N = {large}: ‖E_j‖^(1/j) √N grows like j^1/2 to j = √N: distance from 1/2"
            ),
            "e_4² = 3 Sym(g_{2,0}⊗g_{2,0}) and its like",
            "1/2",
            (gaussian - 0.5).abs(),
            0.15,
            "(j−1)!! to the power 1/j is j^1/2 up to logarithms of j",
        ),
        at_most(
            "subsets-threshold",
            &format!(
                "D = 2: the j at which Σ binom(j,k) ‖E_k‖ = 1 grows like √N, N = {} to {}: distance",
                numbers[0], numbers[1]
            ),
            "(19), (23), (120)",
            "N^1/2",
            (threshold - 0.5).abs(),
            0.08,
            "corrections of relative size N^-1/2",
        ),
        at_most(
            "marginals-slope",
            "D = 2: exponent of ‖F_j − F^⊗j‖ in N at fixed j: distance from 1",
            "(23), (120)",
            "1/N",
            (in_n + 1.0).abs(),
            0.1,
            "corrections of relative size j/N",
        ),
        at_most(
            "marginals-bounded",
            &format!(
                "D = 2: N/j² ‖F_j − F^⊗j‖, j ≤ 3√N, N = {}, in units of its value at j ≤ 2, N = {}, \
                 the larger of t = 0.5, 2",
                numbers[1], numbers[0]
            ),
            "(23), (120)",
            "at most 1: one constant serves every N and j",
            squared,
            1.05,
            serving,
        ),
        at_most(
            "marginals-linear",
            "D = 2: exponent of ‖F_j − F^⊗j‖ in j from √N to 3√N: distance from 1, not 2",
            "(23), (120)",
            "j/N over finitely many states",
            (in_j - 1.0).abs(),
            0.25,
            "a mixture of products differs from them in the second difference of a binomial",
        ),
    ];
    let against_j = |y: &str, label: String, values: &[f64], slope| Plot {
        x: "j".to_owned(),
        y: y.to_owned(),
        curves: vec![Curve {
            label,
            points: (0..)
                .map(f64::from)
                .zip(values.iter().copied())
                .skip(1)
                .collect(),
            slope,
        }],
    };
    for row in &mut rows {
        row.plot = match row.id {
            "growth-bounded" => Some(against_j("‖E_j‖", format!("N = {large}"), &errors, None)),
            "marginals-linear" => {
                let label = format!("N = {}", numbers[1]);
                Some(against_j("‖F_j − F^⊗j‖", label, &last, Some(1.0)))
            }
            _ => None,
        };
    }
    rows
}
