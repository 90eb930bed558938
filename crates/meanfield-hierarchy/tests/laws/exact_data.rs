//! BBGKY and the correlation hierarchy hold on exact N-body data: for any
//! symmetric F^N and its exact time derivative.
//!
//! The N-body generator is written here by itself, on dense tensors, so that
//! nothing under test takes part in making the data.

use meanfield_abstract::problems::{random_arrays, random_element, random_jump_process};
use meanfield_abstract::{Custom, Envelope, Model, Power, SumOfTerms};
use meanfield_hierarchy::{
    FurtherOperators, MeanField, Operators, correlation_errors, largest_trace, marginals_of,
};
use meanfield_tensor::{Scalar, SymmetricLayout, dense};
use ndarray::ArrayD;
use num_complex::Complex64;

use crate::{close, noise};

/// Relative size of a residual made of a few hundred terms.
const RESIDUAL: f64 = 1e-12;

/// The time of the data, which a changing factor sees.
const TIME: f64 = 0.8;

/// Σ_i K_i F + (1/N) Σ_{i<r} V_ir F (88), and c(t) N^{−p} of the same for further terms.
fn n_body_rate<S: Scalar>(model: &dyn Model<Scalar = S>, state: &ArrayD<S>) -> ArrayD<S> {
    let n = state.ndim() as f64;
    let mut out = operators_rate(model, state);
    for term in model.further_terms() {
        let c = term.envelope.at(TIME) / n.powi(term.power.exponent() as i32);
        out += &operators_rate(term.operator, state).mapv(|x| x.scaled(c));
    }
    out
}

fn operators_rate<S: Scalar>(model: &dyn Model<Scalar = S>, state: &ArrayD<S>) -> ArrayD<S> {
    let n = state.ndim();
    let one = S::from_re(1.0);
    let mut out = dense::zeros::<S>(model.space().dimension(), n);
    for i in 0..n {
        out += &dense::on_slot(state, i, |x, y| model.add_k(one, x, y));
        for r in i + 1..n {
            let share = S::from_re(1.0 / n as f64);
            out += &dense::on_pair(state, i, r, |x, y| {
                model.interaction().add_pair(share, x, y)
            });
        }
    }
    out
}

/// Everything a hierarchy talks about, at one instant of an exact evolution.
struct Instant<S> {
    particles: usize,
    layout: SymmetricLayout,
    f: Vec<S>,
    marginals: Vec<Vec<S>>,
    marginal_rates: Vec<Vec<S>>,
    errors: Vec<Vec<S>>,
    error_rates: Vec<Vec<S>>,
}

impl<S: Scalar> Instant<S> {
    fn new(model: &dyn Model<Scalar = S>, particles: usize) -> Self {
        let trace = model.space().trace();
        let d = trace.len();
        let layout = SymmetricLayout::new(d, particles).unwrap();
        let one = S::from_re(1.0);
        let f = random_element(trace, 3);

        // A random symmetric state of trace 1, far from any product.
        let mut state = noise::<S>(layout.len(particles), 9);
        let total = marginals_of(&layout, trace, particles, &state)[0][0];
        for (x, &y) in state.iter_mut().zip(&layout.power(&f, particles)) {
            *x += (one - total) * y;
        }
        let rate = n_body_rate(model, &dense::from_packed(&layout, particles, &state));
        let rate = dense::to_packed(&layout, &rate);
        let marginals = marginals_of(&layout, trace, particles, &state);
        let marginal_rates = marginals_of(&layout, trace, particles, &rate);

        let mut f_rate = vec![S::from_re(0.0); d];
        MeanField::new(model)
            .add_rhs(TIME, one, &f, &mut f_rate)
            .unwrap();
        // ∂t E_j by the product rule on E_j = Σ_k (−1)^k F^{⊗k} ⊙ F_{j−k}, with
        // ∂t F^{⊗k} = (∂t F) ⊙ F^{⊗(k−1)} (121).
        let errors = correlation_errors(&layout, &f, &marginals).unwrap();
        let error_rates = (0..=particles)
            .map(|j| {
                let mut out = vec![S::from_re(0.0); layout.len(j)];
                for k in 0..=j {
                    let sign = S::from_re(if k % 2 == 0 { 1.0 } else { -1.0 });
                    let power = layout.power(&f, k);
                    layout.add_product(
                        (k, &power),
                        (j - k, &marginal_rates[j - k]),
                        sign,
                        &mut out,
                    );
                    if k >= 1 {
                        let mut power_rate = vec![S::from_re(0.0); layout.len(k)];
                        let lower = layout.power(&f, k - 1);
                        layout.add_product((1, &f_rate), (k - 1, &lower), one, &mut power_rate);
                        layout.add_product(
                            (k, &power_rate),
                            (j - k, &marginals[j - k]),
                            sign,
                            &mut out,
                        );
                    }
                }
                out
            })
            .collect();
        Self {
            particles,
            layout,
            f,
            marginals,
            marginal_rates,
            errors,
            error_rates,
        }
    }
}

