//! Terms that change in time.

use meanfield_abstract::problems::{self, jump_process, random_jump_process, sis};
use meanfield_abstract::{Envelope, Model, Power, Start, SumOfTerms, WithoutK, WithoutV};
use meanfield_exact::symmetric;
use meanfield_hierarchy::{
    FurtherOperators, Operators, correlation_flow, marginal_from_errors, mean_field_flow,
    propagator,
};
use meanfield_ode::{OdeError, System, integrate};
use meanfield_tensor::{Scalar, SymmetricLayout};
use num_complex::Complex64;

use meanfield_testing::{Evolve, difference, exact, fall, rates};

use crate::{FLOW, OPTIONS, forms_agree};

/// (1 + ½ sin t) V/N.
fn seasonal<'a>(model: &'a dyn Model<Scalar = f64>) -> SumOfTerms<'a, f64> {
    SumOfTerms::new(WithoutV::new(model))
        .with_term(
            WithoutK(model),
            Power::Zero,
            Envelope::of(|t| 1.0 + 0.5 * t.sin()),
        )
        .unwrap()
}

/// Everything at once: pairs that change, jumps that change one order later, and pairs and
/// jumps one order later that do not.
fn everything<'a, S: Scalar>(
    model: &'a dyn Model<Scalar = S>,
    other: &'a dyn Model<Scalar = S>,
) -> SumOfTerms<'a, S> {
    let fast = Envelope::of(|t| 0.4 * (3.0 * t).cos());
    SumOfTerms::new(model)
        .with_term(WithoutK(other), Power::Zero, Envelope::of(|t| 0.5 * t))
        .and_then(|sum| sum.with_term(WithoutV::new(other), Power::One, fast))
        .and_then(|sum| sum.with_term(other, Power::One, Envelope::constant(0.7)))
        .and_then(|sum| sum.with_term(other, Power::Zero, Envelope::of(|t| (-t).exp())))
        .unwrap()
}

#[test]
fn law_a_season_against_the_exact_chain() {
    let model = sis().unwrap();
    let model = seasonal(&model);
    let start = Start::Product { f: vec![0.4, 0.6] };
    for j in 1..=2 {
        let series = Evolve::to(1.5).coefficients(&model, &start, (2, j));
        let chain = |n: usize| exact(&model, &start, (n, 2), 1.5).remove(j - 1);
        fall("season", &rates(&series, chain, 40));
    }
    forms_agree("season", &model, &start, 2, 1.5);
}

#[test]
fn law_everything_at_once_against_the_exact_chain() {
    let model = random_jump_process(3, 4).unwrap();
    let other = random_jump_process(3, 9).unwrap();
    let sum = everything(&model, &other);
    let f = problems::Noise::new(1).probabilities(3);
    let start = Start::Product { f };
    for j in 1..=2 {
        let series = Evolve::to(0.4).coefficients(&sum, &start, (2, j));
        let chain = |n: usize| exact(&sum, &start, (n, 2), 0.4).remove(j - 1);
        fall("everything", &rates(&series, chain, 20));
    }
    forms_agree("everything", &sum, &start, 2, 0.4);
    let model = problems::random_arrays::<Complex64>(2, 5).unwrap();
    let other = like(&model, 6);
    let sum = everything(&model, &other);
    let f = problems::random_element(model.space().trace(), 6);
    forms_agree("complex", &sum, &Start::Product { f }, 2, 0.2);
}

/// F_1 … F_N of N particles by the BBGKY hierarchy, which ends there.
struct Bbgky<'a, S: Scalar> {
    operators: Operators<'a, S>,
    further: FurtherOperators<'a, S>,
    n: usize,
    blocks: Vec<usize>,
}

impl<S: Scalar> System for Bbgky<'_, S> {
    type Scalar = S;

    fn blocks(&self) -> &[usize] {
        &self.blocks
    }

    fn rhs(&mut self, t: f64, y: &[S], dydt: &mut [S]) {
        dydt.fill(S::from_re(0.0));
        let one = S::from_re(1.0);
        self.further.set_state(t, &y[..self.blocks[0]]).unwrap();
        let mut family = vec![vec![one]];
        let mut rest = y;
        for &len in &self.blocks {
            let (block, tail) = rest.split_at(len);
            family.push(block.to_vec());
            rest = tail;
        }
        let mut slopes = dydt;
        for j in 1..=self.n {
            let (out, others) = slopes.split_at_mut(family[j].len());
            self.operators
                .add_bbgky(one, j, self.n, &family, out)
                .unwrap();
            self.further
                .add_bbgky(one, j, self.n, &family, out)
                .unwrap();
            slopes = others;
        }
    }
}

fn against_few_particles<S: Scalar>(model: &dyn Model<Scalar = S>, f: Vec<S>, n: usize, t: f64) {
    let start = Start::Product { f: f.clone() };
    let layout = SymmetricLayout::new(f.len(), n.max(2)).unwrap();
    let found = symmetric::solve(model, &start, n, &[t], n, None).unwrap();
    let blocks: Vec<usize> = (1..=n).map(|j| layout.len(j)).collect();
    let mut bbgky = Bbgky {
        operators: Operators::new(model, n).unwrap(),
        further: FurtherOperators::new(model, n).unwrap(),
        n,
        blocks: blocks.clone(),
    };
    let initial: Vec<S> = (1..=n).flat_map(|j| layout.power(&f, j)).collect();
    let mut last = Vec::new();
    integrate(&mut bbgky, initial, &[0.0, t], &OPTIONS, |_, y| {
        last = y.to_vec();
        Ok::<(), OdeError>(())
    })
    .unwrap();
    let errors = correlation_flow(model, (n, n), &f, &[0.0, t], &OPTIONS).unwrap();
    let f_t = mean_field_flow(model, &f, &[0.0, t], &OPTIONS)
        .unwrap()
        .remove(1);
    // E_j = N^{−j/2} 𝓔_j.
    let errors: Vec<Vec<S>> = errors[1]
        .iter()
        .enumerate()
        .map(|(j, e)| {
            let weight = (n as f64).powf(-(j as f64) / 2.0);
            e.iter().map(|x| x.scaled(weight)).collect()
        })
        .collect();
    let mut rest = &last[..];
    for j in 1..=n {
        let expected = found.marginal(0, j).unwrap();
        let scale = crate::largest(expected).max(1.0);
        let apart = difference(&rest[..blocks[j - 1]], expected) / scale;
        assert!(apart < FLOW, "BBGKY, N = {n}, F_{j}: {apart:e}");
        rest = &rest[blocks[j - 1]..];
        let by_errors = marginal_from_errors(&layout, &f_t, j, &errors).unwrap();
        let apart = difference(&by_errors, expected) / scale;
        assert!(
            apart < FLOW,
            "correlation errors, N = {n}, F_{j}: {apart:e}"
        );
    }
}

