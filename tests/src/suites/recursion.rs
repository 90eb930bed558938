//! Suite `recursion`: the three forms of the expansion agree with each other,
//! and have the structure the paper gives them.

mod leading;

use std::collections::BTreeMap;

use meanfield::abstract_model::norm;
use meanfield::expansion::{coefficients, recursion};
use meanfield::ode::Options;
use meanfield::prelude::*;

use crate::instances::{self, Instance};
use crate::verify::{Bound, Row, Suite};

/// The suite.
pub const SUITE: Suite = Suite {
    name: "recursion",
    about: "forms (a), (b), (c) of the expansion against each other",
    ids: &[
        "b-c-custom",
        "b-c-levels",
        "b-c-fixed-counts",
        "a-b-custom",
        "a-b-levels",
        "parity",
        "zero-trace",
        "consistency",
        "leading-power",
        "wick",
        "g2-is-e2",
        "half-powers-even",
        "half-powers-odd",
    ],
    run,
};

/// Order at which the forms are compared.
const ORDER: usize = 3;
/// Relative tolerance per step of the integrator.
const TOLERANCE: f64 = 1e-12;
/// Errors of some tens of steps add up, in coefficients of order one to a
/// hundred.
const INTEGRATED: f64 = 1e-9;

fn options() -> Options {
    Options {
        tolerance: TOLERANCE,
        ..Options::default()
    }
}

fn settings(order: usize, time: f64, marginals: usize) -> Settings {
    let mut settings = Settings::new(order, vec![0.0, time]);
    settings.tolerance = TOLERANCE;
    settings.marginals = marginals;
    settings
}

/// The series of E_0 … E_highest by form (c).
fn by_cumulants<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    time: f64,
    highest: usize,
) -> Vec<TensorSeries<S>> {
    let mut out = Vec::new();
    solve(model, start, &settings(ORDER, time, highest), |_, g| {
        out = g.correlation_errors(highest);
        Ok::<(), ExpansionError>(())
    })
    .expect("a regular expansion");
    out
}

/// e_j^m by form (b).
fn by_coefficients<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    time: f64,
) -> BTreeMap<(usize, usize), Vec<S>> {
    let initial = coefficients::initial_errors(model, start, ORDER).expect("a start that fits");
    let mut out = BTreeMap::new();
    coefficients::solve(
        model,
        ORDER,
        start.one_body(),
        &initial,
        &[0.0, time],
        &options(),
        |_| true,
        |_, e| {
            out = e.coefficients().clone();
            Ok::<(), ExpansionError>(())
        },
    )
    .expect("a regular expansion");
    out
}

/// The largest |(b) − (c)| relative to the largest entry of the coefficient
/// (at least 1), over every e_j^m of the order.
fn forms_b_and_c<S: Scalar>(model: &dyn Model<Scalar = S>, start: &Start<S>, time: f64) -> f64 {
    let c = by_cumulants(model, start, time, 2 * ORDER);
    let mut worst = 0.0_f64;
    for ((j, m), e) in by_coefficients(model, start, time) {
        let size = e.iter().map(|x| x.modulus()).fold(1.0, f64::max);
        for (&x, &y) in e.iter().zip(c[j].term(m)) {
            worst = worst.max((x - y).modulus() / size);
        }
    }
    worst
}

/// Exponents of ‖(a) − (b)‖ between N = 100 and 200, their largest distance
/// from n+1, n = 1 … 3, j = 1, 2.
fn forms_a_and_b<S: Scalar>(instance: &Instance<S>, time: f64) -> f64 {
    let (model, start) = (&*instance.model, instance.product());
    let layout = SymmetricLayout::new(model.space().dimension(), 2 * ORDER).expect("small");
    let mut worst = 0.0_f64;
    for order in 1..=ORDER {
        let mut series = Vec::new();
        solve(model, &start, &settings(order, time, 2), |_, g| {
            series = g.marginals(2);
            Ok::<(), ExpansionError>(())
        })
        .expect("a regular expansion");
        let distance = |particles: usize, j: usize| {
            let mut found = Vec::new();
            recursion::solve(
                model,
                order,
                particles,
                &instance.f,
                &BTreeMap::new(),
                &[0.0, time],
                &options(),
                |_| true,
                |_, state| {
                    found = state.marginal(&layout, j)?;
                    Ok::<(), ExpansionError>(())
                },
            )
            .expect("a regular expansion");
            let plain = series[j].at(particles as f64, order);
            let difference: Vec<_> = found.iter().zip(plain).map(|(&x, y)| x - y).collect();
            norm(model, &layout, j, &difference).expect("finite")
        };
        for j in 1..=2 {
            let exponent = (distance(100, j) / distance(200, j)).log2();
            worst = worst.max((exponent - (order + 1) as f64).abs());
        }
    }
    worst
}

