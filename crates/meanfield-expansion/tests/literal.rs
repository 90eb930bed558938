//! The right-hand side of the cumulant hierarchy against the polynomial
//! equation it comes from, multiplied out monomial by monomial.

use std::collections::BTreeMap;

use meanfield_abstract::problems::{Noise, random_arrays, random_jump_process};
use meanfield_abstract::{Custom, Model};
use meanfield_expansion::{CumulantHierarchy, Plan};
use meanfield_ode::System;
use meanfield_tensor::Scalar;
use ndarray::{Array2, Array4};
use num_complex::Complex64;

/// A polynomial in y: coefficient of each monomial, by exponents.
type Polynomial<S> = BTreeMap<Vec<u16>, S>;

fn add<S: Scalar>(into: &mut Polynomial<S>, other: &Polynomial<S>, c: S) {
    for (exponents, &value) in other {
        *into
            .entry(exponents.clone())
            .or_insert_with(|| S::from_re(0.0)) += c * value;
    }
}

fn product<S: Scalar>(a: &Polynomial<S>, b: &Polynomial<S>) -> Polynomial<S> {
    let mut out = Polynomial::new();
    for (p, &x) in a {
        for (q, &y) in b {
            let exponents = p.iter().zip(q).map(|(i, k)| i + k).collect();
            *out.entry(exponents).or_insert_with(|| S::from_re(0.0)) += x * y;
        }
    }
    out
}

fn derivative<S: Scalar>(a: &Polynomial<S>, by: usize) -> Polynomial<S> {
    let lowered = a.iter().filter(|(p, _)| p[by] > 0).map(|(p, &x)| {
        let mut q = p.clone();
        q[by] -= 1;
        (q, x.scaled(f64::from(p[by])))
    });
    lowered.collect()
}

/// y_a times the polynomial.
fn raised<S: Scalar>(a: &Polynomial<S>, by: usize) -> Polynomial<S> {
    let up = a.iter().map(|(p, &x)| {
        let mut q = p.clone();
        q[by] += 1;
        (q, x)
    });
    up.collect()
}

/// The Euler operator n = y·∂y.
fn counted<S: Scalar>(a: &Polynomial<S>) -> Polynomial<S> {
    let weighted = a
        .iter()
        .map(|(p, &x)| (p.clone(), x.scaled(p.iter().map(|&n| f64::from(n)).sum())));
    weighted.collect()
}

fn factorials(exponents: &[u16]) -> f64 {
    let each = exponents
        .iter()
        .map(|&n| (1..=n).map(f64::from).product::<f64>());
    each.product()
}

/// K and V of a model, read off basis elements.
fn arrays<M: Model>(model: &M) -> (Array2<M::Scalar>, Array4<M::Scalar>) {
    let d = model.space().dimension();
    let one = M::Scalar::from_re(1.0);
    let mut k = Array2::zeros((d, d));
    model.add_k(one, Array2::eye(d).view(), k.view_mut());
    let mut v = Array2::zeros((d * d, d * d));
    model.add_pair(one, Array2::eye(d * d).view(), v.view_mut());
    let v = v.into_shape_with_order((d, d, d, d)).unwrap();
    (k, v)
}

