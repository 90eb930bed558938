//! Soft spheres: the structured operators against arrays written out entry by
//! entry, what collisions and flight conserve, states and refusals.

mod flow;

use meanfield_abstract::problems::Noise;
use meanfield_abstract::{Custom, Model, ModelError, PairEntry, check_assumptions};
use meanfield_models::hermite::{VelocityBasis, along};
use meanfield_models::kac::CrossSection;
use meanfield_models::povzner::{Povzner, PovznerOptions, Range, Transport, Velocities};
use meanfield_tensor::Norm;
use ndarray::{Array1, Array2, ArrayView2, s};

/// Sums of a few thousand products of order one.
const ROUNDING: f64 = 1e-12;

fn options(dimension: usize, points: usize) -> PovznerOptions {
    PovznerOptions {
        dimension,
        points,
        length: 2.5,
        velocity_dimension: 2,
        velocities: Velocities::Lattice { radius: 1.0 },
        range: Range::Gaussian { width: 0.4 },
        cross_section: CrossSection::HardSphere,
        transport: Transport::Upwind,
    }
}

/// Small and larger ones, every dimension, range and transport; the last ones
/// are past the size where the linearisation is a matrix.
fn every_model() -> Vec<Povzner> {
    let exchange = |points, range| PovznerOptions {
        velocity_dimension: 1,
        range,
        ..options(1, points)
    };
    let all = [
        exchange(1, Range::Gaussian { width: 0.3 }),
        exchange(2, Range::Gaussian { width: 0.9 }),
        PovznerOptions {
            transport: Transport::Spectral,
            cross_section: CrossSection::Power(0.5),
            ..exchange(5, Range::Hat { width: 0.6 })
        },
        options(1, 4),
        PovznerOptions {
            velocity_dimension: 3,
            range: Range::Hat { width: 9.0 },
            ..options(1, 3)
        },
        options(2, 2),
        exchange(17, Range::Gaussian { width: 0.5 }),
        PovznerOptions {
            transport: Transport::Spectral,
            range: Range::Hat { width: 0.7 },
            ..options(1, 12)
        },
        PovznerOptions {
            transport: Transport::Spectral,
            ..options(2, 4)
        },
        PovznerOptions {
            range: Range::Hat { width: 0.9 },
            cross_section: CrossSection::Maxwell,
            ..options(2, 3)
        },
    ];
    let in_hermite = hermite_options();
    all.iter()
        .chain(&in_hermite)
        .map(|o| Povzner::new(o).unwrap())
        .collect()
}

/// Hermite functions on a line and in the plane, odd and even numbers of
/// points: the even ones have separations of half a box.
fn hermite_options() -> Vec<PovznerOptions> {
    let hermite = |dimension, points, velocity_dimension, degree| PovznerOptions {
        velocity_dimension,
        velocities: Velocities::Hermite {
            degree,
            temperature: 0.9,
        },
        transport: Transport::Spectral,
        ..options(dimension, points)
    };
    vec![
        hermite(1, 4, 1, 3),
        hermite(1, 9, 2, 2),
        PovznerOptions {
            cross_section: CrossSection::Maxwell,
            range: Range::Hat { width: 1.3 },
            ..hermite(2, 3, 2, 2)
        },
        hermite(2, 4, 2, 1),
        PovznerOptions {
            cross_section: CrossSection::Power(0.5),
            ..hermite(2, 2, 3, 2)
        },
    ]
}

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

fn dense(model: &Povzner) -> Custom<f64> {
    let norm = match model.options().transport {
        Transport::Upwind => Norm::L1,
        _ => Norm::Euclidean,
    };
    let n = model.space().dimension() / model.positions().len();
    let massive = |a: usize| model.velocity_basis().is_none() || a % n == 0;
    let trace: Vec<f64> = (0..model.space().dimension())
        .map(|a| f64::from(u8::from(massive(a))))
        .collect();
    assert_eq!(model.space().trace(), trace);
    Custom::new(&dense_k(model), dense_pair(model), &trace, norm).unwrap()
}

fn panel(noise: &mut Noise, rows: usize, columns: usize) -> Array2<f64> {
    Array2::from_shape_vec((rows, columns), noise.vector(rows * columns)).unwrap()
}

