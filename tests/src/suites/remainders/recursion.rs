//! Theorem 1.4: ‖𝓔_j − Σ_{k≤2n} N^{−k/2} 𝓔_j^k‖ on exact data; and with the generator
//! that is printed (31).

use meanfield::abstract_model::norm;
use meanfield::expansion::recursion;
use meanfield::hierarchy::marginal_from_errors;
use meanfield::ode::Options;
use meanfield::prelude::*;
use meanfield::tensor::dense;
use meanfield_testing::worse;

use super::measure::{data, distance};
use super::{EXPONENT, EXTRAPOLATED, NUMBERS, SUITE};
use crate::instances::{self, Instance};
use crate::paper::extrapolated_exponent;
use crate::paper::recursion::{Form, error, members, solve};
use crate::verify::{Bound, Curve, Plot, Row};

/// Highest j.
const HIGHEST: usize = 3;

/// ‖𝓔_j − Σ_{from≤k≤2n} N^{−k/2} 𝓔_j^k‖ at each N, by j.
pub(crate) fn remainders<S: Scalar>(
    instance: &Instance<S>,
    time: f64,
    n: usize,
    from: usize,
) -> Vec<[f64; 3]> {
    let model = &*instance.model;
    let (_, layout, all) = data(instance, time, &NUMBERS, HIGHEST);
    let options = Options {
        tolerance: 1e-13,
        ..Options::default()
    };
    // Order n + ⌈J/2⌉ has every k ≤ 2n for j ≤ J.
    let order = n + HIGHEST.div_ceil(2);
    let mut out = vec![[0.0; 3]; HIGHEST];
    for at in 0..3 {
        recursion::solve(
            model,
            order,
            NUMBERS[at],
            &instance.f,
            &std::collections::BTreeMap::new(),
            &[0.0, time],
            &options,
            |_| true,
            |_, state| {
                for j in 1..=HIGHEST {
                    let mut left = all[at].errors[j].clone();
                    let size = NUMBERS[at] as f64;
                    let scale = size.powf(j as f64 / 2.0);
                    left.iter_mut().for_each(|x| *x = x.scaled(scale));
                    for k in from..=2 * n {
                        if let Some(term) = state.terms().get(&(j, k)) {
                            let weight = size.powf(-(k as f64) / 2.0);
                            for (x, &y) in left.iter_mut().zip(term) {
                                *x -= y.scaled(weight);
                            }
                        }
                    }
                    out[j - 1][at] = norm(model, &layout, j, &left)?;
                }
                Ok::<(), ExpansionError>(())
            },
        )
        .expect("a regular expansion");
    }
    out
}

/// The power of 1/N that the first term left out has: k = 2n+1 or 2n+2, whichever
/// has the parity of j.
fn expected(j: usize, n: usize) -> f64 {
    let k = if j.is_multiple_of(2) {
        2 * n + 2
    } else {
        2 * n + 1
    };
    k as f64 / 2.0
}

fn theorem<S: Scalar>(
    name: &str,
    ids: [&'static str; 2],
    instance: &Instance<S>,
    time: f64,
) -> Vec<Row> {
    (0..2)
        .map(|n| {
            let found = remainders(instance, time, n, 0);
            let gaps = (1..)
                .zip(&found)
                .map(|(j, &values)| (extrapolated_exponent(values) - expected(j, n)).abs());
            let mut row = SUITE.row(
                ids[n],
                format!(
                    "{name}: exponent of ‖𝓔_j − Σ_(k≤{}) N^(−k/2) 𝓔_j^k‖ in N, j ≤ 3: distance \
                     from n+1/2 (j odd), n+1 (j even), n = {n}",
                    2 * n
                ),
                "Theorem 1.4",
                &format!("at least N^-{}", n as f64 + 0.5),
                (gaps.fold(0.0, worse), Bound::AtMost(EXPONENT)),
                EXTRAPOLATED,
            );
            let curve = |(j, &values): (usize, &[f64; 3])| Curve {
                label: format!("j = {j}"),
                points: NUMBERS.iter().map(|&n| n as f64).zip(values).collect(),
                slope: Some(-expected(j, n)),
            };
            row.plot = Some(Plot {
                x: "N".to_owned(),
                y: format!("remainder of 𝓔_j, n = {n}"),
                curves: (1..).zip(&found).map(curve).collect(),
            });
            row
        })
        .collect()
}

/// The exponent of ‖F_1 − F_1^{N,2}‖ by the dense recursion in that form.
pub(crate) fn exponent_of(form: Form) -> f64 {
    const TIME: f64 = 0.5;
    let instance = instances::correlated_jump();
    let (model, f0) = (&*instance.model, &instance.f);
    let (f, layout, all) = data(&instance, TIME, &NUMBERS, 1);
    let left = [0, 1, 2].map(|at| {
        let n = NUMBERS[at];
        let terms = solve(model, f0, (n, TIME), &members(2, n), form);
        let first = dense::to_packed(&layout, &error(&terms, 3, n, 1));
        let found = marginal_from_errors(&layout, &f, 1, &[vec![1.0], first]).unwrap();
        distance(model, &layout, 1, &found, &all[at].marginals[1])
    });
    extrapolated_exponent(left)
}

pub(super) fn rows() -> Vec<Row> {
    let mut rows = theorem(
        "jump",
        ["theorem-jump-0", "theorem-jump-1"],
        &instances::correlated_jump(),
        0.5,
    );
    rows.extend(theorem(
        "two levels",
        ["theorem-levels-0", "theorem-levels-1"],
        &instances::mixed_levels(),
        0.4,
    ));
    rows.push(SUITE.row(
        "generator",
        "U_j generated by K^j + T_j/N + D_j: exponent of ‖F_1 − F_1^{N,2}‖ in N: distance from 3"
            .to_owned(),
        "(41)",
        "N^-3",
        (
            (exponent_of(Form::Corrected) - 3.0).abs(),
            Bound::AtMost(0.2),
        ),
        EXTRAPOLATED,
    ));
    rows
}
