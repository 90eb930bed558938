//! Operators against arrays, and the laws they obey.

use meanfield_abstract::problems::Noise;
use meanfield_abstract::{Model, check_assumptions};
use meanfield_models::povzner::{Povzner, PovznerOptions, Transport};
use meanfield_testing::mean_field;
use ndarray::{Array2, ArrayView2, s};

use crate::arrays::dense;
use crate::{ROUNDING, every_model, options};

fn panel(noise: &mut Noise, rows: usize, columns: usize) -> Array2<f64> {
    Array2::from_shape_vec((rows, columns), noise.vector(rows * columns)).unwrap()
}

/// Two panels agree to rounding, relative to the rates of the model.
fn assert_same(what: &str, model: &Povzner, a: &Array2<f64>, b: &Array2<f64>) {
    let rate = model.interaction().pair_norm().unwrap_or(10.0);
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
            model.interaction().add_pair(-0.7, pairs, a.view_mut());
            arrays.interaction().add_pair(-0.7, pairs, b.view_mut());
            assert_same("V", model, &a, &b);

            let (mut a, mut b) = dirt(&mut noise, d, m1 + 1);
            model
                .interaction()
                .add_q(-0.7, pairs, a.slice_mut(s![.., 1..]));
            arrays
                .interaction()
                .add_q(-0.7, pairs, b.slice_mut(s![.., 1..]));
            assert_same("Q", model, &a, &b);

            let (mut a, mut b) = dirt(&mut noise, d * d, m1 * m2);
            model
                .interaction()
                .add_pair_product(-0.7, x.view(), y.view(), a.view_mut());
            arrays
                .interaction()
                .add_pair_product(-0.7, x.view(), y.view(), b.view_mut());
            assert_same("V of a product", model, &a, &b);

            let (mut a, mut b) = dirt(&mut noise, d, m1 * m2);
            model
                .interaction()
                .add_q_product(-0.7, x.view(), y.view(), a.view_mut());
            arrays
                .interaction()
                .add_q_product(-0.7, x.view(), y.view(), b.view_mut());
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
            (
                model.interaction().linearisation(),
                arrays.interaction().linearisation(),
            ),
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
            model.interaction().pair_norm().is_some(),
            model.velocity_basis().is_none()
        );
        if let (Some(a), Some(b)) = (
            model.interaction().pair_norm(),
            dense(&model).interaction().pair_norm(),
        ) {
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
        let states = mean_field(&model, &start, &times);
        for f in &states {
            assert!((f.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
        states.concat().into_iter().fold(f64::INFINITY, f64::min)
    };
    assert!(least(Transport::Upwind) >= 0.0);
    assert!(least(Transport::Spectral) < -1e-4);
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
        model
            .interaction()
            .add_q_product(1.0, column, column, out.view_mut());
        assert!(out.iter().all(|x: &f64| x.abs() < ROUNDING));
    }
}