/// Two panels agree to rounding, relative to the rates of the model.
fn assert_same(what: &str, model: &Povzner, a: &Array2<f64>, b: &Array2<f64>) {
    let rate = model.pair_norm().unwrap_or(10.0);
    let scale = 1.0 + rate * model.space().dimension() as f64;
    let worst = a
        .iter()
        .zip(b)
        .map(|(x, y)| (x - y).abs())
        .fold(0.0, f64::max);
    assert!(
        worst < ROUNDING * scale,
        "{what}: {worst:e}, {:?}",
        model.options()
    );
}

#[test]
fn law_every_operator_is_that_of_the_same_arrays() {
    for (k, model) in every_model().iter().enumerate() {
        let arrays = dense(model);
        let d = model.space().dimension();
        let mut noise = Noise::new(k as u64);
        for (m1, m2) in [(1, 1), (3, 1), (1, 4), (2, 3)] {
            let (x, y) = (panel(&mut noise, d, m1), panel(&mut noise, d, m2));
            let wide = panel(&mut noise, d * d, m1 + 1);
            // Columns of a wider panel: rows do not follow each other.
            let pairs = wide.slice(s![.., 1..]);
            let dirt = |noise: &mut Noise, rows, columns| {
                let dirty = panel(noise, rows, columns);
                (dirty.clone(), dirty)
            };
            let (mut a, mut b) = dirt(&mut noise, d, m1);
            model.add_k(-0.7, x.view(), a.view_mut());
            arrays.add_k(-0.7, x.view(), b.view_mut());
            assert_same("K", model, &a, &b);

            let (mut a, mut b) = dirt(&mut noise, d * d, m1);
            model.add_pair(-0.7, pairs, a.view_mut());
            arrays.add_pair(-0.7, pairs, b.view_mut());
            assert_same("V", model, &a, &b);

            let (mut a, mut b) = dirt(&mut noise, d, m1 + 1);
            model.add_q(-0.7, pairs, a.slice_mut(s![.., 1..]));
            arrays.add_q(-0.7, pairs, b.slice_mut(s![.., 1..]));
            assert_same("Q", model, &a, &b);

            let (mut a, mut b) = dirt(&mut noise, d * d, m1 * m2);
            model.add_pair_product(-0.7, x.view(), y.view(), a.view_mut());
            arrays.add_pair_product(-0.7, x.view(), y.view(), b.view_mut());
            assert_same("V of a product", model, &a, &b);

            let (mut a, mut b) = dirt(&mut noise, d, m1 * m2);
            model.add_q_product(-0.7, x.view(), y.view(), a.view_mut());
            arrays.add_q_product(-0.7, x.view(), y.view(), b.view_mut());
            assert_same("Q of a product", model, &a, &b);
        }
    }
}

#[test]
fn law_the_linearisation_is_that_of_the_same_arrays() {
    for (k, model) in every_model().iter().enumerate() {
        let arrays = dense(model);
        let d = model.space().dimension();
        let mut noise = Noise::new(100 + k as u64);
        for (fast, slow) in [
            (model.linearisation(), arrays.linearisation()),
            (model.linearised_generator(), arrays.linearised_generator()),
        ] {
            let (mut fast, mut slow) = (fast, slow);
            // The second state must not see anything of the first.
            for columns in [1, 7, 1100] {
                let f: Vec<f64> = noise.vector(d);
                fast.update(&f);
                slow.update(&f);
                let x = panel(&mut noise, d, columns);
                let mut a = panel(&mut noise, d, columns);
                let mut b = a.clone();
                fast.add_apply(-0.7, x.view(), a.view_mut());
                slow.add_apply(-0.7, x.view(), b.view_mut());
                assert_same("linearisation", model, &a, &b);
            }
        }
    }
}

#[test]
fn law_every_gas_satisfies_the_assumptions() {
    for model in every_model() {
        let found = check_assumptions(&model);
        assert!(found.hold(), "{found:?}, {:?}", model.options());
        let positive = model.options().transport == Transport::Upwind;
        assert_eq!(found.least_rate.is_some(), positive);
        assert!(
            found.scale > 0.0,
            "nothing happens: the laws would be empty"
        );
        assert_eq!(
            model.pair_norm().is_some(),
            model.velocity_basis().is_none()
        );
        if let (Some(a), Some(b)) = (model.pair_norm(), dense(&model).pair_norm()) {
            assert!(a > 0.0 && (a - b).abs() < ROUNDING * (1.0 + a));
        }
    }
}

