//! Functions, observables and states against moments and densities; what is refused.

use meanfield_abstract::ModelError;
use num_complex::Complex64;

use super::{ROUNDING, basis};
use crate::hermite::{VelocityBasis, along, averaged};
use crate::kac::CrossSection;

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// E v^p for a Gaussian of mean u and variance s.
fn gaussian_moment(p: usize, u: f64, s: f64) -> f64 {
    let (mut before, mut value) = (0.0, 1.0);
    for k in 0..p {
        (before, value) = (value, u * value + k as f64 * s * before);
    }
    value
}

#[test]
fn validate_the_number_of_functions_and_their_order() {
    for (d, degree, size) in [(1, 6, 7), (2, 3, 10), (2, 8, 45), (3, 4, 35), (3, 0, 1)] {
        let b = basis(d, degree, 1.0);
        assert_eq!(b.len(), size);
        for (rank, &index) in b.indices().iter().enumerate() {
            assert_eq!(b.rank(index), Some(rank));
        }
        assert_eq!(b.rank([degree + 1, 0, 0]), None);
        assert_eq!(
            b.space().trace_of(&b.gaussian(&vec![0.3; d], 0.8).unwrap()),
            1.0
        );
    }
    assert_eq!(basis(2, 3, 1.0).rank([0, 0, 1]), None);
    assert_eq!(
        basis(3, 2, 1.0).indices()[1..4],
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    );
}

#[test]
fn validate_moments_of_gaussians_at_every_reference_temperature() {
    let (center, variance) = ([0.4, -0.7, 1.1], 0.9);
    for temperature in [0.6, 1.0, 2.5] {
        let b = basis(3, 5, temperature);
        let f = b.gaussian(&center, variance).unwrap();
        for powers in [[5, 0, 0], [2, 2, 1], [1, 1, 3], [0, 4, 0], [0, 0, 0]] {
            let functional = b.polynomial(&[(2.0, powers)]).unwrap();
            let expected: f64 = (0..3)
                .map(|k| gaussian_moment(powers[k], center[k], variance))
                .product();
            let found = dot(&functional, &f);
            assert!(
                (found - 2.0 * expected).abs() < ROUNDING * 50.0,
                "{powers:?}: {found}"
            );
        }
        assert_eq!(b.polynomial(&[(1.0, [3, 3, 0])]), None);
    }
}

#[test]
fn validate_coefficients_rebuild_the_density() {
    let b = basis(1, 40, 1.3);
    let density = |v: f64, u: f64, s: f64| {
        (-(v - u).powi(2) / (2.0 * s)).exp() / (std::f64::consts::TAU * s).sqrt()
    };
    let (beams, bkw) = (b.beams(1.0, 0.8).unwrap(), b.bkw(0.4).unwrap());
    for v in [-2.0, -0.5, 0.0, 0.3, 1.7_f64] {
        let reference = density(v, 0.0, 1.3);
        let expected = 0.5 * (density(v, 1.0, 0.64) + density(v, -1.0, 0.64));
        let found = b.ratio(&beams, &[v]) * reference;
        // (1 − 0.64/1.3)^{20} is 1e-6 of the last coefficient.
        assert!((found - expected).abs() < 1e-6, "{v}: {found} {expected}");
        let kappa = 0.6;
        let factor = (3.0 * kappa - 1.0) / (2.0 * kappa) + 0.4 * v * v / (2.0 * kappa * kappa);
        let expected = density(v, 0.0, kappa) * factor;
        let found = b.ratio(&bkw, &[v]) * reference;
        assert!((found - expected).abs() < 1e-5, "{v}: {found} {expected}");
    }
}

#[test]
fn validate_moments_of_the_krook_wu_state() {
    // ⟨|v|²⟩ = d and ⟨|v|⁴⟩ = d(d+2)κ(2−κ), from the Fourier transform e^{−κx}(1 − (1−κ)x).
    for d in 1..=3 {
        for (a, temperature) in [(0.3, 1.0), (2.0 / (d + 2) as f64, 0.7)] {
            let b = basis(d, 4, temperature);
            let f = b.bkw(a).unwrap();
            let squares: Vec<(f64, [usize; 3])> = (0..d)
                .map(|k| (1.0, std::array::from_fn(|i| if i == k { 2 } else { 0 })))
                .collect();
            let fourth: Vec<(f64, [usize; 3])> = (0..d * d)
                .map(|k| {
                    let mut powers = [0; 3];
                    powers[k / d] += 2;
                    powers[k % d] += 2;
                    (1.0, powers)
                })
                .collect();
            let (n, kappa) = (d as f64, 1.0 - a);
            let m2 = dot(&b.polynomial(&squares).unwrap(), &f);
            let m4 = dot(&b.polynomial(&fourth).unwrap(), &f);
            assert!((m2 - n).abs() < ROUNDING, "{d}: {m2}");
            assert!((m4 - n * (n + 2.0) * kappa * (2.0 - kappa)).abs() < ROUNDING * 10.0);
            assert!((f[0] - 1.0).abs() < ROUNDING);
        }
    }
}

