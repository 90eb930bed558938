//! Moments of Kac's caricature: degree, exact N-body, expansion.

use meanfield::models::kac::{Caricature, CrossSection, KacHermite};
use meanfield::prelude::*;
use meanfield_testing::worse;

use super::{closed, dot, expand, functional, row};
use crate::verify::{Bound, Row};

/// Sums over the sector and Taylor steps, relative to moments of order ten.
const ROUNDING: f64 = 1e-10;
const BY_ROUNDING: &str = "rounding of an evolution by Taylor series, moments of order ten";
/// The integrator's tolerance of 1e-12 per step, over some tens of steps.
const FLOW: f64 = 1e-9;
const BY_FLOW: &str = "tolerance 1e-12 per step of the integrator";

/// A start with a mean, so that odd moments are there to be forgotten.
fn start(model: &Caricature) -> Vec<f64> {
    let basis = model.velocities();
    basis
        .gaussian(&[0.7], 0.4)
        .expect("within the weighted space")
}

/// ⟨v^p⟩ of the start, p = 0 … 6: a Gaussian of mean 0.7 and variance 0.4.
fn moments() -> Vec<f64> {
    let (u, s) = (0.7, 0.4);
    let mut out = vec![1.0, u];
    for p in 2..=6 {
        out.push(u * out[p - 1] + (p - 1) as f64 * s * out[p - 2]);
    }
    out
}

fn model(degree: usize) -> Caricature {
    Caricature::new(degree, 0.9).expect("a degree and a temperature")
}

/// ⟨F_j, a_1⊗…⊗a_j⟩.
fn mixed(layout: &SymmetricLayout, tensor: &[f64], functionals: &[&[f64]]) -> f64 {
    let mut left = tensor.to_vec();
    for (k, a) in functionals.iter().enumerate() {
        left = layout.contract(functionals.len() - k, a, &left);
    }
    left[0]
}

/// The coefficients of ⟨a⟩ at t = 1, to order 3.
fn series(model: &dyn Model<Scalar = f64>, f: &[f64], a: &[f64], order: usize) -> Vec<f64> {
    let all = expand(model, f, order, &[0.0, 1.0], |g| {
        (0..=order)
            .map(|m| g.get(1, m).map_or(f64::NAN, |f| dot(a, f)))
            .collect::<Vec<_>>()
    });
    all[1].clone()
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x - y).abs()).fold(0.0, worse)
}

/// The rows of this file.
pub(super) fn rows(quick: bool) -> Vec<Row> {
    let mut out = degrees(quick);
    out.extend(exact(quick));
    out.extend(expansions());
    out
}

fn degrees(quick: bool) -> Vec<Row> {
    let at = |degree: usize, name: &str| {
        let m = model(degree);
        series(&m, &start(&m), &functional(&m, name), 3)
    };
    let more: &[usize] = if quick { &[6] } else { &[6, 8] };
    let high = if quick { 7 } else { 8 };
    let mut found = distance(&at(6, "m6"), &at(high, "m6"));
    for &degree in more {
        found = worse(found, distance(&at(4, "m4"), &at(degree, "m4")));
    }
    let plane = |degree: usize, name: &str| {
        let m = KacHermite::new(2, degree, 1.0, CrossSection::Maxwell).expect("small");
        let f = m.velocities().gaussian(&[0.7, 0.3], 0.5).expect("narrow");
        series(&m, &f, &functional(&m, name), 2)
    };
    let mut maxwell = distance(&plane(2, "txx"), &plane(4, "txx"));
    maxwell = worse(maxwell, distance(&plane(3, "qx"), &plane(4, "qx")));
    if !quick {
        maxwell = worse(maxwell, distance(&plane(4, "m4"), &plane(5, "m4")));
    }
    vec![
        row(
            "caricature-degree",
            format!(
                "caricature: coefficients of m4 (degrees 4, {more:?}), m6 (6, {high}) to order 3 agree"
            ),
            "theory, section 4",
            "0",
            found,
            Bound::AtMost(FLOW),
            BY_FLOW,
        ),
        row(
            "maxwell-degree",
            "Maxwell molecules, 2D: moments to order 2 do not depend on the degree".to_owned(),
            "theory, section 4",
            "0",
            maxwell,
            Bound::AtMost(FLOW),
            BY_FLOW,
        ),
    ]
}

