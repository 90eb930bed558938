//! U_j⁰ is U_1⁰ in every slot on symmetric tensors and nowhere else (29), (30),
//! Lemma 1.3; and U_j has an inverse for group models (42).

use meanfield::hierarchy::literal::Literal;
use meanfield::prelude::*;
use meanfield::tensor::dense;
use meanfield_testing::worse;
use ndarray::ArrayD;

use super::SUITE;
use crate::class::{Class, Stated};
use crate::each;
use crate::instances::{self, Instance};
use crate::paper::size::basis;
use crate::paper::{apart, drive, power, recursion, scaled};
use crate::verify::{Bound, Row};

const TIME: f64 = 0.6;
const TOLERANCE: f64 = 1e-12;

/// (K^j + Δ_j) E, written out.
pub(super) fn linearised<S: Scalar>(literal: &Literal<'_, S>, e: &ArrayD<S>) -> ArrayD<S> {
    literal.k(e) + literal.delta(e)
}

/// U_j⁰(t,0) of some tensors.
pub(crate) fn carried<S: Scalar>(
    instance: &Instance<S>,
    tensors: &[ArrayD<S>],
    time: f64,
) -> Vec<ArrayD<S>> {
    let (model, f) = (&*instance.model, &instance.f);
    let flow = drive(model, f, tensors, &[0.0, time], TOLERANCE, |literal, e| {
        e.iter().map(|e| linearised(literal, e)).collect()
    });
    flow[1].tensors.clone()
}

fn one_body<S: Scalar>(instance: &Instance<S>, seed: u64) -> ArrayD<S> {
    let values: Vec<S> = problems::Noise::new(seed).vector(instance.f.len());
    dense::vector(&values)
}

/// x⊗y⊗… .
fn product<S: Scalar>(factors: &[&ArrayD<S>]) -> ArrayD<S> {
    let first = factors[0].clone();
    factors[1..].iter().fold(first, |x, y| {
        let slots: Vec<usize> = (0..x.ndim()).collect();
        dense::outer_on(&x, &slots, y)
    })
}

/// U applied in every slot.
fn in_every_slot<S: Scalar>(columns: &[ArrayD<S>], e: &ArrayD<S>) -> ArrayD<S> {
    let mut out = e.clone();
    for slot in 0..e.ndim() {
        out = dense::on_slot(&out, slot, |x, mut image| {
            for (b, column) in columns.iter().enumerate() {
                for (a, &u) in column.iter().enumerate() {
                    let mut row = image.row_mut(a);
                    row.zip_mut_with(&x.row(b), |y, &x| *y += u * x);
                }
            }
        });
    }
    out
}

/// The defects of Lemma 1.3 on a symmetric tensor, of (29), (30) on symmetrised
/// products, and of Lemma 1.3 on a tensor without symmetry.
fn measure<S: Scalar>(instance: &Instance<S>) -> [f64; 3] {
    let d = instance.f.len();
    let [g1, g2, g3] = [11, 12, 13].map(|seed| one_body(instance, seed));
    let pair = product(&[&g1, &g2]);
    let triple = dense::symmetrise(&product(&[&g1, &g2, &g3]));
    let arbitrary = {
        let values: Vec<S> = problems::Noise::new(5).vector(d * d);
        let shape = ndarray::IxDyn(&[d, d]);
        ArrayD::from_shape_vec(shape, values).expect("D² entries")
    };
    let symmetric = dense::symmetrise(&arbitrary);
    let mut tensors = basis(d, 1);
    tensors.extend([g1, g2, g3, symmetric.clone(), arbitrary.clone()]);
    tensors.extend([dense::symmetrise(&pair), triple]);
    let images = carried(instance, &tensors, TIME);
    let (columns, rest) = images.split_at(d);
    let [u1, u2, u3, of_symmetric, of_arbitrary, of_pair, of_triple] = rest else {
        unreachable!("seven tensors were carried");
    };
    let lemma = apart(of_symmetric, &in_every_slot(columns, &symmetric));
    let polynomials = worse(
        apart(of_pair, &dense::symmetrise(&product(&[u1, u2]))),
        apart(of_triple, &dense::symmetrise(&product(&[u1, u2, u3]))),
    );
    let off = apart(of_arbitrary, &in_every_slot(columns, &arbitrary));
    [lemma, polynomials, off]
}

