//! What is measured is what its name says.

use meanfield_abstract::problems::Noise;
use meanfield_abstract::{Model, Observable, ObservableKind, PackedPair, PairSource};
use meanfield_models::povzner::{Povzner, PovznerOptions, Transport, Velocities};
use meanfield_tensor::SymmetricLayout;

use crate::{every_model, options};

/// Sums of a few hundred terms of order one.
const ROUNDING: f64 = 1e-12;

fn mean(model: &Povzner, name: &str, f: &[f64]) -> f64 {
    Observable::named(model, name).unwrap().mean(f)
}

fn close(x: f64, y: f64) -> bool {
    (x - y).abs() < ROUNDING * (1.0 + x.abs())
}

#[test]
fn law_moments_on_a_lattice_are_sums_over_velocities() {
    for model in every_model() {
        if model.velocity_basis().is_some() {
            continue;
        }
        let n = model.velocities().len();
        let f = Noise::new(3).probabilities(model.space().dimension());
        let sum = |value: &dyn Fn(&[f64]) -> f64| -> f64 {
            let each = f.iter().enumerate();
            each.map(|(a, f)| f * value(&model.velocities()[a % n]))
                .sum()
        };
        let square = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>();
        assert!(close(mean(&model, "vx", &f), sum(&|v| v[0])));
        assert!(close(mean(&model, "m2", &f), sum(&square)));
        assert!(close(mean(&model, "energy", &f), 0.5 * sum(&square)));
        assert!(close(mean(&model, "m4", &f), sum(&|v| square(v).powi(2))));
        assert!(close(mean(&model, "qx", &f), sum(&|v| v[0] * square(v))));
        assert!(close(mean(&model, "txx", &f), sum(&|v| v[0] * v[0])));
        let components = model.velocity_dimension();
        let known = |name: &str| {
            model
                .capabilities()
                .observable_names()
                .iter()
                .any(|n| n == name)
        };
        assert_eq!(known("vy") && known("tyy"), components > 1);
        assert_eq!(known("vz") && known("tzz"), components > 2);
        if components > 1 {
            assert!(close(mean(&model, "vy", &f), sum(&|v| v[1])));
            assert!(close(mean(&model, "tyy", &f), sum(&|v| v[1] * v[1])));
        }
    }
}

#[test]
fn validate_moments_of_a_maxwellian_in_hermite_functions() {
    let model = Povzner::new(&PovznerOptions {
        velocities: Velocities::Hermite {
            degree: 4,
            temperature: 1.1,
        },
        transport: Transport::Spectral,
        ..options(1, 3)
    })
    .unwrap();
    let (temperature, u) = (0.7, [0.3, -0.2]);
    let velocity = model.velocity_maxwellian(temperature, &u).unwrap();
    let f = model
        .product_state(&model.density_cosine(0.5).unwrap(), &velocity)
        .unwrap();
    let speed = u[0] * u[0] + u[1] * u[1];
    assert!(close(mean(&model, "vx", &f), u[0]));
    assert!(close(mean(&model, "vy", &f), u[1]));
    assert!(close(mean(&model, "m2", &f), 2.0 * temperature + speed));
    assert!(close(mean(&model, "tyy", &f), temperature + u[1] * u[1]));
    assert!(close(
        mean(&model, "qx", &f),
        u[0] * (4.0 * temperature + speed)
    ));
    let m4 = 8.0 * temperature * temperature + 8.0 * temperature * speed + speed * speed;
    assert!(close(mean(&model, "m4", &f), m4));
    // vx² as the product of vx with itself, in every cell.
    let vx = Observable::named(&model, "vx").unwrap();
    let second: f64 = vx.second.iter().zip(&f).map(|(a, f)| a * f).sum();
    assert!(close(second, temperature + u[0] * u[0]));
    // The degree bounds what is known.
    let low = Povzner::new(&PovznerOptions {
        velocities: Velocities::Hermite {
            degree: 2,
            temperature: 1.0,
        },
        transport: Transport::Spectral,
        ..options(1, 3)
    })
    .unwrap();
    let names = low.capabilities().observable_names();
    assert!(names.iter().any(|n| n == "energy") && !names.iter().any(|n| n == "m4"));
    assert!(!names.iter().any(|n| n == "entropy" || n == "velocity"));
}

#[test]
fn law_every_name_is_an_observable_with_as_many_values_as_places() {
    for model in every_model() {
        let d = model.space().dimension();
        let layout = SymmetricLayout::new(d, 2).unwrap();
        let (f, g) = (vec![0.1; d], vec![0.2; layout.len(2)]);
        for name in model.capabilities().observable_names() {
            let kind = model.capabilities().observable(&name).unwrap();
            let places: usize = kind.axes().iter().map(|axis| axis.values.len()).product();
            match kind {
                ObservableKind::OneBody(values) => assert_eq!(values.len(), d),
                ObservableKind::Field(field) => {
                    assert_eq!((field.mean)(&f).len(), places);
                    assert_eq!((field.square)(&f).len(), places);
                    assert_eq!((field.pair)(&packed(&layout, &g)).len(), places);
                }
                ObservableKind::TwoBody(of) => {
                    assert_eq!((of.pair)(&packed(&layout, &g)).len(), places)
                }
                ObservableKind::OfMarginal(of) => {
                    assert_eq!((of.evaluate)(&[&f]).unwrap().len(), places);
                }
                ObservableKind::OfMoments(_) => unreachable!(),
            }
        }
        assert!(model.capabilities().observable("nothing").is_none());
    }
}

