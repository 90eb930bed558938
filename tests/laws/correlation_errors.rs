//! Inclusion and exclusion: E_j and F_j are an inverse pair.

use meanfield::hierarchy::{correlation_errors, largest_trace, marginal_from_errors, marginals_of};
use meanfield::prelude::*;
use meanfield_testing::largest;
use meanfield_tests::each;
use meanfield_tests::instances::Instance;
use meanfield_tests::kinds::Kind;
use proptest::prelude::*;

use crate::{ROUNDING, close, config, draw};

/// (18) and (19) undo each other on any symmetric family with F_0 = 1.
fn inverse_pair<S: Scalar>(instance: &Instance<S>, highest: usize, seed: u64) {
    let layout = SymmetricLayout::new(instance.f.len(), highest).unwrap();
    let mut noise = problems::Noise::new(seed);
    let mut family = vec![vec![S::from_re(1.0)]];
    family.extend((1..=highest).map(|j| noise.vector(layout.len(j))));
    let errors = correlation_errors(&layout, &instance.f, &family).unwrap();
    for (j, original) in family.iter().enumerate() {
        let back = marginal_from_errors(&layout, &instance.f, j, &errors).unwrap();
        close("F → E → F", &back, original, ROUNDING);
    }
    let marginals: Vec<_> = (0..=highest)
        .map(|j| marginal_from_errors(&layout, &instance.f, j, &family).unwrap())
        .collect();
    let again = correlation_errors(&layout, &instance.f, &marginals).unwrap();
    for (found, original) in again.iter().zip(&family) {
        close("E → F → E", found, original, ROUNDING);
    }
}

/// Tr^i E_j = 0 for j ≥ 1, for the marginals of any state of trace 1 and any F
/// of trace 1.
fn traceless<S: Scalar>(instance: &Instance<S>, highest: usize, seed: u64) {
    let trace = instance.model.space().trace();
    let layout = SymmetricLayout::new(trace.len(), highest).unwrap();
    let other = problems::random_element(trace, seed);
    let mut state = problems::Noise::new(seed).vector::<S>(layout.len(highest));
    let total = marginals_of(&layout, trace, highest, &state)[0][0];
    let missing = S::from_re(1.0) - total;
    for (x, &y) in state.iter_mut().zip(&layout.power(&other, highest)) {
        *x += missing * y;
    }
    let marginals = marginals_of(&layout, trace, highest, &state);
    let errors = correlation_errors(&layout, &instance.f, &marginals).unwrap();
    for (j, e) in errors.iter().enumerate().skip(1) {
        let size = marginals.iter().map(|f| largest(f)).fold(1.0, f64::max);
        let found = largest_trace(&layout, trace, j, e);
        assert!(found < ROUNDING * size * largest(e).max(1.0), "{found:e}");
        assert!(largest(e) > 1e-3, "E_{j} must not be trivial");
    }
}

proptest! {
    #![proptest_config(config(24))]

    #[test]
    fn law_marginals_and_errors_are_an_inverse_pair(
        draw in draw(&Kind::ALL), highest in 1..=5_usize,
    ) {
        each!(draw, instance => inverse_pair(&instance, highest, draw.seed));
    }

    #[test]
    fn law_errors_of_a_state_have_no_trace(
        draw in draw(&Kind::ALL), highest in 1..=4_usize,
    ) {
        each!(draw, instance => traceless(&instance, highest, draw.seed));
    }
}
