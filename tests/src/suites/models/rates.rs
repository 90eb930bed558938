//! Rates that are functions, over thousands of states.
//!
//! Every pair of particles on a ring of D sites steps up together, at rate c over N. For
//! N particles the marginals are closed: with S one step up, A = S − 1 and F_t =
//! e^{tcA}F,
//!
//! > F_1^N(t) = e^{tc(1−1/N)A}F,
//! > F_2^N(t) = exp t\[c(1−2/N)(A⊗1 + 1⊗A) + (c/N)(S⊗S − 1)\] F⊗F,
//!
//! so that f_{1,1} = −tc A F_t and, as S⊗S − 1 = A⊗1 + 1⊗A + A⊗A, g_{2,0} = tc A F_t ⊗ A F_t.

use std::f64::consts::TAU;

use meanfield::prelude::*;
use meanfield_testing::worse;
use num_complex::Complex64;

use super::SUITE;
use crate::verify::{Bound, Row};

/// The rate c.
const RATE: f64 = 0.7;
/// The time t.
const TIME: f64 = 0.02;

/// The largest defect of F, f_{1,1} and g_{2,0}, each over its largest entry.
fn defect(states: usize) -> Option<f64> {
    let up = move |s: usize| (s + 1) % states;
    let together = move |a, b| [((up(a), up(b)), RATE)];
    let model = JumpProcess::new(states, |_| [], together).ok()?;
    // A wave of four sites: m and A m are its amplitudes in F_t and A F_t.
    let step = Complex64::cis(-TAU / 4.0) - 1.0;
    let (start, end) = (0.5, 0.5 * (step * RATE * TIME).exp());
    let wave = |amplitude: Complex64| -> Vec<f64> {
        let sites = (0..states).map(|s| amplitude * Complex64::cis(TAU / 4.0 * s as f64));
        sites.map(|z| z.re / states as f64).collect()
    };
    let constant = 1.0 / states as f64;
    let density = |amplitude| wave(amplitude).iter().map(|x| constant + x).collect();
    let (f, moved): (Vec<f64>, _) = (density(end), wave(step * end));
    let start = Start::Product {
        f: density(start.into()),
    };
    let mut settings = Settings::new(1, vec![0.0, TIME]);
    settings.tolerance = 1e-7;
    let mut worst = None;
    let solved = solve(&model, &start, &settings, |k, found| {
        if k == 1 {
            let first = moved.iter().map(|x| -TIME * RATE * x);
            let pairs = (0..states).flat_map(|b| (0..=b).map(move |a| (a, b)));
            let second = pairs.map(|(a, b)| TIME * RATE * moved[a] * moved[b]);
            worst = [
                gap(found.mean_field(), f.iter().copied()),
                gap(found.get(1, 1).unwrap_or(&[]), first),
                gap(found.get(2, 0).unwrap_or(&[]), second),
            ]
            .into_iter()
            .reduce(worse);
        }
        Ok::<(), ExpansionError>(())
    });
    solved.ok()?;
    worst
}

/// The largest difference over the largest entry expected.
fn gap(found: &[f64], expected: impl Iterator<Item = f64>) -> f64 {
    let (mut gap, mut size, mut count) = (0.0, 0.0_f64, 0);
    for (x, y) in found.iter().zip(expected) {
        gap = worse(gap, (x - y).abs());
        size = size.max(y.abs());
        count += 1;
    }
    if count == found.len() && count > 0 {
        gap / size
    } else {
        f64::NAN
    }
}

/// The row of this file: 2000 states take some seconds a step.
pub(super) fn rows(quick: bool) -> Vec<Row> {
    let states = if quick { 400 } else { 2000 };
    vec![Row {
        suite: SUITE.name,
        id: "rates-thousands",
        claim: format!(
            "pairs that step together on a ring of {states} sites, rates as functions: F, f_1,1 and \
             g_2,0 against the closed form"
        ),
        equation: "(17), (26)–(27)",
        claimed: "0".to_owned(),
        measured: defect(states).unwrap_or(f64::NAN),
        bound: Bound::AtMost(1e-9),
        reason: "polynomials in t of low degree, which the steps integrate to rounding",
        plot: None,
    }]
}
