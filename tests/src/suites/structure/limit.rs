//! The limit equation (15), (80), (102) keeps states, and its linearisation is
//! its derivative (26), (27).

use meanfield::hierarchy::{mean_field_flow, propagator};
use meanfield::ode::Options;
use meanfield::prelude::*;
use meanfield::tensor::dense;
use meanfield_testing::worse;

use super::{INTEGRATED, exactly};
use crate::class::Class;
use crate::each;
use crate::instances::Instance;
use crate::paper::drive;
use crate::paper::size::{least, size};
use crate::verify::Row;

const TIME: f64 = 1.0;

fn options() -> Options {
    Options {
        tolerance: 1e-13,
        ..Options::default()
    }
}

/// F at t = 0, 0.25 … 1.
fn flow<S: Scalar>(model: &dyn Model<Scalar = S>, f: &[S]) -> Vec<Vec<S>> {
    let times: Vec<f64> = (0..=4).map(|k| TIME * f64::from(k) / 4.0).collect();
    mean_field_flow(model, f, &times, &options()).expect("a regular flow")
}

/// Trace, norm and positivity of F(t), and its distance from the literal
/// equation ∂t F = K F + Tr²(V(F⊗F)).
fn keeps<S: Scalar>(instance: &Instance<S>) -> f64 {
    let model = &*instance.model;
    let states = flow(model, &instance.f);
    let literal = drive(model, &instance.f, &[], &[0.0, TIME], 1e-13, |_, _| {
        Vec::new()
    });
    let pairs = states[4].iter().zip(&literal[1].f);
    let mut found = pairs.map(|(&x, &y)| (x - y).modulus()).fold(0.0, worse);
    for f in &states {
        let trace = model.space().trace_of(f) - S::from_re(1.0);
        found = worse(found, trace.modulus());
        if matches!(model.space().norm(), Norm::L1 | Norm::Trace { .. }) {
            let tensor = dense::vector(f);
            found = worse(found, (size(model, &tensor) - 1.0).abs());
            found = worse(found, (-least(model, &tensor)).max(0.0));
        }
    }
    found
}

/// Change of the mean of each of the named one-body observables along F(t).
fn drift<S: Scalar>(instance: &Instance<S>, names: &[&str]) -> f64 {
    let states = flow(&*instance.model, &instance.f);
    let change = |name: &&str| {
        let a = Observable::named(&*instance.model, name).expect("the model names it");
        let means: Vec<S> = states.iter().map(|f| a.mean(f)).collect();
        let gaps = means.iter().map(|&m| (m - means[0]).modulus());
        gaps.fold(0.0, worse)
    };
    names.iter().map(change).fold(0.0, worse)
}

/// ⟨h⟩ + ½⟨v⟩ of a Hamiltonian model along F(t).
fn energy_drift<S: Scalar>(instance: &Instance<S>) -> f64 {
    let model = &*instance.model;
    let hamiltonian = model
        .capabilities()
        .hamiltonian
        .expect("a Hamiltonian model");
    let (h, v) = (hamiltonian.one_body(), hamiltonian.pair());
    let d = h.nrows();
    let layout = SymmetricLayout::new(instance.f.len(), 1).expect("small");
    let energy = |f: &Vec<S>| {
        let user = to_user(model, &layout, 1, f);
        let rho = |x: usize, y: usize| user[[x * d + y].as_slice()];
        let mut sum = num_complex::Complex64::ZERO;
        for a in 0..d {
            for b in 0..d {
                sum += h[[a, b]] * rho(b, a);
                for c in 0..d {
                    for e in 0..d {
                        sum += v[[a * d + b, c * d + e]] * rho(c, a) * rho(e, b) * 0.5;
                    }
                }
            }
        }
        sum.re
    };
    let energies: Vec<f64> = flow(model, &instance.f).iter().map(energy).collect();
    let gaps = energies.iter().map(|e| (e - energies[0]).abs());
    gaps.fold(0.0, worse)
}

/// Distance of U_1⁰(t,0) G from the central difference of fourth order of the
/// mean-field flow in the direction G, relative to the largest entry.
fn derivative<S: Scalar>(instance: &Instance<S>) -> f64 {
    const STEP: f64 = 2e-4;
    let (model, f) = (&*instance.model, &instance.f);
    let times = [0.0, TIME];
    let u = &propagator(model, f, &times, &options()).expect("a regular flow")[1];
    let g: Vec<S> = problems::Noise::new(17).vector(f.len());
    let at = |x: f64| {
        let moved: Vec<S> = f.iter().zip(&g).map(|(&a, &b)| a + b.scaled(x)).collect();
        let states = mean_field_flow(model, &moved, &times, &options());
        states.expect("a regular flow").swap_remove(1)
    };
    let [a, b, c, d] = [-2.0, -1.0, 1.0, 2.0].map(|k| at(k * STEP));
    let (mut gap, mut scale) = (0.0, 0.0);
    for k in 0..f.len() {
        let difference = ((c[k] - b[k]).scaled(8.0) - (d[k] - a[k])).scaled(1.0 / (12.0 * STEP));
        let image: S = u.row(k).iter().zip(&g).map(|(&x, &y)| x * y).sum();
        gap = worse(gap, (image - difference).modulus());
        scale = worse(scale, image.modulus());
    }
    gap / scale
}

pub(super) fn rows() -> Vec<Row> {
    let reason = "integrations at a tolerance of 1e-13";
    let mut rows = exactly(
        "limit",
        "F(t), t ≤ 1: the literal right-hand side gives the same; trace 1; norm 1 and positive \
         where states are",
        "(15), (16), (80), (102), (C)",
        INTEGRATED,
        reason,
    )
    .rows(
        &Class::ALL,
        |class| each!(class, instance => keeps(&instance)),
    );
    rows.extend(
        exactly(
            "conserved",
            "the limit equation keeps momentum and energy (quantum: the mean-field energy)",
            "(15), (80), Povzner",
            INTEGRATED,
            reason,
        )
        .rows(
            &[Class::Kac, Class::Povzner, Class::Levels, Class::Hartree],
            |class| match class {
                Class::Kac => {
                    each!(class, instance => drift(&instance, &["vx", "vy", "energy"]))
                }
                Class::Povzner => {
                    each!(class, instance => drift(&instance, &["vx", "energy"]))
                }
                _ => each!(class, instance => energy_drift(&instance)),
            },
        ),
    );
    rows.extend(
        exactly(
            "linearised",
            "U_1⁰(t,0) is the derivative of the mean-field flow, by differences of fourth order",
            "(26), (27)",
            1e-8,
            "differences of order h⁴ at h = 2e-4 from flows at a tolerance of 1e-13",
        )
        .rows(
            &Class::ALL,
            |class| each!(class, instance => derivative(&instance)),
        ),
    );
    rows
}
