//! The Ehrenfest theorem in a harmonic trap and Galilean invariance, order by
//! order, to what the grid resolves.

use std::f64::consts::PI;

use meanfield::abstract_model::ObservableKind;
use meanfield::models::hartree::{Hartree, Potential, Trap};
use meanfield::prelude::*;
use num_complex::Complex64;

use super::physics::Physics;
use super::{expansion, row, worse};
use crate::verify::{Bound, Row};

/// Relative tolerance per step.
const TOLERANCE: f64 = 1e-9;
/// What the steps leave, where the tail is less.
const STEPS: f64 = 1e-7;
const BY_TAIL: &str = "the larger of the tail the grid cuts off and 1e-7 for the steps";

/// |⟨F, field⟩| of a field of the model, component by component.
fn field(model: &Hartree, name: &str, f: &[Complex64]) -> Vec<f64> {
    match model.observable(name) {
        Some(ObservableKind::Field(field)) => (field.mean)(f),
        _ => vec![f64::NAN],
    }
}

/// The probability of the outermost cells of a line, in space and in momentum.
pub(super) fn edge_weight(model: &Hartree, f: &[Complex64]) -> f64 {
    let edge = |name: &str| -> f64 {
        let weights = field(model, name, f);
        weights[0].abs() + weights[weights.len() - 1].abs()
    };
    edge("density") + edge("momentum")
}

/// The largest norm of a row ⟨k|F|·⟩ for the two outermost momenta on either
/// side: an amplitude, where the weight is its square.
fn edge_amplitude(model: &Hartree, f: &[Complex64]) -> f64 {
    let n = model.grid().points();
    let wave = |k: usize, x: usize| {
        let phase = 2.0 * PI * ((k * x) % n) as f64 / n as f64;
        Complex64::cis(-phase) / (n as f64).sqrt()
    };
    let row = |k: usize| -> f64 {
        let element = |y: usize| -> Complex64 { (0..n).map(|x| wave(k, x) * f[x * n + y]).sum() };
        (0..n).map(|y| element(y).norm_sqr()).sum::<f64>().sqrt()
    };
    // The Nyquist momentum and its neighbours, of which the boost moves one over.
    (n / 2 - 1..=n / 2 + 1).map(row).fold(0.0, worse)
}

pub(super) fn rows(quick: bool) -> Vec<Row> {
    let mut out = ehrenfest(quick);
    out.extend(galilei(quick));
    out
}

/// Points of the line.
fn size(quick: bool) -> usize {
    if quick { 14 } else { 20 }
}

