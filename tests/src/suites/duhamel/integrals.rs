//! 𝓔_2⁰, 𝓔_4⁰, 𝓔_1¹, 𝓔_3¹ as integrals ∫U_j(t,s) (source at s) ds, (47)–(49), (57)–(59),
//! (78), each source carried forward from s on its own: U(0,s) is never formed.

use meanfield::hierarchy::literal::Literal;
use meanfield::hierarchy::{correlation_errors, correlation_flow, mean_field_flow};
use meanfield::ode::Options;
use meanfield::prelude::*;
use meanfield::tensor::dense;
use meanfield_testing::{largest, worse};
use ndarray::ArrayD;

use super::row;
use crate::class::Class;
use crate::each;
use crate::instances::{self, Instance};
use crate::paper::recursion::{Form, Terms, h, solve};
use crate::paper::{apart, drive, scaled};
use crate::verify::Row;

pub(super) const TIME: f64 = 0.4;
pub(super) const PARTICLES: usize = 6;
/// Intervals of Simpson's rule.
const INTERVALS: usize = 32;
/// What it leaves, of order h⁴, relative.
const SIMPSON: f64 = 1e-6;

/// Which source drives 𝓔_2⁰.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Source {
    /// T_12(F⊗F) − Q⊗F − F⊗Q.
    Corrected,
    /// V F⊗F alone (45), (48).
    Printed,
}

