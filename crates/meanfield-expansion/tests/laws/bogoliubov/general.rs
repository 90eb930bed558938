//! f_{1,0}, f_{1,1}, g_{2,0} and observables against form (c) on the same model
//! with all d² one-body and d⁴ pair coefficients.

use meanfield_abstract::{Model, Observable, PositionHamiltonian, Start, one_body_state, to_user};
use meanfield_expansion::{Moments, Settings, solve};
use meanfield_models::levels::Levels;
use meanfield_tensor::SymmetricLayout;
use ndarray::Array4;

use super::*;

/// Both integrators at 1e-12 per step, some hundred steps.
const AGREE: f64 = 1e-10;

fn levels(sites: &Sites, hopping: &Array2<Complex64>) -> Levels {
    let d = sites.points();
    let mut h = hopping.clone();
    for x in 0..d {
        h[[x, x]] += sites.trap()[x];
    }
    let v = Array4::from_shape_fn((d, d, d, d), |(a, b, c, e)| {
        if (a, b) == (c, e) {
            Complex64::from(sites.pair_potential()[[a, b]])
        } else {
            Complex64::ZERO
        }
    });
    Levels::new(&h, &v, &[], sites.hbar()).unwrap()
}

#[test]
fn law_the_factored_form_is_the_general_one() {
    for (d, seed) in [(2, 1), (3, 2), (3, 3), (4, 4), (5, 5)] {
        let (sites, hopping, phi) = random(d, seed);
        let model = levels(&sites, &hopping);
        let factored = solved(&sites, &phi, 1e-12);
        let user: Vec<Complex64> = factored[0].mean_field().iter().copied().collect();
        let f = one_body_state(&model, "F", &user).unwrap();
        let mut noise = Noise::new(seed + 100);
        let a = random_hermitian(d, &mut noise);
        let observable = {
            let values: Vec<Complex64> = a.iter().copied().collect();
            Observable::new(&model, "a", &values).unwrap()
        };
        let settings = Settings {
            tolerance: 1e-12,
            ..Settings::new(1, TIMES.to_vec())
        };
        let layout = SymmetricLayout::new(d * d, 2).unwrap();
        solve(&model, &Start::Product { f }, &settings, |k, cumulants| {
            let here = &factored[k];
            let user = |j, l| {
                let packed = cumulants.get(j, l).unwrap();
                let array = to_user(&model, cumulants.layout(), j, packed);
                array.iter().copied().collect::<Vec<_>>()
            };
            let mean = largest(&here.mean_field(), &user(1, 0));
            let next = largest(&here.first_correction(), &user(1, 1));
            let pair: Vec<Complex64> = (0..d * d)
                .flat_map(|a| (0..d * d).map(move |b| (a, b)))
                .map(|(a, b)| here.pair_cumulant((a / d, a % d), (b / d, b % d)))
                .collect();
            let second = largest(&pair, &user(2, 0));
            assert!(mean < AGREE, "d = {d}, f_1_0: {mean}");
            assert!(second < AGREE, "d = {d}, g_2_0: {second}");
            assert!(next < AGREE, "d = {d}, f_1_1: {next}");
            let dense = meanfield_tensor::dense::from_packed(
                &layout,
                2,
                &here.packed_pair_cumulant(&layout),
            );
            assert!(largest(&dense, &pair) < AGREE);

            let expected = cumulants.observable_mean(&observable);
            for (found, expected) in here.mean(a.view()).iter().zip(expected.coefficients()) {
                assert!(
                    (found - expected).abs() < AGREE,
                    "{found} against {expected}"
                );
            }
            let expected = cumulants.scaled_variance(&observable).coefficients()[0];
            let found = here.scaled_variance(a.view());
            assert!(
                (found - expected).abs() < AGREE,
                "{found} against {expected}"
            );
            Ok::<(), ExpansionError>(())
        })
        .unwrap();
        let last = factored.last().unwrap();
        assert!(last.depletion() > 1e-3, "the comparison must not be empty");
        assert!(model.space().dimension() == d * d);
    }
}
