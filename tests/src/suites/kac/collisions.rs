//! Q from V against its own formula, by quadrature over velocities.
//!
//! > ∫ φ Q(f, g) dv = ∫∫ f(v₁) g(v₂) B(|v₁−v₂|) [ ⟨φ(v₁′)⟩ − φ(v₁) ] dv₁ dv₂
//!
//! for every φ of degree ≤ M. The rules used here (trapezoid in the centre of mass, double
//! exponential in the relative speed, equal angles) share nothing with the Gauss rules and
//! rotations the model is made of.

use std::f64::consts::TAU;

use meanfield::abstract_model::problems::Noise;
use meanfield::models::hermite::VelocityBasis;
use meanfield::models::kac::{Caricature, CrossSection, KacHermite};
use meanfield::prelude::*;
use meanfield_testing::worse;
use ndarray::{Array2, ArrayView2};

use super::row;
use crate::verify::{Bound, Row};

/// Temperature of the reference Gaussian.
const TEMPERATURE: f64 = 0.8;
/// What the rules below leave, with room: 3e-11 was found.
const QUADRATURE: f64 = 1e-10;
const BY_QUADRATURE: &str = "what the quadrature over velocities leaves";

/// Q(f, g) as the model computes it.
fn q(model: &dyn Model<Scalar = f64>, f: &[f64], g: &[f64]) -> Vec<f64> {
    let column = |x| ArrayView2::from_shape((f.len(), 1), x).expect("a column");
    let mut out = Array2::zeros((f.len(), 1));
    model
        .interaction()
        .add_q_product(1.0, column(f), column(g), out.view_mut());
    out.into_iter().collect()
}

/// h_α(v/√T) for every α, by √(n+1) h_{n+1} = u h_n − √n h_{n−1} in each component.
fn functions(basis: &VelocityBasis, v: &[f64]) -> Vec<f64> {
    let one = |v: f64| {
        let u = v / TEMPERATURE.sqrt();
        let mut h = vec![1.0, u];
        for n in 1..basis.degree() {
            let next = u * h[n] - (n as f64).sqrt() * h[n - 1];
            h.push(next / ((n + 1) as f64).sqrt());
        }
        h
    };
    let components: Vec<Vec<f64>> = v.iter().map(|&v| one(v)).collect();
    let value = |index: &[usize; 3]| -> f64 {
        let factors = components.iter().zip(index);
        factors.map(|(h, &n)| h[n]).product()
    };
    basis.indices().iter().map(value).collect()
}

/// Two arbitrary elements of L.
fn elements(size: usize) -> (Vec<f64>, Vec<f64>) {
    let mut noise = Noise::new(11);
    (noise.vector::<f64>(size), noise.vector::<f64>(size))
}

fn pairing(c: &[f64], h: &[f64]) -> f64 {
    c.iter().zip(h).map(|(x, y)| x * y).sum()
}

/// The weak form for the caricature: the trapezoid rule over both velocities, angles by equal
/// steps.
fn caricature() -> f64 {
    let model = Caricature::new(5, TEMPERATURE).expect("a degree");
    let basis = model.velocities();
    let (f, g) = elements(basis.len());
    let found = q(&model, &f, &g);
    let step = 0.4;
    let nodes: Vec<f64> = (-22..=22).map(|k| f64::from(k) * step).collect();
    let mut expected = vec![0.0; found.len()];
    let density = |v: f64| (-v * v / (2.0 * TEMPERATURE)).exp() / (TAU * TEMPERATURE).sqrt();
    for &v in &nodes {
        let at_v = functions(basis, &[v]);
        for &w in &nodes {
            let weight = step * step * density(v) * density(w);
            let both = weight * pairing(&f, &at_v) * pairing(&g, &functions(basis, &[w]));
            if both.abs() < 1e-18 {
                continue;
            }
            let mut change: Vec<f64> = at_v.iter().map(|x| -x).collect();
            for k in 0..12 {
                let (sin, cos) = (TAU * f64::from(k) / 12.0).sin_cos();
                let rotated = functions(basis, &[cos * v - sin * w]);
                change
                    .iter_mut()
                    .zip(rotated)
                    .for_each(|(x, y)| *x += y / 12.0);
            }
            expected
                .iter_mut()
                .zip(change)
                .for_each(|(x, y)| *x += both * y);
        }
    }
    let differences = found.iter().zip(&expected).map(|(x, y)| (x - y).abs());
    differences.fold(0.0, worse)
}

