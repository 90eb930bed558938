//! The right-hand side of the engine for every kind of model.

use meanfield_abstract::problems::{
    jump_process, random_arrays, random_jump_process, ring_walk, ring_walk_by_rates,
};
use meanfield_abstract::{Custom, RequiredOnly};
use meanfield_models::hartree::{Grid, Hartree, Potential, Trap};
use meanfield_models::kac::{Caricature, CrossSection, Kac};
use meanfield_models::levels::problems::{random_levels, random_open_levels};
use num_complex::Complex64;

use super::engine::{agree, check};

/// Every dimension with every order.
fn sizes() -> impl Iterator<Item = (usize, usize)> {
    (1..=7).flat_map(|d| (1..=4).map(move |order| (d, order)))
}

#[test]
fn law_engine_equals_the_polynomial_equation_for_any_real_arrays() {
    for (d, order) in sizes() {
        check(&random_arrays::<f64>(d, 17 + d as u64).unwrap(), order, 3);
    }
}

#[test]
fn law_engine_equals_the_polynomial_equation_for_complex_arrays() {
    for (d, order) in sizes() {
        let model = random_arrays::<Complex64>(d, 29 + d as u64).unwrap();
        check(&model, order, 5);
    }
}

#[test]
fn law_engine_equals_the_polynomial_equation_for_jump_processes() {
    for (d, order) in sizes() {
        check(&random_jump_process(d, 41 + d as u64).unwrap(), order, 7);
    }
}

/// Up by one where the partner is in the state 0: few rates in a list.
fn few_jumps(d: usize) -> Custom<f64> {
    let up = |from: usize, to: usize, partner: (usize, usize)| {
        f64::from(u8::from(to == from + 1 && partner == (0, 0)))
    };
    let rate = |from: (usize, usize), to: (usize, usize)| {
        up(from.0, to.0, (from.1, to.1)) + up(from.1, to.1, (from.0, to.0))
    };
    jump_process(d, |_, to| 0.3 + to as f64, rate).unwrap()
}

#[test]
fn law_engine_equals_the_polynomial_equation_for_few_jumps() {
    for (d, order) in sizes() {
        check(&few_jumps(d), order, 8);
    }
}

#[test]
fn law_engine_equals_the_polynomial_equation_for_rates_that_are_functions() {
    for (d, order) in sizes() {
        check(&ring_walk_by_rates(d).unwrap(), order, 9);
    }
}

#[test]
fn law_engine_equals_the_polynomial_equation_by_the_required_operators_alone() {
    for (d, order) in sizes() {
        let model = random_arrays::<f64>(d, 53 + d as u64).unwrap();
        check(&RequiredOnly(&model), order, 11);
        let model = random_arrays::<Complex64>(d, 59 + d as u64).unwrap();
        check(&RequiredOnly(&model), order, 13);
    }
}

/// So many states that lists are read and tensors laid out in blocks.
#[test]
fn law_engine_agrees_with_the_required_operators_for_many_states() {
    for (d, order) in [(63, 1), (64, 1), (75, 1), (19, 2), (11, 3)] {
        let model = ring_walk(d).unwrap();
        agree(&model, &RequiredOnly(&model), order);
        let model = ring_walk_by_rates(d).unwrap();
        agree(&model, &RequiredOnly(&model), order);
    }
}

#[test]
fn law_engine_equals_the_polynomial_equation_for_levels() {
    for (levels, order) in [(1, 4), (2, 1), (2, 2), (2, 3), (2, 4)] {
        check(&random_levels(levels, 61).unwrap(), order, 15);
        check(&random_open_levels(levels, 2, 67).unwrap(), order, 16);
    }
}

#[test]
fn law_engine_equals_the_polynomial_equation_for_hartree() {
    let potential = Potential::Gaussian {
        strength: 1.4,
        width: 0.6,
    };
    let trap = Some(Trap::Harmonic { omega: 0.7 });
    let grid = Grid::new(1, 2, 3.0).unwrap();
    let model = Hartree::new(grid, 0.7, 1.3, potential, trap).unwrap();
    for order in 1..=4 {
        check(&model, order, 18);
    }
}

#[test]
fn law_engine_equals_the_polynomial_equation_for_kac_collisions() {
    for (degree, order) in (2..=6).flat_map(|degree| (1..=4).map(move |order| (degree, order))) {
        check(&Caricature::new(degree, 1.0).unwrap(), order, 20);
    }
    for order in 1..=4 {
        let model = Kac::lattice(2, 1.0, CrossSection::HardSphere).unwrap();
        check(&model, order, 22);
    }
}