#[test]
fn law_fields_and_correlations_are_sums_over_the_other_variables() {
    for model in every_model() {
        let cells = model.positions().len();
        let d = model.space().dimension();
        let n = d / cells;
        let trace = model.space().trace();
        let mut noise = Noise::new(8);
        let f: Vec<f64> = noise.vector(d);
        let layout = SymmetricLayout::new(d, 2).unwrap();
        let g: Vec<f64> = noise.vector(layout.len(2));
        let at = |a: usize, b: usize| trace[a] * trace[b] * g[layout.rank(&[a, b])];
        let both = |x: usize, y: usize| -> f64 {
            let each = (0..n * n).map(|k| (x * n + k / n, y * n + k % n));
            each.map(|(a, b)| at(a, b)).sum()
        };
        let Some(ObservableKind::Field(density)) = model.capabilities().observable("density")
        else {
            panic!("a field");
        };
        let (mean, pair) = ((density.mean)(&f), (density.pair)(&packed(&layout, &g)));
        for x in 0..cells {
            let expected: f64 = (x * n..(x + 1) * n).map(|a| trace[a] * f[a]).sum();
            assert!(close(mean[x], expected) && close(pair[x], both(x, x)));
        }
        assert_eq!((density.square)(&f), mean);

        let Some(ObservableKind::TwoBody(correlation)) =
            model.capabilities().observable("density_correlation")
        else {
            panic!("a function of pairs");
        };
        assert_eq!(correlation.of, PairSource::Correlation);
        let found = (correlation.pair)(&packed(&layout, &g));
        let length = model.options().length;
        // Separations by their coordinates, not by the order of the cells.
        let axes = &correlation.axes;
        for (k, value) in found.iter().enumerate() {
            let r = match axes.len() {
                1 => vec![axes[0].values[k]],
                _ => {
                    let m = axes[1].values.len();
                    vec![axes[0].values[k / m], axes[1].values[k % m]]
                }
            };
            let mut expected = 0.0;
            for (x, from) in model.positions().iter().enumerate() {
                for (y, to) in model.positions().iter().enumerate() {
                    let there = from.iter().zip(to).zip(&r).all(|((x, y), r)| {
                        let steps = (y - x - r) / length;
                        (steps - steps.round()).abs() < 1e-9
                    });
                    expected += if there { both(x, y) } else { 0.0 };
                }
            }
            assert!(close(*value, expected), "{value} against {expected}");
        }

        let Some(ObservableKind::Field(velocity)) = model.capabilities().observable("velocity")
        else {
            continue;
        };
        let (mean, pair) = ((velocity.mean)(&f), (velocity.pair)(&packed(&layout, &g)));
        for v in 0..n {
            let expected: f64 = (0..cells).map(|x| f[x * n + v]).sum();
            assert!(close(mean[v], expected));
            let each = (0..cells * cells).map(|k| (k / cells * n + v, k % cells * n + v));
            let expected: f64 = each.map(|(a, b)| g[layout.rank(&[a, b])]).sum();
            assert!(close(pair[v], expected));
        }
    }
}

#[test]
fn law_the_entropy_is_the_series_of_the_entropy() {
    let model = Povzner::new(&options(1, 4)).unwrap();
    let d = model.space().dimension();
    let mut noise = Noise::new(4);
    let f = noise.probabilities(d);
    let corrections: Vec<Vec<f64>> = (0..2)
        .map(|_| {
            noise
                .vector::<f64>(d)
                .iter()
                .map(|x| x / d as f64)
                .collect()
        })
        .collect();
    let Some(ObservableKind::OfMarginal(entropy)) = model.capabilities().observable("entropy")
    else {
        panic!("a function of the marginal");
    };
    let terms = [&f[..], &corrections[0], &corrections[1]];
    let series = (entropy.evaluate)(&terms).unwrap().swap_remove(0);
    assert_eq!(series.len(), 3);
    let error = |n: f64| {
        let at = |k: usize| f[k] + corrections[0][k] / n + corrections[1][k] / (n * n);
        let direct: f64 = (0..d).map(|k| -at(k) * at(k).ln()).sum();
        (series.at(n) - direct).abs()
    };
    // What is left out is of order N^−3.
    let exponent = (error(200.0) / error(400.0)).log2();
    assert!((exponent - 3.0).abs() < 0.1, "{exponent}");
    assert!((entropy.evaluate)(&[&vec![0.0; d]]).is_none());
}

fn packed<'a>(layout: &'a SymmetricLayout, values: &'a [f64]) -> PackedPair<'a, f64> {
    PackedPair { layout, values }
}
