//! Free flight alone, positivity, and the growth of entropy.

use std::f64::consts::PI;

use meanfield::abstract_model::Model;
use meanfield::abstract_model::problems::Noise;
use meanfield::hierarchy::mean_field_flow;
use meanfield::models::povzner::Povzner;
use meanfield::ode::{LinearAction, OdeError, Options, exponential};
use meanfield_testing::worse;
use ndarray::{Array2, ArrayView2, ArrayViewMut2};

use super::{
    BY_ROUNDING, Bound, PovznerOptions, ROUNDING, Row, SUITE, Transport, exchange, largest, line,
    model, state,
};

pub(super) fn rows(quick: bool) -> Vec<Row> {
    let (upwind_order, least) = upwind(quick);
    let growth = entropy_growth();
    vec![
        SUITE.row(
            "spectral-exact",
            "e^{tK} by Fourier derivatives = translation by vt, data below the Nyquist frequency (line, plane)",
            "table of App. A",
            "0",
            (translation_defect(quick), Bound::AtMost(ROUNDING)),
            BY_ROUNDING,
        ),
        SUITE.row(
            "spectral-sign",
            "spectral transport of a step does not stay positive (least density, minus sign)",
            "(92)",
            "> 0",
            (spectral_undershoot(), Bound::AtLeast(1e-3)),
            "the first undershoot of a truncated Fourier series is several per cent of the step",
        ),
        SUITE.row(
            "upwind-positive",
            "least entry of e^{tK} of a step, upwind (minus sign)",
            "(92)",
            "0",
            (-least, Bound::AtMost(1e-15)),
            "rounding of a Taylor series of positive data of order one",
        ),
        SUITE.row(
            "upwind-order",
            "L¹ error of upwind transport against translation: exponent in Δx, extrapolated, from 1",
            "table of App. A",
            "1",
            (upwind_order, Bound::AtMost(0.02)),
            "one extrapolation in Δx leaves a term of order Δx²",
        ),
        SUITE.row(
            "entropy-production",
            "H-theorem: −Σ Q(F,F) ln F > 0 for random F",
            "(80)",
            "> 0",
            (least_production(), Bound::AtLeast(1e-3)),
            "random states are far from equilibrium",
        ),
        SUITE.row(
            "entropy-growth",
            "least growth of −Σ F ln F along the limit flow, upwind, between output times",
            "(102)",
            "> 0",
            (growth, Bound::AtLeast(1e-4)),
            "the gas is not yet at rest at the last time: it still gains more than 1e-3",
        ),
    ]
}

/// K of a model as a linear action.
struct Flight<'a>(&'a Povzner);

impl LinearAction for Flight<'_> {
    type Scalar = f64;

    fn apply(&mut self, x: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        let x = ArrayView2::from_shape((x.len(), 1), x).expect("a column");
        let out = ArrayViewMut2::from_shape((x.len(), 1), out).expect("a column");
        self.0.add_k(1.0, x, out);
    }
}

/// e^{tK} F.
fn flight(model: &Povzner, f: &[f64], t: f64) -> Vec<f64> {
    let mut out = Vec::new();
    exponential(&mut Flight(model), f, &[0.0, t], |_, y| {
        out = y.to_vec();
        Ok::<(), OdeError>(())
    })
    .expect("finite");
    out
}

/// A smooth density with all modes up to `highest` along each direction.
fn wave(at: &[f64], length: f64, highest: usize) -> f64 {
    let phase = |x: f64, m: usize| 2.0 * PI * m as f64 * x / length + m as f64;
    let along = |x: f64| 1.0 + (1..=highest).map(|m| 0.3 * phase(x, m).cos()).sum::<f64>();
    at.iter().map(|&x| along(x)).product()
}

