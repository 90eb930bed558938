//! Laws: statements that hold for every model, tried on random models of every
//! kind. Each test reads like a theorem, with its equation.
//!
//! The draws are the same in every run; `PROPTEST_RNG_SEED` chooses others and
//! `PROPTEST_CASES` more of them. A failure prints the [`Draw`] to repeat.

mod convergence;
mod correlation_errors;
mod cumulants;
mod flows;
mod forms;
mod marginals;
mod norms;
mod observables;
mod starts;

use meanfield::expansion::ExpansionError;
use meanfield::prelude::*;
use meanfield_tests::instances::Instance;
use meanfield_tests::kinds::{Draw, Kind};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// Rounding of sums of a few hundred products of numbers of order one.
const ROUNDING: f64 = 1e-11;

/// Relative tolerance per step of the integrations.
const STEP: f64 = 1e-11;

/// What some tens of steps at [`STEP`] leave, relative to the size of a block.
const FLOW: f64 = 1e-8;

/// `cases` draws that do not change from run to run, and no files.
fn config(cases: u32) -> ProptestConfig {
    let mut config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(17);
    }
    if config.cases == 256 {
        config.cases = cases;
    }
    config
}

/// A random instance of one of these kinds, of two or three states.
fn draw(kinds: &'static [Kind]) -> impl Strategy<Value = Draw> {
    let kind = proptest::sample::select(kinds);
    (kind, 0..10_000_u64, 2..=3_usize).prop_map(|(kind, seed, size)| Draw { kind, seed, size })
}

/// The starts an instance has: independent particles, cumulants and, for
/// populations, fixed counts.
fn starts<S: Scalar>(instance: &Instance<S>, order: usize, seed: u64) -> Vec<Start<S>> {
    let mut out = vec![instance.product(), instance.random_cumulants(order, seed)];
    if instance.model.space().norm() == Norm::L1 {
        out.push(instance.fixed_counts(8));
    }
    out
}

/// The largest difference of two tensors, relative to the larger of 1 and the
/// largest entry.
#[track_caller]
fn difference<S: Scalar>(x: &[S], y: &[S]) -> f64 {
    meanfield_testing::relative(x, y, 1.0)
}

#[track_caller]
fn close<S: Scalar>(name: &str, x: &[S], y: &[S], tolerance: f64) {
    let found = difference(x, y);
    assert!(found <= tolerance, "{name}: off by {found:e}");
}

/// Reads the cumulants at time t, order `order`, with room for marginals of
/// degree `marginals`.
fn cumulants_at<S: Scalar, T>(
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    (order, marginals): (usize, usize),
    t: f64,
    mut read: impl FnMut(Cumulants<'_, S>) -> T,
) -> T {
    let mut settings = Settings::new(order, vec![0.0, t]);
    settings.marginals = marginals;
    settings.tolerance = STEP;
    let mut found = None;
    solve(model, start, &settings, |k, cumulants| {
        if k == 1 {
            found = Some(read(cumulants));
        }
        Ok::<(), ExpansionError>(())
    })
    .expect("a regular expansion");
    found.expect("the last time is reached")
}

/// All g_{j,l} of order ≤ n, by (j, l).
fn all_cumulants<S: Scalar>(cumulants: Cumulants<'_, S>) -> Vec<((usize, usize), Vec<S>)> {
    let order = cumulants.order();
    let pairs = (0..=order).flat_map(|p| (1..=p + 1).map(move |j| (j, p + 1 - j)));
    pairs
        .filter_map(|(j, l)| Some(((j, l), cumulants.get(j, l)?.to_vec())))
        .collect()
}
