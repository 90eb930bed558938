//! One-axis twisting against its closed form: the mean spin, and the squeezing
//! parameter with its series in 1/N.

use meanfield::exact::closed_form::one_axis_twisting::OneAxisTwisting as ClosedForm;
use meanfield::models::levels::{Dissipation, OneAxisTwisting};
use meanfield::prelude::*;

use super::{SUITE, coefficients, largest_difference, row};
use crate::verify::{Bound, Row};

/// The rows of this file.
pub(super) fn rows(quick: bool) -> Vec<Row> {
    let mut out = coefficients_and_parameter(quick);
    out.extend(squeezing_series());
    out
}

/// c_1, c_2, c_3 of ⟨σx⟩ = cos^{N−1}(2t/N), and the squeezing parameter at
/// N = 100 from exact marginals against the closed form.
fn coefficients_and_parameter(quick: bool) -> Vec<Row> {
    let model = OneAxisTwisting { chi: 1.0 }
        .model(Dissipation::default(), 1.0)
        .expect("valid parameters");
    let user = model.bloch(1.0, 0.0, 0.0).expect("a pure state");
    let f = one_body_state(&model, "F", &user).expect("a state");
    let start = Start::Product { f };
    let t: f64 = 0.8;
    let sx = Observable::named(&model, "sx").expect("two levels");
    let found: Vec<f64> = coefficients(&model, &start, 3, t, 1)
        .iter()
        .map(|c| sx.mean(c))
        .collect();
    let expected = [
        1.0,
        -2.0 * t.powi(2),
        2.0 * t.powi(2) + 2.0 * t.powi(4),
        -16.0 / 3.0 * t.powi(4) - 4.0 / 3.0 * t.powi(6),
    ];
    let n = if quick { 50 } else { 400 };
    let solved = meanfield::exact::solve(&model, &start, n, &[t], 2, None).expect("bosons");
    let layout = SymmetricLayout::new(4, 2).expect("small");
    let pair = meanfield::expansion::ExactPair {
        layout: &layout,
        first: solved.marginal(0, 1).unwrap(),
        second: Some(solved.marginal(0, 2).unwrap()),
        particles: n,
    };
    let Some(ObservableKind::OfMoments(squeezing)) = model.capabilities().observable("squeezing")
    else {
        unreachable!("two levels have it");
    };
    let measured = pair
        .derived(&model, &squeezing)
        .expect("fits")
        .expect("a polarised state");
    let closed = ClosedForm::along_x(1.0, n as u32)
        .squeezing(t)
        .expect("a polarised state");
    vec![
        row(
            "twisting",
            "one-axis twisting: coefficients of <sx> to 1/N³",
            "closed form",
            largest_difference(&found, &expected),
            1e-9,
        ),
        row(
            "twisting-squeezing",
            &format!("one-axis twisting: squeezing parameter of {n} atoms from exact marginals"),
            "closed form",
            (measured.coefficients()[0] - closed).abs(),
            1e-9,
        ),
    ]
}

/// The squeezing parameter truncated at each order against its closed form:
/// the exponent of the difference in N, extrapolated once.
fn squeezing_series() -> Vec<Row> {
    let model = OneAxisTwisting { chi: 1.0 }
        .model(Dissipation::default(), 1.0)
        .expect("valid parameters");
    let user = model.bloch(1.0, 0.0, 0.0).expect("a pure state");
    let f = one_body_state(&model, "F", &user).expect("a state");
    let t = 0.8;
    // A variance at order n takes the cumulants of order n + 1.
    let mut settings = Settings::new(3, vec![0.0, t]);
    settings.tolerance = 1e-13;
    let mut series = Vec::new();
    solve(&model, &Start::Product { f }, &settings, |_, g| {
        let kind = model
            .capabilities()
            .observable("squeezing")
            .expect("two levels have it");
        let found = g.evaluate(&model, "squeezing", &kind)?.value;
        series = found.map_or_else(Vec::new, |value| value[0].coefficients().to_vec());
        Ok::<(), ExpansionError>(())
    })
    .expect("a regular expansion");
    let particles = [50, 100, 200, 400];
    let ids = [
        "twisting-squeezing-series-0",
        "twisting-squeezing-series-1",
        "twisting-squeezing-series-2",
    ];
    ids.into_iter()
        .enumerate()
        .map(|(order, id)| {
            let error = |n: u32| {
                let powers = (0..=order as i32).map(|m| f64::from(n).powi(-m));
                let sum: f64 = powers.zip(&series).map(|(power, c)| power * c).sum();
                let closed = ClosedForm::along_x(1.0, n).squeezing(t);
                (sum - closed.unwrap_or(f64::NAN)).abs()
            };
            let errors = particles.map(error);
            let local = crate::suites::rates::exponents(&errors);
            let target = (order + 1) as f64;
            Row {
                suite: SUITE.name,
                id,
                claim: format!(
                    "one-axis twisting, t = {t}: squeezing to N^-{order} ({:.4}) against the \
                     closed form, N to {}: exponent, extrapolated once: distance from {target}",
                    series.get(order).copied().unwrap_or(f64::NAN),
                    particles[3]
                ),
                equation: "Corollary 1.5",
                claimed: format!("N^-{target}"),
                measured: (2.0 * local[2] - local[1] - target).abs(),
                bound: Bound::AtMost(0.05),
                reason: "one extrapolation in 1/N leaves a term of order 1/N²",
                plot: None,
            }
        })
        .collect()
}
