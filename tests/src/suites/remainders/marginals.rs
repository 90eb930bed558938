//! Truncations of (19) and (33): which E_ℓ may be left out (24), Remark 1.6; the
//! optimal rate (Corollary 1.7).

use meanfield::abstract_model::norm;
use meanfield::expansion::recursion;
use meanfield::hierarchy::marginal_from_errors;
use meanfield::ode::Options;
use meanfield::prelude::*;

use super::measure::{data, distance};
use super::{EXPONENT, EXTRAPOLATED, NUMBERS, SUITE};
use crate::class::Class;
use crate::each;
use crate::instances::{self, Instance};
use crate::paper::{extrapolated, extrapolated_exponent};
use crate::verify::{Bound, Curve, Plot, Row};

const TIME: f64 = 0.5;
/// Degree of the marginal.
const DEGREE: usize = 4;
/// Numbers of particles for (24): its corrections are of relative size DEGREE²/N.
const MANY: [usize; 3] = [40, 80, 160];

fn against_n(y: &str, numbers: [usize; 3], curves: Vec<(String, [f64; 3], f64)>) -> Plot {
    let curve = |(label, values, slope): (String, [f64; 3], f64)| Curve {
        label,
        points: numbers.iter().map(|&n| n as f64).zip(values).collect(),
        slope: Some(-slope),
    };
    Plot {
        x: "N".to_owned(),
        y: y.to_owned(),
        curves: curves.into_iter().map(curve).collect(),
    }
}

/// (24): ‖F_4 − Σ_{ℓ≤k} F^{⊗(4−ℓ)} ⊙ E_ℓ‖ with exact E_ℓ. What is left begins with
/// E_{k+1} = O(N^{−⌈(k+1)/2⌉}), at least the half powers of (24).
fn half_powers() -> Vec<Row> {
    let instance = instances::correlated_jump();
    let (f, layout, all) = data(&instance, TIME, &MANY, DEGREE);
    let ids = ["half-powers-1", "half-powers-2", "half-powers-3"];
    (1..=3)
        .zip(ids)
        .map(|(k, id)| {
            let left = [0, 1, 2].map(|at| {
                let kept =
                    marginal_from_errors(&layout, &f, DEGREE, &all[at].errors[..=k]).unwrap();
                let exact = &all[at].marginals[DEGREE];
                distance(&*instance.model, &layout, DEGREE, &kept, exact)
            });
            let expected = (k + 1).div_ceil(2) as f64;
            let found = extrapolated_exponent(left);
            let mut row = SUITE.row(
                id,
                format!(
                    "F_4 from E_ℓ with ℓ ≤ {k}: exponent of what is left in N: distance from \
                     ⌈{}/2⌉ = {expected}",
                    k + 1
                ),
                "(24)",
                &format!("at least N^-{}", (k + 1) as f64 / 2.0),
                ((found - expected).abs(), Bound::AtMost(EXPONENT)),
                "one extrapolation in 1/N from N = 40, 80, 160",
            );
            let label = format!("ℓ ≤ {k}");
            row.plot = Some(against_n(
                "what is left of F_4",
                MANY,
                vec![(label, left, expected)],
            ));
            row
        })
        .collect()
}

