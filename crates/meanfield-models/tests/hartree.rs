//! Hartree on grids: every fast operator against commutators of dense matrices
//! and against the slow defaults of the trait.

use std::f64::consts::PI;

use meanfield_abstract::problems::Noise;
use meanfield_abstract::{Hamiltonian, Linearisation, Model, RequiredOnly, check_assumptions};
use meanfield_models::hartree::{Grid, Hartree, Potential, Trap};
use ndarray::{Array2, ArrayViewMut2, s};
use num_complex::Complex64;

/// Rounding of sums of a few hundred products of numbers of order one.
const ROUNDING: f64 = 1e-12;

const HBAR: f64 = 0.7;
const MASS: f64 = 1.3;
const LENGTH: f64 = 3.1;

type Matrix = Array2<Complex64>;

/// Grids with n odd and even, in one and two dimensions, with every potential
/// and every trap.
fn models() -> Vec<Hartree> {
    let potentials = [
        Potential::Gaussian {
            strength: 1.4,
            width: 0.6,
        },
        Potential::SoftCoulomb {
            strength: -0.8,
            softening: 0.4,
        },
        Potential::Cosine { strength: 0.9 },
        Potential::Contact { strength: 0.5 },
    ];
    let traps = [
        None,
        Some(Trap::Harmonic { omega: 1.2 }),
        Some(Trap::Lattice {
            depth: 2.0,
            periods: 1,
        }),
        Some(Trap::DoubleWell {
            separation: 1.5,
            height: 0.7,
        }),
    ];
    let mut out = Vec::new();
    for (k, (dimension, points)) in [(1, 4), (1, 5), (2, 2), (2, 3)].into_iter().enumerate() {
        for (potential, trap) in potentials
            .into_iter()
            .zip(traps.into_iter().cycle().skip(k))
        {
            let grid = Grid::new(dimension, points, LENGTH).unwrap();
            out.push(Hartree::new(grid, HBAR, MASS, potential, trap).unwrap());
        }
    }
    out
}

/// −ħ²Δ/2m from plane waves e^{2πikx/L}, one after the other.
fn kinetic(grid: &Grid) -> Matrix {
    let (n, d) = (grid.points(), grid.levels());
    let momenta = grid.momenta(HBAR);
    let axes = grid.dimension();
    let wave = |p: f64, i: usize| Complex64::cis(p * grid.positions()[i] / HBAR);
    let mut out = Matrix::zeros((d, d));
    for k in 0..d {
        let p: Vec<f64> = (0..axes).map(|a| momenta[grid.index(k, a)]).collect();
        let energy = p.iter().map(|p| p * p).sum::<f64>() / (2.0 * MASS);
        let psi = |site: usize| -> Complex64 {
            (0..axes).map(|a| wave(p[a], grid.index(site, a))).product()
        };
        for x in 0..d {
            for y in 0..d {
                out[[x, y]] += psi(x) * psi(y).conj() * energy / n.pow(axes as u32) as f64;
            }
        }
    }
    out
}

/// v and the trap written down once more, distance by distance.
fn potential(model: &Hartree, x: usize, y: usize) -> f64 {
    let grid = model.grid();
    let apart = |axis: usize| {
        let steps = grid.index(x, axis).abs_diff(grid.index(y, axis));
        steps.min(grid.points() - steps) as f64 * LENGTH / grid.points() as f64
    };
    let r: Vec<f64> = (0..grid.dimension()).map(apart).collect();
    let square: f64 = r.iter().map(|r| r * r).sum();
    match model.potential() {
        Potential::Gaussian { strength, width } => {
            strength * (-square / (2.0 * width * width)).exp()
        }
        Potential::SoftCoulomb {
            strength,
            softening,
        } => strength / (square + softening * softening).sqrt(),
        Potential::Cosine { strength } => r
            .iter()
            .map(|r| strength * (2.0 * PI * r / LENGTH).cos())
            .sum(),
        Potential::Contact { strength } => {
            let volume = grid.spacing().powi(grid.dimension() as i32);
            if x == y { strength / volume } else { 0.0 }
        }
        other => panic!("{other:?}"),
    }
}

fn trap(model: &Hartree, site: usize) -> f64 {
    let grid = model.grid();
    let at = |axis: usize| -0.5 * LENGTH + grid.index(site, axis) as f64 * grid.spacing();
    let all = (0..grid.dimension()).map(at);
    match model.trap() {
        None => 0.0,
        Some(Trap::Harmonic { omega }) => all.map(|x| 0.5 * MASS * omega * omega * x * x).sum(),
        Some(Trap::Lattice { depth, periods }) => all
            .map(|x| depth * (PI * periods as f64 * x / LENGTH).sin().powi(2))
            .sum(),
        Some(Trap::DoubleWell { separation, height }) => {
            height * ((2.0 * at(0) / separation).powi(2) - 1.0).powi(2)
        }
        other => panic!("{other:?}"),
    }
}

fn one_body(model: &Hartree) -> Matrix {
    let mut h = kinetic(model.grid());
    for x in 0..h.nrows() {
        h[[x, x]] += trap(model, x);
    }
    h
}