fn exact(quick: bool) -> Vec<Row> {
    let times = [0.5, 2.0];
    let mu = moments();
    let fourths: &[usize] = if quick {
        &[2, 3, 8]
    } else {
        &[2, 3, 8, 20, 40]
    };
    let sixths: &[usize] = if quick { &[3, 6] } else { &[3, 6, 12] };
    let (mut formula, mut fourth, mut sixth) = (0.0, 0.0, 0.0);

    let m = model(4);
    let (p2, p4) = (functional(&m, "m2"), functional(&m, "m4"));
    let layout = SymmetricLayout::new(m.space().dimension(), 3).expect("small");
    let begin = Start::Product { f: start(&m) };
    for &n in fourths {
        let found = meanfield::exact::solve(&m, &begin, n, &times, 2, None).expect("it fits");
        for (k, &t) in times.iter().enumerate() {
            let expected = closed::fourth().at(n, &[mu[4], mu[2] * mu[2]], t);
            let m4 = mixed(&layout, found.marginal(k, 1).unwrap(), &[&p4]);
            let m22 = mixed(&layout, found.marginal(k, 2).unwrap(), &[&p2, &p2]);
            fourth = worse(fourth, distance(&[m4, m22], &expected));
            // Reference D at ⟨v²⟩ = 1; moments scale with the energy.
            let (n, scale) = (n as f64, mu[2] * mu[2]);
            let decay = (-(n + 2.0) * t / (4.0 * n)).exp();
            let delta = mu[4] / scale - 3.0;
            let closed = 3.0 + delta * (3.0 / (n + 2.0) + (n - 1.0) / (n + 2.0) * decay);
            formula = worse(formula, (m4 - scale * closed).abs());
        }
    }

    let m = model(6);
    let [p2, p4, p6] = ["m2", "m4", "m6"].map(|name| functional(&m, name));
    let layout = SymmetricLayout::new(m.space().dimension(), 3).expect("small");
    let begin = Start::Product { f: start(&m) };
    for &n in sixths {
        let found = meanfield::exact::solve(&m, &begin, n, &times, 3, None).expect("it fits");
        for (k, &t) in times.iter().enumerate() {
            let start = [mu[6], mu[4] * mu[2], mu[2].powi(3)];
            let expected = closed::sixth().at(n, &start, t);
            let measured = [
                mixed(&layout, found.marginal(k, 1).unwrap(), &[&p6]),
                mixed(&layout, found.marginal(k, 2).unwrap(), &[&p4, &p2]),
                mixed(&layout, found.marginal(k, 3).unwrap(), &[&p2, &p2, &p2]),
            ];
            sixth = worse(sixth, distance(&measured, &expected));
        }
    }
    let largest = fourths[fourths.len() - 1];
    let claim = |what: &str| format!("caricature, exact N-body: {what}");
    vec![
        row(
            "caricature-m4-closed-form",
            claim(&format!("m4 = 3 + δ[3/(N+2) + …], N = 2 … {largest}")),
            "reference D",
            "0",
            formula,
            Bound::AtMost(ROUNDING),
            BY_ROUNDING,
        ),
        row(
            "caricature-m4-exact",
            claim("m4, m22 solve their closed hierarchy"),
            "theory, section 5",
            "0",
            fourth,
            Bound::AtMost(ROUNDING),
            BY_ROUNDING,
        ),
        row(
            "caricature-m6-exact",
            claim("m6, m42, m222 solve their closed hierarchy"),
            "theory, section 5",
            "0",
            sixth,
            Bound::AtMost(ROUNDING),
            BY_ROUNDING,
        ),
    ]
}

fn expansions() -> Vec<Row> {
    let mu = moments();
    let m = model(6);
    let f = start(&m);
    let compare = |name: &str, expected: Series| {
        let found = series(&m, &f, &functional(&m, name), 3);
        distance(&found, expected.coefficients())
    };
    let fourth = closed::fourth().series(4, &[mu[4], mu[2] * mu[2]], 1.0);
    let sixth = closed::sixth().series(4, &[mu[6], mu[4] * mu[2], mu[2].powi(3)], 1.0);
    [
        ("caricature-m4-series", "m4", fourth),
        ("caricature-m6-series", "m6", sixth),
    ]
    .map(|(id, name, series)| {
        row(
            id,
            format!(
                "caricature: coefficients of {name} to 1/N³ against those of the closed hierarchy"
            ),
            "Corollary A.2",
            "0",
            compare(name, series[0].clone()),
            Bound::AtMost(FLOW),
            BY_FLOW,
        )
    })
    .to_vec()
}
