//! High orders: the cumulants (c) against the coefficients (b) of Remark 1.8,
//! whose order n takes tensors of degree 2n, and against closed forms.

use meanfield_abstract::problems::{random_arrays, random_element, random_jump_process};
use meanfield_abstract::{Custom, Model, Observable, Series, Start, one_body_state};
use meanfield_models::levels::{Dissipation, Levels, OneAxisTwisting};
use meanfield_tensor::Scalar;
use meanfield_testing::{Evolve, largest};
use num_complex::Complex64;

/// Relative tolerance per step.
const STEP: f64 = 1e-8;

/// What some tens of steps leave in a coefficient f_{j,m}, relative to its
/// largest entry.
const FLOW: f64 = 5e-9;

/// To that time at the tolerance of these tests.
fn evolve(t: f64) -> Evolve {
    Evolve::to(t).tolerance(STEP)
}

/// Every f_{j,m}, j ≤ 3, m ≤ n, of the two forms; the highest is not trivial.
fn forms_agree<S: Scalar>(model: &Custom<S>, start: &Start<S>, order: usize, t: f64) {
    let b = evolve(t).form_b(model, start, order);
    evolve(t).cumulants(model, start, (order, 3), |c| {
        let series = c.marginals(3);
        for j in 1..=3 {
            for m in 0..=order {
                let expected = b.marginal_coefficient(c.layout(), j, m).unwrap();
                let found = series[j].term(m);
                let gap: Vec<S> = found.iter().zip(&expected).map(|(&x, &y)| x - y).collect();
                let size = largest(&expected);
                assert!(size > 1e-7, "f_{j},{m} vanishes: {size:e}");
                let error = largest(&gap) / size;
                assert!(error < FLOW, "f_{j},{m} of size {size:e}: {error:e}");
            }
        }
    });
}

fn jump_processes_agree(d: usize, order: usize, seed: u64, f: &[f64]) {
    let model = random_jump_process(d, seed).unwrap();
    let f = f.to_vec();
    for start in [Start::Product { f: f.clone() }, Start::FixedCounts { f }] {
        forms_agree(&model, &start, order, 0.2);
    }
}

#[test]
fn law_order_eight_of_three_states() {
    jump_processes_agree(3, 8, 3, &[0.8, 0.15, 0.05]);
}

#[test]
fn law_order_six_of_four_states() {
    jump_processes_agree(4, 6, 5, &[0.4, 0.1, 0.2, 0.3]);
}

#[test]
fn law_high_orders_of_complex_arrays() {
    for (d, order) in [(3, 8), (4, 6)] {
        let model = random_arrays::<Complex64>(d, 5).unwrap();
        let f = random_element(model.space().trace(), 6);
        forms_agree(&model, &Start::Product { f }, order, 0.05);
    }
}

/// e^s for a series without constant term.
fn exp(s: &Series) -> Series {
    let c = s.coefficients();
    let mut out = vec![1.0];
    for m in 1..c.len() {
        let sum: f64 = (1..=m).map(|k| k as f64 * c[k] * out[m - k]).sum();
        out.push(sum / m as f64);
    }
    Series::new(out)
}

/// cos(x/N) and sin(x/N) as series in 1/N.
fn circular(x: f64, terms: usize) -> (Series, Series) {
    let (mut cosine, mut sine) = (vec![0.0; terms], vec![0.0; terms]);
    let mut term = 1.0;
    for k in 0..terms {
        let sign = if k % 4 < 2 { 1.0 } else { -1.0 };
        if k % 2 == 0 {
            cosine[k] = sign * term;
        } else {
            sine[k] = sign * term;
        }
        term *= x / (k + 1) as f64;
    }
    (Series::new(cosine), Series::new(sine))
}

/// cos^{N−less}(x/N) as a series: the exponential of (N − less)·ln cos.
fn power_of_cosine(x: f64, less: f64, terms: usize) -> Series {
    let logarithm = circular(x, terms + 1).0.ln().unwrap();
    // ln cos(x/N) begins with N^{−2}: N times it is a shift.
    let shifted = Series::new(logarithm.coefficients()[1..].to_vec());
    exp(&(&shifted - &logarithm.truncated(terms).scaled(less)))
}

fn along_x() -> (Levels, Start<f64>) {
    let model = OneAxisTwisting { chi: 1.0 };
    let model = model.model(Dissipation::default(), 1.0).unwrap();
    let state = model.bloch(1.0, 0.0, 0.0).unwrap();
    let f = one_body_state(&model, "F", &state).unwrap();
    (model, Start::Product { f })
}

/// To order 12 it holds as well, with errors of 7e-11 there; that takes ten times
/// as long.
#[test]
fn validate_one_axis_twisting_to_high_order() {
    let (order, t) = (8, 0.25);
    let (model, start) = along_x();
    let terms = order + 1;
    let [x, y, z] = ["sx", "sy", "sz"].map(|name| Observable::named(&model, name).unwrap().first);
    let double = power_of_cosine(4.0 * t, 2.0, terms).scaled(0.5);
    let half = Series::constant(0.5, terms);
    let (_, sine) = circular(2.0 * t, terms);
    let mean = power_of_cosine(2.0 * t, 1.0, terms);
    let pairs = [
        ("sx sx", &x, &x, &half + &double),
        ("sy sy", &y, &y, &half - &double),
        (
            "sy sz",
            &y,
            &z,
            &sine * &power_of_cosine(2.0 * t, 2.0, terms),
        ),
    ];
    evolve(t).cumulants(&model, &start, (order, 3), |c| {
        let series = c.marginals(2);
        let pairing = |a: &[f64], f: &[f64]| a.iter().zip(f).map(|(a, f)| a * f).sum::<f64>();
        for m in 0..=order {
            let close = |what: &str, found: f64, expected: &Series| {
                let expected = expected.coefficients()[m];
                let error = (found - expected).abs();
                assert!(
                    error < FLOW * expected.abs().max(1e-2),
                    "{what}, N^-{m}: {error:e}"
                );
            };
            close("sx", pairing(&x, series[1].term(m)), &mean);
            for (what, a, b, expected) in &pairs {
                let one = c.layout().contract(2, a, series[2].term(m));
                close(what, pairing(b, &one), expected);
            }
        }
    });
}
