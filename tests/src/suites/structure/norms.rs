//! Norms, permutations and traces (84), (85); traces and semigroup of the
//! generators (91), (93).

use meanfield::models::levels::problems::random_state;
use meanfield::prelude::*;
use meanfield::tensor::dense;
use meanfield_testing::{largest, worse};
use ndarray::{Array2, ArrayD, IxDyn};

use super::{INTEGRATED, exactly};
use crate::class::Class;
use crate::each;
use crate::instances::Instance;
use crate::paper::power;
use crate::paper::size::{basis, exponential, least, size};
use crate::verify::Row;

const ROUNDING: f64 = 1e-12;
const SAMPLES: u64 = 12;

/// Tensors of degree j without any symmetry.
fn random<S: Scalar>(dimension: usize, j: usize) -> impl Iterator<Item = ArrayD<S>> {
    (0..SAMPLES).map(move |seed| {
        let values = problems::Noise::new(seed ^ 0xB5).vector(dimension.pow(j as u32));
        let shape = IxDyn(&vec![dimension; j]);
        ArrayD::from_shape_vec(shape, values).expect("D^j entries")
    })
}

/// The largest relative change of a norm under the permutations of three slots.
fn permutations<S: Scalar>(instance: &Instance<S>) -> f64 {
    let model = &*instance.model;
    let mut found = 0.0;
    for tensor in random::<S>(instance.f.len(), 3) {
        let whole = size(model, &tensor);
        for order in [[1, 0, 2], [0, 2, 1], [2, 1, 0], [1, 2, 0]] {
            let permuted = size(model, &dense::permute(&tensor, &order));
            found = worse(found, (permuted / whole - 1.0).abs());
        }
    }
    found
}

/// The largest excess of ‖Tr^i G‖ over ‖G‖, and the defect of equality on
/// F^{⊗j}.
fn contraction<S: Scalar>(instance: &Instance<S>) -> f64 {
    let (model, d) = (&*instance.model, instance.f.len());
    let trace = model.space().trace();
    let mut found = 0.0;
    for j in 2..=3 {
        for tensor in random::<S>(d, j) {
            let whole = size(model, &tensor);
            for slot in 0..j {
                let part = size(model, &dense::partial_trace(&tensor, slot, trace));
                found = worse(found, (part / whole - 1.0).max(0.0));
            }
        }
        let state = size(model, &power(&instance.f, j));
        found = worse(found, (state - 1.0).abs());
    }
    found
}

/// Tr(K G) and Tr⊗Tr(V G) on every basis element, relative to the largest entry
/// of K and V.
fn traces<S: Scalar>(instance: &Instance<S>) -> f64 {
    let model = &*instance.model;
    let (d, trace) = (instance.f.len(), instance.model.space().trace());
    let one = S::from_re(1.0);
    let (mut traced, mut scale) = (0.0, 0.0);
    for element in basis::<S>(d, 1) {
        let image = dense::on_slot(&element, 0, |x, out| model.add_k(one, x, out));
        scale = worse(scale, largest(&image));
        let of = dense::partial_trace(&image, 0, trace);
        traced = worse(traced, largest(&of));
    }
    for element in basis::<S>(d, 2) {
        let image = dense::on_pair(&element, 0, 1, |x, out| {
            model.interaction().add_pair(one, x, out)
        });
        scale = worse(scale, largest(&image));
        let of = dense::partial_trace(&dense::partial_trace(&image, 1, trace), 0, trace);
        traced = worse(traced, largest(&of));
    }
    traced / scale
}

/// States: basis elements of L¹, random operators else.
fn states<S: Scalar>(instance: &Instance<S>) -> Vec<ArrayD<S>> {
    match instance.model.capabilities().basis.levels() {
        None => basis(instance.f.len(), 1),
        Some(levels) => (0..SAMPLES)
            .map(|seed| random_state(levels, seed))
            .map(|user| one_body_state(&*instance.model, "F", &user).expect("a state"))
            .map(|f| dense::vector(&f))
            .collect(),
    }
}

/// e^{τK}, τ = 0.1, 1, 3: negative parts and norms of the images of states, and
/// the excess of the norm on arbitrary elements.
fn semigroup<S: Scalar>(instance: &Instance<S>) -> f64 {
    let (model, d) = (&*instance.model, instance.f.len());
    let mut k = Array2::from_elem((d, d), S::from_re(0.0));
    model.add_k(S::from_re(1.0), Array2::eye(d).view(), k.view_mut());
    let mut found = 0.0;
    for tau in [0.1, 1.0, 3.0] {
        let flow = exponential(&k, tau);
        let moved = |x: &ArrayD<S>| {
            let column = x.iter().copied().collect::<ndarray::Array1<_>>();
            flow.dot(&column).into_dyn()
        };
        for state in states(instance) {
            let image = moved(&state);
            found = worse(found, (size(model, &image) - 1.0).abs());
            found = worse(found, -least(model, &image));
        }
        for element in random::<S>(d, 1) {
            let ratio = size(model, &moved(&element)) / size(model, &element);
            found = worse(found, ratio - 1.0);
        }
    }
    found
}

pub(super) fn rows() -> Vec<Row> {
    let rounding = "rounding of sums over D^3 entries and of singular values";
    [
        exactly(
            "permutations",
            "permutations of three slots keep the norm of tensors without symmetry (arrays: \
             Euclidean)",
            "(84), (85)",
            ROUNDING,
            rounding,
        )
        .rows(
            &Class::ALL,
            |class| each!(class, instance => permutations(&instance)),
        ),
        exactly(
            "trace-contracts",
            "‖Tr^i G‖ ≤ ‖G‖ for every slot of tensors without symmetry, ‖F^{⊗j}‖ = 1",
            "(85)",
            ROUNDING,
            rounding,
        )
        .rows(
            &Class::STATES,
            |class| each!(class, instance => contraction(&instance)),
        ),
        exactly(
            "traceless",
            "Tr∘K = 0 and (Tr⊗Tr)∘V = 0 on every basis element, relative to the largest entry",
            "(93)",
            ROUNDING,
            "rounding",
        )
        .rows(
            &Class::ALL,
            |class| each!(class, instance => traces(&instance)),
        ),
        exactly(
            "semigroup",
            "e^{τK} keeps states positive and of norm 1 and contracts everything, τ = 0.1, 1, 3",
            "(91)",
            INTEGRATED,
            "a Taylor series of e^{τK} squared 12 times",
        )
        .rows(
            &Class::STATES,
            |class| each!(class, instance => semigroup(&instance)),
        ),
    ]
    .concat()
}