#[test]
fn law_few_particles_by_hierarchies_that_end() {
    let model = sis().unwrap();
    for n in 1..=4 {
        against_few_particles(&seasonal(&model), vec![0.4, 0.6], n, 1.2);
    }
    let model = random_jump_process(3, 4).unwrap();
    let other = random_jump_process(3, 9).unwrap();
    let f = problems::Noise::new(1).probabilities(3);
    for n in [2, 4] {
        against_few_particles(&everything(&model, &other), f.clone(), n, 0.5);
    }
    let model = problems::random_arrays::<Complex64>(2, 5).unwrap();
    let other = like(&model, 6);
    let f = problems::random_element(model.space().trace(), 6);
    against_few_particles(&everything(&model, &other), f, 3, 0.2);
}

#[test]
fn law_for_two_particles_the_recursion_sums_to_the_exact_state() {
    // Bounded couplings: a series that converges at any N.
    let model = random_jump_process(3, 4).unwrap();
    let other = random_jump_process(3, 9).unwrap();
    let sum = everything(&model, &other);
    let start = Start::Product {
        f: problems::Noise::new(1).probabilities(3),
    };
    let layout = SymmetricLayout::new(3, 2).unwrap();
    let t = 0.25;
    let expected = exact(&sum, &start, (2, 2), t);
    let errors = [1, 3, 6].map(|order| {
        let a = Evolve::to(t).form_a(&sum, &start, (order, 2));
        (1..=2)
            .map(|j| difference(&a.marginal(&layout, j).unwrap(), &expected[j - 1]))
            .fold(0.0, f64::max)
    });
    assert!(errors[2] < FLOW, "{errors:?}");
    assert!(errors[1] < 0.1 * errors[0], "{errors:?}");
}

#[test]
fn law_an_envelope_is_a_change_of_time_where_it_is_all_there_is() {
    // c(t)(K + V/N) is K + V/N at time ∫c.
    let model = problems::three_states().unwrap();
    let nothing = jump_process(3, |_, _| 0.0, |_, _| 0.0).unwrap();
    let sum = SumOfTerms::new(nothing)
        .with_term(&model, Power::Zero, Envelope::of(|t| 1.0 + t.cos()))
        .unwrap();
    let f = vec![0.5, 0.3, 0.2];
    let start = Start::Product { f: f.clone() };
    let (t, passed) = (0.7_f64, 0.7 + 0.7_f64.sin());
    let series = Evolve::to(t).coefficients(&sum, &start, (3, 2));
    let expected = Evolve::to(passed).coefficients(&model, &start, (3, 2));
    for (found, expected) in series.iter().zip(&expected) {
        assert!(difference(found, expected) < FLOW * crate::largest(expected).max(1.0));
    }
    let whole = |model: &dyn Model<Scalar = f64>, t| exact(model, &start, (9, 2), t);
    let apart = difference(&whole(&sum, t)[1], &whole(&model, passed)[1]);
    assert!(apart < 1e-11, "{apart:e}");
    let u = |model: &dyn Model<Scalar = f64>, t| {
        propagator(model, &f, &[0.0, t], &OPTIONS)
            .unwrap()
            .remove(1)
    };
    let apart = u(&sum, t) - u(&model, passed);
    assert!(apart.iter().all(|x| x.abs() < FLOW), "{apart}");
}

/// Another model over the same space: 0.8 of K and V of `model` turned by a phase.
fn like(
    model: &meanfield_abstract::Custom<Complex64>,
    seed: u64,
) -> meanfield_abstract::Custom<Complex64> {
    let d = model.space().dimension();
    let mut noise = problems::Noise::new(seed);
    // A traceless column x u − u Tr x, with Tr u = 1, in every place of K and of V.
    let trace = model.space().trace();
    let f = problems::random_element(trace, seed + 1);
    let mut k = ndarray::Array2::from_shape_fn((d, d), |_| noise.scalar::<Complex64>());
    for mut column in k.columns_mut() {
        let total: Complex64 = column.iter().zip(trace).map(|(x, t)| x * t).sum();
        for (x, u) in column.iter_mut().zip(&f) {
            *x -= total * u;
        }
    }
    // V = A⊗B + B⊗A with Tr A = 0.
    let b = ndarray::Array2::from_shape_fn((d, d), |_| noise.scalar::<Complex64>());
    let v = ndarray::Array4::from_shape_fn((d, d, d, d), |(i, j, p, q)| {
        k[[i, p]] * b[[j, q]] + b[[i, p]] * k[[j, q]]
    });
    meanfield_abstract::Custom::from_dense(&k, &v, trace, meanfield_tensor::Norm::Euclidean)
        .unwrap()
}