#[test]
fn law_upwind_stays_positive_and_spectral_does_not() {
    let times: Vec<f64> = (0..=10).map(|k| 0.1 * f64::from(k)).collect();
    let least = |transport| {
        let model = Povzner::new(&PovznerOptions {
            transport,
            ..options(1, 16)
        })
        .unwrap();
        let density = model.density_bump(&[0.2], 0.05).unwrap();
        let velocity = model.velocity_beams(1.0, 0.3).unwrap();
        let start = model.product_state(&density, &velocity).unwrap();
        let states = flow::mean_field(&model, &start, &times);
        for f in &states {
            assert!((f.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
        states.concat().into_iter().fold(f64::INFINITY, f64::min)
    };
    assert!(least(Transport::Upwind) >= 0.0);
    assert!(least(Transport::Spectral) < -1e-4);
}

fn total(x: &[f64]) -> f64 {
    x.iter().sum()
}

#[test]
fn law_states_are_normalised_and_where_they_should_be() {
    for model in [options(1, 20), options(2, 12)].map(|o| Povzner::new(&o).unwrap()) {
        let dimension = model.options().dimension;
        let positions = model.positions();
        let uniform = model.density_uniform();
        assert!((total(&uniform) - 1.0).abs() < 1e-14);
        let cosine = model.density_cosine(-0.5).unwrap();
        assert!((total(&cosine) - 1.0).abs() < 1e-14);
        let wave = 2.0 * std::f64::consts::PI / 2.5;
        for (x, rho) in positions.iter().zip(&cosine) {
            let expected = (1.0 - 0.5 * (wave * x[0]).cos()) / positions.len() as f64;
            assert!((rho - expected).abs() < 1e-15);
        }
        // Over the edge of the box, narrow and wide, against the definition.
        for width in [1e-8, 0.05, 0.3, 4.0] {
            let center = &[1.2, 0.3][..dimension];
            let bump = model.density_bump(center, width).unwrap();
            assert!((total(&bump) - 1.0).abs() < 1e-14);
            let raw: Vec<f64> = positions
                .iter()
                .map(|x| {
                    let line = x.iter().zip(center).map(|(x, c)| {
                        let images = -20..=20;
                        let image = |k| ((x - c + 2.5 * f64::from(k)) / width).powi(2);
                        images.map(|k| (-image(k) / 2.0).exp()).sum::<f64>()
                    });
                    line.product()
                })
                .collect();
            if total(&raw) > 0.0 {
                for (a, b) in bump.iter().zip(&raw) {
                    assert!((a - b / total(&raw)).abs() < 1e-13);
                }
            } else {
                let top = bump.iter().position(|&x| x > 0.9).unwrap();
                let far = positions[top]
                    .iter()
                    .zip(center)
                    .map(|(x, c)| ((x - c) / 2.5 - ((x - c) / 2.5).round()).abs() * 2.5);
                assert!(far.fold(0.0, f64::max) <= 2.5 / 24.0 * (1.0 + 1e-9));
            }
        }
        let maxwellian = model.velocity_maxwellian(0.8, &[0.3, -0.1]).unwrap();
        let beams = model.velocity_beams(1.0, 0.4).unwrap();
        for f in [&maxwellian, &beams] {
            assert!((total(f) - 1.0).abs() < 1e-14);
        }
        let f = model.product_state(&cosine, &maxwellian).unwrap();
        assert_eq!(f.len(), model.space().dimension());
        assert_eq!(f[7], cosine[1] * maxwellian[2]);
        for (v, m) in model.velocities().iter().zip(&maxwellian) {
            let exponent = |v: &[f64]| ((v[0] - 0.3).powi(2) + (v[1] + 0.1).powi(2)) / 1.6;
            let ratio = (-exponent(v) + exponent(&model.velocities()[0])).exp();
            assert!((m / maxwellian[0] - ratio).abs() < 1e-13 * ratio);
        }
    }
}

#[test]
fn law_parameters_out_of_range_are_named() {
    fn key<T: std::fmt::Debug>(result: Result<T, ModelError>) -> &'static str {
        match result {
            Err(ModelError::Parameter { key, .. }) => key,
            other => panic!("{other:?}"),
        }
    }
    let refused = |change: &dyn Fn(&mut PovznerOptions)| {
        let mut options = options(1, 4);
        change(&mut options);
        key(Povzner::new(&options))
    };
    assert_eq!(refused(&|o| o.dimension = 3), "dimension");
    assert_eq!(refused(&|o| o.dimension = 0), "dimension");
    assert_eq!(refused(&|o| o.points = 0), "points");
    assert_eq!(refused(&|o| o.points = usize::MAX), "points");
    assert_eq!(refused(&|o| o.points = 1 << 23), "points");
    for length in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-320] {
        assert_eq!(refused(&|o| o.length = length), "length");
    }
    assert_eq!(refused(&|o| o.velocity_dimension = 0), "velocity_dimension");
    assert_eq!(refused(&|o| o.velocity_dimension = 4), "velocity_dimension");
    assert_eq!(
        refused(&|o| (o.dimension, o.velocity_dimension) = (2, 1)),
        "velocity_dimension"
    );
    for width in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(refused(&|o| o.range = Range::Hat { width }), "width");
        assert_eq!(refused(&|o| o.range = Range::Gaussian { width }), "width");
    }
    let radius =
        |radius| move |o: &mut PovznerOptions| o.velocities = Velocities::Lattice { radius };
    assert_eq!(refused(&radius(0.5)), "radius");
    assert_eq!(refused(&radius(f64::NAN)), "radius");
    assert_eq!(
        refused(&|o| o.cross_section = CrossSection::Power(-1.0)),
        "power"
    );

    let hermite = |degree, temperature, transport| {
        move |o: &mut PovznerOptions| {
            o.transport = transport;
            o.velocities = Velocities::Hermite {
                degree,
                temperature,
            };
        }
    };
    let spectral = Transport::Spectral;
    assert_eq!(refused(&hermite(1000, 1.0, spectral)), "degree");
    assert_eq!(refused(&hermite(2, 0.0, spectral)), "temperature");
    assert_eq!(refused(&hermite(2, 1.0, Transport::Upwind)), "transport");

    let model = Povzner::new(&options(1, 4)).unwrap();
    assert_eq!(key(model.density_bump(&[0.0, 0.0], 1.0)), "center");
    assert_eq!(key(model.density_bump(&[f64::NAN], 1.0)), "center");
    assert_eq!(key(model.density_bump(&[0.0], 0.0)), "width");
    assert_eq!(key(model.density_cosine(1.5)), "amplitude");
    assert_eq!(key(model.density_cosine(f64::NAN)), "amplitude");
    assert_eq!(
        key(model.velocity_maxwellian(0.0, &[0.0, 0.0])),
        "temperature"
    );
    assert_eq!(key(model.velocity_maxwellian(1.0, &[0.0])), "drift");
    assert_eq!(key(model.velocity_beams(f64::NAN, 1.0)), "speed");
    assert_eq!(key(model.velocity_beams(1.0, 0.0)), "width");
    let short = model.product_state(&[1.0], &[1.0]);
    assert!(matches!(short, Err(ModelError::Shape { .. })));
}

#[test]
fn law_a_uniform_maxwellian_does_not_move() {
    for model in every_model() {
        // A Maxwellian of the reference is h_0 alone: exact at any degree.
        let (temperature, drift) = match model.velocity_basis() {
            Some(basis) => (basis.temperature(), 0.0),
            None => (0.7, 0.2),
        };
        let drift = vec![drift; model.velocity_dimension()];
        let velocity = model.velocity_maxwellian(temperature, &drift).unwrap();
        let f = model
            .product_state(&model.density_uniform(), &velocity)
            .unwrap();
        let column = ArrayView2::from_shape((f.len(), 1), &f[..]).unwrap();
        let mut out = Array2::zeros((f.len(), 1));
        model.add_k(1.0, column, out.view_mut());
        model.add_q_product(1.0, column, column, out.view_mut());
        assert!(out.iter().all(|x: &f64| x.abs() < ROUNDING));
    }
}