/// ⟨x⟩ and ⟨p⟩ of the limit follow the classical orbit, and those of the 1/N
/// coefficient vanish: by Newton's third law the pair force drops out.
fn ehrenfest(quick: bool) -> Vec<Row> {
    let n = size(quick);
    let (omega, mass, center, momentum) = (0.9, 1.3, 0.6, 0.4);
    // Cells as wide in x√(mω/ħ) as in p/√(mħω).
    let hbar = 0.8;
    let unit = f64::sqrt(hbar / (mass * omega));
    let physics = Physics {
        dimension: 1,
        points: n,
        length: unit * (2.0 * PI * n as f64).sqrt(),
        hbar,
        mass,
        potential: Potential::Gaussian {
            strength: 0.8,
            width: 0.9,
        },
        trap: Some(Trap::Harmonic { omega }),
    };
    let model = physics.model();
    let width = unit / 2.0_f64.sqrt();
    let f = model
        .gaussian(&[center], &[width], &[momentum])
        .expect("on the grid");
    let times: Vec<f64> = (0..=3).map(|k| 0.5 * f64::from(k)).collect();
    let [x, p] = ["x", "p"].map(|name| Observable::named(&model, name).expect("it is known"));
    let (mut defects, mut tails, mut changes) = ([0.0; 2], [0.0; 2], 0.0);
    let mut index = 0;
    expansion(&model, &f, 1, &times, TOLERANCE, |g| {
        let (cos, sin) = ((omega * times[index]).cos(), (omega * times[index]).sin());
        let orbit = [
            center * cos + momentum / (mass * omega) * sin,
            momentum * cos - mass * omega * center * sin,
        ];
        index += 1;
        for l in 0..2 {
            let f = g.get(1, l).expect("order 1");
            let owed = if l == 0 { orbit } else { [0.0; 2] };
            for (a, owed) in [&x, &p].into_iter().zip(owed) {
                defects[l] = worse(defects[l], (a.mean(f).re - owed).abs());
            }
            tails[l] = worse(tails[l], edge_weight(&model, f));
        }
        let f11 = g.get(1, 1).expect("order 1");
        let moved: f64 = field(&model, "density", f11).iter().map(|w| w.abs()).sum();
        changes = worse(changes, moved);
    });
    [0, 1]
        .map(|l| {
            let (id, power) = [("ehrenfest-0", "1"), ("ehrenfest-1", "1/N")][l];
            let claim = format!(
                "⟨x⟩, ⟨p⟩ at {power} in a harmonic trap, {n} points (weight at the edge {:.1e}; density of \
                 order 1/N: {changes:.2})",
                tails[l]
            );
            let claimed = ["the classical orbit", "0"][l];
            let bound = Bound::AtMost(f64::max(tails[l], STEPS));
            row(
                id,
                claim,
                "Ehrenfest, Newton III",
                claimed,
                defects[l],
                bound,
                BY_TAIL,
            )
        })
        .to_vec()
}

/// A boost by a momentum of the grid, and the time it takes to move one cell.
fn galilei(quick: bool) -> Vec<Row> {
    let n = size(quick);
    let physics = Physics {
        dimension: 1,
        points: n,
        length: 7.0,
        hbar: 0.8,
        mass: 1.3,
        potential: Potential::Gaussian {
            strength: 1.5,
            width: 0.7,
        },
        trap: None,
    };
    let model = physics.model();
    let boost = 2.0 * PI * physics.hbar / physics.length;
    let time = model.grid().spacing() * physics.mass / boost;
    let [rest, moving] = [0.0, boost].map(|momentum| {
        let f = model
            .gaussian(&[-0.3], &[0.8], &[momentum])
            .expect("on the grid");
        expansion(&model, &f, 1, &[0.0, time], TOLERANCE, |_| ())
    });
    let density = |family: &super::Family, l: usize| {
        let (_, f) = family
            .iter()
            .find(|(place, _)| *place == (1, l))
            .expect("order 1");
        (field(&model, "density", f), edge_amplitude(&model, f))
    };
    let mut out = Vec::new();
    let mut least = f64::INFINITY;
    for (l, id) in [(0, "galilei-0"), (1, "galilei-1")] {
        let (still, first) = density(&rest[1], l);
        let (moved, second) = density(&moving[1], l);
        let (before, _) = density(&rest[0], l);
        let each = (0..n).map(|i| (moved[(i + 1) % n] - still[i]).abs());
        let defect = each.fold(0.0, worse);
        let size = still.iter().map(|w| w.abs()).fold(0.0, worse);
        let spread = (0..n)
            .map(|i| (still[i] - before[i]).abs())
            .fold(0.0, worse);
        least = least.min(spread);
        // A density that vanished would move as well as any.
        let edge = worse(first, second);
        let claim = format!(
            "boosted by 2πħ/L and moved by one cell: densities at N^-{l}, largest {size:.1e} \
             (amplitude at the largest momenta {edge:.1e})"
        );
        let bound = Bound::AtMost(f64::max(edge, STEPS));
        out.push(row(
            id,
            claim,
            "Galilean invariance",
            "0",
            defect,
            bound,
            BY_TAIL,
        ));
    }
    out.push(row(
        "galilei-moved",
        "by then the densities at rest have changed at both orders: least change",
        "Galilean invariance",
        "not 0",
        least,
        Bound::AtLeast(1e-3),
        "the interaction and the kinetic energy were at work",
    ));
    out
}
