//! Hartree observables against dense matrices of one and two particles.

use meanfield_abstract::problems::Noise;
use meanfield_abstract::{
    Axis, Field, Hamiltonian, Model, Observable, ObservableKind, PackedPair, PairSource, TwoBody,
    one_body_state,
};
use meanfield_models::hartree::{Grid, Hartree, Potential, Trap};
use meanfield_tensor::SymmetricLayout;
use ndarray::Array2;
use num_complex::Complex64;

/// Rounding of sums of a few thousand products of numbers of order one.
const ROUNDING: f64 = 1e-11;
const HBAR: f64 = 0.8;
const LENGTH: f64 = 5.0;

type Matrix = Array2<Complex64>;

fn models() -> Vec<Hartree> {
    [(1, 4), (1, 5), (2, 2), (2, 3)]
        .into_iter()
        .map(|(dimension, points)| {
            let grid = Grid::new(dimension, points, LENGTH).unwrap();
            let potential = Potential::SoftCoulomb {
                strength: 1.5,
                softening: 0.7,
            };
            let trap = Some(Trap::Harmonic { omega: 0.6 });
            Hartree::new(grid, HBAR, 1.4, potential, trap).unwrap()
        })
        .collect()
}

fn field(model: &Hartree, name: &str) -> Field<'static, Complex64> {
    // The closures borrow the model: leaked, as the test is short.
    let model: &'static Hartree = Box::leak(Box::new(model.clone()));
    match model.capabilities().observable(name) {
        Some(ObservableKind::Field(field)) => field,
        other => panic!("{name}: {other:?}"),
    }
}

fn two_body(model: &Hartree, name: &str) -> TwoBody<'static, Complex64> {
    let model: &'static Hartree = Box::leak(Box::new(model.clone()));
    match model.capabilities().observable(name) {
        Some(ObservableKind::TwoBody(two)) => two,
        other => panic!("{name}: {other:?}"),
    }
}

/// A random Hermitian one-body element and a random symmetric two-body one.
fn elements(model: &Hartree) -> (Vec<Complex64>, SymmetricLayout, Vec<Complex64>) {
    let d = model.levels();
    let mut noise = Noise::new(2);
    let a: Vec<Complex64> = noise.vector(d * d);
    let f = (0..d * d)
        .map(|k| a[k] + a[k % d * d + k / d].conj())
        .collect();
    let layout = SymmetricLayout::new(d * d, 2).unwrap();
    let raw: Vec<Complex64> = noise.vector(layout.len(2));
    // G[(x,x'),(y,y')] is the conjugate of G[(x',x),(y',y)].
    let mirror = |k: usize| k % d * d + k / d;
    let mut g = raw.clone();
    for a in 0..d * d {
        for b in 0..=a {
            let other = raw[layout.rank(&[mirror(a), mirror(b)])];
            g[layout.rank(&[a, b])] = raw[layout.rank(&[a, b])] + other.conj();
        }
    }
    (f, layout, g)
}

/// ⟨G, a⊗b⟩ for matrices a, b.
fn pairing(layout: &SymmetricLayout, g: &[Complex64], a: &Matrix, b: &Matrix) -> f64 {
    let functional = |a: &Matrix| a.t().iter().copied().collect::<Vec<_>>();
    let rest = layout.contract(2, &functional(a), g);
    functional(b)
        .iter()
        .zip(&rest)
        .map(|(x, y)| x * y)
        .sum::<Complex64>()
        .re
}

fn mean(f: &[Complex64], a: &Matrix) -> f64 {
    a.t()
        .iter()
        .zip(f)
        .map(|(x, y)| x * y)
        .sum::<Complex64>()
        .re
}

/// |k⟩⟨k| for the plane wave with these momenta, or the projector on a site.
fn projectors(model: &Hartree, momenta: bool) -> Vec<Matrix> {
    let (grid, d) = (*model.grid(), model.levels());
    let (x, p) = (grid.positions(), grid.momenta(HBAR));
    let wave = move |k: usize, site: usize| -> Complex64 {
        if !momenta {
            return f64::from(u8::from(k == site)).into();
        }
        let phase: f64 = (0..grid.dimension())
            .map(|a| p[grid.index(k, a)] * x[grid.index(site, a)] / HBAR)
            .sum();
        Complex64::cis(phase) / (d as f64).sqrt()
    };
    (0..d)
        .map(|k| Matrix::from_shape_fn((d, d), |(x, y)| wave(k, x) * wave(k, y).conj()))
        .collect()
}

#[test]
fn law_fields_are_projectors_of_one_and_of_two_particles() {
    for model in models() {
        let (f, layout, g) = elements(&model);
        for (name, momenta) in [("density", false), ("momentum", true)] {
            let field = field(&model, name);
            let (one, square, two) = (
                (field.mean)(&f),
                (field.square)(&f),
                (field.pair)(&packed(&layout, &g)),
            );
            for (k, a) in projectors(&model, momenta).iter().enumerate() {
                assert!((one[k] - mean(&f, a)).abs() < ROUNDING, "{name} {k}");
                assert!(
                    (square[k] - mean(&f, &a.dot(a))).abs() < ROUNDING,
                    "{name} {k}"
                );
                assert!(
                    (two[k] - pairing(&layout, &g, a, a)).abs() < ROUNDING,
                    "{name} {k}"
                );
            }
        }
    }
}