fn hierarchies_hold<S: Scalar>(model: &dyn Model<Scalar = S>) {
    let one = S::from_re(1.0);
    for particles in [1, 2, 3, 4] {
        let at = Instant::new(model, particles);
        let mut operators = Operators::new(model, particles).unwrap();
        operators.set_state(&at.f).unwrap();
        let mut further = FurtherOperators::new(model, particles).unwrap();
        further.set_state(TIME, &at.f).unwrap();
        for j in 0..=at.particles {
            let zero = vec![S::from_re(0.0); at.layout.len(j)];
            let mut rate = zero.clone();
            operators
                .add_bbgky(one, j, particles, &at.marginals, &mut rate)
                .unwrap();
            further
                .add_bbgky(one, j, particles, &at.marginals, &mut rate)
                .unwrap();
            let name = format!("BBGKY (94), j = {j}, N = {particles}");
            close(&name, &rate, &at.marginal_rates[j], RESIDUAL);

            let mut rate = zero;
            operators
                .add_correlation(one, j, particles, &at.errors, &mut rate)
                .unwrap();
            further
                .add_correlation(one, j, particles, &at.errors, &mut rate)
                .unwrap();
            let name = format!("correlation hierarchy (117), j = {j}, N = {particles}");
            close(&name, &rate, &at.error_rates[j], RESIDUAL);
        }
        for j in 1..=particles {
            let trace = model.space().trace();
            let found = largest_trace(&at.layout, trace, j, &at.errors[j]);
            assert!(found < 1e-11, "Tr E_{j} = {found:e}");
            let found = largest_trace(&at.layout, trace, j, &at.error_rates[j]);
            assert!(found < 1e-10, "Tr ∂t E_{j} = {found:e}");
        }
    }
}

/// Another K and V over the same space: those of a random model times numbers, one of
/// them with K alone.
fn with_terms<'a, S: Scalar>(
    model: &'a dyn Model<Scalar = S>,
    other: &'a Custom<S>,
) -> SumOfTerms<'a, S> {
    let season = Envelope::of(|t| 1.0 + 0.5 * t.sin());
    SumOfTerms::new(model)
        .with_term(other, Power::Zero, season.clone())
        .and_then(|sum| sum.with_term(other, Power::One, Envelope::constant(-0.6)))
        .and_then(|sum| sum.with_term(meanfield_abstract::WithoutV::new(other), Power::One, season))
        .unwrap()
}

#[test]
fn law_hierarchies_with_further_terms_hold_on_exact_data() {
    for d in 2..=3 {
        let (model, other) = (random_jump_process(d, 11), random_jump_process(d, 12));
        hierarchies_hold(&with_terms(&model.unwrap(), &other.unwrap()));
        let arrays = random_arrays::<Complex64>(d, 21).unwrap();
        // K and V by other numbers, over the same trace.
        hierarchies_hold(&with_terms(&meanfield_abstract::WithoutK(&arrays), &arrays));
    }
}

#[test]
fn law_bbgky_and_the_correlation_hierarchy_hold_on_exact_data() {
    for d in 1..=3 {
        hierarchies_hold(&random_arrays::<f64>(d, 21).unwrap());
        hierarchies_hold(&random_arrays::<Complex64>(d, 22).unwrap());
        hierarchies_hold(&random_jump_process(d, 23).unwrap());
    }
}
