//! The front door: the sector it chooses, and what it refuses.

use std::collections::BTreeMap;

use meanfield_abstract::problems;

use super::*;
use crate::LARGEST_BYTES;
use crate::test_models::{Levels, Pauli, bloch_state};

fn product<S: Clone>(f: &[S]) -> Start<S> {
    Start::Product { f: f.to_vec() }
}

#[test]
fn law_the_cheapest_sector_is_chosen() {
    let twisting = Levels::twisting(1.0);
    let sector = |s| plan(&twisting, &product(&bloch_state(s)), 400).unwrap();
    let pure = sector([0.6, 0.0, 0.8]);
    assert_eq!((pure.sector, pure.dimension), (Sector::Bosons, Some(401)));
    assert_eq!(sector([0.5, 0.0, 0.8]).sector, Sector::TotalSpin);
    let pauli = plan(&Pauli::model(1.0), &product(&Pauli::state([0.1; 3])), 10).unwrap();
    assert_eq!(pauli.sector, Sector::Expectations);
    let start = product(&bloch_state([0.0, 0.0, 1.0]));
    let solved = solve(&twisting, &start, 20, &[0.1], 1, None).unwrap();
    assert_eq!(solved.sector, Sector::Bosons);
    // A trait object serves as well as a type.
    let object: &dyn meanfield_abstract::Model<Scalar = _> = &twisting;
    assert!(solve(object, &start, 20, &[0.1], 1, None).is_ok());
}

/// g_{2,0} = c (e_0 − e_1)⊗(e_0 − e_1).
fn correlated(f: Vec<f64>, c: f64) -> Start<f64> {
    let g = BTreeMap::from([((2, 0), vec![c, -c, c])]);
    Start::Cumulants { f, g }
}

#[test]
fn law_given_cumulants_are_those_of_the_state() {
    let model = problems::sis().unwrap();
    // Without any it is a product, at all times.
    let times = [0.0, 0.7];
    let none = correlated(vec![0.4, 0.6], 0.0);
    let found = solve(&model, &none, 9, &times, 2, None).unwrap();
    let expected = solve(&model, &product(&[0.4, 0.6]), 9, &times, 2, None).unwrap();
    for k in 0..2 {
        let pair = [&found, &expected].map(|of| of.marginal(k, 2).unwrap());
        for (x, y) in pair[0].iter().zip(pair[1]) {
            assert!((x - y).abs() < 1e-13);
        }
    }
    // Two times and two marginals were asked for.
    for (k, j) in [(2, 1), (0, 0), (0, 3)] {
        assert_eq!(found.marginal(k, j), None);
    }
    // F_2 = F⊗F + g/N and F_3 = F⊗F⊗F + g⊙F/N: none of degree three.
    let (n, c) = (8, 0.1);
    let start = correlated(vec![0.4, 0.6], c);
    let found = solve(&model, &start, n, &[0.0], 3, None).unwrap();
    let g = c / n as f64;
    let second = [0.16 + g, 0.24 - g, 0.36 + g];
    let third = [0.064 + 1.2 * g, 0.096 + 0.6 * g - 0.8 * g];
    let pairs = found.marginal(0, 2).unwrap().iter().zip(&second);
    for (x, y) in pairs.chain(found.marginal(0, 3).unwrap().iter().zip(&third)) {
        assert!((x - y).abs() < 1e-14, "{x}, not {y}");
    }
}

#[test]
fn law_what_cannot_be_computed_is_refused_with_its_reason() {
    let model = problems::sis().unwrap();
    let start = product(&[0.4, 0.6]);
    for (n, highest) in [(0, 0), (0, 1), (2, 3)] {
        let ended = solve(&model, &start, n, &[0.0], highest, None);
        assert!(matches!(ended, Err(ExactError::TooFewParticles { .. })));
    }
    assert!(solve(&model, &start, 2, &[0.0], 2, None).is_ok());
    // N = 10 particles are not more alike than all in one state.
    let cumulants = correlated(vec![0.4, 0.6], 3.0);
    let ended = solve(&model, &cumulants, 10, &[0.0], 1, None);
    assert!(matches!(
        ended,
        Err(ExactError::NoState {
            n: 10,
            least: Some(_)
        })
    ));
    let wrong = product(&[1.0]);
    assert!(matches!(
        solve(&model, &wrong, 10, &[0.0], 1, None),
        Err(ExactError::Model(_))
    ));
    let backwards = solve(&model, &start, 10, &[1.0, 0.5], 1, None);
    assert!(matches!(backwards, Err(ExactError::Ode(_))));
}

#[test]
fn law_a_state_that_does_not_fit_is_refused_before_it_is_allocated() {
    let model = problems::ring_walk(12).unwrap();
    let start = product(&[1.0 / 12.0; 12]);
    let ended = solve(&model, &start, 200, &[1.0], 1, None);
    assert!(matches!(
        ended,
        Err(ExactError::TooLarge { levels: 12, .. })
    ));
    let model = problems::ring_walk(5).unwrap();
    let large = plan(&model, &product(&[0.2; 5]), 300).unwrap();
    assert!(large.bytes.unwrap() > LARGEST_BYTES);
    let ended = solve(&model, &product(&[0.2; 5]), 300, &[1.0], 2, None);
    let message = ended.unwrap_err().to_string();
    assert!(
        message.contains(&large.bytes.unwrap().to_string()),
        "{message}"
    );
    assert!(required_bytes(5, 40).unwrap() < 100 << 20);
}

#[test]
fn law_no_times_and_no_marginals_are_allowed() {
    let model = problems::sis().unwrap();
    let start = product(&[0.4, 0.6]);
    let none = solve(&model, &start, 3, &[], 2, None).unwrap();
    assert_eq!((none.times(), none.products), (0, 0));
    assert_eq!(
        solve(&model, &start, 3, &[1.0], 0, None).unwrap().times(),
        1
    );
}
