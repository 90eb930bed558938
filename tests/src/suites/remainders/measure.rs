//! Exact F_j and E_j at several N.

use meanfield::abstract_model::norm;
use meanfield::hierarchy::{correlation_errors, mean_field_flow};
use meanfield::ode::Options;
use meanfield::prelude::*;

use crate::instances::Instance;

/// Exact packed data of N particles.
pub(crate) struct Data<S> {
    /// N.
    pub(crate) particles: usize,
    /// F_0 … F_J.
    pub(crate) marginals: Vec<Vec<S>>,
    /// E_0 … E_J.
    pub(crate) errors: Vec<Vec<S>>,
}

/// F(t), and the data at each N, J = `degree`.
pub(crate) fn data<S: Scalar>(
    instance: &Instance<S>,
    time: f64,
    numbers: &[usize],
    degree: usize,
) -> (Vec<S>, SymmetricLayout, Vec<Data<S>>) {
    let (model, start) = (&*instance.model, instance.product());
    let options = Options {
        tolerance: 1e-14,
        ..Options::default()
    };
    let f = mean_field_flow(model, &instance.f, &[0.0, time], &options);
    let f = f.expect("a regular flow").swap_remove(1);
    let layout = SymmetricLayout::new(f.len(), degree).expect("small");
    let of = |&particles: &usize| {
        let solved = meanfield::exact::solve(model, &start, particles, &[time], degree, None)
            .expect("the sector fits");
        let mut marginals = vec![vec![S::from_re(1.0)]];
        marginals.extend((1..=degree).map(|j| solved.marginal(0, j).unwrap().to_vec()));
        Data {
            particles,
            errors: correlation_errors(&layout, &f, &marginals).unwrap(),
            marginals,
        }
    };
    let all = numbers.iter().map(of).collect();
    (f, layout, all)
}

/// ‖x − y‖ of packed tensors in the model's norm.
pub(super) fn distance<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    layout: &SymmetricLayout,
    j: usize,
    x: &[S],
    y: &[S],
) -> f64 {
    let gap: Vec<S> = x.iter().zip(y).map(|(&a, &b)| a - b).collect();
    norm(model, layout, j, &gap).expect("finite")
}
