//! The Ehrenfest theorem in a harmonic trap and Galilean invariance, order by
//! order, to what the grid resolves.

use std::f64::consts::PI;

use meanfield::abstract_model::ObservableKind;
use meanfield::hierarchy::mean_field_flow;
use meanfield::models::hartree::{Hartree, Potential, Trap};
use meanfield::ode::Options;
use meanfield::prelude::*;
use meanfield_testing::worse;
use num_complex::Complex64;

use super::physics::Physics;
use super::{expansion, row};
use crate::verify::{Bound, Row};

/// Relative tolerance per step to order 1.
const TOLERANCE: f64 = 1e-9;
/// Beyond, where the tails are larger and a step takes seconds.
const TOLERANCE_BEYOND: f64 = 1e-7;
/// What the steps leave, where the tail is less.
const STEPS: f64 = 1e-7;
const BY_TAIL: &str = "the larger of the tail the grid cuts off and 1e-7 for the steps";

fn tolerance(order: usize) -> f64 {
    if order > 1 {
        TOLERANCE_BEYOND
    } else {
        TOLERANCE
    }
}

/// |⟨F, field⟩| of a field of the model, component by component.
fn field(model: &Hartree, name: &str, f: &[Complex64]) -> Vec<f64> {
    match model.capabilities().observable(name) {
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
/// side, in units of the norm of F: an amplitude, where the weight is its square.
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
    let norm = f.iter().map(|z| z.norm_sqr()).sum::<f64>().sqrt();
    (n / 2 - 1..=n / 2 + 1).map(row).fold(0.0, worse) / norm
}

pub(super) fn rows(quick: bool) -> Vec<Row> {
    // Order 2 on the finest line its tensors of three particles leave time for.
    let (fine, coarse) = if quick { (14, 8) } else { (20, 10) };
    let mut out = ehrenfest(&["ehrenfest-0", "ehrenfest-1"], fine, 0, [0.6, 0.4]);
    out.extend(ehrenfest(&["ehrenfest-2"], coarse, 2, [0.3, 0.2]));
    out.extend(ehrenfest_plane(quick));
    let packet = |model: &Hartree, momentum: f64| {
        let f = model.gaussian(&[-0.3], &[0.8], &[momentum]);
        f.expect("on the grid")
    };
    let ids = ["galilei-0", "galilei-1"];
    out.extend(galilei(&ids, "galilei-moved", &free(fine), &packet, 0));
    // One wave length in each of state and interaction: few points resolve them.
    let smooth = Physics {
        potential: Potential::Cosine { strength: 0.2 },
        ..free(coarse)
    };
    out.extend(galilei(
        &["galilei-2"],
        "galilei-moved-2",
        &smooth,
        &two_waves,
        2,
    ));
    out
}

/// A line without a trap.
fn free(points: usize) -> Physics {
    Physics {
        dimension: 1,
        points,
        length: 7.0,
        hbar: 0.8,
        mass: 1.3,
        potential: Potential::Gaussian {
            strength: 1.5,
            width: 0.7,
        },
        trap: None,
    }
}

/// ψ ∝ (1 + 0.6 e^{−2πix/L}) e^{ipx/ħ}: two momenta of the grid, if p is one.
fn two_waves(model: &Hartree, momentum: f64) -> Vec<Complex64> {
    let length = model.grid().length();
    let shift = momentum / model.hbar();
    let wave = |x: f64| {
        let second = Complex64::cis(-2.0 * PI * x / length) * 0.6;
        (Complex64::ONE + second) * Complex64::cis(shift * x)
    };
    let psi: Vec<Complex64> = model.grid().positions().into_iter().map(wave).collect();
    let norm: f64 = psi.iter().map(|z| z.norm_sqr()).sum();
    let each = psi
        .iter()
        .flat_map(|x| psi.iter().map(move |y| x * y.conj() / norm));
    each.collect()
}

/// A line in a harmonic trap with cells as wide in x√(mω/ħ) as in p/√(mħω).
fn trapped(points: usize) -> Physics {
    let (omega, mass, hbar) = (0.9, 1.3, 0.8);
    let unit = f64::sqrt(hbar / (mass * omega));
    Physics {
        dimension: 1,
        points,
        length: unit * (2.0 * PI * points as f64).sqrt(),
        hbar,
        mass,
        potential: Potential::Gaussian {
            strength: 0.8,
            width: 0.9,
        },
        trap: Some(Trap::Harmonic { omega }),
    }
}

/// ω of [`trapped`], and the width √(ħ/2mω) of its ground state.
fn oscillator(physics: &Physics) -> (f64, f64) {
    let Some(Trap::Harmonic { omega }) = physics.trap else {
        return (f64::NAN, f64::NAN);
    };
    (
        omega,
        f64::sqrt(physics.hbar / (2.0 * physics.mass * omega)),
    )
}

/// Position and momentum at time t of a particle in the trap.
fn orbit(physics: &Physics, [x, p]: [f64; 2], t: f64) -> [f64; 2] {
    let (omega, _) = oscillator(physics);
    let (cos, sin) = ((omega * t).cos(), (omega * t).sin());
    let impedance = physics.mass * omega;
    [x * cos + p / impedance * sin, p * cos - impedance * x * sin]
}

const ORBITS: [&str; 3] = ["the classical orbit", "0", "0"];

/// ⟨x⟩ and ⟨p⟩ of the limit follow the classical orbit, and those of the
/// coefficients of 1/N, 1/N² vanish: by Newton's third law the pair force drops
/// out. Rows for the orders from `first` on.
fn ehrenfest(ids: &[&'static str], n: usize, first: usize, start: [f64; 2]) -> Vec<Row> {
    let order = first + ids.len() - 1;
    let physics = trapped(n);
    let model = physics.model();
    let (_, width) = oscillator(&physics);
    let f = model
        .gaussian(&start[..1], &[width], &start[1..])
        .expect("on the grid");
    let times: Vec<f64> = (0..=3).map(|k| 0.5 * f64::from(k)).collect();
    let [x, p] = ["x", "p"].map(|name| Observable::named(&model, name).expect("it is known"));
    let (mut defects, mut tails, mut sizes) = ([0.0; 3], [0.0; 3], [0.0; 3]);
    let mut index = 0;
    expansion(&model, &f, order, &times, tolerance(order), |g| {
        let newton = orbit(&physics, start, times[index]);
        index += 1;
        for l in first..=order {
            let f = g.get(1, l).expect("within the order");
            let owed = if l == 0 { newton } else { [0.0; 2] };
            for (a, owed) in [&x, &p].into_iter().zip(owed) {
                defects[l] = worse(defects[l], (a.mean(f).re - owed).abs());
            }
            tails[l] = worse(tails[l], edge_weight(&model, f));
            let weight: f64 = field(&model, "density", f).iter().map(|w| w.abs()).sum();
            sizes[l] = worse(sizes[l], weight);
        }
    });
    (first..=order)
        .zip(ids)
        .map(|(l, id)| {
            let claim = format!(
                "⟨x⟩, ⟨p⟩ at N^-{l} in a harmonic trap, {n} points (weight at the edge {:.1e}; \
                 density of this order, Σ|·| {:.1e})",
                tails[l], sizes[l]
            );
            let bound = Bound::AtMost(f64::max(tails[l], STEPS));
            row(
                id,
                claim,
                "Ehrenfest, Newton III",
                ORBITS[l],
                defects[l],
                bound,
                BY_TAIL,
            )
        })
        .collect()
}

/// The limit on a plane: both axes at once, each on its own ellipse.
fn ehrenfest_plane(quick: bool) -> Vec<Row> {
    let n = if quick { 10 } else { 14 };
    let physics = Physics {
        dimension: 2,
        ..trapped(n)
    };
    let model = physics.model();
    let (_, width) = oscillator(&physics);
    let starts = [[0.6, 0.4], [-0.3, 0.5]];
    let f = model
        .gaussian(
            &starts.map(|[x, _]| x),
            &[width; 2],
            &starts.map(|[_, p]| p),
        )
        .expect("on the grid");
    let times: Vec<f64> = (0..=3).map(|k| 0.5 * f64::from(k)).collect();
    let options = Options {
        tolerance: TOLERANCE,
        ..Options::default()
    };
    let flow = mean_field_flow(&model, &f, &times, &options).expect("a regular flow");
    let positions = model.grid().positions();
    let momenta = model.grid().momenta(physics.hbar);
    let (mut defect, mut tail, mut spread) = (0.0, 0.0, 0.0);
    for (&t, f) in times.iter().zip(&flow) {
        for (axis, start) in starts.into_iter().enumerate() {
            let owed = orbit(&physics, start, t);
            for ((name, values), owed) in [("density", &positions), ("momentum", &momenta)]
                .into_iter()
                .zip(owed)
            {
                let mut line = vec![0.0; n];
                for (site, w) in field(&model, name, f).into_iter().enumerate() {
                    line[model.grid().index(site, axis)] += w;
                }
                let mean: f64 = line.iter().zip(values).map(|(w, x)| w * x).sum();
                defect = worse(defect, (mean - owed).abs());
                tail = worse(tail, line[0].abs() + line[n - 1].abs());
            }
        }
    }
    let end = field(&model, "density", &flow[3]);
    let begin = field(&model, "density", &flow[0]);
    for (a, b) in end.iter().zip(&begin) {
        spread = worse(spread, (a - b).abs());
    }
    let claim = format!(
        "⟨x⟩, ⟨y⟩, ⟨p⟩ of the Hartree flow in a harmonic trap, {n}×{n} points (weight at the edge \
         {tail:.1e}; densities change by {spread:.1e})"
    );
    vec![row(
        "ehrenfest-plane",
        claim,
        "Ehrenfest, Newton III",
        ORBITS[0],
        defect,
        Bound::AtMost(f64::max(tail, STEPS)),
        BY_TAIL,
    )]
}

/// A boost by a momentum of the grid, and the time it takes to move one cell.
/// Rows for the orders from `first` on.
fn galilei(
    ids: &[&'static str],
    moved_id: &'static str,
    physics: &Physics,
    start: &dyn Fn(&Hartree, f64) -> Vec<Complex64>,
    first: usize,
) -> Vec<Row> {
    let (order, n) = (first + ids.len() - 1, physics.points);
    let model = physics.model();
    let boost = 2.0 * PI * physics.hbar / physics.length;
    let time = model.grid().spacing() * physics.mass / boost;
    let [rest, moving] = [0.0, boost].map(|momentum| {
        let f = start(&model, momentum);
        expansion(&model, &f, order, &[0.0, time], tolerance(order), |_| ())
    });
    let density = |family: &super::Family, l: usize| {
        let (_, f) = family
            .iter()
            .find(|(place, _)| *place == (1, l))
            .expect("within the order");
        (field(&model, "density", f), edge_amplitude(&model, f))
    };
    let mut out = Vec::new();
    let mut least = f64::INFINITY;
    for (l, id) in (first..=order).zip(ids) {
        let (still, first) = density(&rest[1], l);
        let (moved, second) = density(&moving[1], l);
        let (before, _) = density(&rest[0], l);
        let each = (0..n).map(|i| (moved[(i + 1) % n] - still[i]).abs());
        let defect = each.fold(0.0, worse);
        let size = still.iter().map(|w| w.abs()).fold(0.0, worse);
        let spread = (0..n)
            .map(|i| (still[i] - before[i]).abs())
            .fold(0.0, worse);
        least = least.min(spread / size);
        // A density that vanished would move as well as any.
        let edge = worse(first, second);
        let claim = format!(
            "boosted by 2πħ/L and moved by one cell: densities at N^-{l}, in units of the largest, \
             {size:.1e} ({n} points; share of the amplitude at the largest momenta {edge:.1e})"
        );
        let bound = Bound::AtMost(f64::max(edge, STEPS));
        out.push(row(
            id,
            claim,
            "Galilean invariance",
            "0",
            defect / size,
            bound,
            BY_TAIL,
        ));
    }
    out.push(row(
        moved_id,
        "by then the densities at rest have changed at these orders: least change, in these units",
        "Galilean invariance",
        "not 0",
        least,
        Bound::AtLeast(0.05),
        "the interaction and the kinetic energy were at work",
    ));
    out
}
