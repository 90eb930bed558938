//! Kac's models in Hermite functions: what collisions conserve, and the solutions that are known.

use meanfield_abstract::{
    Model, ModelError, Observable, ObservableKind, check_assumptions, one_body_state,
};
use meanfield_models::hermite::bkw_rate;
use meanfield_models::kac::{Caricature, CrossSection, KacHermite};
use meanfield_testing::mean_field;
use num_complex::Complex64;

/// Sums of a few hundred products of numbers of order one.
const ROUNDING: f64 = 1e-12;
/// The integrator's tolerance of 1e-10 per step, over some tens of steps.
const FLOW: f64 = 1e-8;

const SECTIONS: [CrossSection; 3] = [
    CrossSection::Maxwell,
    CrossSection::HardSphere,
    CrossSection::Power(0.5),
];

fn mean<M: Model<Scalar = f64>>(model: &M, name: &str, f: &[f64]) -> f64 {
    Observable::named(model, name).unwrap().mean(f)
}

fn entropy<M: Model<Scalar = f64>>(model: &M, f: &[f64]) -> Option<f64> {
    let Some(ObservableKind::OfMarginal(function)) = model.capabilities().observable("entropy")
    else {
        panic!("every Kac model has an entropy");
    };
    Some((function.evaluate)(&[f])?[0].coefficients()[0])
}

#[test]
fn law_every_model_satisfies_the_assumptions() {
    for degree in [2, 3, 5, 8] {
        let found = check_assumptions(&Caricature::new(degree, 0.7).unwrap());
        assert!(found.hold() && found.scale > 0.0, "{found:?}");
    }
    for (d, degree) in [(2, 2), (2, 4), (3, 2), (3, 3)] {
        for section in SECTIONS {
            let model = KacHermite::new(d, degree, 1.3, section).unwrap();
            let found = check_assumptions(&model);
            assert!(found.hold() && found.scale > 0.0, "{found:?}");
            assert_eq!(model.interaction().pair_norm(), None);
        }
    }
}

#[test]
fn validate_rotations_of_a_pair_by_a_sum_over_angles() {
    // The weak form on a product state: ⟨p, V(f⊗f)⟩ for p = v₁^a v₂^b is a finite sum over angles.
    let model = Caricature::new(6, 0.8).unwrap();
    let basis = model.velocities();
    let f = basis.gaussian(&[0.5], 0.6).unwrap();
    let moment = |p: usize| mean(&model, &format!("m{p}"), &f);
    let moments: Vec<f64> = (0..=6)
        .map(|p| if p == 0 { 1.0 } else { moment(p) })
        .collect();
    let d = basis.len();
    let pair: Vec<f64> = (0..d * d).map(|k| f[k / d] * f[k % d]).collect();
    let x = ndarray::Array2::from_shape_vec((d * d, 1), pair).unwrap();
    let mut image = ndarray::Array2::zeros((d * d, 1));
    model
        .interaction()
        .add_pair(1.0, x.view(), image.view_mut());
    for (a, b) in [
        (4, 0),
        (2, 2),
        (3, 1),
        (1, 0),
        (6, 0),
        (4, 2),
        (1, 1),
        (2, 0),
    ] {
        let left = basis.polynomial(&[(1.0, [a, 0, 0])]).unwrap();
        let right = basis.polynomial(&[(1.0, [b, 0, 0])]).unwrap();
        let found: f64 = (0..d * d)
            .map(|k| left[k / d] * right[k % d] * image[[k, 0]])
            .sum();
        // ⟨(c v₁ − s v₂)^a (s v₁ + c v₂)^b⟩ over 16 angles: exact for trigonometric degree < 16.
        let mut rotated = 0.0;
        for k in 0..16 {
            let (sin, cos) = (std::f64::consts::TAU * f64::from(k) / 16.0).sin_cos();
            for (i, first) in binomial_terms(a, cos, -sin).into_iter().enumerate() {
                for (j, second) in binomial_terms(b, sin, cos).into_iter().enumerate() {
                    rotated += first * second * moments[i + j] * moments[a + b - i - j] / 16.0;
                }
            }
        }
        let expected = rotated - moments[a] * moments[b];
        assert!(
            (found - expected).abs() < ROUNDING,
            "{a}, {b}: {found} {expected}"
        );
    }
}