/// ∫_0^t U_j(t,s) source(s) ds by Simpson's rule.
fn integral<S: Scalar>(
    instance: &Instance<S>,
    members: &[(usize, usize)],
    source: impl Fn(&Literal<'_, S>, &Terms<S>) -> ArrayD<S>,
) -> ArrayD<S> {
    let model = &*instance.model;
    let step = TIME / INTERVALS as f64;
    let at = |k: usize| -> (Vec<S>, Terms<S>) {
        let s = step * k as f64;
        let f = match k {
            0 => instance.f.clone(),
            _ => {
                drive(model, &instance.f, &[], &[0.0, s], 1e-12, |_, _| Vec::new())
                    .swap_remove(1)
                    .f
            }
        };
        let terms = match (k, members.is_empty()) {
            (0, _) | (_, true) => (members.iter())
                .map(|&(j, k)| ((j, k), dense::zeros(f.len(), j)))
                .collect(),
            _ => solve(model, &instance.f, (PARTICLES, s), members, Form::Corrected),
        };
        (f, terms)
    };
    let mut total: Option<ArrayD<S>> = None;
    for k in 0..=INTERVALS {
        let (f, terms) = at(k);
        let start = source(&Literal { model, f: &f }, &terms);
        let left = step * (INTERVALS - k) as f64;
        let carried = match k == INTERVALS {
            true => start,
            false => drive(model, &f, &[start], &[0.0, left], 1e-10, |l, e| {
                vec![h(l, PARTICLES, &e[0])]
            })
            .swap_remove(1)
            .tensors
            .swap_remove(0),
        };
        let weight = match k {
            0 | INTERVALS => 1.0,
            k if k % 2 == 1 => 4.0,
            _ => 2.0,
        };
        let part = scaled(carried, weight * step / 3.0);
        total = Some(match total {
            Some(sum) => sum + part,
            None => part,
        });
    }
    total.expect("at least one interval")
}

/// T_12(F⊗F) − Q⊗F − F⊗Q, or V F⊗F.
fn pair_source<S: Scalar>(l: &Literal<'_, S>, source: Source) -> ArrayD<S> {
    let image = l.v(0, 1, &crate::paper::power(l.f, 2));
    match source {
        Source::Printed => image,
        Source::Corrected => {
            let drift: Vec<S> = l.drift().iter().copied().collect();
            let state = dense::vector(l.f);
            image - dense::insert(&drift, &[0], &state) - dense::insert(&drift, &[1], &state)
        }
    }
}

/// Relative distance of ∫U_2(t,s) source(s) ds from 𝓔_2⁰ of the engine's recursion.
pub(crate) fn leading<S: Scalar>(instance: &Instance<S>, source: Source) -> f64 {
    let found = integral(instance, &[], |l, _| pair_source(l, source));
    apart(&found, &engine(instance, 1)[&(2, 0)])
}

/// The engine's 𝓔_j^k of that order.
pub(super) fn engine<S: Scalar>(instance: &Instance<S>, order: usize) -> Terms<S> {
    let layout = SymmetricLayout::new(instance.f.len(), 2 * order).expect("small");
    let options = Options {
        tolerance: 1e-12,
        ..Options::default()
    };
    let mut out = Terms::new();
    meanfield::expansion::recursion::solve(
        &*instance.model,
        order,
        PARTICLES,
        &instance.f,
        &Default::default(),
        &[0.0, TIME],
        &options,
        |_| true,
        |_, state| {
            let dense = |(&(j, k), term): (&(usize, usize), &Vec<S>)| {
                ((j, k), dense::from_packed(&layout, j, term))
            };
            out = state.terms().iter().map(dense).collect();
            Ok::<(), ExpansionError>(())
        },
    )
    .expect("a regular expansion");
    out
}

/// (57): 𝓔_1¹ from 𝓔_2⁰ and 𝓔_0⁰ = 1, with (1−1/N) C_2 and −Q(F,F) (78).
fn next<S: Scalar>(instance: &Instance<S>) -> f64 {
    let share = 1.0 - 1.0 / PARTICLES as f64;
    let found = integral(instance, &[(2, 0)], |l, terms| {
        scaled(l.c_at(0, &terms[&(2, 0)]), share) - l.drift()
    });
    apart(&found, &engine(instance, 1)[&(1, 1)])
}

/// The largest 𝓔_1⁰ and 𝓔_3⁰ that the equations (44), (46) give from zero, over the
/// size of 𝓔_2⁰.
fn odd<S: Scalar>(instance: &Instance<S>) -> f64 {
    let members = [(1, 0), (2, 0), (3, 0)];
    let terms = solve(
        &*instance.model,
        &instance.f,
        (PARTICLES, TIME),
        &members,
        Form::Corrected,
    );
    let odd = worse(largest(&terms[&(1, 0)]), largest(&terms[&(3, 0)]));
    odd / largest(&terms[&(2, 0)])
}

/// 𝓔_j = N^{j/2} E_j of (43), (61) integrated, against exact marginals: N = 4, every j.
fn rescaled() -> f64 {
    const N: usize = 4;
    let instance = instances::arrays();
    let (model, f) = (&*instance.model, &instance.f);
    let options = Options {
        tolerance: 1e-13,
        ..Options::default()
    };
    let flow = correlation_flow(model, (N, N), f, &[0.0, TIME], &options).expect("regular");
    let limit = mean_field_flow(model, f, &[0.0, TIME], &options).expect("regular");
    let solved = meanfield::exact::solve(model, &instance.product(), N, &[TIME], N, None)
        .expect("the sector fits");
    let layout = SymmetricLayout::new(f.len(), N).expect("small");
    let one = num_complex::Complex64::ONE;
    let mut marginals = vec![vec![one]];
    marginals.extend((1..=N).map(|j| solved.marginal(0, j).unwrap().to_vec()));
    let errors = correlation_errors(&layout, &limit[1], &marginals).unwrap();
    let gap = |j: usize| {
        let scale = (N as f64).powf(j as f64 / 2.0);
        let pairs = flow[1][j].iter().zip(&errors[j]);
        let gap = pairs.map(|(x, y)| (x - y * scale).norm()).fold(0.0, worse);
        gap / largest(&flow[1][j])
    };
    (1..=N).map(gap).fold(0.0, worse)
}

pub(super) fn rows() -> Vec<Row> {
    let reason = "Simpson's rule with 32 intervals: error of order h⁴";
    let n = PARTICLES as f64;
    let jump = instances::correlated_jump();
    let engine = engine(&jump, 2);
    let fourth = integral(&jump, &[(2, 0)], |l, terms| {
        scaled(l.d_down2(PARTICLES, &terms[&(2, 0)]), n)
    });
    let members = [(1, 1), (2, 0), (4, 0)];
    let third = integral(&jump, &members, |l, terms| {
        scaled(l.d_down2(PARTICLES, &terms[&(1, 1)]), n)
            + l.d_up(PARTICLES, &terms[&(4, 0)])
            + scaled(l.d_down(PARTICLES, &terms[&(2, 0)]), n)
    });
    let mut rows = vec![row(
        "rescaled",
        "arrays, N = 4: 𝓔_j of (61) is N^{j/2} E_j of exact particles, every j",
        "(43), (61)",
        rescaled(),
        1e-8,
        "an integration at a tolerance of 1e-13, and 2^j terms of inclusion and exclusion",
    )];
    for (class, ids) in Class::TWO.into_iter().zip([
        ["odd-leading-jump", "leading-jump", "next-jump"],
        ["odd-leading-levels", "leading-levels", "next-levels"],
    ]) {
        let name = class.name();
        rows.push(row(
            ids[0],
            &format!("{name}, N = 6: 𝓔_1⁰ = 𝓔_3⁰ = 0 by their equations"),
            "(44), (46), (47), (50)",
            each!(class, instance => odd(&instance)),
            0.0,
            "nothing feeds them",
        ));
        rows.push(row(
            ids[1],
            &format!("{name}, N = 6: ∫U_2(t,s) [T_12(F⊗F) − Q⊗F − F⊗Q] ds is the recursion's 𝓔_2⁰"),
            "(45), (48), corrected",
            each!(class, instance => leading(&instance, Source::Corrected)),
            SIMPSON,
            reason,
        ));
        rows.push(row(
            ids[2],
            &format!(
                "{name}, N = 6: ∫U_1(t,s) [(1−1/N) C_2 𝓔_2⁰ − Q(F,F)] ds is the recursion's 𝓔_1¹"
            ),
            "(51), (54), (57), (78), corrected",
            each!(class, instance => next(&instance)),
            SIMPSON,
            reason,
        ));
    }
    rows.push(row(
        "leading-4-jump",
        "jump, N = 6: ∫U_4(t,s) Δ_4^= 𝓔_2⁰ ds is the recursion's 𝓔_4⁰",
        "(46), (49), corrected",
        apart(&fourth, &engine[&(4, 0)]),
        SIMPSON,
        reason,
    ));
    rows.push(row(
        "next-3-jump",
        "jump, N = 6: ∫U_3(t,s) [Δ_3^= 𝓔_1¹ + Δ_3^+ 𝓔_4⁰ + Δ_3^− 𝓔_2⁰] ds is the recursion's 𝓔_3¹",
        "(52), (53), (55), (56), (58), (59), corrected",
        apart(&third, &engine[&(3, 1)]),
        SIMPSON,
        reason,
    ));
    rows
}