/// The largest 𝓔_j^k with j+k odd when all are integrated, relative to the
/// largest of all.
fn odd_terms(instance: &Instance<num_complex::Complex64>, time: f64) -> f64 {
    use meanfield::ode::{OdeError, integrate};
    let model = &*instance.model;
    let mut system =
        recursion::RecursionSystem::new(model, 2, 10, recursion::Terms::All).expect("small");
    let start = system.start(&instance.f, &BTreeMap::new()).expect("fits");
    let reader = system.reader();
    let (mut odd, mut even) = (0.0_f64, 0.0_f64);
    integrate(&mut system, &start, &[0.0, time], &options(), |_, y| {
        for (&(j, k), term) in reader(y).terms() {
            let size = term.iter().map(|x| x.modulus()).fold(0.0, f64::max);
            if (j + k) % 2 == 1 {
                odd = odd.max(size);
            } else {
                even = even.max(size);
            }
        }
        Ok::<(), OdeError>(())
    })
    .expect("a regular flow");
    odd / even
}

/// What the cumulants of one instance say about the structure.
#[derive(Default)]
struct Structure {
    trace: f64,
    consistency: f64,
}

fn structure<S: Scalar>(instance: &Instance<S>, time: f64) -> Structure {
    let model = &*instance.model;
    let trace = model.space().trace();
    let size = |x: &[S]| x.iter().map(|v| v.modulus()).fold(0.0, f64::max);
    let mut found = Structure::default();
    solve(
        model,
        &instance.product(),
        &settings(ORDER, time, 4),
        |k, g| {
            if k == 0 {
                return Ok::<(), ExpansionError>(());
            }
            let layout = g.layout();
            for j in 1..=ORDER + 1 {
                for l in 0..=ORDER + 1 - j {
                    let (Some(values), false) = (g.get(j, l), (j, l) == (1, 0)) else {
                        continue;
                    };
                    let traced = size(&layout.contract(j, trace, values));
                    found.trace = found.trace.max(traced / size(values));
                }
            }
            let marginals = g.marginals(4);
            for j in 1..=4 {
                for m in 0..=ORDER {
                    let term = marginals[j].term(m);
                    let lowered = layout.contract(j, trace, term);
                    let below = marginals[j - 1].term(m);
                    let gap: Vec<_> = lowered.iter().zip(below).map(|(&x, &y)| x - y).collect();
                    found.consistency = found.consistency.max(size(&gap) / size(term));
                }
            }
            Ok(())
        },
    )
    .expect("a regular expansion");
    found
}

fn row(
    id: &'static str,
    claim: &str,
    equation: &'static str,
    claimed: &str,
    measured: f64,
    (bound, reason): (f64, &'static str),
) -> Row {
    SUITE.row(
        id,
        claim,
        equation,
        claimed,
        (measured, Bound::AtMost(bound)),
        reason,
    )
}

fn run(_quick: bool) -> Vec<Row> {
    let (jump, levels) = (instances::jump(), instances::mixed_levels());
    let fixed = Start::FixedCounts { f: jump.f.clone() };
    let same = (INTEGRATED, "two integrations at a tolerance of 1e-12");
    let slope = (0.15, "terms of relative order 1/N at N = 100");
    let rounding = (
        1e-12,
        "rounding of the right-hand side, added up over the steps",
    );
    let exact = (0.0, "nothing feeds them");
    let both = [structure(&jump, 1.0), structure(&levels, 0.5)];
    let worst = |of: fn(&Structure) -> f64| both.iter().map(of).fold(0.0, f64::max);
    let order = "Remark 1.8, order 3";
    let mut rows = vec![
        row(
            "b-c-custom",
            "custom: (b) equals (c), every e_j^m",
            order,
            "0",
            forms_b_and_c(&*jump.model, &jump.product(), 1.0),
            same,
        ),
        row(
            "b-c-levels",
            "levels: (b) equals (c), every e_j^m",
            order,
            "0",
            forms_b_and_c(&*levels.model, &levels.product(), 0.5),
            same,
        ),
        row(
            "b-c-fixed-counts",
            "custom, fixed counts: (b) equals (c)",
            order,
            "0",
            forms_b_and_c(&*jump.model, &fixed, 1.0),
            same,
        ),
        row(
            "a-b-custom",
            "custom: (a) − (b) falls like N^-(n+1), n = 1, 2, 3",
            "Theorem 1.4, Remark 1.8",
            "exponent n+1",
            forms_a_and_b(&jump, 1.0),
            slope,
        ),
        row(
            "a-b-levels",
            "levels: (a) − (b) falls like N^-(n+1), n = 1, 2, 3",
            "Theorem 1.4, Remark 1.8",
            "exponent n+1",
            forms_a_and_b(&levels, 0.5),
            slope,
        ),
        row(
            "parity",
            "the terms of the recursion with j+k odd vanish",
            "(25), Proposition 2.3",
            "0",
            odd_terms(&instances::arrays(), 0.3),
            exact,
        ),
        row(
            "zero-trace",
            "every slot of every g_{j,l} but F is traceless",
            "(18)",
            "0",
            worst(|s| s.trace),
            rounding,
        ),
        row(
            "consistency",
            "Tr^j f_{j,m} = f_{j-1,m}, j ≤ 4, m ≤ 3",
            "(2), (87)",
            "0",
            worst(|s| s.consistency),
            rounding,
        ),
    ];
    rows.extend(leading::rows());
    rows
}