#[test]
fn law_numbers_are_moments_of_the_fields() {
    for model in models() {
        let (f, ..) = elements(&model);
        let grid = model.grid();
        let second = grid.dimension() == 2;
        for (name, source, axis, power) in [
            ("x", "density", 0, 1),
            ("x2", "density", 0, 2),
            ("p", "momentum", 0, 1),
            ("p2", "momentum", 0, 2),
            ("y", "density", 1, 1),
            ("y2", "density", 1, 2),
            ("py", "momentum", 1, 1),
            ("py2", "momentum", 1, 2),
        ] {
            if axis == 1 && !second {
                assert!(model.capabilities().observable(name).is_none());
                continue;
            }
            let field = field(&model, source);
            let Axis { values, .. } = &field.axes[axis];
            let weights = (field.mean)(&f);
            let expected: f64 = weights
                .iter()
                .enumerate()
                .map(|(site, w)| w * values[grid.index(site, axis)].powi(power))
                .sum();
            let found = Observable::named(&model, name).unwrap().mean(&f);
            assert!((found.re - expected).abs() < ROUNDING && found.im.abs() < ROUNDING);
        }
        let all = |name: &str| Observable::named(&model, name).unwrap().mean(&f).re;
        let p2 = all("p2") + if second { all("py2") } else { 0.0 };
        assert!((all("kinetic") - p2 / 2.8).abs() < ROUNDING);
    }
}

#[test]
fn law_energy_and_pair_distributions_read_the_diagonal_of_pairs() {
    for model in models() {
        let (d, grid) = (model.levels(), *model.grid());
        let (f, layout, g) = elements(&model);
        let energy = two_body(&model, "energy");
        assert_eq!(energy.of, PairSource::PerPair);
        let h = model.one_body();
        let one = energy.one_body.unwrap()(&f);
        assert!((one[0] - mean(&f, &h)).abs() < ROUNDING);
        let v = Hamiltonian::pair(&model);
        let site = projectors(&model, false);
        let rho = |x: usize, y: usize| pairing(&layout, &g, &site[x], &site[y]);
        let half: f64 = (0..d * d)
            .map(|k| 0.5 * v[[k, k]].re * rho(k / d, k % d))
            .sum();
        assert!(((energy.pair)(&packed(&layout, &g))[0] - half).abs() < ROUNDING);
        let density = two_body(&model, "pair_density");
        for (k, value) in (density.pair)(&packed(&layout, &g)).iter().enumerate() {
            assert!((value - rho(k / d, k % d)).abs() < ROUNDING);
        }
        // Every pair of sites once, by its separation.
        let g2 = two_body(&model, "g2");
        let mut expected = vec![0.0; d];
        for x in 0..d {
            for y in 0..d {
                let apart = grid.displacement(x, y);
                let bin = (0..grid.dimension()).fold(0, |bin, axis| {
                    let near = |r: &f64| (r - apart[axis]).abs() < 1e-9;
                    bin * grid.points() + g2.axes[axis].values.iter().position(near).unwrap()
                });
                expected[bin] += d as f64 * rho(x, y);
            }
        }
        for (found, expected) in (g2.pair)(&packed(&layout, &g)).iter().zip(&expected) {
            assert!((found - expected).abs() < ROUNDING);
        }
    }
}

#[test]
fn law_a_homogeneous_gas_of_independent_particles_has_g2_one_and_no_depletion() {
    for model in models() {
        let d = model.levels();
        let psi = vec![Complex64::from(1.0 / d as f64); d * d];
        let f = one_body_state(&model, "F", &psi).unwrap();
        let layout = SymmetricLayout::new(d * d, 2).unwrap();
        let g2 = two_body(&model, "g2");
        for value in (g2.pair)(&packed(&layout, &layout.power(&f, 2))) {
            assert!((value - 1.0).abs() < ROUNDING);
        }
        let Some(ObservableKind::OfMarginal(depletion)) =
            model.capabilities().observable("depletion")
        else {
            panic!("depletion");
        };
        let series = (depletion.evaluate)(&[&f]).unwrap();
        assert!(series[0].coefficients()[0].abs() < ROUNDING);
        for name in model.capabilities().observable_names() {
            let kind = model.capabilities().observable(&name).unwrap();
            let (f2, count) = (
                layout.power(&f, 2),
                kind.axes().iter().map(|a| a.values.len()),
            );
            let found = match &kind {
                ObservableKind::Field(field) => (field.mean)(&f).len(),
                ObservableKind::TwoBody(two) => (two.pair)(&packed(&layout, &f2)).len(),
                _ => 1,
            };
            assert_eq!(found, count.product::<usize>(), "{name}");
        }
        assert!(model.capabilities().observable("z").is_none());
    }
}

fn packed<'a>(layout: &'a SymmetricLayout, values: &'a [Complex64]) -> PackedPair<'a, Complex64> {
    PackedPair { layout, values }
}
