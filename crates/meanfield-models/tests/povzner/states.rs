//! Named states, and parameters out of range.

use meanfield_abstract::{Model, ModelError};
use meanfield_models::kac::CrossSection;
use meanfield_models::povzner::{Povzner, PovznerOptions, Range, Transport, Velocities};

use crate::options;

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
        // Each beam is a Maxwellian of temperature width² about its speed.
        let right = model.velocity_maxwellian(0.16, &[1.0, 0.0]).unwrap();
        let left = model.velocity_maxwellian(0.16, &[-1.0, 0.0]).unwrap();
        for (both, (x, y)) in beams.iter().zip(right.iter().zip(&left)) {
            assert!((both - 0.5 * (x + y)).abs() < 1e-15);
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