/// The coefficients of x^i y^{p−i} in (αx + βy)^p.
fn binomial_terms(p: usize, alpha: f64, beta: f64) -> Vec<f64> {
    let mut out = vec![1.0];
    for _ in 0..p {
        let mut next = vec![0.0; out.len() + 1];
        for (i, c) in out.iter().enumerate() {
            next[i + 1] += alpha * c;
            next[i] += beta * c;
        }
        out = next;
    }
    out
}

#[test]
fn validate_the_krook_wu_solution() {
    let times = [0.0, 0.5, 1.0, 3.0];
    let check = |states: Vec<Vec<f64>>, rate: f64, a: f64, bkw: &dyn Fn(f64) -> Vec<f64>| {
        for (t, f) in times.iter().zip(states) {
            let expected = bkw(a * (-rate * t).exp());
            for (x, y) in f.iter().zip(expected) {
                assert!((x - y).abs() < FLOW, "{t}: {x} {y}");
            }
        }
    };
    for (degree, temperature) in [(6, 1.0), (9, 0.8)] {
        let model = Caricature::new(degree, temperature).unwrap();
        let start = model.bkw(2.0 / 3.0).unwrap();
        let states = mean_field(&model, &start, &times);
        check(states, Caricature::BKW_RATE, 2.0 / 3.0, &|a| {
            model.bkw(a).unwrap()
        });
    }
    for (d, degree, temperature) in [(2, 6, 1.0), (2, 4, 1.4), (3, 4, 1.0)] {
        let model = KacHermite::new(d, degree, temperature, CrossSection::Maxwell).unwrap();
        let a = 2.0 / (d + 2) as f64;
        let states = mean_field(&model, &model.bkw(a).unwrap(), &times);
        check(states, bkw_rate(d), a, &|a| model.bkw(a).unwrap());
    }
}

#[test]
fn law_invariants_are_kept_and_entropy_grows_near_equilibrium() {
    let times: Vec<f64> = (0..=10).map(|k| 0.4 * f64::from(k)).collect();
    for section in SECTIONS {
        let model = KacHermite::new(2, 4, 1.0, section).unwrap();
        let mut start = model.maxwellian(1.0, &[0.1, -0.05]).unwrap();
        for (k, x) in start.iter_mut().enumerate().skip(3) {
            *x += 0.005 * (k as f64).sin();
        }
        let states = mean_field(&model, &start, &times);
        for pair in states.windows(2) {
            let (before, after) = (entropy(&model, &pair[0]), entropy(&model, &pair[1]));
            assert!(after.unwrap() > before.unwrap());
        }
        for f in &states {
            for name in ["vx", "vy", "m2", "energy"] {
                assert!((mean(&model, name, f) - mean(&model, name, &start)).abs() < 1e-11);
            }
        }
        let moved = mean(&model, "txx", &states[10]) - mean(&model, "txx", &start);
        assert!(moved.abs() > 1e-4, "nothing relaxed");
    }
}

#[test]
fn law_a_maxwellian_does_not_move() {
    // At the reference temperature and at rest it is h_0; elsewhere it is cut at degree M, and what
    // is cut falls geometrically.
    let drift = |degree: usize, section: CrossSection| {
        let model = KacHermite::new(2, degree, 1.0, section).unwrap();
        let f = model.maxwellian(0.9, &[0.2, 0.1]).unwrap();
        let column = ndarray::ArrayView2::from_shape((f.len(), 1), &f[..]).unwrap();
        let mut out = ndarray::Array2::zeros((f.len(), 1));
        model
            .interaction()
            .add_q_product(1.0, column, column, out.view_mut());
        out.iter().fold(0.0_f64, |m, x| m.max(x.abs()))
    };
    for degree in [2, 4, 6] {
        assert!(drift(degree, CrossSection::Maxwell) < ROUNDING);
    }
    let errors = [4, 6, 8].map(|degree| drift(degree, CrossSection::HardSphere));
    assert!(errors.windows(2).all(|w| w[1] < 0.3 * w[0]), "{errors:?}");
}