/// Remark 1.6 at n = 1, j = 4: (33) with E_ℓ^n for ℓ ≤ 2n, and for ℓ ≤ n only.
fn remark() -> Vec<Row> {
    let instance = instances::correlated_jump();
    let (model, order) = (&*instance.model, 1);
    let (_, layout, all) = data(&instance, TIME, &NUMBERS, DEGREE);
    let options = Options {
        tolerance: 1e-12,
        ..Options::default()
    };
    let left = |highest: usize| {
        [0, 1, 2].map(|at| {
            let mut found = f64::NAN;
            recursion::solve(
                model,
                order,
                NUMBERS[at],
                &instance.f,
                &std::collections::BTreeMap::new(),
                &[0.0, TIME],
                &options,
                |_| true,
                |_, state| {
                    let errors: Vec<Vec<f64>> =
                        (0..=highest).map(|l| state.error(&layout, l)).collect();
                    let kept =
                        marginal_from_errors(&layout, state.one_body(), DEGREE, &errors).unwrap();
                    let exact = &all[at].marginals[DEGREE];
                    found = distance(model, &layout, DEGREE, &kept, exact);
                    Ok::<(), ExpansionError>(())
                },
            )
            .expect("a regular expansion");
            found
        })
    };
    let (kept, lost) = (left(2 * order), left(order));
    let plot = against_n(
        "‖F_4 − F_4^{N,1}‖",
        NUMBERS,
        vec![
            ("ℓ ≤ 2n".to_owned(), kept, 2.0),
            ("ℓ ≤ n".to_owned(), lost, 1.0),
        ],
    );
    let mut rows = vec![
        SUITE.row(
            "remark-kept",
            "F_4 at n = 1 from E_ℓ with ℓ ≤ 2n: exponent in N: distance from 2".to_owned(),
            "Remark 1.6, corrected",
            "N^-2",
            (
                (extrapolated_exponent(kept) - 2.0).abs(),
                Bound::AtMost(EXPONENT),
            ),
            EXTRAPOLATED,
        ),
        SUITE.row(
            "remark-lost",
            "F_4 at n = 1 from E_ℓ with ℓ ≤ n, as printed: exponent in N: distance from 2"
                .to_owned(),
            "Remark 1.6 as printed",
            "N^-1, one order lost",
            (
                (extrapolated_exponent(lost) - 2.0).abs(),
                Bound::AtLeast(0.9),
            ),
            "E_2 is of order 1/N",
        ),
    ];
    rows.iter_mut()
        .for_each(|row| row.plot = Some(plot.clone()));
    rows
}

/// Corollary 1.7: the distance of N‖F_1 − F‖, at N → ∞, from ‖e_1¹‖, relative, and
/// ‖e_1¹‖; with the curve.
fn optimal<S: Scalar>(instance: &Instance<S>) -> (f64, f64, Plot) {
    let model = &*instance.model;
    let (f, layout, all) = data(instance, TIME, &NUMBERS, 1);
    let scaled: Vec<f64> = (all.iter())
        .map(|of| of.particles as f64 * distance(model, &layout, 1, &of.marginals[1], &f))
        .collect();
    let limit = extrapolated(scaled.iter().map(|&x| vec![x]).collect())[0];
    let mut settings = Settings::new(1, vec![0.0, TIME]);
    settings.tolerance = 1e-12;
    let mut first = f64::NAN;
    solve(model, &instance.product(), &settings, |_, g| {
        let e = g.correlation_errors(1);
        first = norm(model, &layout, 1, e[1].term(1)).expect("finite");
        Ok::<(), ExpansionError>(())
    })
    .expect("a regular expansion");
    let values = [0, 1, 2].map(|k| scaled[k] / NUMBERS[k] as f64);
    let plot = against_n(
        "‖F_1 − F‖",
        NUMBERS,
        vec![("exact".to_owned(), values, 1.0)],
    );
    ((limit / first - 1.0).abs(), first, plot)
}

pub(super) fn rows() -> Vec<Row> {
    let mut rows = half_powers();
    rows.extend(remark());
    let names = [
        ("optimal-jump", "optimal-positive-jump"),
        ("optimal-levels", "optimal-positive-levels"),
    ];
    for (class, (id, positive)) in Class::TWO.into_iter().zip(names) {
        let (gap, first, plot) = each!(class, instance => optimal(&instance));
        let name = class.name();
        let mut of_limit = SUITE.row(
            id,
            format!("{name}: N‖F_1 − F‖ → ‖e_1¹‖, extrapolated from N = 20, 40, 80: relative gap"),
            "Corollary 1.7",
            "0",
            (gap, Bound::AtMost(1e-3)),
            "a parabola in 1/N leaves (1/N)³",
        );
        of_limit.plot = Some(plot);
        rows.push(of_limit);
        rows.push(SUITE.row(
            positive,
            format!("{name}: ‖e_1¹‖, so that 1/N is the rate"),
            "Corollary 1.7",
            "> 0",
            (first, Bound::AtLeast(1e-3)),
            "an effect, not rounding",
        ));
    }
    rows
}
