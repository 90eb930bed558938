//! Kac collisions on lattices: what collisions conserve, and what only grows.

use meanfield_abstract::{Model, ModelError, Observable, check_assumptions};
use meanfield_models::kac::{CrossSection, Kac};
use meanfield_testing::mean_field;
use proptest::prelude::*;

const CROSS_SECTIONS: [CrossSection; 3] = [
    CrossSection::Maxwell,
    CrossSection::HardSphere,
    CrossSection::Power(0.5),
];

/// Sums over a class of a few dozen pairs, relative to the rate.
const ROUNDING: f64 = 1e-12;

fn every_model() -> Vec<Kac> {
    let lattices = [(2, 1.0), (2, 2.0), (2, 3.0), (3, 1.0), (3, 2.0)];
    let models = lattices.iter().flat_map(|&(dimension, radius)| {
        CROSS_SECTIONS.map(|section| Kac::lattice(dimension, radius, section).unwrap())
    });
    models.collect()
}

fn mean(model: &Kac, name: &str, f: &[f64]) -> f64 {
    Observable::named(model, name).unwrap().mean(f)
}

fn entropy(f: &[f64]) -> f64 {
    -f.iter()
        .filter(|&&x| x > 0.0)
        .map(|x| x * x.ln())
        .sum::<f64>()
}

#[test]
fn law_every_lattice_satisfies_the_assumptions() {
    for model in every_model() {
        let found = check_assumptions(&model);
        assert!(found.hold(), "{found:?}");
        assert!(found.scale > 0.0, "no collisions: the laws would be empty");
        let twice_the_rate = 2.0 * -least_diagonal(&model);
        assert!(
            (model.interaction().pair_norm().unwrap() - twice_the_rate).abs()
                < ROUNDING * found.scale
        );
    }
}

/// The most negative diagonal entry of V: minus the largest rate out of a pair.
fn least_diagonal(model: &Kac) -> f64 {
    let mut least = 0.0_f64;
    let entries = model.interaction().pair_entries().unwrap();
    entries.for_each_pair_entry(&mut |a, b, c, d, value| {
        if (a, b) == (c, d) {
            least = least.min(value);
        }
    });
    least
}

#[test]
fn law_every_collision_conserves_mass_momentum_and_energy() {
    for model in every_model() {
        let d = model.velocities().len();
        let components = model.dimension();
        // Σ over outgoing pairs of rate × (1, momentum, energy), by column.
        let mut columns = vec![vec![0.0; components + 2]; d * d];
        let square = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>();
        let entries = model.interaction().pair_entries().unwrap();
        entries.for_each_pair_entry(&mut |a, b, c, e, value| {
            let (v, w) = (&model.velocities()[a], &model.velocities()[b]);
            let column = &mut columns[c * d + e];
            column[0] += value;
            for k in 0..components {
                column[k + 1] += value * (v[k] + w[k]);
            }
            column[components + 1] += value * (square(v) + square(w));
        });
        let worst = columns
            .iter()
            .flatten()
            .fold(0.0_f64, |m, x| m.max(x.abs()));
        assert!(worst < 1e-11, "{worst:e}");
    }
}

#[test]
fn law_rates_follow_the_cross_section() {
    // In the plane a head-on pair (±1,0) may leave along either axis, in two
    // orders: n = 4, so each outcome has rate 2^γ/4.
    for (section, gamma) in [
        (CrossSection::Maxwell, 0.0),
        (CrossSection::HardSphere, 1.0),
        (CrossSection::Power(2.5), 2.5),
    ] {
        let model = Kac::lattice(2, 1.0, section).unwrap();
        let at = |v: [f64; 2]| model.velocities().iter().position(|w| w[..] == v).unwrap();
        let (left, right) = (at([-1.0, 0.0]), at([1.0, 0.0]));
        let (down, up) = (at([0.0, -1.0]), at([0.0, 1.0]));
        let mut rates = Vec::new();
        let entries = model.interaction().pair_entries().unwrap();
        entries.for_each_pair_entry(&mut |a, b, c, d, value| {
            if (c, d) == (left, right) {
                rates.push(((a, b), value));
            }
        });
        let rate = 2_f64.powf(gamma);
        assert_eq!(rates.len(), 4);
        for (to, value) in rates {
            let stays = to == (left, right);
            assert!(stays || [(right, left), (up, down), (down, up)].contains(&to));
            let expected = if stays { -0.75 * rate } else { 0.25 * rate };
            assert!((value - expected).abs() < 1e-14);
        }
        assert!((model.interaction().pair_norm().unwrap() - 1.5 * rate).abs() < 1e-13);
    }
}

