//! Hartree states: what they are, and what is refused by which key.

use meanfield_abstract::{Hamiltonian, ModelError, one_body_state};
use meanfield_models::hartree::{Grid, Hartree, Potential, Trap};
use num_complex::Complex64;

/// Rounding of sums of a few hundred numbers of order one.
const ROUNDING: f64 = 1e-12;

fn model(dimension: usize, points: usize) -> Hartree {
    let grid = Grid::new(dimension, points, 8.0).unwrap();
    let potential = Potential::Cosine { strength: 1.0 };
    Hartree::new(
        grid,
        0.5,
        2.0,
        potential,
        Some(Trap::Harmonic { omega: 1.0 }),
    )
    .unwrap()
}

#[test]
fn law_a_gaussian_has_its_center_width_and_momentum() {
    for (points, center, momentum) in [(32, 0.4, 1.1), (33, -0.3, -0.6)] {
        let model = model(1, points);
        let psi = model.gaussian_wave(&[center], &[0.5], &[momentum]).unwrap();
        let weights: Vec<f64> = psi.iter().map(|z| z.norm_sqr()).collect();
        let x = model.grid().positions();
        let mean = |g: &dyn Fn(f64) -> f64| -> f64 {
            weights.iter().zip(&x).map(|(w, &x)| w * g(x)).sum()
        };
        // The tail at the boundary is e^{−3.6²/2·0.5²} = 6e-12.
        assert!((mean(&|_| 1.0) - 1.0).abs() < ROUNDING);
        assert!((mean(&|x| x) - center).abs() < 1e-9);
        assert!((mean(&|x| (x - center).powi(2)) - 0.25).abs() < 1e-9);
        // Momentum distribution: a Gaussian about p of width ħ/(2·width).
        let (n, p) = (points as f64, model.grid().momenta(0.5));
        let moments: Vec<(f64, f64)> = p
            .iter()
            .map(|&p| {
                let overlap: Complex64 = psi
                    .iter()
                    .zip(&x)
                    .map(|(z, &x)| z * Complex64::cis(-p * x / 0.5))
                    .sum();
                (p, overlap.norm_sqr() / n)
            })
            .collect();
        let first: f64 = moments.iter().map(|(p, w)| p * w).sum();
        let second: f64 = moments
            .iter()
            .map(|(p, w)| (p - momentum).powi(2) * w)
            .sum();
        assert!((first - momentum).abs() < 1e-9, "{first}");
        assert!((second - 0.25).abs() < 1e-9, "{second}");
    }
}

#[test]
fn law_states_are_states_and_two_dimensions_are_two_factors() {
    let line = model(1, 12);
    let plane = model(2, 12);
    let a = line.gaussian_wave(&[0.5], &[0.6], &[0.7]).unwrap();
    let b = line.gaussian_wave(&[-1.0], &[0.9], &[-0.2]).unwrap();
    let ab = plane
        .gaussian_wave(&[0.5, -1.0], &[0.6, 0.9], &[0.7, -0.2])
        .unwrap();
    for (site, z) in ab.iter().enumerate() {
        assert!((z - a[site / 12] * b[site % 12]).norm() < ROUNDING);
    }
    let pure = line.gaussian(&[0.5], &[0.6], &[0.7]).unwrap();
    one_body_state(&line, "F", &pure).unwrap();
    assert!((pure[3 * 12 + 5] - a[3] * a[5].conj()).norm() < ROUNDING);
    one_body_state(&line, "F", &line.thermal(0.3).unwrap()).unwrap();
}

#[test]
fn law_a_thermal_state_commutes_with_h_and_has_boltzmann_ratios() {
    let model = model(1, 25);
    let (d, rho) = (model.levels(), model.thermal(0.4).unwrap());
    let rho = ndarray::Array2::from_shape_vec((d, d), rho).unwrap();
    let h = model.one_body();
    let commutator = h.dot(&rho) - rho.dot(&h);
    assert!(commutator.iter().all(|z| z.norm() < ROUNDING));
    // Tr(ρ²h)/Tr ρ² is the mean energy at half the temperature.
    let square = rho.dot(&rho);
    let colder = ndarray::Array2::from_shape_vec((d, d), model.thermal(0.2).unwrap()).unwrap();
    let energy = |rho: &ndarray::Array2<Complex64>| rho.dot(&h).diag().sum().re;
    assert!((energy(&square) / square.diag().sum().re - energy(&colder)).abs() < ROUNDING);
    // Harmonic oscillator: ħω(½ + 1/(e^{ħω/T} − 1)), resolved on
    // this grid: the largest kinetic energy is 15 T.
    let expected = 0.5 * (0.5 + 1.0 / ((0.5_f64 / 0.4).exp() - 1.0));
    assert!((energy(&rho) - expected).abs() < 1e-4, "{}", energy(&rho));
}

