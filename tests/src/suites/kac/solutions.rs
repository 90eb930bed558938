//! Bobylev–Krook–Wu: the solution of the limit equation that is known in closed form.

use meanfield::models::hermite::{VelocityBasis, bkw_rate};
use meanfield::models::kac::{Caricature, CrossSection, KacHermite};
use meanfield::prelude::*;
use meanfield_testing::worse;

use super::{flow, row};
use crate::verify::{Bound, Row};

/// Times of the comparison.
const TIMES: [f64; 4] = [0.0, 1.0, 4.0, 12.0];

/// The largest distance of a coefficient of the flow from that of κ = 1 − A e^{−λt}.
fn distance(model: &dyn Model<Scalar = f64>, basis: &VelocityBasis, a: f64, rate: f64) -> f64 {
    let bkw = |a: f64| basis.bkw(a).expect("within its range");
    let states = flow(model, &bkw(a), &TIMES);
    let mut worst = 0.0;
    for (t, f) in TIMES.iter().zip(states) {
        for (x, y) in f.iter().zip(bkw(a * (-rate * t).exp())) {
            worst = worse(worst, (x - y).abs());
        }
    }
    worst
}

/// The entropy of a state, NaN where it has none.
fn entropy(model: &dyn Model<Scalar = f64>, f: &[f64]) -> f64 {
    let Some(ObservableKind::OfMarginal(function)) = model.capabilities().observable("entropy")
    else {
        return f64::NAN;
    };
    (function.evaluate)(&[f]).map_or(f64::NAN, |s| s[0].coefficients()[0])
}

/// The rows of this file.
pub(super) fn rows(quick: bool) -> Vec<Row> {
    let caricature = Caricature::new(if quick { 10 } else { 24 }, 0.9).expect("a degree");
    let line = distance(&caricature, caricature.velocities(), 2.0 / 3.0, 1.0 / 8.0);
    let [plane, space] = [
        (2, if quick { 6 } else { 8 }),
        (3, if quick { 4 } else { 5 }),
    ]
    .map(|(d, degree)| {
        let section = CrossSection::Maxwell;
        let model = KacHermite::new(d, degree, 0.9, section).expect("it fits");
        let a = 2.0 / (d + 2) as f64;
        distance(&model, model.velocities(), a, bkw_rate(d))
    });
    let bound = Bound::AtMost(1e-9);
    let reason = "tolerance 1e-12 per step of the integrator";
    let claim = |what: &str, rate: &str| {
        format!("{what}: the BKW state at its largest A stays one, κ = 1 − A e^(−{rate})")
    };
    let model = Caricature::new(6, 1.0).expect("a degree");
    let states = flow(
        &model,
        &model.bkw(0.2).expect("in range"),
        &[0.0, 2.0, 4.0, 8.0, 16.0],
    );
    let entropies: Vec<f64> = states.iter().map(|f| entropy(&model, f)).collect();
    let rise = entropies
        .windows(2)
        .map(|w| w[1] - w[0])
        .fold(f64::INFINITY, f64::min);
    let left = entropies
        .iter()
        .fold(rise, |m, s| if s.is_nan() { f64::NAN } else { m });
    vec![
        row(
            "bkw-caricature",
            claim("caricature", "t/8"),
            "reference D",
            "0",
            line,
            bound,
            reason,
        ),
        row(
            "bkw-plane",
            claim("Maxwell, 2D", "t/8"),
            "theory, section 5",
            "0",
            plane,
            bound,
            reason,
        ),
        row(
            "bkw-space",
            claim("Maxwell, 3D", "t/6"),
            "theory, section 5",
            "0",
            space,
            bound,
            reason,
        ),
        row(
            "entropy-bkw",
            "caricature: −∫f ln f of a BKW state (A = 0.2) grows, least rise over five times"
                .to_owned(),
            "(80)",
            "> 0",
            left,
            Bound::AtLeast(1e-6),
            "the deviation from equilibrium, of second order, has fallen to 1e-5 by the last time",
        ),
    ]
}
