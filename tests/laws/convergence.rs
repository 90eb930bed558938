//! The truncated expansion approaches the exact marginals at the rate claimed.

use meanfield::abstract_model::norm;
use meanfield::prelude::*;
use meanfield_tests::each;
use meanfield_tests::instances::Instance;
use meanfield_tests::kinds::Kind;
use proptest::prelude::*;

use crate::{config, cumulants_at, draw};

/// Numbers of particles, each twice the one before.
const PARTICLES: [usize; 3] = [8, 16, 32];

/// Part of the exponent n+1 that the next order may hide at such small N.
const HIDDEN: f64 = 0.5;

/// Errors below this are rounding of the integrations.
const INVISIBLE: f64 = 1e-10;

/// ‖F_j − F_j^{N,n}‖ = O(N^{−n−1}), j = 1, 2 (Corollaries 1.5, 5.1, A.2): from N to
/// 4N it falls by 4^{n+1/2} at least.
fn rate<S: Scalar>(instance: &Instance<S>, start: &Start<S>, order: usize, t: f64) {
    let model = &*instance.model;
    let series = cumulants_at(model, start, (order, 2), t, |c| c.marginals(2));
    let layout = SymmetricLayout::new(model.space().dimension(), 2).unwrap();
    let exact = PARTICLES
        .map(|n| meanfield::exact::solve(model, start, n, &[t], 2, None).expect("a small sector"));
    for j in 1..=2 {
        for truncation in 0..=order {
            let error = |k: usize| {
                let approximate = series[j].at(PARTICLES[k] as f64, truncation);
                let pairs = approximate.iter().zip(exact[k].marginal(0, j).unwrap());
                let gap: Vec<_> = pairs.map(|(&x, &y)| x - y).collect();
                norm(model, &layout, j, &gap).unwrap()
            };
            let (first, last) = (error(0), error(2));
            let expected = first * 4.0_f64.powf(-(truncation as f64 + 1.0 - HIDDEN));
            assert!(
                last < expected + INVISIBLE,
                "F_{j}, n = {truncation}: {first:e} falls to {last:e} only"
            );
        }
    }
}

proptest! {
    #![proptest_config(config(12))]

    #[test]
    fn law_from_a_product_start_the_remainder_falls_as_claimed(
        draw in draw(&[Kind::Jump, Kind::Levels, Kind::OpenLevels]),
        order in 0..=2_usize, t in 0.1..0.4_f64,
    ) {
        each!(draw, instance => rate(&instance, &instance.product(), order, t));
    }

    #[test]
    fn law_from_fixed_counts_the_remainder_falls_as_claimed(
        draw in draw(&[Kind::Jump]), order in 0..=2_usize, t in 0.1..0.4_f64,
    ) {
        each!(draw, instance => rate(&instance, &instance.fixed_counts(8), order, t));
    }
}

proptest! {
    // Five velocities: the sector of 32 particles has 58905 states.
    #![proptest_config(config(2))]

    #[test]
    fn law_of_colliding_particles_the_remainder_falls_as_claimed(
        draw in draw(&[Kind::Kac]), t in 0.1..0.3_f64,
    ) {
        each!(draw, instance => rate(&instance, &instance.product(), 2, t));
        each!(draw, instance => rate(&instance, &instance.fixed_counts(8), 2, t));
    }
}
