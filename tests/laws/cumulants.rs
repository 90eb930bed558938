//! What the cumulants of every model have in common.

use meanfield::abstract_model::to_user;
use meanfield::hierarchy::{correlation_error, largest_trace};
use meanfield::prelude::*;
use meanfield_testing::largest;
use meanfield_tests::derived::Scaled;
use meanfield_tests::each;
use meanfield_tests::instances::Instance;
use meanfield_tests::kinds::Kind;
use proptest::prelude::*;

use crate::marginals::anti_hermitian_part;
use crate::{FLOW, ROUNDING, all_cumulants, close, config, cumulants_at, draw, starts};

/// Least ‖g_{2,0}‖ that counts as a correlation: V is of order one, and the
/// time at least 0.1.
const CORRELATED: f64 = 1e-4;

/// Tr^i g_{j,l} = 0 for all but F, Tr^j f_{j,m} = f_{j−1,m}, f_{0,m} = δ_{m0}.
fn traces<S: Scalar>(instance: &Instance<S>, order: usize, t: f64, seed: u64) {
    let trace = instance.model.space().trace();
    for start in starts(instance, order, seed) {
        cumulants_at(&*instance.model, &start, (order, 3), t, |c| {
            for ((j, l), g) in all_cumulants(c).iter().skip(1) {
                let found = largest_trace(c.layout(), trace, *j, g);
                assert!(
                    found < ROUNDING * largest(g).max(1.0),
                    "Tr g_{j},{l} = {found:e}"
                );
            }
            let series = c.marginals(3);
            for j in 1..=3 {
                for m in 0..=order {
                    let traced = c.layout().contract(j, trace, series[j].term(m));
                    close("Tr f_j", &traced, series[j - 1].term(m), ROUNDING);
                }
            }
            assert_eq!(series[0].at(7.0, order), [S::from_re(1.0)]);
        });
    }
}

/// E_j of the marginals by (18) is the E_j made of cumulants; it is O(N^{−⌈j/2⌉})
/// (Corollary 2.4), and four particles correlate in pairs first: e_4^2 = ½
/// g_{2,0}⊙g_{2,0}.
fn errors<S: Scalar>(instance: &Instance<S>, t: f64, seed: u64) {
    let (order, highest) = (2, 4);
    for start in starts(instance, order, seed) {
        cumulants_at(&*instance.model, &start, (order, highest), t, |c| {
            let (marginals, errors) = (c.marginals(highest), c.correlation_errors(highest));
            for j in 1..=highest {
                for m in 0..=order {
                    let family: Vec<_> = marginals.iter().map(|f| f.term(m).to_vec()).collect();
                    let e = correlation_error(c.layout(), c.mean_field(), j, &family).unwrap();
                    close("(18)", &e, errors[j].term(m), ROUNDING);
                    if 2 * m < j {
                        assert!(largest(&e) < ROUNDING, "e_{j}^{m} = {:e}", largest(&e));
                    }
                }
            }
            let g = c.get(2, 0).unwrap();
            let mut wick = vec![S::from_re(0.0); c.layout().len(4)];
            let half = S::from_re(0.5);
            c.layout().add_product((2, g), (2, g), half, &mut wick);
            close("e_4^2", errors[4].term(2), &wick, ROUNDING);
        });
    }
}

/// Particles that ignore each other stay independent: V = 0 leaves every
/// cumulant but F at zero; and V ≠ 0 does not.
fn interaction_correlates<S: Scalar>(instance: &Instance<S>, order: usize, t: f64) {
    let (model, start) = (&*instance.model, instance.product());
    let alone = Scaled {
        model,
        k: 1.0,
        pair: 0.0,
    };
    cumulants_at(&alone, &start, (order, 1), t, |c| {
        for ((j, l), g) in all_cumulants(c).iter().skip(1) {
            assert_eq!(largest(g), 0.0, "g_{j},{l}");
        }
    });
    cumulants_at(model, &start, (order, 1), t, |c| {
        let g = largest(c.get(2, 0).unwrap());
        assert!(g > CORRELATED, "g_2,0 = {g:e}");
        let g = largest(c.get(1, 1).unwrap());
        assert!(g > CORRELATED * CORRELATED, "g_1,1 = {g:e}");
    });
}

/// Hermitian matrices stay Hermitian, and the expansion does not depend on the
/// basis: real coordinates and complex matrix elements give the same arrays.
fn bases(seed: u64, jumps: usize, t: f64) {
    let (order, d) = (2, 2);
    let real = meanfield_tests::kinds::levels(jumps, seed);
    let complex = meanfield_tests::instances::in_matrix_elements(&real);
    let there = cumulants_at(&*complex.model, &complex.product(), (order, 1), t, |c| {
        let read = |((j, l), g): &((usize, usize), Vec<_>)| {
            ((*j, *l), to_user(&*complex.model, c.layout(), *j, g))
        };
        all_cumulants(c).iter().map(read).collect::<Vec<_>>()
    });
    cumulants_at(&*real.model, &real.product(), (order, 1), t, |c| {
        for (((j, l), g), (_, other)) in all_cumulants(c).iter().zip(&there) {
            assert!(anti_hermitian_part(other, d) < FLOW, "g_{j},{l}");
            let user = to_user(&*real.model, c.layout(), *j, g);
            assert!(anti_hermitian_part(&user, d) < ROUNDING, "g_{j},{l}");
            let (x, y): (Vec<_>, Vec<_>) = user.iter().copied().zip(other.iter().copied()).unzip();
            close("in another basis", &x, &y, FLOW);
        }
    });
}

proptest! {
    #![proptest_config(config(20))]

    #[test]
    fn law_cumulants_have_no_trace_and_marginals_are_consistent(
        draw in draw(&Kind::ALL), order in 0..=3_usize, t in 0.01..0.3_f64,
    ) {
        each!(draw, instance => traces(&instance, order, t, draw.seed));
    }

    #[test]
    fn law_correlation_errors_shrink_by_pairs(
        draw in draw(&Kind::ALL), t in 0.01..0.3_f64,
    ) {
        each!(draw, instance => errors(&instance, t, draw.seed));
    }

    #[test]
    fn law_only_the_interaction_correlates(
        draw in draw(&Kind::ALL), order in 1..=3_usize, t in 0.1..0.3_f64,
    ) {
        each!(draw, instance => interaction_correlates(&instance, order, t));
    }

    #[test]
    fn law_quantum_cumulants_are_hermitian_in_every_basis(
        seed in 0..10_000_u64, jumps in 0..=1_usize, t in 0.1..0.5_f64,
    ) {
        bases(seed, jumps, t);
    }
}
