//! The mean-field flow, its derivative, and the flow of symmetric tensors.

use meanfield_abstract::problems::{random_arrays, random_element, random_jump_process, sis};
use meanfield_abstract::{Custom, Model};
use meanfield_hierarchy::{HierarchyError, linearised_flow, mean_field_flow, propagator};
use meanfield_ode::Options;
use meanfield_tensor::{Scalar, SymmetricLayout};
use ndarray::Array2;
use num_complex::Complex64;

use crate::{close, noise};

/// Tolerance of the time stepping, per step.
const STEP: Options = Options {
    tolerance: 1e-12,
    floor: 1e-4,
};
/// A few hundred steps at that tolerance.
const FLOW: f64 = 1e-10;
const TIMES: [f64; 3] = [0.0, 0.1, 0.3];

fn apply<S: Scalar>(matrix: &Array2<S>, x: &[S]) -> Vec<S> {
    let rows = matrix.rows().into_iter();
    rows.map(|row| row.iter().zip(x).map(|(&a, &b)| a * b).sum())
        .collect()
}

/// `c·x⊗y` summed over both orders, packed.
fn symmetric_pair<S: Scalar>(layout: &SymmetricLayout, x: &[S], y: &[S]) -> Vec<S> {
    let mut out = vec![S::from_re(0.0); layout.len(2)];
    layout.add_product((1, x), (1, y), S::from_re(1.0), &mut out);
    out
}

/// Lemma 1.3 and (28)–(30): U_j⁰ is U_1⁰ in every slot on symmetric tensors.
fn factor_by_factor<S: Scalar>(model: &Custom<S>) {
    let d = model.space().dimension();
    let f = random_element(model.space().trace(), 3);
    let layout = SymmetricLayout::new(d, 3).unwrap();
    let (g, h) = (noise::<S>(d, 1), noise::<S>(d, 2));
    let tensors = [
        (2, symmetric_pair(&layout, &g, &h)),
        (3, layout.power(&g, 3)),
        (1, h.clone()),
    ];
    let carried = linearised_flow(model, &f, &tensors, &TIMES, &STEP).unwrap();
    let u = propagator(model, &f, &TIMES, &STEP).unwrap();
    for (images, u) in carried.iter().zip(&u) {
        let (ug, uh) = (apply(u, &g), apply(u, &h));
        close("(29)", &images[0], &symmetric_pair(&layout, &ug, &uh), FLOW);
        close("U_3⁰ G⊗G⊗G", &images[1], &layout.power(&ug, 3), FLOW);
        close("U_1⁰ G", &images[2], &uh, FLOW);
    }
    assert_eq!(u[0], Array2::<S>::eye(d));
}

#[test]
fn law_the_linearised_flow_acts_factor_by_factor() {
    for d in 1..=3 {
        factor_by_factor(&random_arrays::<f64>(d, 31).unwrap());
        factor_by_factor(&random_arrays::<Complex64>(d, 32).unwrap());
        factor_by_factor(&random_jump_process(d, 33).unwrap());
    }
}

/// U_1⁰(t,0) G = d/dh of the mean-field flow of F + hG.
fn derivative_of_the_flow<S: Scalar>(model: &Custom<S>) {
    let d = model.space().dimension();
    let f = random_element(model.space().trace(), 3);
    let g = noise::<S>(d, 1);
    let moved = |h: f64| {
        let start: Vec<S> = f.iter().zip(&g).map(|(&x, &y)| x + y.scaled(h)).collect();
        mean_field_flow(model, &start, &TIMES, &STEP).unwrap()
    };
    // Fourth-order differences: h⁴ = 1e-10, rounding 1e-12/h.
    let h = 3e-3;
    let [two_down, down, up, two_up] = [-2.0, -1.0, 1.0, 2.0].map(|k| moved(k * h));
    let u = propagator(model, &f, &TIMES, &STEP).unwrap();
    for t in 0..TIMES.len() {
        let slope: Vec<S> = (0..d)
            .map(|a| {
                ((up[t][a] - down[t][a]).scaled(8.0) - (two_up[t][a] - two_down[t][a]))
                    .scaled(1.0 / (12.0 * h))
            })
            .collect();
        close("U_1⁰ G", &apply(&u[t], &g), &slope, 1e-8);
    }
}

#[test]
fn law_the_linearised_flow_is_the_derivative_of_the_mean_field_flow() {
    derivative_of_the_flow(&random_arrays::<f64>(3, 31).unwrap());
    derivative_of_the_flow(&random_arrays::<Complex64>(2, 32).unwrap());
    derivative_of_the_flow(&random_jump_process(3, 33).unwrap());
}

#[test]
fn law_flows_compose_and_keep_the_trace() {
    let model = random_jump_process(3, 33).unwrap();
    let f = random_element(model.space().trace(), 3);
    let states = mean_field_flow(&model, &f, &TIMES, &STEP).unwrap();
    for state in &states {
        assert!((model.space().trace_of(state) - 1.0).abs() < FLOW);
    }
    let whole = propagator(&model, &f, &TIMES, &STEP).unwrap();
    let second = propagator(&model, &states[1], &TIMES[1..], &STEP).unwrap();
    let composed = second[1].dot(&whole[1]);
    let flat = |m: &Array2<f64>| m.iter().copied().collect::<Vec<_>>();
    close("U(t,r)U(r,s)", &flat(&composed), &flat(&whole[2]), FLOW);
}

#[test]
fn validate_the_mean_field_limit_of_sis() {
    // Gast, Bortolussi, Tribastone (2018), "malware", from F(0)(I) = 0.6.
    let expected = [0.6121061040, 0.6160925693, 0.6178263328];
    let model = sis().unwrap();
    let states = mean_field_flow(&model, &[0.4, 0.6], &[0.0, 0.5, 1.0, 2.0], &STEP).unwrap();
    for (state, c0) in states[1..].iter().zip(expected) {
        assert!((state[1] - c0).abs() < 1e-9, "{} is not {c0}", state[1]);
    }
}

#[test]
fn law_vectors_of_the_wrong_length_are_refused() {
    let model = sis().unwrap();
    let found = mean_field_flow(&model, &[1.0], &TIMES, &STEP);
    assert!(matches!(
        found,
        Err(HierarchyError::Length {
            found: 1,
            expected: 2,
            ..
        })
    ));
    let found = linearised_flow(&model, &[0.5, 0.5], &[(2, vec![0.0; 4])], &TIMES, &STEP);
    assert!(matches!(
        found,
        Err(HierarchyError::Length {
            found: 4,
            expected: 3,
            ..
        })
    ));
    let backward = mean_field_flow(&model, &[0.5, 0.5], &[1.0, 0.0], &STEP);
    assert!(matches!(backward, Err(HierarchyError::Ode(_))));
}
