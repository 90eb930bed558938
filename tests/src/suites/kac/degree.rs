//! Convergence in the Hermite degree where collisions do not keep it.

use meanfield::models::kac::{CrossSection, KacHermite};
use meanfield_testing::worse;

use super::{dot, expand, functional, row};
use crate::verify::{Bound, Row};

/// Coefficients of 1 and 1/N of ⟨vx²⟩ at t = 1, hard beams along x.
fn coefficients(degree: usize, section: CrossSection) -> [f64; 2] {
    // The temperature of the start: width² + speed²/2.
    let model = KacHermite::new(2, degree, 0.82, section).expect("it fits");
    let f = model.beams(0.8, 0.5_f64.sqrt()).expect("narrow");
    let a = functional(&model, "txx");
    let found = expand(&model, &f, 1, &[0.0, 1.0], |g| {
        [0, 1].map(|m| g.get(1, m).map_or(f64::NAN, |f| dot(&a, f)))
    });
    found[1]
}

/// The rows of this file.
pub(super) fn rows(quick: bool) -> Vec<Row> {
    let degrees: &[usize] = if quick { &[2, 4, 6] } else { &[2, 4, 6, 8] };
    [
        ("hard-spheres-degree", "hard spheres", CrossSection::HardSphere),
        ("half-power-degree", "γ = 0.5", CrossSection::Power(0.5)),
    ]
    .map(|(id, name, section)| {
        let values: Vec<[f64; 2]> = degrees.iter().map(|&m| coefficients(m, section)).collect();
        let steps: Vec<[f64; 2]> = values
            .windows(2)
            .map(|w| [0, 1].map(|m| (w[1][m] - w[0][m]).abs()))
            .collect();
        // The mean ratio of successive changes, of a sequence that falls all the way.
        let mean = |m: usize| {
            let falls = steps.windows(2).all(|w| w[1][m] < w[0][m]);
            let ratio = steps[steps.len() - 1][m] / steps[0][m];
            let mean = ratio.powf(1.0 / (steps.len() - 1) as f64);
            if falls { mean } else { f64::NAN }
        };
        let ratio = worse(mean(0), mean(1));
        let list = |m: usize| {
            let steps: Vec<String> = steps.iter().map(|s| format!("{:.1e}", s[m])).collect();
            steps.join(", ")
        };
        row(
            id,
            format!(
                "{name}, 2D: ⟨vx²⟩ changes by {} and its 1/N coefficient by {} at degrees {degrees:?}; mean ratio",
                list(0),
                list(1)
            ),
            "theory, section 4",
            "falls",
            ratio,
            Bound::AtMost(0.25),
            "a smooth state: two degrees more gain a factor of four on average",
        )
    })
    .to_vec()
}