fn pair(model: &Hartree) -> Matrix {
    let d = model.levels();
    Matrix::from_diag(&ndarray::Array1::from_shape_fn(d * d, |k| {
        Complex64::from(potential(model, k / d, k % d))
    }))
}

fn generator(a: &Matrix, b: &Matrix) -> Matrix {
    (a.dot(b) - b.dot(a)).mapv(|z| -Complex64::I / HBAR * z)
}

fn noise(rows: usize, columns: usize, seed: u64) -> Matrix {
    let mut noise = Noise::new(seed);
    Matrix::from_shape_simple_fn((rows, columns), || noise.scalar())
}

/// Column `m` of a panel of one-body elements as an operator, and of two-body
/// elements.
fn operator(d: usize, panel: &Matrix, m: usize) -> Matrix {
    Matrix::from_shape_fn((d, d), |(x, y)| panel[[x * d + y, m]])
}

fn pair_operator(d: usize, panel: &Matrix, m: usize) -> Matrix {
    Matrix::from_shape_fn((d * d, d * d), |(row, column)| {
        let (first, second) = (row / d * d + column / d, row % d * d + column % d);
        panel[[first * d * d + second, m]]
    })
}

fn partial_trace(d: usize, pair: &Matrix) -> Matrix {
    Matrix::from_shape_fn((d, d), |(x, xp)| {
        (0..d).map(|y| pair[[x * d + y, xp * d + y]]).sum()
    })
}

fn outer(x: &Matrix, y: &Matrix) -> Matrix {
    let d = x.nrows();
    Matrix::from_shape_fn((d * d, d * d), |(row, column)| {
        x[[row / d, column / d]] * y[[row % d, column % d]]
    })
}

fn largest(a: &Matrix) -> f64 {
    a.iter().map(|z| z.norm()).fold(0.0, f64::max)
}

