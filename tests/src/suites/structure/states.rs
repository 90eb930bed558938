//! F^N stays a state (1), (3), (5), (92), and its marginals are consistent
//! symmetric states (2), (8), (87).

use meanfield::exact::full;
use meanfield::prelude::*;
use meanfield::tensor::dense;
use meanfield_testing::{largest, worse};
use ndarray::ArrayD;

use super::{INTEGRATED, exactly};
use crate::class::Class;
use crate::each;
use crate::instances::Instance;
use crate::paper::power;
use crate::paper::size::{least, size};
use crate::verify::Row;

/// Long enough for several collisions of every particle.
const TIME: f64 = 1.3;
const PARTICLES: usize = 3;

/// F^N(t) from F^{⊗N}, in the full tensor space.
fn evolved<S: Scalar>(instance: &Instance<S>) -> ArrayD<S> {
    let start = power(&instance.f, PARTICLES);
    let mut states = full::evolve(&*instance.model, &start, &[TIME]).expect("the tensor fits");
    states.swap_remove(0)
}

/// |Tr F − 1|, |‖F‖ − 1| and the negative part of a tensor.
fn defect_of_state<S: Scalar>(model: &dyn Model<Scalar = S>, state: &ArrayD<S>) -> f64 {
    let total = full::marginal(model, state, 0);
    let trace = (total.sum() - S::from_re(1.0)).modulus();
    let norm = (size(model, state) - 1.0).abs();
    worse(worse(trace, norm), (-least(model, state)).max(0.0))
}

/// Traces, symmetry, and, with a norm, positivity of every marginal of the full
/// tensor; and against the marginals of the symmetric sector.
fn marginals<S: Scalar>(instance: &Instance<S>) -> f64 {
    let model = &*instance.model;
    let trace = model.space().trace();
    let state = evolved(instance);
    let layout = SymmetricLayout::new(trace.len(), PARTICLES).expect("small");
    let solved = meanfield::exact::solve(
        model,
        &instance.product(),
        PARTICLES,
        &[TIME],
        PARTICLES,
        None,
    )
    .expect("the sector fits");
    let mut found = 0.0;
    for j in (1..=PARTICLES).rev() {
        let here = full::marginal(model, &state, j);
        found = worse(found, dense::asymmetry(&here));
        let packed = solved.marginal(0, j).unwrap();
        let pairs = dense::to_packed(&layout, &here);
        let gap = pairs.iter().zip(packed).map(|(&x, &y)| (x - y).modulus());
        found = gap.fold(found, worse);
        // Whichever particle is traced out.
        let below = full::marginal(model, &state, j - 1);
        for slot in 0..j {
            let traced = dense::partial_trace(&here, slot, trace) - &below;
            found = worse(found, largest(&traced));
        }
        if matches!(model.space().norm(), Norm::L1 | Norm::Trace { .. }) {
            found = worse(found, defect_of_state(model, &here));
        }
    }
    let total = full::marginal(model, &state, 0).sum();
    worse(found, (total - S::from_re(1.0)).modulus())
}

pub(super) fn rows() -> Vec<Row> {
    let reason = "the flow of the full tensor to rounding, summed over its entries";
    let mut rows = exactly(
        "n-body",
        "F^N(t), N = 3, from the definition (88)–(90): trace 1, norm 1, positive",
        "(1), (3), (5), (92)",
        INTEGRATED,
        reason,
    )
    .rows(
        &Class::STATES,
        |class| each!(class, instance => defect_of_state(&*instance.model, &evolved(&instance))),
    );
    rows.extend(
        exactly(
            "marginals",
            "F_j(t), j ≤ N = 3: Tr of any slot is F_{j−1}, Tr F_1 = 1, symmetric, positive where \
             states are; the symmetric sector gives the same",
            "(2), (8), (87)",
            INTEGRATED,
            reason,
        )
        .rows(
            &Class::ALL,
            |class| each!(class, instance => marginals(&instance)),
        ),
    );
    rows
}
