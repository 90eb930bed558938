//! K and V by their definitions, as arrays.

use meanfield_abstract::{Custom, Model, PairEntry};
use meanfield_models::hermite::{VelocityBasis, along};
use meanfield_models::povzner::{Povzner, Range, Transport};
use meanfield_tensor::Norm;
use ndarray::{Array1, Array2};

/// The distance of two cells through the periodic box, in each direction.
fn separation(model: &Povzner, x: usize, y: usize) -> Vec<f64> {
    let length = model.options().length;
    let (x, y) = (&model.positions()[x], &model.positions()[y]);
    let difference = x.iter().zip(y).map(|(x, y)| x - y);
    difference
        .map(|d| d - length * (d / length).round())
        .collect()
}

/// h by its definition, up to its integral.
fn raw_profile(model: &Povzner, r: &[f64]) -> f64 {
    let length = model.options().length;
    match model.options().range {
        Range::Gaussian { width } => r
            .iter()
            .map(|r| {
                let images = -20..=20;
                images
                    .map(|k| (-((r + f64::from(k) * length) / width).powi(2) / 2.0).exp())
                    .sum::<f64>()
            })
            .product(),
        Range::Hat { width } => {
            let distance = r.iter().map(|r| r * r).sum::<f64>().sqrt();
            f64::from(u8::from(distance <= width * (1.0 + 1e-9)))
        }
        _ => unreachable!(),
    }
}

/// K by its definition, as a matrix.
fn dense_k(model: &Povzner) -> Array2<f64> {
    let options = model.options();
    // Multiplication by each component of the velocity.
    let multiply: Vec<Array2<f64>> = (0..options.dimension)
        .map(|axis| match model.velocity_basis() {
            Some(basis) => basis.multiplication(axis).unwrap(),
            None => {
                let speeds = model.velocities().iter().map(|v| v[axis]);
                Array2::from_diag(&speeds.collect::<Array1<f64>>())
            }
        })
        .collect();
    let n = multiply[0].nrows();
    let cells = model.positions().len();
    let points = options.points;
    let step = options.length / points as f64;
    let mut k = Array2::zeros((cells * n, cells * n));
    let steps = |x: usize, y: usize| -> Vec<i64> {
        let r = separation(model, x, y);
        r.iter().map(|r| (r / step).round() as i64).collect()
    };
    for x in 0..cells {
        for y in 0..cells {
            let r = steps(x, y);
            for (v, w) in (0..n * n).map(|k| (k / n, k % n)) {
                for axis in 0..options.dimension {
                    if r.iter().enumerate().any(|(a, &k)| a != axis && k != 0) {
                        continue;
                    }
                    let wraps = |a: i64, b: i64| (a - b).rem_euclid(points as i64) == 0;
                    let speed = multiply[axis][[v, w]];
                    k[[x * n + v, y * n + w]] += match options.transport {
                        Transport::Upwind => {
                            let ahead = wraps(r[axis], speed.signum() as i64);
                            let leaves = wraps(r[axis], 0);
                            let jump = f64::from(u8::from(ahead)) - f64::from(u8::from(leaves));
                            if speed == 0.0 {
                                0.0
                            } else {
                                jump * speed.abs() / step
                            }
                        }
                        _ => {
                            // −v times the derivative of the interpolant of a
                            // unit at y, mode by mode.
                            let modes = 1..points.div_ceil(2);
                            let slope = modes.map(|m| {
                                let wave = 2.0 * std::f64::consts::PI * m as f64 / options.length;
                                -2.0 * wave * (wave * r[axis] as f64 * step).sin() / points as f64
                            });
                            -speed * slope.sum::<f64>()
                        }
                    };
                }
            }
        }
    }
    k
}