/// The weak form in the plane, for several exponents at once.
fn plane() -> f64 {
    let sections = [
        CrossSection::Maxwell,
        CrossSection::HardSphere,
        CrossSection::Power(0.5),
    ];
    let gammas = [0.0, 1.0, 0.5];
    let models = sections.map(|s| KacHermite::new(2, 3, TEMPERATURE, s).expect("small"));
    let basis = models[0].velocities();
    let (f, g) = elements(basis.len());
    let mut expected = vec![vec![0.0; basis.len()]; 3];
    let centres: Vec<f64> = (-14..=14).map(|k| 0.4 * f64::from(k)).collect();
    let angles = 16;
    let unit: Vec<[f64; 2]> = (0..angles)
        .map(|k| {
            let (sin, cos) = (TAU * (f64::from(k) + 0.3) / f64::from(angles)).sin_cos();
            [cos, sin]
        })
        .collect();
    let spacing = 0.05;
    // r = exp(s − e^{−s}), dr = r(1 + e^{−s}) ds.
    let radii: Vec<(f64, f64)> = (-66..=52)
        .map(|k| {
            let s = f64::from(k) * spacing;
            let r = (s - (-s).exp()).exp();
            (r, r * (1.0 + (-s).exp()) * spacing)
        })
        .collect();
    for (&x, &y) in centres
        .iter()
        .flat_map(|x| centres.iter().map(move |y| (x, y)))
    {
        // V has variance T/2 in each component, w has 2T.
        let centre = 0.16 * (-(x * x + y * y) / TEMPERATURE).exp() / (0.5 * TAU * TEMPERATURE);
        for &(r, dr) in &radii {
            let gauss = (-r * r / (4.0 * TEMPERATURE)).exp() / (2.0 * TAU * TEMPERATURE);
            let measure = centre * gauss * r * dr * TAU / f64::from(angles);
            if measure < 1e-19 {
                continue;
            }
            let at: Vec<Vec<f64>> = unit
                .iter()
                .map(|n| functions(basis, &[x + 0.5 * r * n[0], y + 0.5 * r * n[1]]))
                .collect();
            let mut mean = vec![0.0; basis.len()];
            for h in &at {
                mean.iter_mut()
                    .zip(h)
                    .for_each(|(m, h)| *m += h / f64::from(angles));
            }
            let half = at.len() / 2;
            for (k, h) in at.iter().enumerate() {
                // v₂ = V − w/2 is v₁ of the opposite angle.
                let weight = measure * pairing(&f, h) * pairing(&g, &at[(k + half) % at.len()]);
                for (sum, gamma) in expected.iter_mut().zip(gammas) {
                    let rate = r.powf(gamma);
                    for (s, (m, h)) in sum.iter_mut().zip(mean.iter().zip(h)) {
                        *s += weight * rate * (m - h);
                    }
                }
            }
        }
    }
    let mut worst = 0.0;
    for (model, expected) in models.iter().zip(&expected) {
        for (x, y) in q(model, &f, &g).iter().zip(expected) {
            worst = worse(worst, (x - y).abs());
        }
    }
    worst
}

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    [
        ("q-caricature", "caricature, degree 5", caricature()),
        (
            "q-hermite",
            "Maxwell, hard spheres, γ = 0.5 in 2D, degree 3",
            plane(),
        ),
    ]
    .map(|(id, what, measured)| {
        row(
            id,
            format!("{what}: Q(f,g) from V against the integral over velocities"),
            "(17), (80), (101)",
            "0",
            measured,
            Bound::AtMost(QUADRATURE),
            BY_QUADRATURE,
        )
    })
    .to_vec()
}