#[test]
fn law_products_and_multiplication_are_those_of_polynomials() {
    let b = basis(3, 5, 0.8);
    let complex = |x: &[f64]| -> Vec<Complex64> { x.iter().map(|&x| Complex64::from(x)).collect() };
    let (p, q) = (
        [(1.0, [1, 0, 1]), (-2.0, [0, 2, 0])],
        [(0.5, [2, 0, 1]), (3.0, [0, 0, 0])],
    );
    let exact: Vec<(f64, [usize; 3])> = p
        .iter()
        .flat_map(|(x, a)| q.map(|(y, c)| (x * y, std::array::from_fn(|k| a[k] + c[k]))))
        .collect();
    let product = b.product(
        &complex(&b.polynomial(&p).unwrap()),
        &complex(&b.polynomial(&q).unwrap()),
    );
    for (x, y) in product.iter().zip(b.polynomial(&exact).unwrap()) {
        assert!((x - y).norm() < ROUNDING * 10.0);
    }
    // Beyond degree M a product is cut, not folded back: the rest is that of a larger basis.
    let (low, high) = (basis(2, 3, 0.8), basis(2, 6, 0.8));
    let cubes = [([(1.0, [3, 0, 0])], [(1.0, [2, 1, 0])])];
    for (p, q) in cubes {
        let one = |b: &VelocityBasis| {
            let of = |p: &[(f64, [usize; 3])]| complex(&b.polynomial(p).unwrap());
            b.product(&of(&p), &of(&q))
        };
        for (x, y) in one(&low).iter().zip(one(&high)) {
            assert!((x - y).norm() < ROUNDING * 10.0);
        }
    }
    // ∫ p (v_k f) = ∫ (v_k p) f while v_k p has degree ≤ M.
    let f = b.gaussian(&[0.2, 0.5, -0.4], 0.7).unwrap();
    for k in 0..3 {
        let image = b.multiplication(k).unwrap().dot(&ndarray::arr1(&f));
        let raised: Vec<(f64, [usize; 3])> = p
            .iter()
            .map(|(x, a)| (*x, std::array::from_fn(|i| a[i] + usize::from(i == k))))
            .collect();
        let left = dot(&b.polynomial(&p).unwrap(), &image.to_vec());
        let right = dot(&b.polynomial(&raised).unwrap(), &f);
        assert!(
            (left - right).abs() < ROUNDING * 10.0,
            "{k}: {left} {right}"
        );
    }
    assert!(b.multiplication(3).is_none());
}

#[test]
fn law_parameters_out_of_range_are_named() {
    fn key<T: std::fmt::Debug>(result: Result<T, ModelError>) -> &'static str {
        match result {
            Err(ModelError::Parameter { key, .. }) => key,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(key(VelocityBasis::new(4, 2, 1.0)), "dimension");
    assert_eq!(key(VelocityBasis::new(1, 61, 1.0)), "degree");
    assert_eq!(key(VelocityBasis::new(3, 40, 1.0)), "degree");
    for temperature in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(key(VelocityBasis::new(2, 2, temperature)), "temperature");
    }
    let b = basis(2, 4, 0.5);
    assert_eq!(key(b.gaussian(&[0.0], 0.5)), "center");
    assert_eq!(key(b.gaussian(&[0.0, f64::NAN], 0.5)), "center");
    assert_eq!(key(b.gaussian(&[0.0, 0.0], 1.0)), "variance");
    assert_eq!(key(b.gaussian(&[0.0, 1e200], 0.5)), "center");
    assert_eq!(key(b.maxwellian(1.0, &[0.0, 0.0])), "temperature");
    assert_eq!(key(b.maxwellian(-1.0, &[0.0, 0.0])), "temperature");
    assert_eq!(key(b.maxwellian(0.5, &[0.0])), "drift");
    assert_eq!(key(b.beams(f64::NAN, 0.5)), "speed");
    assert_eq!(key(b.beams(1.0, 0.0)), "width");
    assert_eq!(key(b.beams(1.0, 1.1)), "width");
    assert_eq!(key(b.bkw(0.6)), "A");
    assert_eq!(key(b.bkw(-0.1)), "A");
    assert_eq!(key(basis(2, 4, 0.4).bkw(0.1)), "A");
    assert_eq!(key(along(&b, CrossSection::Maxwell, &[1.0, 1.0])), "n");
    assert_eq!(key(along(&b, CrossSection::Maxwell, &[1.0])), "n");
    assert_eq!(key(averaged(&b, CrossSection::Power(-1.0))), "power");
    assert_eq!(key(averaged(&b, CrossSection::Power(1e4))), "power");
    assert_eq!(
        key(averaged(&basis(3, 20, 1.0), CrossSection::HardSphere)),
        "degree"
    );
}