/// V of Hermite functions by its definition: the collision along the
/// direction of every pair of cells.
fn hermite_pair(model: &Povzner, basis: &VelocityBasis) -> Vec<PairEntry<f64>> {
    let (n, options) = (basis.len(), model.options());
    let cells = model.positions().len();
    let half = options.length / 2.0 * (1.0 - 1e-9);
    let volume = (options.length / options.points as f64).powi(options.dimension as i32);
    let raw = |x, y| raw_profile(model, &separation(model, x, y));
    let total = (0..cells).map(|y| raw(0, y)).sum::<f64>() * volume;
    let mut entries = Vec::new();
    for x in 0..cells {
        for y in 0..cells {
            let r = separation(model, x, y);
            let mut directions: Vec<Vec<f64>> = vec![vec![]];
            for &r in &r {
                let images = if r.abs() > half { vec![r, -r] } else { vec![r] };
                directions = directions
                    .iter()
                    .flat_map(|d| images.iter().map(|&r| [d.clone(), vec![r]].concat()))
                    .collect();
            }
            if r.iter().all(|r| r.abs() < 1e-9) {
                // More directions than any degree here needs.
                let angle = |k: i32| 0.1 + std::f64::consts::PI * f64::from(k) / 24.0;
                directions = match r.len() {
                    1 => vec![vec![1.0]],
                    _ => (0..24)
                        .map(|k| vec![angle(k).cos(), angle(k).sin()])
                        .collect(),
                };
            }
            let weight = raw(x, y) / total / directions.len() as f64;
            for mut d in directions {
                let length = d.iter().map(|x| x * x).sum::<f64>().sqrt();
                d.iter_mut().for_each(|x| *x /= length);
                d.resize(basis.dimension(), 0.0);
                let found = along(basis, options.cross_section, &d).unwrap();
                entries.extend(found.into_iter().map(|e| PairEntry {
                    a: x * n + e.a,
                    b: y * n + e.b,
                    c: x * n + e.c,
                    d: y * n + e.d,
                    value: weight * e.value,
                }));
            }
        }
    }
    entries
}

/// V by its definition: a search over all pairs of pairs of velocities.
fn dense_pair(model: &Povzner) -> Vec<PairEntry<f64>> {
    if let Some(basis) = model.velocity_basis() {
        return hermite_pair(model, basis);
    }
    let (n, options) = (model.velocities().len(), model.options());
    let cells = model.positions().len();
    let volume = (options.length / options.points as f64).powi(options.dimension as i32);
    let raw = |x, y| raw_profile(model, &separation(model, x, y));
    let total = (0..cells).map(|y| raw(0, y)).sum::<f64>() * volume;
    let v = model.velocities();
    let gamma = options.cross_section.exponent().unwrap();
    let invariants = |a: usize, b: usize| -> Vec<f64> {
        let momentum = v[a].iter().zip(&v[b]).map(|(x, y)| x + y);
        let energy: f64 = v[a].iter().chain(&v[b]).map(|x| x * x).sum();
        momentum.chain([energy]).collect()
    };
    let mut collisions = Vec::new();
    for c in 0..n {
        for e in 0..n {
            let same: Vec<(usize, usize)> = (0..n * n)
                .map(|k| (k / n, k % n))
                .filter(|&(a, b)| invariants(a, b) == invariants(c, e))
                .collect();
            let relative = v[c].iter().zip(&v[e]).map(|(x, y)| (x - y).powi(2));
            let rate = relative.sum::<f64>().sqrt().powf(gamma);
            for &(a, b) in &same {
                collisions.push((a, b, c, e, rate / same.len() as f64));
            }
            collisions.push((c, e, c, e, -rate));
        }
    }
    let mut entries = Vec::new();
    for x in 0..cells {
        for y in 0..cells {
            let h = raw(x, y) / total;
            entries.extend(collisions.iter().map(|&(a, b, c, e, rate)| PairEntry {
                a: x * n + a,
                b: y * n + b,
                c: x * n + c,
                d: y * n + e,
                value: h * rate,
            }));
        }
    }
    entries
}

pub(crate) fn dense(model: &Povzner) -> Custom<f64> {
    let norm = match model.options().transport {
        Transport::Upwind => Norm::L1,
        _ => Norm::Euclidean,
    };
    let n = model.space().dimension() / model.positions().len();
    let massive = |a: usize| model.velocity_basis().is_none() || a.is_multiple_of(n);
    let trace: Vec<f64> = (0..model.space().dimension())
        .map(|a| f64::from(u8::from(massive(a))))
        .collect();
    assert_eq!(model.space().trace(), trace);
    Custom::new(&dense_k(model), dense_pair(model), &trace, norm).unwrap()
}
