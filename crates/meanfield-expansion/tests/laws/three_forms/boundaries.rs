//! What is refused, what is counted beforehand, what a tolerance costs, and how a
//! solve is stopped.

use std::collections::BTreeMap;

use meanfield_abstract::{Start, problems};
use meanfield_expansion::recursion::{RecursionSystem, Terms};
use meanfield_expansion::{ExpansionError, Settings, coefficients, recursion, solve};
use meanfield_ode::System;
use meanfield_tensor::SymmetricLayout;

use meanfield_testing::{Evolve, largest};

use super::{OPTIONS, three_states};

#[test]
fn law_marginals_of_too_few_particles_are_refused() {
    let (model, start) = three_states();
    let state = Evolve::to(0.1).form_a(&model, &start, (1, 2));
    let layout = SymmetricLayout::new(3, 3).unwrap();
    let refused = state.marginal(&layout, 3);
    assert!(matches!(
        refused,
        Err(ExpansionError::TooFewParticles {
            particles: 2,
            marginal: 3
        })
    ));
    let refused = RecursionSystem::new(&model, 1, 0, Terms::Even).map(|_| ());
    assert!(matches!(
        refused,
        Err(ExpansionError::TooFewParticles { .. })
    ));
}

#[test]
fn law_initial_data_that_do_not_fit_are_refused() {
    let (model, start) = three_states();
    let f = start.one_body();
    let mut system = RecursionSystem::new(&model, 2, 9, Terms::Even).unwrap();
    let mut refuse = |f: &[f64], key, values: Vec<f64>| {
        let found = system.start(f, &BTreeMap::from([(key, values)]));
        assert!(matches!(found, Err(ExpansionError::Model(_))), "{key:?}");
    };
    refuse(&f[1..], (1, 1), vec![0.0; 3]);
    refuse(f, (2, 1), vec![0.0; 9]);
    refuse(f, (3, 1), vec![0.0; 10]);
    refuse(f, (0, 0), vec![1.0]);
    // A higher order than is kept is left out.
    let kept = system
        .start(f, &BTreeMap::from([((1, 3), vec![1.0; 3])]))
        .unwrap();
    assert_eq!(largest(&kept[3..]), 0.0);
}

#[test]
fn law_memory_is_counted_before_it_is_used() {
    let (model, _) = three_states();
    let system = RecursionSystem::new(&model, 2, 9, Terms::Even).unwrap();
    let unknowns: usize = system.blocks().iter().sum();
    let counted = RecursionSystem::<f64>::bytes(3, 2, 9).unwrap();
    assert!(counted > 8 * 10 * unknowns);
    let counted = coefficients::CoefficientSystem::<f64>::bytes(50, 2).unwrap();
    // e_4^2 alone: C(53, 4) = 292825 entries in ten vectors.
    assert!(counted > 292_825 * 80 && counted < 292_825 * 800);
    assert_eq!(RecursionSystem::<f64>::bytes(4096, 20, 100), None);
}

#[test]
fn law_an_observer_stops_the_solve_and_errors_of_the_caller_come_back() {
    let (model, start) = three_states();
    let (none, f) = (BTreeMap::new(), start.one_body());
    let quiet = |_, _| Ok::<(), ExpansionError>(());
    let stopped = coefficients::solve(&model, 1, f, &none, &[0.0, 1.0], &OPTIONS, |_| false, quiet);
    assert!(matches!(
        stopped,
        Err(ExpansionError::Ode(
            meanfield_ode::OdeError::Interrupted { .. }
        ))
    ));
    #[derive(Debug, PartialEq)]
    enum Mine {
        Full,
        Other(ExpansionError),
    }
    impl From<ExpansionError> for Mine {
        fn from(error: ExpansionError) -> Self {
            Self::Other(error)
        }
    }
    let full = recursion::solve(
        &model,
        1,
        5,
        f,
        &none,
        &[0.0, 1.0],
        &OPTIONS,
        |_| true,
        |_, _| Err(Mine::Full),
    );
    assert_eq!(full, Err(Mine::Full));
    let early = recursion::solve(
        &model,
        1,
        0,
        f,
        &none,
        &[0.0],
        &OPTIONS,
        |_| true,
        |_, _| Err(Mine::Full),
    );
    assert!(matches!(early, Err(Mine::Other(_))));
}

#[test]
fn law_a_looser_tolerance_takes_fewer_right_hand_sides() {
    let model = problems::sis().unwrap();
    let taken = |tolerance: f64| {
        let mut settings = Settings::new(1, vec![0.0, 2.0]);
        settings.tolerance = tolerance;
        let start = Start::Product { f: vec![0.4, 0.6] };
        let statistics = solve(&model, &start, &settings, |_, _| {
            Ok::<(), ExpansionError>(())
        });
        statistics.unwrap().rhs_evaluations
    };
    // Steps of a method of order five go like the fifth root: by 10^{6/5}.
    assert!(taken(1e-9) > 4 * taken(1e-3));
}