fn literal_rhs<M: Model>(model: &M, plan: &Plan, y: &[M::Scalar]) -> Vec<M::Scalar> {
    let (k, v) = arrays(model);
    let (d, order, ladder) = (model.space().dimension(), plan.order(), plan.ladder());
    let zero = M::Scalar::from_re(0.0);
    let half = M::Scalar::from_re(0.5);
    let one = M::Scalar::from_re(1.0);
    // w[l] = Σ_j g_{j,l} y^j/j!.
    let mut w = vec![Polynomial::new(); order + 1];
    for block in plan.blocks() {
        for entry in 0..block.len {
            let exponents = ladder.occupation(block.j, entry).to_vec();
            let value = y[block.start + entry].scaled(1.0 / factorials(&exponents));
            w[block.l].insert(exponents, value);
        }
    }
    let first: Vec<Vec<_>> = w
        .iter()
        .map(|p| (0..d).map(|a| derivative(p, a)).collect())
        .collect();
    // s[l][c][e] = [w'_c w'_e + w''_ce / N]_l.
    let s = |l: usize, c: usize, e: usize| {
        let mut out = Polynomial::new();
        for l1 in 0..=l {
            add(&mut out, &product(&first[l1][c], &first[l - l1][e]), one);
        }
        if l > 0 {
            add(&mut out, &derivative(&first[l - 1][c], e), one);
        }
        out
    };
    let mut xi = Vec::new();
    let mut rhs = Vec::new();
    for l in 0..=order {
        let (mut source, mut flow) = (Polynomial::new(), Polynomial::new());
        for c in 0..d {
            for e in 0..d {
                let both = s(l, c, e);
                for a in 0..d {
                    for b in 0..d {
                        let value = v[[a, b, c, e]];
                        add(&mut flow, &raised(&raised(&both, a), b), half * value);
                        let traced = model.space().trace()[b] * value;
                        add(&mut source, &raised(&both, a), traced);
                    }
                }
            }
            for a in 0..d {
                add(&mut flow, &raised(&first[l][c], a), k[[a, c]]);
            }
        }
        add(&mut flow, &source, one);
        xi.push(source);
        if l > 0 {
            add(&mut flow, &counted(&xi[l - 1]), -one);
        }
        for l1 in 0..=l {
            add(&mut flow, &product(&xi[l1], &counted(&w[l - l1])), -one);
        }
        rhs.push(flow);
    }
    let mut out = vec![zero; plan.unknowns()];
    for block in plan.blocks() {
        for entry in 0..block.len {
            let exponents = ladder.occupation(block.j, entry).to_vec();
            let value = rhs[block.l].get(&exponents).copied().unwrap_or(zero);
            out[block.start + entry] = value.scaled(factorials(&exponents));
        }
    }
    out
}

/// Rounding, relative to the largest entry: sums of thousands of products.
const ROUNDING: f64 = 1e-12;

fn check<S: Scalar>(model: &Custom<S>, order: usize, seed: u64) {
    let d = model.space().dimension();
    let plan = Plan::new::<S>(d, order, 1, usize::MAX).unwrap();
    let mut noise = Noise::new(seed);
    let y: Vec<S> = noise.vector(plan.unknowns());
    let slow = literal_rhs(model, &plan, &y);
    let mut hierarchy = CumulantHierarchy::new(model, &plan, &y[..d]);
    // Scratch and result are dirty: another state has been through them.
    let mut fast: Vec<S> = noise.vector(plan.unknowns());
    let other: Vec<S> = noise.vector(plan.unknowns());
    hierarchy.rhs(0.0, &other, &mut fast);
    hierarchy.rhs(0.0, &y, &mut fast);
    let largest = slow.iter().map(|x| x.modulus()).fold(0.0, f64::max);
    for block in plan.blocks() {
        for i in block.start..block.start + block.len {
            assert!(
                (fast[i] - slow[i]).modulus() <= ROUNDING * largest,
                "D = {d}, order {order}, g_{},{} entry {}: {} against {}",
                block.j,
                block.l,
                i - block.start,
                fast[i],
                slow[i]
            );
        }
    }
}

#[test]
fn law_engine_equals_the_polynomial_equation_for_any_real_arrays() {
    for (d, order) in [(1, 4), (2, 4), (3, 3), (4, 2), (7, 1)] {
        check(&random_arrays::<f64>(d, 17 + d as u64).unwrap(), order, 3);
    }
}

#[test]
fn law_engine_equals_the_polynomial_equation_for_complex_arrays() {
    for (d, order) in [(1, 3), (2, 3), (3, 2)] {
        check(
            &random_arrays::<Complex64>(d, 29 + d as u64).unwrap(),
            order,
            5,
        );
    }
}

#[test]
fn law_engine_equals_the_polynomial_equation_for_jump_processes() {
    for (d, order) in [(2, 4), (3, 3), (5, 2)] {
        check(&random_jump_process(d, 41 + d as u64).unwrap(), order, 7);
    }
}