#[test]
fn law_entropy_grows_positivity_stays_and_invariants_are_kept() {
    let times: Vec<f64> = (0..=20).map(|k| 0.25 * f64::from(k)).collect();
    for section in CROSS_SECTIONS {
        let model = Kac::lattice(2, 2.0, section).unwrap();
        let start = model.beams(1.5, 0.4).unwrap();
        let states = mean_field(&model, &start, &times);
        for pair in states.windows(2) {
            assert!(entropy(&pair[1]) >= entropy(&pair[0]) - 1e-12);
        }
        let (first, last) = (&states[0], &states[20]);
        assert!(entropy(last) > entropy(first) + 0.1, "nothing relaxed");
        for f in &states {
            assert!(f.iter().all(|&x| x > 0.0));
            assert!((f.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            for name in ["vx", "vy", "energy"] {
                assert!((mean(&model, name, f) - mean(&model, name, first)).abs() < 1e-11);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn law_a_discrete_maxwellian_does_not_move(
        temperature in 0.3_f64..3.0, x in -0.5_f64..0.5, y in -0.5_f64..0.5,
    ) {
        for section in CROSS_SECTIONS {
            let model = Kac::lattice(2, 2.0, section).unwrap();
            let f = model.maxwellian(temperature, &[x, y]).unwrap();
            let column = ndarray::ArrayView2::from_shape((f.len(), 1), &f[..]).unwrap();
            let mut out = ndarray::Array2::zeros((f.len(), 1));
            model.interaction().add_q_product(1.0, column, column, out.view_mut());
            prop_assert!(out.iter().all(|x: &f64| x.abs() < ROUNDING));
        }
    }
}

#[test]
fn law_states_are_normalised_and_symmetric() {
    let model = Kac::lattice(3, 2.0, CrossSection::Maxwell).unwrap();
    let beams = model.beams(1.0, 0.5).unwrap();
    assert!((beams.iter().sum::<f64>() - 1.0).abs() < 1e-14);
    for name in ["vx", "vy", "vz", "qx"] {
        assert!(mean(&model, name, &beams).abs() < 1e-14, "{name}");
    }
    let squares = ["txx", "tyy", "tzz"].map(|name| mean(&model, name, &beams));
    assert!(squares[0] > squares[1] + 0.5 && (squares[1] - squares[2]).abs() < 1e-14);
    assert!((squares.iter().sum::<f64>() - mean(&model, "m2", &beams)).abs() < 1e-14);
    assert!((mean(&model, "energy", &beams) - 0.5 * mean(&model, "m2", &beams)).abs() < 1e-15);
    // However narrow, the Gaussian sits on its nearest point.
    let cold = model.maxwellian(1e-9, &[1.0, 0.0, 0.0]).unwrap();
    assert!((mean(&model, "vx", &cold) - 1.0).abs() < 1e-15);
    assert!((mean(&model, "m4", &cold) - 1.0).abs() < 1e-15);
}

#[test]
fn law_parameters_out_of_range_are_named() {
    fn key<T: std::fmt::Debug>(result: Result<T, ModelError>) -> &'static str {
        match result {
            Err(ModelError::Parameter { key, .. }) => key,
            other => panic!("{other:?}"),
        }
    }
    let lattice = |section| Kac::lattice(2, 1.0, section);
    assert_eq!(key(lattice(CrossSection::Power(-1.0))), "power");
    assert_eq!(key(lattice(CrossSection::Power(f64::NAN))), "power");
    assert_eq!(key(lattice(CrossSection::Power(1e4))), "power");
    assert_eq!(
        key(Kac::lattice(4, 1.0, CrossSection::Maxwell)),
        "dimension"
    );
    assert_eq!(key(Kac::lattice(2, 0.5, CrossSection::Maxwell)), "radius");
    assert_eq!(key(Kac::lattice(3, 60.0, CrossSection::Maxwell)), "radius");
    let model = lattice(CrossSection::Maxwell).unwrap();
    assert_eq!(key(model.maxwellian(0.0, &[0.0, 0.0])), "temperature");
    assert_eq!(key(model.maxwellian(1.0, &[0.0])), "drift");
    assert_eq!(key(model.maxwellian(1.0, &[0.0, f64::NAN])), "drift");
    assert_eq!(key(model.beams(f64::INFINITY, 1.0)), "speed");
    assert_eq!(key(model.beams(1e200, 1.0)), "speed");
    assert_eq!(key(model.beams(1.0, -1.0)), "width");
}