fn translation_defect(quick: bool) -> f64 {
    let (odd, even) = if quick { (7, 8) } else { (31, 32) };
    let mut worst = 0.0;
    for (dimension, points) in [(1, odd), (1, even), (2, 5), (2, 6)] {
        let gas = model(PovznerOptions {
            dimension,
            transport: Transport::Spectral,
            ..line(points)
        });
        let (length, highest) = (gas.options().length, (points - 1) / 2);
        let at = |t: f64| -> Vec<f64> {
            let positions = gas.positions();
            let cells = positions.iter().flat_map(|x| {
                gas.velocities().iter().enumerate().map(move |(k, v)| {
                    let from: Vec<f64> = x.iter().zip(v).map(|(x, v)| x - v * t).collect();
                    wave(&from, length, highest) * (1.0 + k as f64)
                })
            });
            cells.collect()
        };
        let t = 0.77;
        let (found, expected) = (flight(&gas, &at(0.0), t), at(t));
        let scale = largest(expected.iter().copied());
        worst = worse(worst, super::difference(&found, &expected) / scale);
    }
    worst
}

/// A step, in the cells of one half of the box.
fn step(gas: &Povzner) -> Vec<f64> {
    let positions = gas.positions();
    let inside = positions.iter().map(|x| f64::from(u8::from(x[0] < 0.0)));
    inside
        .flat_map(|x| std::iter::repeat_n(x, gas.velocities().len()))
        .collect()
}

fn spectral_undershoot() -> f64 {
    let gas = model(PovznerOptions {
        transport: Transport::Spectral,
        ..exchange(16)
    });
    let least = flight(&gas, &step(&gas), 0.31).into_iter();
    -least.fold(f64::INFINITY, f64::min)
}

/// Distance of the exponent in Δx from 1, and the least entry of a step.
fn upwind(quick: bool) -> (f64, f64) {
    let sizes: &[usize] = if quick {
        &[64, 128, 256]
    } else {
        &[128, 256, 512, 1024]
    };
    let t = 0.6;
    let errors: Vec<f64> = sizes
        .iter()
        .map(|&points| {
            let gas = model(exchange(points));
            let length = gas.options().length;
            let at = |t: f64| -> Vec<f64> {
                let positions = gas.positions();
                let cells = positions.iter().flat_map(|x| {
                    gas.velocities()
                        .iter()
                        .map(move |v| wave(&[x[0] - v[0] * t], length, 2) / points as f64)
                });
                cells.collect()
            };
            let moved = flight(&gas, &at(0.0), t);
            moved.iter().zip(at(t)).map(|(x, y)| (x - y).abs()).sum()
        })
        .collect();
    let local: Vec<f64> = errors.windows(2).map(|e| (e[0] / e[1]).log2()).collect();
    let extrapolated = 2.0 * local[local.len() - 1] - local[local.len() - 2];
    let gas = model(exchange(32));
    let moved = flight(&gas, &step(&gas), 0.31).into_iter();
    (
        (extrapolated - 1.0).abs(),
        moved.fold(f64::INFINITY, f64::min),
    )
}

/// −Σ Q(F,F) ln F, the least over random states of a few gases.
fn least_production() -> f64 {
    let plane = PovznerOptions {
        dimension: 2,
        ..line(3)
    };
    let mut least = f64::INFINITY;
    for options in [exchange(4), line(5), plane] {
        let gas = model(options);
        for seed in 0..10 {
            let f = Noise::new(seed).probabilities(gas.positions().len() * gas.velocities().len());
            let x = ArrayView2::from_shape((f.len(), 1), &f[..]).expect("a column");
            let mut q = Array2::zeros((f.len(), 1));
            gas.interaction().add_q_product(1.0, x, x, q.view_mut());
            let production = -q.iter().zip(&f).map(|(q, f)| q * f.ln()).sum::<f64>();
            least = -worse(-least, -production);
        }
    }
    least
}

/// The least growth of the entropy between output times, over two gases.
fn entropy_growth() -> f64 {
    let times: Vec<f64> = (0..=10).map(|k| 0.2 * f64::from(k)).collect();
    let mut least = f64::INFINITY;
    for gas in [model(exchange(8)), model(line(6))] {
        let flow = mean_field_flow(&gas, &state(&gas), &times, &Options::default());
        let entropies: Vec<f64> = flow
            .expect("a regular flow")
            .iter()
            .map(|f| -f.iter().map(|f| f * f.ln()).sum::<f64>())
            .collect();
        for pair in entropies.windows(2) {
            least = -worse(-least, -(pair[1] - pair[0]));
        }
    }
    least
}