#[test]
fn law_states_observables_and_products_fit_together() {
    let model = KacHermite::new(3, 4, 1.1, CrossSection::Maxwell).unwrap();
    let beams = model.beams(1.0, 0.6).unwrap();
    let user: Vec<Complex64> = beams.iter().map(|&x| Complex64::from(x)).collect();
    assert_eq!(one_body_state(&model, "F", &user).unwrap(), beams);
    for name in ["vx", "vy", "vz", "qx"] {
        assert!(mean(&model, name, &beams).abs() < ROUNDING, "{name}");
    }
    assert!((mean(&model, "txx", &beams) - 1.36).abs() < ROUNDING);
    assert!((mean(&model, "tzz", &beams) - 0.36).abs() < ROUNDING);
    assert!((mean(&model, "energy", &beams) - 1.04).abs() < ROUNDING);
    // |v|⁴ = Σ v_k⁴ + 2Σ v_k²v_l², with ⟨vx⁴⟩ = u⁴ + 6u²w² + 3w⁴.
    let (x4, w2) = (1.0 + 6.0 * 0.36 + 3.0 * 0.1296, 0.36);
    let expected = x4 + 6.0 * w2 * w2 + 4.0 * 1.36 * w2 + 2.0 * w2 * w2;
    assert!((mean(&model, "m4", &beams) - expected).abs() < ROUNDING * 10.0);
    // a² of the energy is ¼ m4, exactly at degree 4.
    let energy = Observable::named(&model, "energy").unwrap();
    let second: f64 = energy.second.iter().zip(&beams).map(|(a, x)| a * x).sum();
    assert!((second - 0.25 * expected).abs() < ROUNDING * 10.0);
    assert!(model.capabilities().observable("m6").is_none());
    let names = Caricature::new(4, 1.0)
        .unwrap()
        .capabilities()
        .observable_names();
    assert_eq!(names, ["m2", "m4", "m1", "m3", "entropy"]);
    let low = KacHermite::new(2, 2, 1.0, CrossSection::Maxwell).unwrap();
    assert!(
        !low.capabilities()
            .observable_names()
            .contains(&"m4".to_owned())
            && low.capabilities().observable("m4").is_none()
    );
}

#[test]
fn law_parameters_out_of_range_are_named() {
    fn key<T: std::fmt::Debug>(result: Result<T, ModelError>) -> &'static str {
        match result {
            Err(ModelError::Parameter { key, .. }) => key,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(key(Caricature::new(1, 1.0)), "degree");
    assert_eq!(key(Caricature::new(100, 1.0)), "degree");
    assert_eq!(key(Caricature::new(4, 0.0)), "temperature");
    let model = Caricature::new(4, 1.0).unwrap();
    assert_eq!(key(model.bkw(0.7)), "A");
    assert_eq!(key(model.beams(1.0, 1.5)), "width");
    let new = |d, degree, section| KacHermite::new(d, degree, 1.0, section);
    assert_eq!(key(new(1, 2, CrossSection::Maxwell)), "dimension");
    assert_eq!(key(new(2, 1, CrossSection::Maxwell)), "degree");
    assert_eq!(key(new(3, 12, CrossSection::HardSphere)), "degree");
    assert_eq!(key(new(2, 2, CrossSection::Power(-0.5))), "power");
    let model = new(2, 2, CrossSection::Maxwell).unwrap();
    assert_eq!(key(model.bkw(0.51)), "A");
    assert_eq!(key(model.maxwellian(2.0, &[0.0, 0.0])), "temperature");
    assert_eq!(key(model.maxwellian(1.0, &[0.0])), "drift");
}
