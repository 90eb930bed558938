//! The norms measured at a state bound the operators on tensors of that kind, and
//! the integrated hierarchy has the correlation errors of exact data.

use meanfield_abstract::problems::{Noise, random_arrays, random_element, random_jump_process};
use meanfield_abstract::{Custom, Model, Start};
use meanfield_hierarchy::{
    Constants, OperatorNorms, Operators, correlation_error, correlation_errors, correlation_flow,
    marginals_of, mean_field_flow,
};
use meanfield_ode::Options;
use meanfield_tensor::norms;

use crate::{close, noise};

/// Rounding of sums of a few hundred terms.
const ROUNDING: f64 = 1e-12;

/// The largest ‖A E‖/(bound ‖E‖) over the operators and, for H_j, of the growth of
/// ‖E‖ along one short step, on tensors without traces if `traceless`.
fn gains(model: &Custom<f64>, f: &[f64], traceless: bool, seed: usize) -> Vec<(String, f64)> {
    let mut ops = Operators::new(model, 5).unwrap();
    ops.set_state(f).unwrap();
    let found = OperatorNorms::new(model).unwrap();
    let constants: Constants = found.at(&mut ops).unwrap();
    let layout = ops.layout().clone();
    let tensor = |j: usize| {
        let raw = noise(layout.len(j), seed + j);
        if !traceless {
            return raw;
        }
        let family = marginals_of(&layout, model.space().trace(), j, &raw);
        correlation_error(&layout, f, j, &family).unwrap()
    };
    let mut out = Vec::new();
    for (j, n) in [(1, 3), (2, 2), (2, 6), (3, 5), (4, 9)] {
        let mut check = |name: &str, from: usize, bound: f64, image: Vec<f64>, e: &[f64]| {
            let gain = norms::l1(&layout, j, &image) / norms::l1(&layout, from, e);
            out.push((format!("{name}, j = {j}, N = {n}"), gain / bound));
        };
        let zero = vec![0.0; layout.len(j)];
        if j < n {
            let e = tensor(j + 1);
            let mut image = zero.clone();
            ops.add_d_up(1.0, j, n, &e, &mut image).unwrap();
            check("D^1", j + 1, constants.d_up(j, n), image, &e);
        }
        let e = tensor(j - 1);
        let mut image = zero.clone();
        ops.add_d_down(1.0, j, n, &e, &mut image).unwrap();
        check("D^-1", j - 1, constants.d_down(j, n), image, &e);
        if j >= 2 {
            let e = tensor(j - 2);
            let mut image = zero.clone();
            ops.add_d_down2(1.0, j, n, &e, &mut image).unwrap();
            check("D^-2", j - 2, constants.d_down2(j, n), image, &e);
        }
        // The rate of growth of the norm, from a step too short for curvature.
        let e = tensor(j);
        let step = 1e-7;
        let mut moved = e.clone();
        ops.add_h(step, j, n, &e, &mut moved).unwrap();
        let rate = (norms::l1(&layout, j, &moved) / norms::l1(&layout, j, &e) - 1.0) / step;
        let room = rate - constants.h(j, n);
        out.push((format!("H, j = {j}, N = {n}"), 1.0 + room));
    }
    out
}

#[test]
fn law_the_norms_at_a_state_bound_the_operators() {
    // A finite step leaves this of a rate.
    const CURVATURE: f64 = 1e-5;
    for seed in 1..=12 {
        let jump = random_jump_process(2 + seed % 3, seed as u64).unwrap();
        let f = Noise::new(seed as u64).probabilities(2 + seed % 3);
        let arrays = random_arrays::<f64>(2 + seed % 2, seed as u64).unwrap();
        let g = random_element(arrays.space().trace(), seed as u64);
        let found = [
            gains(&jump, &f, true, seed),
            gains(&arrays, &g, false, seed),
        ];
        for (name, gain) in found.concat() {
            assert!(gain < 1.0 + CURVATURE, "{name}, seed {seed}: {gain}");
        }
    }
}

#[test]
fn law_norms_are_attained_where_they_are_read_off() {
    // S + I → 2 I at rate 1, no recovery: about F = (1, 0) one infected
    // becomes e^t, and a pair that is not both S makes at most one move.
    let rate = |from: (usize, usize), to| f64::from(u8::from(from.0 != from.1 && to == (1, 1)));
    let model = meanfield_abstract::problems::jump_process(2, |_, _| 0.0, rate).unwrap();
    let mut ops = Operators::new(&model, 2).unwrap();
    let norms = OperatorNorms::new(&model).unwrap();
    for x in [0.0, 0.25, 0.5, 1.0] {
        ops.set_state(&[1.0 - x, x]).unwrap();
        let found = norms.at(&mut ops).unwrap();
        // d/dt δ = (1 − 2x) δ, Q(F,F) = x(1−x)(−1, 1).
        for (a, b) in [
            (found.growth, 1.0 - 2.0 * x),
            (found.drift, 2.0 * x * (1.0 - x)),
            (found.free, 0.0),
            (found.pair, 0.0),
            (found.c, 1.0),
            (found.state, 1.0),
        ] {
            assert!((a - b).abs() < ROUNDING, "x = {x}: {found:?}");
        }
    }
}

#[test]
fn law_the_integrated_hierarchy_has_the_errors_of_exact_data() {
    let model = random_jump_process(3, 3).unwrap();
    let f = vec![0.8, 0.15, 0.05];
    let (n, t) = (6, 0.4);
    let options = Options {
        tolerance: 1e-12,
        ..Options::default()
    };
    let times = [0.0, t];
    let flow = correlation_flow(&model, (n, n), &f, &times, &options).unwrap();
    let at = mean_field_flow(&model, &f, &times, &options).unwrap();
    let start = Start::Product { f: f.clone() };
    let exact = meanfield_exact::solve(&model, &start, n, &[t], n, None).unwrap();
    let mut marginals = vec![vec![1.0]];
    marginals.extend((1..=n).map(|j| exact.marginal(0, j).unwrap().to_vec()));
    let layout = meanfield_tensor::SymmetricLayout::new(3, n).unwrap();
    let errors = correlation_errors(&layout, &at[1], &marginals).unwrap();
    for (j, (scaled, error)) in flow[1].iter().zip(&errors).enumerate() {
        let scale = (n as f64).powf(-(j as f64) / 2.0);
        let own: Vec<f64> = scaled.iter().map(|x| x * scale).collect();
        close(&format!("E_{j}"), &own, error, 1e-10);
    }
    assert!(correlation_flow(&model, (n, 3), &f[..2], &times, &options).is_err());
}
