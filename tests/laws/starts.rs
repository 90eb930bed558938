//! The cumulants of a start are those of the N-body state it stands for.

use meanfield::exact::closed_form::fixed_counts;
use meanfield::prelude::*;
use meanfield_testing::largest;
use meanfield_tests::each;
use meanfield_tests::instances::Instance;
use meanfield_tests::kinds::Kind;
use proptest::prelude::*;

use crate::{ROUNDING, config, cumulants_at, difference, draw};

/// Fixed counts: f_{j,m} are the coefficients of the draw without return
/// Π_a (N x_a)_{α_a} / (N)_j. It is rational in 1/N with poles at 1/k, k < j: the
/// remainder after order n at N is at most (j²/N)^{n+1}.
fn fixed<S: Scalar>(instance: &Instance<S>, order: usize) {
    let start = instance.fixed_counts(8);
    let highest = 3;
    cumulants_at(&*instance.model, &start, (order, highest), 0.0, |c| {
        let series = c.marginals(highest);
        for particles in [800, 80_000] {
            let counts = start.counts(particles).unwrap();
            for j in 1..=highest {
                let drawn = |entry: usize| {
                    let occupation = c.layout().occupation(j, entry);
                    let occupation = occupation.iter();
                    let occupation: Vec<usize> = occupation.map(|&n| usize::from(n)).collect();
                    S::from_re(fixed_counts::marginal(&counts, &occupation))
                };
                let expected: Vec<_> = (0..c.layout().len(j)).map(drawn).collect();
                let found = difference(&series[j].at(particles as f64, order), &expected);
                let remainder = ((j * j) as f64 / particles as f64).powi(order as i32 + 1);
                assert!(
                    found < remainder + ROUNDING,
                    "F_{j} at N = {particles}: {found:e}"
                );
            }
        }
    });
}

/// Cumulants given explicitly are the cumulants at t = 0, and F^{⊗N} has none.
fn explicit<S: Scalar>(instance: &Instance<S>, order: usize, seed: u64) {
    let start = instance.random_cumulants(order, seed);
    let Start::Cumulants { f, g } = &start else {
        unreachable!("cumulants were asked for");
    };
    start.check(&*instance.model).unwrap();
    cumulants_at(&*instance.model, &start, (order, 1), 0.0, |c| {
        assert_eq!(c.mean_field(), f);
        for (&(j, l), given) in g {
            assert_eq!(c.get(j, l).unwrap(), given);
            assert!(largest(given) > 1e-6, "g_{j},{l} must not be trivial");
        }
    });
    cumulants_at(
        &*instance.model,
        &instance.product(),
        (order, 3),
        0.0,
        |c| {
            for (j, series) in c.marginals(3).iter().enumerate() {
                let expected = c.layout().power(&instance.f, j);
                assert!(difference(&series.at(2.0, order), &expected) < ROUNDING);
            }
        },
    );
}

proptest! {
    #![proptest_config(config(24))]

    #[test]
    fn law_fixed_counts_are_draws_without_return(
        draw in draw(&Kind::CLASSICAL), order in 0..=4_usize,
    ) {
        each!(draw, instance => fixed(&instance, order));
    }

    #[test]
    fn law_a_start_has_the_cumulants_it_is_given(
        draw in draw(&Kind::ALL), order in 0..=3_usize,
    ) {
        each!(draw, instance => explicit(&instance, order, draw.seed));
    }
}
