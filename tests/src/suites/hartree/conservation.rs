//! What the flow conserves on a line and on a plane: energy, trace,
//! Hermiticity, at every order; and a semiclassical run.

use meanfield::abstract_model::{ObservableKind, PackedPair};
use meanfield::hierarchy::{largest_trace, mean_field_flow};
use meanfield::models::hartree::{Hartree, Potential, Trap};
use meanfield::ode::Options;
use meanfield::prelude::*;
use meanfield_testing::worse;
use num_complex::Complex64;

use super::physics::Physics;
use super::symmetries::edge_weight;
use super::{expansion, row};
use crate::verify::{Bound, Row};

/// Tolerance per step.
const TOLERANCE: f64 = 1e-12;
/// What some hundred steps of that tolerance may add up to.
const DRIFT: Bound = Bound::AtMost(1e-11);
const BY_STEPS: &str = "some hundred steps at a relative tolerance of 1e-12";

/// The energy per particle of F alone, N → ∞.
fn energy(model: &Hartree, f: &[Complex64]) -> f64 {
    let Some(ObservableKind::TwoBody(energy)) = model.capabilities().observable("energy") else {
        return f64::NAN;
    };
    let layout = SymmetricLayout::new(f.len(), 2).expect("small");
    let values = layout.power(f, 2);
    let pair = PackedPair {
        layout: &layout,
        values: &values,
    };
    let one = energy.one_body.map_or(f64::NAN, |one| one(f)[0]);
    one + (energy.pair)(&pair)[0]
}

/// The entry with x and x' exchanged in every slot.
fn mirrored(layout: &SymmetricLayout, d: usize, j: usize, entry: usize) -> usize {
    let exchanged = |a: usize| a % d * d + a / d;
    let indices: Vec<usize> = layout
        .indices(j, entry)
        .into_iter()
        .map(exchanged)
        .collect();
    layout.rank(&indices)
}

/// What changed along a flow that must not, and what must.
struct Conserved {
    limit: f64,
    orders: f64,
    exchanged: f64,
    trace: f64,
    hermitian: f64,
}

/// A packet that moves, to that order of the expansion.
fn conserved(physics: &Physics, order: usize, f: &[Complex64]) -> Conserved {
    let (model, d) = (physics.model(), physics.levels());
    let times: Vec<f64> = (0..=4).map(|k| 0.5 * f64::from(k)).collect();
    let (mut energies, mut kinetic) = (Vec::new(), Vec::new());
    let (mut trace, mut hermitian) = (0.0, 0.0);
    expansion(&model, f, order, &times, TOLERANCE, |g| {
        for (name, out) in [("energy", &mut energies), ("kinetic", &mut kinetic)] {
            let kind = model.capabilities().observable(name).expect("it is known");
            let found = g.evaluate(&model, name, &kind).expect("it fits");
            let value = found.value.expect("there are pairs");
            out.push(value[0].coefficients().to_vec());
        }
        let (layout, weights) = (g.layout(), model.space().trace());
        for j in 1..=order + 1 {
            for l in 0..=order + 1 - j {
                let tensor = g.get(j, l).expect("within the order");
                let found = largest_trace(layout, weights, j, tensor);
                let owed = if (j, l) == (1, 0) { 1.0 } else { 0.0 };
                trace = worse(trace, (found - owed).abs());
                for (entry, value) in tensor.iter().enumerate() {
                    let other = tensor[mirrored(layout, d, j, entry)];
                    hermitian = worse(hermitian, (value - other.conj()).norm());
                }
            }
        }
    });
    let drift = |series: &[Vec<f64>]| -> Vec<f64> {
        let change = |m: usize| {
            let values = series.iter().map(|c| (c[m] - series[0][m]).abs());
            values.fold(0.0, worse)
        };
        (0..=order).map(change).collect()
    };
    let options = Options {
        tolerance: TOLERANCE,
        ..Options::default()
    };
    let flow = mean_field_flow(&model, f, &times, &options).expect("a regular flow");
    let limit = flow
        .iter()
        .map(|x| (energy(&model, x) - energy(&model, f)).abs());
    Conserved {
        limit: limit.fold(0.0, worse),
        orders: drift(&energies).into_iter().fold(0.0, worse),
        exchanged: drift(&kinetic).into_iter().fold(f64::INFINITY, f64::min),
        trace,
        hermitian,
    }
}

