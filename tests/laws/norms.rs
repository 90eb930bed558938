//! The norms (84), (85): the partial trace contracts, permutations keep.

use meanfield::abstract_model::norm;
use meanfield::prelude::*;
use meanfield::tensor::{dense, norms};
use meanfield_tests::each;
use meanfield_tests::instances::Instance;
use meanfield_tests::kinds::Kind;
use ndarray::{ArrayD, IxDyn};
use num_complex::Complex64;
use proptest::prelude::*;

use crate::{ROUNDING, config, draw};

/// ‖Tr^j G‖ ≤ ‖G‖ for symmetric tensors in the model's own norm (85).
fn partial_trace_contracts<S: Scalar>(instance: &Instance<S>, j: usize, seed: u64) {
    let model = &*instance.model;
    let trace = model.space().trace();
    let layout = SymmetricLayout::new(trace.len(), j).unwrap();
    let tensor: Vec<S> = problems::Noise::new(seed).vector(layout.len(j));
    let whole = norm(model, &layout, j, &tensor).unwrap();
    let part = norm(model, &layout, j - 1, &layout.contract(j, trace, &tensor)).unwrap();
    assert!(part <= whole * (1.0 + ROUNDING), "{part} > {whole}");
    // With equality on states.
    let state = layout.power(&instance.f, j);
    let size = norm(model, &layout, j, &state).unwrap();
    assert!((size - 1.0).abs() < ROUNDING, "‖F^⊗{j}‖ = {size}");
}

/// ‖·‖ of any tensor, symmetric or not, under permutations and partial traces
/// of any slot: L¹, and the trace norm of operators on (C²)^{⊗j}.
fn of_any_tensor(j: usize, slot: usize, order: &[usize], seed: u64) {
    let mut noise = problems::Noise::new(seed);
    let tensor: ArrayD<Complex64> =
        ArrayD::from_shape_simple_fn(IxDyn(&vec![4; j]), || noise.scalar());
    let l1 = |x: &ArrayD<Complex64>| x.iter().map(|z| z.norm()).sum::<f64>();
    let trace_norm = |x: &ArrayD<Complex64>| norms::trace_norm(x, 2).unwrap();
    let permuted = dense::permute(&tensor, order);
    let ones = [Complex64::ONE; 4];
    // The diagonal elements of x·2 + x'.
    let diagonal = [1.0, 0.0, 0.0, 1.0].map(Complex64::from);
    let check = |size: &dyn Fn(&ArrayD<Complex64>) -> f64, trace: &[Complex64]| {
        let whole = size(&tensor);
        assert!((size(&permuted) - whole).abs() < ROUNDING * whole, "(84)");
        let part = size(&dense::partial_trace(&tensor, slot, trace));
        assert!(part <= whole * (1.0 + ROUNDING), "(85)");
    };
    check(&l1, &ones);
    check(&trace_norm, &diagonal);
}

proptest! {
    #![proptest_config(config(24))]

    #[test]
    fn law_the_partial_trace_is_a_contraction(
        draw in draw(&Kind::POSITIVE), j in 2..=3_usize,
    ) {
        each!(draw, instance => partial_trace_contracts(&instance, j, draw.seed));
    }

    #[test]
    fn law_permutations_are_isometries(
        j in 2..=3_usize, order in Just(vec![0, 1, 2]).prop_shuffle(), seed in 0..1000_u64,
    ) {
        let order: Vec<usize> = order.into_iter().filter(|&slot| slot < j).collect();
        of_any_tensor(j, order[0], &order, seed);
    }
}
