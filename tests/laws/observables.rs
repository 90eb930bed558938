//! Means and fluctuations: the variance of an empirical average.

use meanfield::abstract_model::Series;
use meanfield::expansion::ExactPair;
use meanfield::models::levels::problems::random_hermitian;
use meanfield::prelude::*;
use meanfield_tests::each;
use meanfield_tests::instances::Instance;
use meanfield_tests::kinds::Kind;
use num_complex::Complex64;
use proptest::prelude::*;

use crate::{ROUNDING, config, cumulants_at, draw};

/// A random one-body observable.
fn observable<S: Scalar>(model: &dyn Model<Scalar = S>, seed: u64) -> Observable<S> {
    let mut noise = problems::Noise::new(seed ^ 5);
    let values: Vec<Complex64> = match model.capabilities().basis.levels() {
        Some(d) => random_hermitian(d, &mut noise).into_iter().collect(),
        None => noise
            .vector::<f64>(model.space().dimension())
            .into_iter()
            .map(Complex64::from)
            .collect(),
    };
    Observable::new(model, "a", &values).unwrap()
}

/// N·Var at t = 0, to order n−1.
fn variance_at_start<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    order: usize,
    a: &Observable<S>,
) -> Series {
    cumulants_at(model, start, (order, 2), 0.0, |c| c.scaled_variance(a))
}

/// N·Var A = ⟨a²⟩ − ⟨a⟩² for independent particles, to every order, and 0 for
/// fixed counts.
fn at_the_start<S: Scalar>(instance: &Instance<S>, order: usize, seed: u64) {
    let model = &*instance.model;
    let a = observable(model, seed);
    let second: S = a.second.iter().zip(&instance.f).map(|(&x, &y)| x * y).sum();
    let first = a.mean(&instance.f).re();
    let expected = Series::constant(second.re() - first * first, order);
    let found = variance_at_start(model, &instance.product(), order, &a);
    let gap = &found - &expected;
    assert!(gap.len() == order && gap.coefficients().iter().all(|x| x.abs() < ROUNDING));
    assert!(expected.at(1.0) > 0.0);
    if model.space().norm() == Norm::L1 {
        let fixed = variance_at_start(model, &instance.fixed_counts(8), order, &a);
        assert!(fixed.len() == order && fixed.coefficients().iter().all(|x| x.abs() < ROUNDING));
    }
}

/// The series of N·Var A from cumulants of order n is within O(N^{−n}) of N·Var A
/// by the exact marginals: from N to 4N the gap falls by 4^{n−1/2} at least.
fn variance_converges<S: Scalar>(
    instance: &Instance<S>,
    start: &Start<S>,
    order: usize,
    t: f64,
    seed: u64,
) {
    let model = &*instance.model;
    let a = observable(model, seed);
    let layout = SymmetricLayout::new(model.space().dimension(), 2).unwrap();
    let series = cumulants_at(model, start, (order, 2), t, |c| c.scaled_variance(&a));
    let gap = |particles: usize| {
        let exact = meanfield::exact::solve(model, start, particles, &[t], 2, None)
            .expect("a small sector");
        let pair = ExactPair {
            layout: &layout,
            first: exact.marginal(0, 1).unwrap(),
            second: Some(exact.marginal(0, 2).unwrap()),
            particles,
        };
        (series.at(particles as f64) - pair.scaled_variance(&a).at(1.0)).abs()
    };
    let (first, last) = (gap(8), gap(32));
    /// Rounding, times N.
    const INVISIBLE: f64 = 1e-9;
    assert!(
        last < first * 4.0_f64.powf(0.5 - order as f64) + INVISIBLE,
        "n = {order}: {first:e} falls to {last:e} only"
    );
}

proptest! {
    #![proptest_config(config(16))]

    #[test]
    fn law_independent_and_counted_particles_fluctuate_as_they_must(
        draw in draw(&Kind::POSITIVE), order in 1..=4_usize,
    ) {
        each!(draw, instance => at_the_start(&instance, order, draw.seed));
    }

    #[test]
    fn law_variances_converge(
        draw in draw(&[Kind::Jump, Kind::Levels, Kind::OpenLevels]),
        order in 1..=3_usize, t in 0.1..0.4_f64,
    ) {
        each!(draw, instance => {
            variance_converges(&instance, &instance.product(), order, t, draw.seed);
        });
    }

    #[test]
    fn law_variances_from_fixed_counts_converge(
        draw in draw(&[Kind::Jump]), order in 1..=3_usize, t in 0.1..0.4_f64,
    ) {
        each!(draw, instance => {
            variance_converges(&instance, &instance.fixed_counts(8), order, t, draw.seed);
        });
    }
}