/// What `add` adds to a panel that is not empty.
fn added(rows: usize, columns: usize, add: impl FnOnce(ArrayViewMut2<'_, Complex64>)) -> Matrix {
    let before = noise(rows, columns, 99);
    let mut out = before.clone();
    add(out.view_mut());
    out - before
}

const C: Complex64 = Complex64::new(0.3, -1.1);

#[test]
fn law_h_and_v_are_spectral_derivatives_and_minimal_images() {
    for model in models() {
        assert!(largest(&(model.one_body() - one_body(&model))) < ROUNDING * 10.0);
        assert!(largest(&(Hamiltonian::pair(&model) - pair(&model))) < ROUNDING);
        let values: Vec<f64> = pair(&model).diag().iter().map(|z| z.re).collect();
        let spread = values.iter().copied().fold(f64::MIN, f64::max)
            - values.iter().copied().fold(f64::MAX, f64::min);
        assert!((model.interaction().pair_norm().unwrap() - spread / HBAR).abs() < ROUNDING);
    }
}

#[test]
fn law_k_v_and_q_are_commutators_of_dense_matrices() {
    for model in models() {
        let d = model.levels();
        for columns in [1, 3] {
            let x = noise(d * d, columns, 5);
            let k = added(d * d, columns, |out| model.add_k(C, x.view(), out));
            let h = one_body(&model);
            for m in 0..columns {
                let expected = generator(&h, &operator(d, &x, m)).mapv(|z| C * z);
                assert!(largest(&(operator(d, &k, m) - expected)) < 50.0 * ROUNDING);
            }
            let g = noise(d.pow(4), columns, 6);
            let v = added(d.pow(4), columns, |out| {
                model.interaction().add_pair(C, g.view(), out)
            });
            let q = added(d * d, columns, |out| {
                model.interaction().add_q(C, g.view(), out)
            });
            for m in 0..columns {
                let expected = generator(&pair(&model), &pair_operator(d, &g, m)).mapv(|z| C * z);
                assert!(largest(&(pair_operator(d, &v, m) - &expected)) < ROUNDING);
                let traced = partial_trace(d, &expected);
                assert!(largest(&(operator(d, &q, m) - traced)) < ROUNDING);
            }
        }
    }
}

#[test]
fn law_products_and_the_linearisation_are_commutators_of_dense_matrices() {
    for model in models() {
        let (d, v) = (model.levels(), pair(&model));
        let image = |x: &Matrix, y: &Matrix| generator(&v, &outer(x, y));
        for (m1, m2) in [(1, 1), (1, 3), (2, 1), (2, 3)] {
            let (x, y) = (noise(d * d, m1, 7), noise(d * d, m2, 8));
            let pairs = added(d.pow(4), m1 * m2, |out| {
                model
                    .interaction()
                    .add_pair_product(C, x.view(), y.view(), out);
            });
            let q = added(d * d, m1 * m2, |out| {
                model
                    .interaction()
                    .add_q_product(C, x.view(), y.view(), out);
            });
            for m in 0..m1 * m2 {
                let (x, y) = (operator(d, &x, m / m2), operator(d, &y, m % m2));
                let expected = image(&x, &y).mapv(|z| C * z);
                assert!(largest(&(pair_operator(d, &pairs, m) - &expected)) < ROUNDING);
                let traced = partial_trace(d, &expected);
                assert!(largest(&(operator(d, &q, m) - traced)) < ROUNDING);
            }
        }
        let (mut delta, mut whole) = (
            model.interaction().linearisation(),
            model.linearised_generator(),
        );
        // A second state: nothing of the first may be left.
        for (seed, columns) in [(11, 4), (12, 1), (13, 2)] {
            let f = noise(d * d, 1, seed);
            let (state, x) = (operator(d, &f, 0), noise(d * d, columns, seed + 50));
            let f: Vec<Complex64> = f.into_iter().collect();
            delta.update(&f);
            whole.update(&f);
            let a = added(d * d, columns, |out| delta.add_apply(C, x.view(), out));
            let b = added(d * d, columns, |out| whole.add_apply(C, x.view(), out));
            for m in 0..columns {
                let g = operator(d, &x, m);
                let q = partial_trace(d, &(image(&state, &g) + image(&g, &state)));
                let k = generator(&one_body(&model), &g);
                let difference = operator(d, &a, m) - q.mapv(|z| C * z);
                assert!(largest(&difference) < ROUNDING * 10.0);
                let difference = operator(d, &b, m) - (q + k).mapv(|z| C * z);
                assert!(largest(&difference) < ROUNDING * 50.0);
            }
        }
    }
}

#[test]
fn law_fast_paths_agree_with_the_defaults_on_panels_of_any_layout() {
    for model in models() {
        let (d, slow) = (model.levels(), RequiredOnly(&model));
        let (wide_x, wide_y) = (noise(d * d, 5, 21), noise(d * d, 7, 22));
        let (x, y) = (wide_x.slice(s![.., 1..3]), wide_y.slice(s![.., 2..7;2]));
        let same = |fast: Matrix, slow: Matrix| assert!(largest(&(fast - slow)) < 50.0 * ROUNDING);
        // Columns of a wider panel are written to as well.
        let strided = |rows: usize, columns: usize, add: &dyn Fn(ArrayViewMut2<'_, Complex64>)| {
            let mut wide = Matrix::zeros((rows, columns + 2));
            add(wide.slice_mut(s![.., 1..=columns]));
            assert!(wide.column(0).iter().all(|z| z.norm() == 0.0));
            assert!(wide.column(columns + 1).iter().all(|z| z.norm() == 0.0));
            wide.slice(s![.., 1..=columns]).to_owned()
        };
        let (m1, m2) = (x.ncols(), y.ncols());
        same(
            strided(d.pow(4), m1 * m2, &|out| {
                model.interaction().add_pair_product(C, x, y, out)
            }),
            added(d.pow(4), m1 * m2, |out| {
                slow.interaction().add_pair_product(C, x, y, out)
            }),
        );
        same(
            strided(d * d, m1 * m2, &|out| {
                model.interaction().add_q_product(C, x, y, out)
            }),
            added(d * d, m1 * m2, |out| {
                slow.interaction().add_q_product(C, x, y, out)
            }),
        );
        let wide = noise(d.pow(4), 4, 23);
        let g = wide.slice(s![.., 1..3]);
        same(
            strided(d * d, 2, &|out| model.interaction().add_q(C, g, out)),
            added(d * d, 2, |out| slow.interaction().add_q(C, g, out)),
        );
        let f = noise(d * d, 1, 24).into_iter().collect::<Vec<_>>();
        let apply = |mut operator: Box<dyn Linearisation<Complex64> + '_>| {
            operator.update(&f);
            strided(d * d, m2, &|out| operator.add_apply(C, y, out))
        };
        same(
            apply(model.interaction().linearisation()),
            apply(slow.interaction().linearisation()),
        );
        same(
            apply(model.linearised_generator()),
            apply(slow.linearised_generator()),
        );
        let found = check_assumptions(&model);
        assert!(found.hold(), "{found:?}");
    }
}

#[test]
fn law_wave_functions_feel_h_and_densities_make_potentials() {
    for model in models() {
        let d = model.levels();
        let psi = noise(d, 3, 31);
        let found = added(d, 3, |out| model.add_one_body(psi.view(), out).unwrap());
        assert!(largest(&(found - one_body(&model).dot(&psi))) < ROUNDING * 10.0);
        let found = added(d, 3, |out| model.add_convolution(psi.view(), out).unwrap());
        let v = Matrix::from_shape_fn((d, d), |(x, y)| potential(&model, x, y).into());
        assert!(largest(&(found - v.dot(&psi))) < ROUNDING);
        let short = noise(d - 1, 3, 31);
        let mut out = noise(d, 2, 31);
        let refused = model.add_one_body(short.view(), out.view_mut());
        assert_eq!(
            refused.unwrap_err().to_string(),
            format!("array `psi`: found shape [{}, 3], expected ({d}, 3)", d - 1)
        );
        let refused = model.add_convolution(psi.view(), out.view_mut());
        assert_eq!(
            refused.unwrap_err().to_string(),
            format!("array `V * rho`: found shape [{d}, 2], expected ({d}, 3)")
        );
    }
}
