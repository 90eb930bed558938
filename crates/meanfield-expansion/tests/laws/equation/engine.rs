//! The right-hand side of the engine against the equation multiplied out, with
//! every cumulant there and dirty buffers.

use meanfield_abstract::problems::{Noise, random_arrays, ring_walk};
use meanfield_abstract::{Model, RequiredOnly, Start};
use meanfield_expansion::{Block, CumulantHierarchy, Plan, initial_cumulants};
use meanfield_ode::System;
use meanfield_tensor::Scalar;
use meanfield_testing::largest;
use num_complex::Complex64;
use num_rational::BigRational;

use super::cumulants::{fixed_counts_start, taylor};
use super::model::{Arrays, arrays, draw, to_f64};
use super::polynomial::{EPSILON, Exponents, Field, Polynomial, factorials};

/// Rounding, relative to the largest entry: sums of thousands of products.
const ROUNDING: f64 = 1e-12;

/// Rounding in the entries of one tensor, relative to the largest of it.
const BLOCK_ROUNDING: f64 = 1e-12;

/// The monomial ε^l y^α of an entry of g_{j,l}.
fn monomial(plan: &Plan, block: &Block, entry: usize) -> Exponents {
    let mut exponents = [0; EPSILON + 1];
    let occupation = plan.layout().occupation(block.j, entry);
    for (e, &n) in exponents.iter_mut().zip(occupation.iter()) {
        *e = n as u8;
    }
    exponents[EPSILON] = block.l as u8;
    exponents
}

/// The coefficients of a polynomial as packed cumulants.
fn packed<T: Field>(plan: &Plan, w: &Polynomial<T>) -> Vec<T> {
    let each = plan.blocks().iter().flat_map(|block| {
        (0..block.len).map(|entry| {
            let exponents = monomial(plan, block, entry);
            w.coefficient(&exponents) * factorials(&exponents)
        })
    });
    each.collect()
}

/// ∂t of the cumulants `y` by the equation.
fn slope<T: Field>(arrays: &Arrays<T>, plan: &Plan, y: &[T]) -> Vec<T> {
    let mut w = Polynomial::zero();
    for block in plan.blocks() {
        for (entry, value) in y[block.start..block.start + block.len].iter().enumerate() {
            let exponents = monomial(plan, block, entry);
            let value = value.clone() / factorials(&exponents);
            w.0.insert(exponents, value);
        }
    }
    packed(plan, &taylor(arrays, w, plan.order(), 2)[1])
}

/// The same by the engine, through whose scratch another state went before.
fn engine_slope<M: Model>(
    model: &M,
    plan: &Plan,
    y: &[M::Scalar],
    noise: &mut Noise,
) -> Vec<M::Scalar> {
    let d = model.space().dimension();
    let mut hierarchy = CumulantHierarchy::new(model, plan, &y[..d]);
    let mut out: Vec<M::Scalar> = noise.vector(plan.unknowns());
    let other: Vec<M::Scalar> = noise.vector(plan.unknowns());
    hierarchy.rhs(0.0, &other, &mut out);
    hierarchy.rhs(0.0, y, &mut out);
    out
}

#[track_caller]
fn assert_equal<S: Scalar>(plan: &Plan, fast: &[S], slow: &[S], allowed: impl Fn(&Block) -> f64) {
    for block in plan.blocks() {
        for i in block.start..block.start + block.len {
            assert!(
                (fast[i] - slow[i]).modulus() <= allowed(block),
                "D = {}, order {}, g_{},{} entry {}: {} against {}",
                plan.layout().dimension(),
                plan.order(),
                block.j,
                block.l,
                i - block.start,
                fast[i],
                slow[i]
            );
        }
    }
}

pub(crate) fn check<M: Model<Scalar: Field>>(model: &M, order: usize, seed: u64) {
    let plan = Plan::new::<M::Scalar>(model.space().dimension(), order, 1, usize::MAX).unwrap();
    let mut noise = Noise::new(seed);
    let y: Vec<M::Scalar> = noise.vector(plan.unknowns());
    let slow = slope(&arrays(model), &plan, &y);
    let fast = engine_slope(model, &plan, &y, &mut noise);
    assert_equal(&plan, &fast, &slow, |_| ROUNDING * largest(&slow));
}

