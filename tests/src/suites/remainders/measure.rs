//! Exact F_j and E_j of a jump process and of a quantum system at several N, and
//! how they grow with j.

use meanfield::abstract_model::norm;
use meanfield::hierarchy::{correlation_errors, mean_field_flow};
use meanfield::ode::Options;
use meanfield::prelude::*;
use meanfield_testing::worse;

use super::SUITE;
use crate::instances::{self, Instance};
use crate::verify::{Bound, Curve, Plot, Row};

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
        marginals.extend((1..=degree).map(|j| solved.marginal(0, j).to_vec()));
        Data {
            particles,
            errors: correlation_errors(&layout, &f, &marginals),
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

/// The rows on two levels that grow with j.
pub(super) fn rows(quick: bool) -> Vec<Row> {
    const HIGHEST: usize = 8;
    let instance = instances::mixed_levels();
    let model = &*instance.model;
    let numbers: &[usize] = if quick { &[16, 32] } else { &[16, 32, 64] };
    let (f, layout, all) = data(&instance, 0.3, numbers, HIGHEST);
    let apart: Vec<Vec<f64>> = (all.iter())
        .map(|of| {
            let from_product = |j| {
                let product = layout.power(&f, j);
                distance(model, &layout, j, &of.marginals[j], &product)
            };
            (1..=HIGHEST).map(from_product).collect()
        })
        .collect();
    let last = apart.len() - 1;
    // At fixed j the corrections are of relative size j/N.
    let exponents = (0..4).map(|j| (apart[last - 1][j] / apart[last][j]).log2());
    let worst = exponents.map(|e| (e - 1.0).abs()).fold(0.0, worse);
    let constant = |j: usize| apart[0][j - 1] * numbers[0] as f64 / (j * j) as f64;
    let first = worse(constant(1), constant(2));
    let beyond = (3..=HIGHEST).map(constant).fold(0.0, worse);
    let per_factor = |j: usize| {
        let zero = vec![0.0; layout.len(j)];
        let size = distance(model, &layout, j, &all[0].errors[j], &zero);
        size.powf(1.0 / j as f64) * (numbers[0] as f64).sqrt() / j as f64
    };
    let most = (1..=HIGHEST).map(per_factor).fold(0.0, worse);
    let plot = Plot {
        x: "j".to_owned(),
        y: "‖F_j − F^⊗j‖".to_owned(),
        curves: (apart.iter().zip(numbers))
            .map(|(values, n)| Curve {
                label: format!("N = {n}"),
                points: (1..).map(f64::from).zip(values.iter().copied()).collect(),
                slope: None,
            })
            .collect(),
    };
    let mut rows = vec![
        SUITE.row(
            "distance-slope-levels",
            format!(
                "two levels: exponent of ‖F_j − F^⊗j‖ in N, j ≤ 4, N = {} to {}: distance from 1",
                numbers[last - 1],
                numbers[last]
            ),
            "(23), (120)",
            "1/N",
            (worst, Bound::AtMost(0.2)),
            "corrections of relative size j/N, j ≤ 4, N ≥ 16",
        ),
        SUITE.row(
            "distance-bounded-levels",
            "two levels, N = 16: N/j² ‖F_j − F^⊗j‖, 3 ≤ j ≤ 8, in units of its value at j ≤ 2"
                .to_owned(),
            "(23), (120)",
            "at most C j²/N",
            (beyond / first, Bound::AtMost(1.0)),
            "a constant that serves small j serves all",
        ),
        SUITE.row(
            "errors-bounded-levels",
            "two levels, N = 16: largest ‖E_j‖^(1/j) √N/j, j ≤ 2√N".to_owned(),
            "(22), (119)",
            "bounded",
            (most, Bound::AtMost(1.0)),
            "the constant of the paper's bound, here for one model and time",
        ),
    ];
    rows[1].plot = Some(plot);
    rows
}
