//! K, V and Q against their definitions, and the structure (93).

use std::f64::consts::PI;

use meanfield::abstract_model::Model;
use meanfield::abstract_model::problems::Noise;
use meanfield::models::hermite::{VelocityBasis, along};
use meanfield::prelude::*;
use meanfield_testing::worse;
use ndarray::{Array2, ArrayView2};

use super::{
    BY_ROUNDING, Bound, CrossSection, Povzner, PovznerOptions, ROUNDING, Range, Row, SUITE,
    Transport, Velocities, exchange, largest, line, model,
};

fn lattices() -> Vec<PovznerOptions> {
    let plane = PovznerOptions {
        dimension: 2,
        ..line(3)
    };
    vec![
        exchange(2),
        line(5),
        PovznerOptions {
            range: Range::Hat { width: 0.7 },
            cross_section: CrossSection::Power(0.5),
            ..line(4)
        },
        plane,
    ]
}

fn hermite(dimension: usize, points: usize, degree: usize) -> PovznerOptions {
    PovznerOptions {
        dimension,
        velocities: Velocities::Hermite {
            degree,
            temperature: 0.8,
        },
        transport: Transport::Spectral,
        ..line(points)
    }
}

pub(super) fn rows(quick: bool) -> Vec<Row> {
    let models: Vec<Povzner> = lattices().into_iter().map(model).collect();
    let spectral = lattices().into_iter().map(|options| PovznerOptions {
        transport: Transport::Spectral,
        ..options
    });
    let expanded = if quick {
        vec![hermite(1, 4, 2), hermite(2, 2, 2)]
    } else {
        vec![hermite(1, 8, 3), hermite(2, 3, 2), hermite(2, 4, 1)]
    };
    let everything: Vec<Povzner> = lattices()
        .into_iter()
        .chain(spectral)
        .chain(expanded.iter().copied())
        .map(model)
        .collect();
    let over = |measure: fn(&Povzner) -> f64, models: &[Povzner]| {
        let defect = models.iter().map(measure).fold(0.0, worse);
        (defect, Bound::AtMost(ROUNDING))
    };
    vec![
        SUITE.row(
            "assumptions",
            "Tr∘K = 0, (Tr⊗Tr)∘V = 0, σVσ = V, Q = Tr²∘V, rates ≥ 0 where claimed, on lattices and in \
             Hermite functions",
            "(93), (101)",
            "0",
            over(structure, &everything),
            BY_ROUNDING,
        ),
        SUITE.row(
            "table-k",
            "K G = −v·∇G for the slowest wave: spectral to rounding, upwind with its own symbol",
            "table of App. A",
            "0",
            over(k_defect, &everything),
            BY_ROUNDING,
        ),
        SUITE.row(
            "table-v",
            "V(F⊗G) = h |g|^γ (mean over pairs of the same momentum and energy − itself)",
            "table of App. A",
            "0",
            over(v_defect, &models),
            BY_ROUNDING,
        ),
        SUITE.row(
            "q",
            "Q(F,G) of the model = ∫dy dv₂ h(x−y) (gain − loss), written out",
            "(17), (101)",
            "0",
            over(q_defect, &models),
            BY_ROUNDING,
        ),
        SUITE.row(
            "hermite-direction",
            "V in Hermite functions, cell by cell = h times the collision along x₁−x₂",
            "table of App. A, (79)",
            "0",
            over(
                direction_defect,
                &expanded.into_iter().map(model).collect::<Vec<_>>(),
            ),
            BY_ROUNDING,
        ),
    ]
}

fn structure(model: &Povzner) -> f64 {
    let found = check_assumptions(model);
    let negative = found.least_rate.map_or(0.0, |rate| -rate);
    let defects = [
        found.trace_of_k,
        found.trace_of_pair,
        found.exchange_defect,
        found.q_defect,
        negative,
    ];
    defects.into_iter().fold(0.0, worse) / found.scale
}