/// Two models of the same K and V.
pub(crate) fn agree<S: Scalar>(
    fast: &impl Model<Scalar = S>,
    slow: &impl Model<Scalar = S>,
    order: usize,
) {
    let plan = Plan::new::<S>(fast.space().dimension(), order, 1, usize::MAX).unwrap();
    let y: Vec<S> = Noise::new(24).vector(plan.unknowns());
    let slopes = (
        engine_slope(fast, &plan, &y, &mut Noise::new(25)),
        engine_slope(slow, &plan, &y, &mut Noise::new(26)),
    );
    assert_equal(&plan, &slopes.0, &slopes.1, |_| {
        ROUNDING * largest(&slopes.1)
    });
}

#[test]
fn law_no_bit_depends_on_the_number_of_threads() {
    fn slope_on<M: Model>(
        model: &M,
        plan: &Plan,
        y: &[M::Scalar],
        threads: usize,
    ) -> Vec<M::Scalar> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = pool.build().unwrap();
        pool.install(|| engine_slope(model, plan, y, &mut Noise::new(3)))
    }
    fn compare<M: Model>(model: &M, order: usize) {
        let d = model.space().dimension();
        let plan = Plan::new::<M::Scalar>(d, order, 1, usize::MAX).unwrap();
        // Large enough that several threads are used.
        let panel = d * plan.layout().len(order);
        assert!(panel > 1 << 18 && plan.unknowns() > 100_000);
        let y: Vec<M::Scalar> = Noise::new(2).vector(plan.unknowns());
        let alone = slope_on(model, &plan, &y, 1);
        for threads in [2, 3, 5] {
            assert!(
                slope_on(model, &plan, &y, threads) == alone,
                "{threads} threads, D = {d}"
            );
        }
    }
    compare(&ring_walk(600).unwrap(), 1);
    compare(&ring_walk(150).unwrap(), 2);
    compare(&ring_walk(42).unwrap(), 3);
    compare(&RequiredOnly(&ring_walk(42).unwrap()), 3);
    compare(&ring_walk(25).unwrap(), 4);
    compare(&random_arrays::<Complex64>(40, 61).unwrap(), 3);
}

/// The engine against the equation in rational numbers, which the data are in
/// floating point too: what differs is the engine's own rounding.
fn check_rational(d: usize, order: usize, seed: u64) {
    let arrays = Arrays::random(d, seed, false);
    let model = arrays.custom();
    let plan = Plan::new::<f64>(d, order, 1, usize::MAX).unwrap();
    let mut noise = Noise::new(seed);
    let f = arrays.state(seed + 1);
    let mut independent = vec![BigRational::default(); plan.unknowns()];
    independent[..d].clone_from_slice(&f);
    let correlated: Vec<_> = (0..plan.unknowns()).map(|_| draw(&mut noise, 8)).collect();
    for y in [independent, correlated] {
        let exact = slope(&arrays, &plan, &y);
        let slow: Vec<f64> = exact.iter().map(to_f64).collect();
        let y: Vec<f64> = y.iter().map(to_f64).collect();
        let fast = engine_slope(&model, &plan, &y, &mut noise);
        let of_block = |block: &Block| {
            let own = &slow[block.start..block.start + block.len];
            BLOCK_ROUNDING * largest(own)
        };
        assert_equal(&plan, &fast, &slow, of_block);
    }
}

#[test]
fn law_engine_equals_the_equation_in_rational_numbers() {
    for order in 0..=4 {
        for d in 1..=4 {
            check_rational(d, order, 100 + 10 * order as u64 + d as u64);
        }
    }
}

#[test]
fn law_fixed_counts_start_from_their_cumulants_in_rational_numbers() {
    for (x, order) in [(&[1_i64, 7][..], 6), (&[4, 1, 3], 4), (&[1, 2, 2, 3], 3)] {
        let x: Vec<BigRational> = x.iter().map(|&n| super::model::eighths(n)).collect();
        let plan = Plan::new::<f64>(x.len(), order, 1, usize::MAX).unwrap();
        let exact = packed(&plan, &fixed_counts_start(&x, order));
        let slow: Vec<f64> = exact.iter().map(to_f64).collect();
        let f = x.iter().map(to_f64).collect();
        let fast = initial_cumulants(&plan, &Start::FixedCounts { f }).unwrap();
        assert_equal(&plan, &fast, &slow, |block| {
            let own = &slow[block.start..block.start + block.len];
            // The logarithm of Φ cancels what is of order one.
            BLOCK_ROUNDING * largest(own).max(1.0)
        });
    }
}