#[test]
fn law_what_does_not_exist_is_refused_by_its_key() {
    fn key<T: std::fmt::Debug>(result: Result<T, ModelError>) -> &'static str {
        match result {
            Err(ModelError::Parameter { key, .. }) => key,
            other => panic!("{other:?}"),
        }
    }
    let line = model(1, 16);
    let gaussian = |c: f64, w: f64, p: f64| key(line.gaussian(&[c], &[w], &[p]));
    assert_eq!(gaussian(f64::NAN, 1.0, 0.0), "center");
    assert_eq!(gaussian(4.0, 1.0, 0.0), "center");
    assert_eq!(gaussian(0.0, 0.24, 0.0), "width");
    assert_eq!(gaussian(0.0, 2.1, 0.0), "width");
    assert_eq!(gaussian(0.0, -1.0, 0.0), "width");
    assert_eq!(gaussian(0.0, 1.0, f64::INFINITY), "momentum");
    // Nyquist: πħ/Δx = π.
    assert_eq!(gaussian(0.0, 1.0, 3.2), "momentum");
    assert!(line.gaussian(&[0.0], &[1.0], &[3.1]).is_ok());
    assert_eq!(
        key(model(2, 6).gaussian(&[0.0], &[1.0, 1.0], &[0.0, 0.0])),
        "center"
    );
    assert_eq!(key(line.thermal(0.0)), "temperature");
    assert_eq!(key(line.thermal(f64::NAN)), "temperature");

    let grid = Grid::new(1, 8, 4.0).unwrap();
    let build = |hbar, mass, potential, trap| key(Hartree::new(grid, hbar, mass, potential, trap));
    let contact = Potential::Contact { strength: 1.0 };
    assert_eq!(build(0.0, 1.0, contact, None), "hbar");
    assert_eq!(build(1.0, -1.0, contact, None), "mass");
    assert_eq!(build(1.0, 1e-320, contact, None), "mass");
    let wrong = [
        (
            Potential::Gaussian {
                strength: f64::NAN,
                width: 1.0,
            },
            "strength",
        ),
        (
            Potential::Gaussian {
                strength: 1.0,
                width: 0.0,
            },
            "width",
        ),
        (
            Potential::SoftCoulomb {
                strength: 1.0,
                softening: 0.0,
            },
            "softening",
        ),
        (
            Potential::SoftCoulomb {
                strength: 1e300,
                softening: 1e-300,
            },
            "softening",
        ),
        (
            Potential::Cosine {
                strength: f64::INFINITY,
            },
            "strength",
        ),
        (Potential::Contact { strength: f64::MAX }, "strength"),
    ];
    for (potential, expected) in wrong {
        assert_eq!(build(1.0, 1.0, potential, None), expected, "{potential:?}");
    }
    let wrong = [
        (Trap::Harmonic { omega: 0.0 }, "omega"),
        (Trap::Harmonic { omega: 1e200 }, "omega"),
        (
            Trap::Lattice {
                depth: f64::NAN,
                periods: 1,
            },
            "depth",
        ),
        (
            Trap::Lattice {
                depth: 1.0,
                periods: 0,
            },
            "periods",
        ),
        (
            Trap::Lattice {
                depth: 1.0,
                periods: 5,
            },
            "periods",
        ),
        (
            Trap::DoubleWell {
                separation: 4.0,
                height: 1.0,
            },
            "separation",
        ),
        (
            Trap::DoubleWell {
                separation: 1e-200,
                height: 1.0,
            },
            "height",
        ),
    ];
    for (trap, expected) in wrong {
        assert_eq!(build(1.0, 1.0, contact, Some(trap)), expected, "{trap:?}");
    }
}