/// Rows in the order energy of the limit, energy at each order, its kinetic
/// part, trace, Hermiticity.
fn conservation_rows(
    ids: [&'static str; 5],
    about: &str,
    order: usize,
    found: &Conserved,
) -> Vec<Row> {
    let orders = ["0 and 1", "0 to 2"][order - 1];
    vec![
        row(
            ids[0],
            format!("⟨h⟩ + ½⟨v⟩ along the Hartree flow, {about}, pure start: change"),
            "(15)",
            "0",
            found.limit,
            DRIFT,
            BY_STEPS,
        ),
        row(
            ids[1],
            format!("energy per particle ⟨h⟩ + ½(1−1/N)⟨v⟩ at orders {orders}, {about}: change"),
            "(8), Theorem 1.4",
            "0",
            found.orders,
            DRIFT,
            BY_STEPS,
        ),
        row(
            ids[2],
            format!(
                "the kinetic part of it changes at each of these orders, {about}: least change"
            ),
            "Theorem 1.4",
            "not 0",
            found.exchanged,
            Bound::AtLeast(1e-2),
            "energy moves between kinetic and potential: a conserved constant proves nothing",
        ),
        row(
            ids[3],
            format!("Tr F = 1 and Tr^i g_{{j,l}} = 0 for all others, orders {orders}, {about}"),
            "(5), (8)",
            "0",
            found.trace,
            DRIFT,
            BY_STEPS,
        ),
        row(
            ids[4],
            format!(
                "g_{{j,l}}(x;x') is the conjugate of g_{{j,l}}(x';x), orders {orders}, {about}"
            ),
            "(1), (88)",
            "0",
            found.hermitian,
            DRIFT,
            BY_STEPS,
        ),
    ]
}

pub(super) fn rows(quick: bool) -> Vec<Row> {
    let line = Physics::line(if quick { 4 } else { 6 });
    let f = line.model().gaussian(&[0.4], &[0.5], &[0.6]);
    let found = conserved(&line, 2, &f.expect("on the grid"));
    let ids = [
        "energy-limit",
        "energy-orders",
        "energy-exchanged",
        "trace",
        "hermiticity",
    ];
    let mut out = conservation_rows(ids, &format!("d = {}", line.levels()), 2, &found);

    let plane = Physics {
        dimension: 2,
        ..Physics::line(3)
    };
    // Different along the axes, so that an exchange of the two would show.
    let f = (plane.model()).gaussian(&[0.4, -0.2], &[0.5, 0.6], &[0.6, 0.3]);
    let found = conserved(&plane, 1, &f.expect("on the grid"));
    let ids = [
        "plane-energy-limit",
        "plane-energy-orders",
        "plane-energy-exchanged",
        "plane-trace",
        "plane-hermiticity",
    ];
    out.extend(conservation_rows(ids, "3×3 points", 1, &found));
    out.extend(semiclassical(quick));
    out
}

/// ħ = 0.05: a packet of a few ħ that orbits in a trap.
fn semiclassical(quick: bool) -> Vec<Row> {
    let (omega, center, momentum) = (1.0, 0.6, 0.3);
    let physics = Physics {
        dimension: 1,
        points: if quick { 48 } else { 128 },
        length: 4.0,
        hbar: 0.05,
        mass: 1.0,
        potential: Potential::Gaussian {
            strength: 0.5,
            width: 0.5,
        },
        trap: Some(Trap::Harmonic { omega }),
    };
    let model = physics.model();
    let f = model
        .gaussian(&[center], &[0.16], &[momentum])
        .expect("on the grid");
    let times: Vec<f64> = (0..=4).map(|k| 0.5 * f64::from(k)).collect();
    let options = Options::default();
    let flow = mean_field_flow(&model, &f, &times, &options).expect("a regular flow");
    let start = energy_of(&physics, &model, &f);
    let x = Observable::named(&model, "x").expect("it is known");
    let [mut norm, mut energy, mut orbit, mut edge] = [0.0_f64; 4];
    for (t, f) in times.iter().zip(&flow) {
        let trace = model.space().trace_of(f);
        let purity: f64 = f.iter().map(|z| z.norm_sqr()).sum();
        norm = worse(norm, worse((trace - 1.0).norm(), (purity - 1.0).abs()));
        energy = worse(energy, (energy_of(&physics, &model, f) / start - 1.0).abs());
        let newton = center * (omega * t).cos() + momentum / omega * (omega * t).sin();
        orbit = worse(orbit, (x.mean(f).re - newton).abs());
        edge = worse(edge, edge_weight(&model, f));
    }
    let about = format!("ħ = 0.05, {} points, t = 2", physics.points);
    let by_steps = "thousands of ħ-sized oscillations at a relative tolerance of 1e-10 per step";
    vec![
        row(
            "semiclassical-norm",
            format!("{about}: trace and purity stay 1"),
            "(5), (15)",
            "0",
            norm,
            Bound::AtMost(1e-8),
            by_steps,
        ),
        row(
            "semiclassical-energy",
            format!("{about}: relative change of the energy"),
            "(15)",
            "0",
            energy,
            Bound::AtMost(1e-8),
            by_steps,
        ),
        row(
            "semiclassical-orbit",
            format!("{about}: ⟨x⟩ on Newton's orbit (weight at the edge of the grid {edge:.1e})"),
            "(15), Ehrenfest",
            "0",
            orbit,
            Bound::AtMost(1e-8),
            by_steps,
        ),
    ]
}

/// ⟨h⟩ + ½⟨v⟩ of F⊗F, the pair density by itself: no tensor of D² numbers.
fn energy_of(physics: &Physics, model: &Hartree, f: &[Complex64]) -> f64 {
    let d = physics.levels();
    let kinetic = Observable::named(model, "kinetic").expect("it is known");
    let rho = |x: usize| f[x * (d + 1)].re;
    let trap: f64 = (0..d).map(|x| model.trap_values()[x] * rho(x)).sum();
    let each = (0..d * d).map(|k| (k / d, k % d));
    let pair: f64 = each
        .map(|(x, y)| rho(x) * rho(y) * physics.interaction(x, y))
        .sum();
    kinetic.mean(f).re + trap + 0.5 * pair
}