/// K on a plane wave of the slowest mode along each direction, against the
/// symbol: with κ = 2π/L, −v ∂ gives v κ sin, and upwind −|v|(1 − cos κΔx)/Δx
/// cos + v sin(κΔx)/Δx sin.
fn k_defect(model: &Povzner) -> f64 {
    let options = model.options();
    let positions = model.positions();
    let n = model.space().dimension() / positions.len();
    // Below the Nyquist frequency from three points on.
    if options.points < 3 && options.transport == Transport::Spectral {
        return 0.0;
    }
    let (wave, step) = (
        2.0 * PI / options.length,
        options.length / options.points as f64,
    );
    let weight = Noise::new(5).vector::<f64>(n);
    let mut worst = 0.0;
    for axis in 0..options.dimension {
        let times = |w: &[f64]| -> Vec<f64> {
            match model.velocity_basis() {
                Some(basis) => {
                    let m = basis.multiplication(axis).expect("a component");
                    m.dot(&ndarray::arr1(w)).to_vec()
                }
                None => {
                    let speeds = model.velocities().iter().map(|v| v[axis]);
                    speeds.zip(w).map(|(v, w)| v * w).collect()
                }
            }
        };
        let moved = times(&weight);
        let mut x = Vec::new();
        let mut expected = Vec::new();
        for at in &positions {
            let phase = wave * at[axis] + 0.3;
            for v in 0..n {
                x.push(weight[v] * phase.cos());
                expected.push(match options.transport {
                    Transport::Upwind => {
                        let angle = wave * step;
                        moved[v] * angle.sin() / step * phase.sin()
                            - (moved[v] * weight[v].signum()).abs()
                                * weight[v].signum()
                                * (1.0 - angle.cos())
                                / step
                                * phase.cos()
                    }
                    _ => moved[v] * wave * phase.sin(),
                });
            }
        }
        let image = k(model, &x);
        // Upwind in two directions: the other one sees a constant.
        worst = worse(worst, super::difference(&image, &expected));
    }
    worst / (wave * 10.0)
}

fn k(model: &Povzner, x: &[f64]) -> Vec<f64> {
    let mut out = Array2::zeros((x.len(), 1));
    model.add_k(1.0, column(x), out.view_mut());
    out.into_iter().collect()
}

fn column(x: &[f64]) -> ArrayView2<'_, f64> {
    ArrayView2::from_shape((x.len(), 1), x).expect("a column")
}

fn square(v: &[f64]) -> f64 {
    v.iter().map(|x| x * x).sum()
}

/// h at the separation of two cells, by its definition.
pub(super) fn h(model: &Povzner, x: usize, y: usize) -> f64 {
    let options = model.options();
    let positions = model.positions();
    let raw = |x: usize, y: usize| {
        let separation = positions[x].iter().zip(&positions[y]).map(|(x, y)| x - y);
        match options.range {
            Range::Gaussian { width } => separation
                .map(|r| {
                    let image = |k: i32| (r + f64::from(k) * options.length) / width;
                    (-30..=30)
                        .map(|k| (-image(k).powi(2) / 2.0).exp())
                        .sum::<f64>()
                })
                .product(),
            Range::Hat { width } => {
                let nearest = separation.map(|r| r - options.length * (r / options.length).round());
                let distance = nearest.map(|r| r * r).sum::<f64>().sqrt();
                f64::from(u8::from(distance <= width))
            }
            _ => f64::NAN,
        }
    };
    let volume = (options.length / options.points as f64).powi(options.dimension as i32);
    let total: f64 = (0..positions.len()).map(|z| raw(0, z)).sum();
    raw(x, y) / (total * volume)
}

/// The rate of the pair (c, e), and the pairs it may leave as.
fn outcomes(model: &Povzner, c: usize, e: usize) -> (f64, Vec<(usize, usize)>) {
    let v = model.velocities();
    let momentum =
        |a: usize, b: usize| -> Vec<f64> { v[a].iter().zip(&v[b]).map(|(x, y)| x + y).collect() };
    let energy = |a: usize, b: usize| square(&v[a]) + square(&v[b]);
    let all = (0..v.len()).flat_map(|a| (0..v.len()).map(move |b| (a, b)));
    let same =
        all.filter(|&(a, b)| momentum(a, b) == momentum(c, e) && energy(a, b) == energy(c, e));
    let relative: Vec<f64> = v[c].iter().zip(&v[e]).map(|(x, y)| x - y).collect();
    let gamma = model.options().cross_section.exponent().expect("in range");
    (square(&relative).sqrt().powf(gamma), same.collect())
}

