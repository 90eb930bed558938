//! Lattices: what the limit and every coefficient keep, entropy, positivity.

use meanfield::models::kac::{CrossSection, Kac, KacHermite};
use meanfield::prelude::*;
use meanfield_testing::worse;

use super::{dot, expand, flow, functional, row};
use crate::instances;
use crate::verify::{Bound, Row};

const SECTIONS: [CrossSection; 3] = [
    CrossSection::Maxwell,
    CrossSection::HardSphere,
    CrossSection::Power(0.5),
];

/// Mass, momentum and energy as functionals.
fn invariants(model: &dyn Model<Scalar = f64>) -> Vec<Vec<f64>> {
    let mut out = vec![model.space().trace().to_vec()];
    let known = model.capabilities().observable_names();
    for name in ["vx", "vy", "vz", "energy"] {
        if known.iter().any(|other| other == name) {
            out.push(functional(model, name));
        }
    }
    out
}

/// The largest change of an invariant in the limit, and the largest invariant of a coefficient
/// f_{1,m}, m ≥ 1.
fn drift(model: &dyn Model<Scalar = f64>, f: &[f64], order: usize) -> (f64, f64) {
    let keep = invariants(model);
    let values = expand(model, f, order, &[0.0, 0.5, 2.0], |g| {
        let of = |m: usize| -> Vec<f64> {
            let coefficient = g.get(1, m).unwrap_or(&[]);
            keep.iter().map(|a| dot(a, coefficient)).collect()
        };
        (of(0), (1..=order).map(of).collect::<Vec<_>>())
    });
    let (mut limit, mut coefficients) = (0.0, 0.0);
    for (zeroth, higher) in &values {
        for (x, y) in zeroth.iter().zip(&values[0].0) {
            limit = worse(limit, (x - y).abs());
        }
        for x in higher.iter().flatten() {
            coefficients = worse(coefficients, x.abs());
        }
    }
    (limit, coefficients)
}

/// The rows of this file.
pub(super) fn rows(quick: bool) -> Vec<Row> {
    let mut found = (0.0, 0.0);
    let lattices: &[(usize, f64, usize)] = if quick {
        &[(2, 1.0, 3), (2, 2.0, 1), (3, 1.0, 2)]
    } else {
        &[(2, 1.0, 3), (2, 2.0, 2), (3, 1.0, 3), (3, 2.0, 1)]
    };
    for &(dimension, radius, order) in lattices {
        for section in SECTIONS {
            let model = Kac::lattice(dimension, radius, section).expect("a lattice");
            let f = instances::kac(dimension, radius).f;
            let (limit, coefficients) = drift(&model, &f, order);
            found = (worse(found.0, limit), worse(found.1, coefficients));
        }
    }
    let mut hermite = 0.0;
    for section in SECTIONS {
        let model = KacHermite::new(2, 3, 1.0, section).expect("small");
        let f = model
            .velocities()
            .gaussian(&[0.5, -0.2], 0.6)
            .expect("narrow");
        let (limit, coefficients) = drift(&model, &f, 2);
        hermite = worse(hermite, worse(limit, coefficients));
    }
    let (rise, least) = relaxation();
    let bound = Bound::AtMost(1e-11);
    let reason = "rounding, summed over some tens of steps; coefficients are of order ten";
    let what = "mass, momentum, energy";
    vec![
        row(
            "lattice-conservation",
            format!("{what} of the limit are constant, all cross sections"),
            "(80), (81)",
            "0",
            found.0,
            bound,
            reason,
        ),
        row(
            "lattice-coefficients",
            format!("{what} of every f_(1,m), m = 1 to 3, vanish"),
            "Tr E_j = 0; (81)",
            "0",
            found.1,
            bound,
            reason,
        ),
        row(
            "lattice-h-theorem",
            "−Σ F ln F grows along the flow, least rise between samples".to_owned(),
            "(80)",
            "> 0",
            rise,
            Bound::AtLeast(1e-6),
            "two beams relax at rates of order one: the rise is still 1e-5 at the last sample",
        ),
        row(
            "lattice-positivity",
            "a start on two velocities: least entry of F at t > 0".to_owned(),
            "(3)",
            "≥ 0",
            least,
            Bound::AtLeast(0.0),
            "positivity is kept exactly, up to the integrator's tolerance; zero entries fill at once",
        ),
        entropy_series(quick),
        row(
            "hermite-conservation",
            format!("Hermite, 2D, degree 3, all cross sections: {what}, limit and coefficients"),
            "(80), (81)",
            "0",
            hermite,
            bound,
            reason,
        ),
    ]
}

/// −Σ F ln F.
fn entropy(f: &[f64]) -> f64 {
    -f.iter()
        .filter(|&&x| x != 0.0)
        .map(|x| x * x.ln())
        .sum::<f64>()
}

/// The least rise of the entropy between samples, over the cross sections; the
/// least entry of F from a start on two velocities.
fn relaxation() -> (f64, f64) {
    let times: Vec<f64> = (0..=16).map(|k| 0.125 * f64::from(k)).collect();
    let (mut rise, mut least) = (f64::INFINITY, f64::INFINITY);
    for section in SECTIONS {
        let model = Kac::lattice(2, 2.0, section).expect("a lattice");
        let states = flow(&model, &model.beams(1.5, 0.4).expect("beams"), &times);
        for pair in states.windows(2) {
            rise = -worse(-rise, entropy(&pair[0]) - entropy(&pair[1]));
        }
        let at = |v: [f64; 2]| model.velocities().iter().position(|w| w[..] == v);
        let mut cold = vec![0.0; model.velocities().len()];
        for v in [[1.0, 0.0], [-1.0, 1.0]] {
            if let Some(a) = at(v) {
                cold[a] = 0.5;
            }
        }
        for f in &flow(&model, &cold, &times)[1..] {
            least = f.iter().fold(least, |m, &x| -worse(-m, -x));
        }
    }
    (rise, least)
}

/// The entropy of F_1 as a series in 1/N against that of exact marginals.
fn entropy_series(quick: bool) -> Row {
    let instance = instances::kac(2, 1.0);
    let series = expand(&*instance.model, &instance.f, 2, &[0.0, 1.0], |g| {
        let kind = instance.model.capabilities().observable("entropy")?;
        g.evaluate(&*instance.model, "entropy", &kind).ok()?.value
    });
    let particles: &[usize] = if quick { &[8, 16, 32] } else { &[10, 20, 40] };
    let errors: Vec<f64> = particles
        .iter()
        .map(|&n| {
            let solved =
                meanfield::exact::solve(&*instance.model, &instance.product(), n, &[1.0], 1, None);
            let exact = entropy(solved.expect("it fits").marginal(0, 1).unwrap());
            let approximate = series[1].as_ref().map_or(f64::NAN, |s| s[0].at(n as f64));
            (exact - approximate).abs()
        })
        .collect();
    let local: Vec<f64> = errors.windows(2).map(|w| (w[0] / w[1]).log2()).collect();
    row(
        "lattice-entropy-series",
        "entropy of F_1 to 1/N² against exact N-body: exponent in N, extrapolated, from 3"
            .to_owned(),
        "Corollary A.2",
        "N^-3",
        (2.0 * local[1] - local[0] - 3.0).abs(),
        Bound::AtMost(0.15),
        "one extrapolation in 1/N leaves a term of order 1/N²",
    )
}
