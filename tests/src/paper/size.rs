//! Norms of dense tensors that need not be symmetric, and of operators.

use meanfield::abstract_model::{Model, in_every_slot};
use meanfield::prelude::*;
use meanfield::tensor::{dense, norms};
use meanfield_testing::worse;
use ndarray::{Array2, ArrayD, IxDyn};
use num_complex::Complex64;

/// The tensor in the user's coordinates.
#[must_use]
pub fn user<S: Scalar>(model: &dyn Model<Scalar = S>, tensor: &ArrayD<S>) -> ArrayD<Complex64> {
    let complex = tensor.mapv(Scalar::to_complex);
    match model.capabilities().basis.user_from_engine() {
        Some(u) => in_every_slot(u, &complex),
        None => complex,
    }
}

/// The norm of a dense tensor in the model's norm.
///
/// # Panics
/// When an entry is not finite.
pub fn size<S: Scalar>(model: &dyn Model<Scalar = S>, tensor: &ArrayD<S>) -> f64 {
    match model.space().norm() {
        Norm::L1 => tensor.iter().map(|x| x.modulus()).sum(),
        Norm::Trace { levels } => match tensor.ndim() {
            0 => tensor.iter().map(|x| x.modulus()).sum(),
            _ => norms::trace_norm(&user(model, tensor), levels).expect("finite"),
        },
        _ => tensor
            .iter()
            .map(|x| x.modulus().powi(2))
            .sum::<f64>()
            .sqrt(),
    }
}

/// The least entry, or the least eigenvalue of an operator; NaN where positivity
/// has no meaning.
///
/// # Panics
/// When an entry is not finite.
pub fn least<S: Scalar>(model: &dyn Model<Scalar = S>, tensor: &ArrayD<S>) -> f64 {
    match model.space().norm() {
        Norm::L1 => tensor.iter().map(|x| x.re()).fold(f64::INFINITY, f64::min),
        Norm::Trace { levels } => {
            norms::least_eigenvalue(&user(model, tensor), levels).expect("finite")
        }
        _ => f64::NAN,
    }
}

/// Symmetric tensors of degree j whose images give the norm of an operator on
/// symmetric tensors exactly in L¹ (the symmetrised basis elements, extreme points
/// of the unit ball), and by sampling in the trace norm (these, random tensors,
/// and powers of random states).
pub fn probes<S: Scalar>(model: &dyn Model<Scalar = S>, j: usize, samples: u64) -> Vec<ArrayD<S>> {
    let layout = SymmetricLayout::new(model.space().dimension(), j.max(1)).expect("small");
    let corner = |k: usize| {
        let mut packed = vec![S::from_re(0.0); layout.len(j)];
        packed[k] = S::from_re(1.0);
        dense::from_packed(&layout, j, &packed)
    };
    let mut out: Vec<_> = (0..layout.len(j)).map(corner).collect();
    for seed in 0..samples {
        let mut noise = problems::Noise::new(seed ^ 0x51);
        let packed: Vec<S> = noise.vector(layout.len(j));
        out.push(dense::from_packed(&layout, j, &packed));
        let one: Vec<S> = noise.vector(layout.len(1));
        out.push(dense::from_packed(&layout, j, &layout.power(&one, j)));
    }
    out
}

/// The largest ‖A E‖/‖E‖ over some tensors E.
pub fn gain<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    probes: &[ArrayD<S>],
    operator: impl Fn(&ArrayD<S>) -> ArrayD<S>,
) -> f64 {
    let ratio = |e: &ArrayD<S>| size(model, &operator(e)) / size(model, e);
    probes.iter().map(ratio).fold(0.0, worse)
}

/// Every basis element of L^{⊗j}, symmetric or not.
#[must_use]
pub fn basis<S: Scalar>(dimension: usize, j: usize) -> Vec<ArrayD<S>> {
    let count = dimension.pow(j as u32);
    (0..count)
        .map(|k| {
            let mut values = vec![S::from_re(0.0); count];
            values[k] = S::from_re(1.0);
            let shape = IxDyn(&vec![dimension; j]);
            ArrayD::from_shape_vec(shape, values).expect("D^j entries")
        })
        .collect()
}

/// e^{τA} by a Taylor series on halved steps, A small.
#[must_use]
pub fn exponential<S: Scalar>(a: &Array2<S>, tau: f64) -> Array2<S> {
    const HALVINGS: i32 = 12;
    let step = a.mapv(|x| x.scaled(tau / 2.0_f64.powi(HALVINGS)));
    let mut term = Array2::<S>::eye(a.nrows());
    let mut out = term.clone();
    for k in 1..=12 {
        term = term.dot(&step).mapv(|x| x.scaled(1.0 / f64::from(k)));
        out += &term;
    }
    for _ in 0..HALVINGS {
        out = out.dot(&out);
    }
    out
}
