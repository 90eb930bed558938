//! Exact marginals are consistent, symmetric states.

use meanfield::abstract_model::{least_value, norm, to_user};
use meanfield::prelude::*;
use meanfield::tensor::dense;
use meanfield_tests::each;
use meanfield_tests::instances::Instance;
use meanfield_tests::kinds::Kind;
use ndarray::ArrayD;
use proptest::prelude::*;

use crate::{ROUNDING, config, difference, draw};

/// Highest marginal looked at.
const HIGHEST: usize = 3;

/// Tr F_1 = 1 and Tr^j F_j = F_{j−1} (3), (87).
fn consistent<S: Scalar>(instance: &Instance<S>, n: usize, t: f64) {
    let trace = instance.model.space().trace();
    let layout = SymmetricLayout::new(trace.len(), HIGHEST).unwrap();
    let start = instance.product();
    let exact = meanfield::exact::solve(&*instance.model, &start, n, &[t], HIGHEST, None).unwrap();
    let mut below = vec![S::from_re(1.0)];
    for j in 1..=HIGHEST {
        let here = exact.marginal(0, j).unwrap();
        let found = difference(&layout.contract(j, trace, here), &below);
        assert!(found < ROUNDING, "Tr F_{j} is off by {found:e}");
        below = here.to_vec();
    }
}

/// The N-body tensor evolved slot by slot, (88)–(90), is symmetric, and its
/// partial traces are the marginals of the symmetric sector (1), (2).
fn the_definition<S: Scalar>(instance: &Instance<S>, n: usize, t: f64) {
    let trace = instance.model.space().trace();
    let layout = SymmetricLayout::new(trace.len(), n).unwrap();
    let start = dense::from_packed(&layout, n, &layout.power(&instance.f, n));
    let mut state: ArrayD<S> =
        meanfield::exact::full::evolve(&*instance.model, &start, &[t]).unwrap()[0].clone();
    let exact =
        meanfield::exact::solve(&*instance.model, &instance.product(), n, &[t], n, None).unwrap();
    for j in (1..=n).rev() {
        let size = state.iter().map(|x| x.modulus()).fold(1.0, f64::max);
        assert!(dense::asymmetry(&state) < ROUNDING * size);
        let packed = dense::to_packed(&layout, &state);
        let found = difference(exact.marginal(0, j).unwrap(), &packed);
        assert!(found < ROUNDING, "F_{j} is off by {found:e}");
        state = dense::partial_trace(&state, 0, trace);
    }
}

/// F_j ≥ 0, ‖F_j‖ = 1 (4), (91), (92), and user arrays of quantum models are
/// Hermitian.
fn states<S: Scalar>(instance: &Instance<S>, n: usize, t: f64) {
    let model = &*instance.model;
    let layout = SymmetricLayout::new(model.space().dimension(), HIGHEST).unwrap();
    let start = instance.product();
    let exact = meanfield::exact::solve(model, &start, n, &[t], HIGHEST, None).unwrap();
    for j in 1..=HIGHEST {
        let here = exact.marginal(0, j).unwrap();
        let (_, least) = least_value(model, &layout, j, here).unwrap().unwrap();
        assert!(least >= -ROUNDING, "F_{j} has {least:e}");
        let size = norm(model, &layout, j, here).unwrap();
        assert!((size - 1.0).abs() < ROUNDING, "‖F_{j}‖ = {size}");
        if let Some(levels) = model.capabilities().basis.levels() {
            let user = to_user(model, &layout, j, here);
            assert!(anti_hermitian_part(&user, levels) < ROUNDING);
        }
    }
}

/// The largest |F(X; X') − conj F(X'; X)| of a user array over x·d + x'.
pub(crate) fn anti_hermitian_part(user: &ArrayD<num_complex::Complex64>, levels: usize) -> f64 {
    let defect = user.indexed_iter().map(|(index, x)| {
        let mirror: Vec<usize> = (0..user.ndim())
            .map(|slot| (index[slot] % levels) * levels + index[slot] / levels)
            .collect();
        (x - user[mirror.as_slice()].conj()).norm()
    });
    defect.fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(config(16))]

    #[test]
    fn law_marginals_are_consistent_under_the_partial_trace(
        draw in draw(&Kind::ALL), n in HIGHEST..7, t in 0.0..0.3_f64,
    ) {
        each!(draw, instance => consistent(&instance, n, t));
    }

    #[test]
    fn law_the_symmetric_sector_is_the_definition(
        draw in draw(&Kind::ALL), n in 1..4_usize, t in 0.0..0.3_f64,
    ) {
        each!(draw, instance => the_definition(&instance, n, t));
    }

    #[test]
    fn law_marginals_are_states(
        draw in draw(&Kind::POSITIVE), n in HIGHEST..7, t in 0.0..2.0_f64,
    ) {
        each!(draw, instance => states(&instance, n, t));
    }
}
