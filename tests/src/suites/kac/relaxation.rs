//! Maxwell molecules: stress and heat flux at every N, in closed form.
//!
//! Momentum M = Σv and energy are conserved, so the mean of the traceless stress
//! P = ⟨v_x²⟩ − ⟨|v|²⟩/d and of q = ⟨v_x|v|²⟩ obey closed equations for independent
//! particles at rest as a whole. With X = Σ v v^T, of which each pair takes
//! −(u u^T − |u|²/d)/2 at rate 1/N,
//!
//! > P(t) = P_0/N + (1 − 1/N) P_0 e^{−t/2},
//! >
//! > q' = −a q + (1/N)[q_0 (d+1)/(2d) − σ/d],   a = (d−1)/(2d),
//! >
//! > σ = s + (q_0 − s) e^{−t/2},   s = q_0/d + (q_0/N)(1 − 1/d),
//!
//! σ = ⟨(X M)_x⟩/N. So P ends at order 1/N, q at order 1/N².

use meanfield::abstract_model::problems::Noise;
use meanfield::models::kac::{CrossSection, KacHermite};
use meanfield::prelude::*;
use meanfield_testing::worse;

use super::{dot, expand, functional, row};

use crate::verify::{Bound, Row};

/// One beyond the last order of q.
const ORDER: usize = 3;
/// The degree of q.
const DEGREE: usize = 3;
const TIMES: [f64; 4] = [0.0, 0.5, 2.0, 6.0];

/// A state in Hermite functions of no symmetry at all, at rest.
fn skew(model: &KacHermite, dimension: usize) -> Vec<f64> {
    let mut noise = Noise::new(7);
    let size = model.space().dimension();
    let mut f: Vec<f64> = (0..size).map(|_| 0.2 * (noise.uniform() - 0.5)).collect();
    // Each component of the velocity is a multiple of one Hermite function.
    for name in &["vx", "vy", "vz"][..dimension] {
        let v = functional(model, name);
        let excess = dot(&v, &f) / dot(&v, &v);
        f.iter_mut().zip(&v).for_each(|(f, v)| *f -= excess * v);
    }
    f[0] = 0.0;
    let trace = model.space().trace_of(&f);
    let mut unit = vec![0.0; size];
    unit[0] = 1.0;
    f[0] = (1.0 - trace) / model.space().trace_of(&unit);
    f
}

/// P at N⁰ … N⁻³ in units of P_0.
fn stress(t: f64) -> [f64; ORDER + 1] {
    let decay = (-t / 2.0).exp();
    [decay, 1.0 - decay, 0.0, 0.0]
}

/// q at N⁰ … N⁻³ in units of q_0.
fn heat(d: f64, t: f64) -> [f64; ORDER + 1] {
    let a = (d - 1.0) / (2.0 * d);
    let (fast, slow) = ((-t / 2.0).exp(), (-a * t).exp());
    // ∫_0^t e^{−a(t−τ)} dτ, and the same with e^{−τ/2}.
    let (constant, decaying) = ((1.0 - slow) / a, (slow - fast) / (0.5 - a));
    let limit = [1.0 / d, 1.0 - 1.0 / d];
    let first = ((d + 1.0) / 2.0 - limit[0]) * constant - (1.0 - limit[0]) * decaying;
    let second = limit[1] * (decaying - constant);
    [slow, first / d, second / d, 0.0]
}

/// The largest distance of ⟨v_x²⟩ − ⟨|v|²⟩/d and of q, every order and time, in
/// units of their start.
fn distances(dimension: usize) -> [f64; 2] {
    let model = KacHermite::new(dimension, DEGREE, 0.9, CrossSection::Maxwell).expect("it fits");
    let f = skew(&model, dimension);
    let d = dimension as f64;
    let names = ["txx", "m2", "qx"].map(|name| functional(&model, name));
    let read = |f: &[f64]| {
        let [txx, m2, qx] = [0, 1, 2].map(|k| dot(&names[k], f));
        [txx - m2 / d, qx]
    };
    let start = read(&f);
    let mut worst = [0.0; 2];
    let found = expand(&model, &f, ORDER, &TIMES, |g| {
        [0, 1, 2, 3].map(|l| read(g.get(1, l).expect("within the order")))
    });
    for (t, orders) in TIMES.into_iter().zip(found) {
        for (k, owed) in [stress(t), heat(d, t)].into_iter().enumerate() {
            for (values, owed) in orders.iter().zip(owed) {
                worst[k] = worse(worst[k], (values[k] / start[k] - owed).abs());
            }
        }
    }
    worst
}

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    let mut out = Vec::new();
    for (dimension, ids) in [
        (2, ["stress-plane", "heat-plane"]),
        (3, ["stress-space", "heat-space"]),
    ] {
        let what = ["⟨v_x²⟩ − ⟨|v|²⟩/d", "the heat flux ⟨v_x|v|²⟩"];
        let claimed = ["none beyond 1/N", "none beyond 1/N²"];
        for (k, measured) in distances(dimension).into_iter().enumerate() {
            out.push(row(
                ids[k],
                format!(
                    "Maxwell, {dimension}D, a start of no symmetry: {} at each order to 1/N^{ORDER} \
                     against the closed form at every N",
                    what[k]
                ),
                "theory, section 5",
                claimed[k],
                measured,
                Bound::AtMost(1e-9),
                "tolerance 1e-12 per step of the integrator",
            ));
        }
    }
    out
}