/// (29) as printed, with an unsymmetrised right-hand side; and (30) for a
/// homogeneous invariant polynomial that is no symmetrised product:
/// P(G¹,G²) = Tr(G¹)Tr(G²) F(0)⊗F(0).
pub(crate) fn printed<S: Scalar>(instance: &Instance<S>) -> [f64; 2] {
    let [g1, g2] = [11, 12].map(|seed| one_body(instance, seed));
    let both = product(&[&g1, &g2]) + product(&[&g2, &g1]);
    let trace = instance.model.space().trace();
    let number = |g: &ArrayD<S>| dense::partial_trace(g, 0, trace).sum();
    let fixed = power(&instance.f, 2);
    let weighted = |x: S| fixed.mapv(|y| y * x);
    let start = weighted(number(&g1) * number(&g2));
    let images = carried(instance, &[g1, g2, both, start], TIME);
    let wanted = weighted(number(&images[0]) * number(&images[1]));
    [
        apart(&product(&[&images[0], &images[1]]), &images[2]),
        apart(&images[3], &wanted),
    ]
}

/// U_2(0,t) U_2(t,0) E = E: back along the same path.
fn inverse() -> f64 {
    const PARTICLES: usize = 7;
    let instance = instances::mixed_levels();
    let (model, f) = (&*instance.model, &instance.f);
    let e = dense::symmetrise(&product(&[
        &one_body(&instance, 3),
        &one_body(&instance, 4),
    ]));
    let there = drive(
        model,
        f,
        std::slice::from_ref(&e),
        &[0.0, TIME],
        TOLERANCE,
        |literal, e| vec![recursion::h(literal, PARTICLES, &e[0])],
    );
    // F and E together, with −K and −V.
    let backward = crate::derived::Scaled {
        model,
        k: -1.0,
        pair: -1.0,
    };
    let back = drive(
        &backward,
        &there[1].f,
        &there[1].tensors,
        &[0.0, TIME],
        TOLERANCE,
        |literal, e| vec![recursion::h(literal, PARTICLES, &e[0])],
    );
    let moved = apart(&there[1].tensors[0], &e);
    assert!(moved > 0.1, "a flow that does nothing has every inverse");
    apart(&scaled(&back[1].tensors[0], 1.0), &e)
}

pub(super) fn rows() -> Vec<Row> {
    let classes = [Class::Arrays, Class::Levels];
    let measured = classes.map(|class| each!(class, instance => measure(&instance)));
    let reason = "two integrations at a tolerance of 1e-12";
    let stated = [
        (
            "factors",
            "U_2⁰ is U_1⁰ in both slots of a symmetric tensor, Δ_2 written out",
            "Lemma 1.3",
            Bound::AtMost(1e-9),
        ),
        (
            "polynomials",
            "U_j⁰ Sym(G¹…G^j) = Sym(U_1⁰G¹ … U_1⁰G^j), j = 2, 3",
            "(29), (30), symmetrised",
            Bound::AtMost(1e-9),
        ),
        (
            "factors-off",
            "U_2⁰ is not U_1⁰ in both slots of a tensor without symmetry",
            "Lemma 1.3",
            Bound::AtLeast(1e-2),
        ),
    ];
    let mut rows = Vec::new();
    for (k, (name, claim, equation, bound)) in stated.into_iter().enumerate() {
        let stated = Stated {
            suite: &SUITE,
            name,
            claim,
            equation,
            claimed: if k < 2 { "0" } else { "not 0" },
            bound,
            reason: if k < 2 {
                reason
            } else {
                "an effect of order one"
            },
        };
        for (class, found) in classes.into_iter().zip(measured) {
            rows.push(stated.row(class, found[k]));
        }
    }
    rows.push(SUITE.row(
        "inverse-levels",
        "levels, N = 7: U_2(0,t) U_2(t,0) E = E, a group model",
        "(42)",
        "0",
        (inverse(), Bound::AtMost(1e-9)),
        reason,
    ));
    rows
}
