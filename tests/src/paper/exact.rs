//! Exact N-body tensors, their marginals and correlation errors, and the time
//! derivatives of all of them, by the definitions (88), (87), (18), (121).

use meanfield::exact::full;
use meanfield::hierarchy::literal::Literal;
use meanfield::prelude::*;
use meanfield::tensor::dense;
use ndarray::ArrayD;

use super::drive::drive;
use super::labelled::{Labelled, sign, subsets, without};
use super::power;
use crate::instances::Instance;

/// N particles at one time.
pub struct Exact<S> {
    /// N.
    pub particles: usize,
    /// F(t) of the limit equation.
    pub f: Vec<S>,
    /// F_0 … F_N.
    pub marginals: Vec<ArrayD<S>>,
    /// E_0 … E_N.
    pub errors: Vec<ArrayD<S>>,
    /// ∂t E_0 … ∂t E_N.
    pub slopes: Vec<ArrayD<S>>,
}

/// E_J = Σ_{K⊂J} (−1)^{|K|} \[F\]_J^{⊗K} F_{J∖K} (107).
pub fn error<S: Scalar>(f: &[S], marginals: &[ArrayD<S>], j: &[usize]) -> Labelled<S> {
    let mut out = Labelled::zero(f.len(), j);
    for k in subsets(j) {
        let rest = Labelled::of(marginals, without(j, &k));
        out.add(sign(&k), &rest.insert(f, &k));
    }
    out
}

/// Evolves N independent particles in the full tensor space to that time.
///
/// # Panics
/// When N is above [`full::MOST_PARTICLES`].
pub fn exact<S: Scalar>(instance: &Instance<S>, particles: usize, time: f64) -> Exact<S> {
    let (model, f0) = (&*instance.model, &instance.f);
    let start = power(f0, particles);
    let state = full::evolve(model, &start, &[time]).expect("the tensor fits");
    let slope = full::generator(model, &state[0]);
    let family = |tensor: &ArrayD<S>| -> Vec<ArrayD<S>> {
        let of = |j| full::marginal(model, tensor, j);
        (0..=particles).map(of).collect()
    };
    let (marginals, moved) = (family(&state[0]), family(&slope));
    let limit = drive(model, f0, &[], &[0.0, time], 1e-14, |_, _| Vec::new());
    let f = limit[1].f.clone();
    let literal = Literal { model, f: &f };
    let f_slope = literal.k(&dense::vector(&f)) + literal.drift();
    let f_slope: Vec<S> = f_slope.iter().copied().collect();
    let labels = |j: usize| (0..j).collect::<Vec<usize>>();
    let errors = (0..=particles)
        .map(|j| error(&f, &marginals, &labels(j)).tensor)
        .collect();
    let slopes = (0..=particles)
        .map(|j| {
            let j = labels(j);
            let mut out = Labelled::zero(f.len(), &j);
            for k in subsets(&j) {
                let rest = without(&j, &k);
                let there = Labelled::of(&moved, rest.clone()).insert(&f, &k);
                out.add(sign(&k), &there);
                for &k0 in &k {
                    let others = without(&k, &[k0]);
                    let here = Labelled::of(&marginals, rest.clone());
                    let here = here.insert(&f_slope, &[k0]).insert(&f, &others);
                    out.add(sign(&k), &here);
                }
            }
            out.tensor
        })
        .collect();
    Exact {
        particles,
        f,
        marginals,
        errors,
        slopes,
    }
}