/// V(F⊗G) and Q(F,G) by their definitions, for random F and G.
fn by_definition(model: &Povzner, f: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let n = model.velocities().len();
    let (d, cells) = (f.len(), f.len() / n);
    let (mut pairs, mut q) = (vec![0.0; d * d], vec![0.0; d]);
    for x in 0..cells {
        for y in 0..cells {
            let h = h(model, x, y);
            for v in 0..n {
                for w in 0..n {
                    // The relation is symmetric: where (v, w) may come from is
                    // where it may go to.
                    let (rate, same) = outcomes(model, v, w);
                    let at = |(a, b): &(usize, usize)| f[x * n + a] * g[y * n + b];
                    let gain = same.iter().map(at).sum::<f64>() / same.len() as f64;
                    let value = h * rate * (gain - at(&(v, w)));
                    pairs[(x * n + v) * d + y * n + w] = value;
                    q[x * n + v] += value;
                }
            }
        }
    }
    (pairs, q)
}

fn random_pair(model: &Povzner) -> (Vec<f64>, Vec<f64>) {
    let d = model.space().dimension();
    let mut noise = Noise::new(17);
    (noise.vector(d), noise.vector(d))
}

fn v_defect(model: &Povzner) -> f64 {
    let (f, g) = random_pair(model);
    let (expected, _) = by_definition(model, &f, &g);
    let mut product = Array2::zeros((expected.len(), 1));
    model
        .interaction()
        .add_pair_product(1.0, column(&f), column(&g), product.view_mut());
    let tensor: Vec<f64> = f
        .iter()
        .flat_map(|x| g.iter().map(move |y| x * y))
        .collect();
    let mut whole = Array2::zeros((expected.len(), 1));
    model
        .interaction()
        .add_pair(1.0, column(&tensor), whole.view_mut());
    let scale = largest(expected.iter().copied());
    let defect =
        |found: Array2<f64>| super::difference(&found.into_iter().collect::<Vec<_>>(), &expected);
    worse(defect(product), defect(whole)) / scale
}

fn q_defect(model: &Povzner) -> f64 {
    let (f, g) = random_pair(model);
    let (_, expected) = by_definition(model, &f, &g);
    let mut found = Array2::zeros((f.len(), 1));
    model
        .interaction()
        .add_q_product(1.0, column(&f), column(&g), found.view_mut());
    let found: Vec<f64> = found.into_iter().collect();
    super::difference(&found, &expected) / largest(expected)
}

/// V in Hermite functions on F⊗G, against the collision along the direction
/// of each pair of cells that has one.
fn direction_defect(model: &Povzner) -> f64 {
    let Some(basis) = model.velocity_basis() else {
        return f64::NAN;
    };
    let (n, options, positions) = (basis.len(), model.options(), model.positions());
    let (f, g) = random_pair(model);
    let d = f.len();
    let mut found = Array2::zeros((d * d, 1));
    model
        .interaction()
        .add_pair_product(1.0, column(&f), column(&g), found.view_mut());
    let scale = largest(found.iter().copied());
    let mut worst = 0.0;
    for x in 0..positions.len() {
        for y in 0..positions.len() {
            let r: Vec<f64> = (positions[x].iter().zip(&positions[y]))
                .map(|(x, y)| x - y)
                .map(|r| r - options.length * (r / options.length).round())
                .collect();
            let length = square(&r).sqrt();
            let ambiguous = |r: &f64| r.abs() > options.length * (0.5 - 1e-9);
            if length == 0.0 || (r.len() > 1 && r.iter().any(ambiguous)) {
                continue;
            }
            let expected = collide(basis, model, &r, |c, e| f[x * n + c] * g[y * n + e]);
            let h = h(model, x, y);
            for v in 0..n {
                for w in 0..n {
                    let value = found[[(x * n + v) * d + y * n + w, 0]];
                    worst = worse(worst, (value - h * expected[v * n + w]).abs());
                }
            }
        }
    }
    worst / scale
}

fn collide(
    basis: &VelocityBasis,
    model: &Povzner,
    r: &[f64],
    pair: impl Fn(usize, usize) -> f64,
) -> Vec<f64> {
    let length = square(r).sqrt();
    let mut direction: Vec<f64> = r.iter().map(|x| x / length).collect();
    direction.resize(basis.dimension(), 0.0);
    let mut out = vec![0.0; basis.len().pow(2)];
    for e in along(basis, model.options().cross_section, &direction).expect("in range") {
        out[e.a * basis.len() + e.b] += e.value * pair(e.c, e.d);
    }
    out
}
