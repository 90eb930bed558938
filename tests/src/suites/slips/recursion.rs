//! Slips in the recursion and its consequences: (29)–(31), (45)–(59), (63), (65),
//! Section 4, (14), (40).

use meanfield::prelude::*;
use meanfield::tensor::dense;

use super::{corrected, printed};
use crate::instances::{self};
use crate::paper::recursion::{Form, h, solve};
use crate::paper::{apart, drive, exponent};
use crate::suites::duhamel::{
    Kinetic, Source, explicit_defect, free_sites, leading, remainder_from, sum_residual,
};
use crate::suites::linear::{attained, first_pair_norm, printed_polynomials};
use crate::suites::remainders::{exponent_of, remainders};
use crate::verify::Row;

const TIME: f64 = 0.4;
const PARTICLES: usize = 6;

/// Distance of 𝓔_j^k by that form from the corrected one, relative.
fn differs(form: Form, members: &[(usize, usize)], at: (usize, usize)) -> f64 {
    let instance = instances::correlated_jump();
    let of = |form| {
        let found = solve(
            &*instance.model,
            &instance.f,
            (PARTICLES, TIME),
            members,
            form,
        );
        found[&at].clone()
    };
    apart(&of(form), &of(Form::Corrected))
}

/// 𝓔_1¹ at N → ∞ from exact particles: N(F_1 − F)/√N·√N = N E_1, by a parabola in
/// 1/N; its relative distance from the recursion in that form at large N.
fn first_correction(form: Form) -> f64 {
    let instance = instances::correlated_jump();
    let model = &*instance.model;
    let numbers = [20, 40, 80];
    let (f, layout, all) = crate::suites::remainders::data(&instance, TIME, &numbers, 1);
    let scaled = [0, 1, 2].map(|k| -> Vec<f64> {
        let pairs = all[k].marginals[1].iter().zip(&f);
        pairs.map(|(x, y)| numbers[k] as f64 * (x - y)).collect()
    });
    let limit: Vec<f64> = (0..f.len())
        .map(|a| scaled[0][a] / 3.0 - 2.0 * scaled[1][a] + 8.0 * scaled[2][a] / 3.0)
        .collect();
    // Large enough that what depends on N is below the bound of the row.
    let n = 1_000_000;
    let terms = solve(model, &instance.f, (n, TIME), &[(2, 0), (1, 1)], form);
    let limit = dense::from_packed(&layout, 1, &limit);
    apart(&terms[&(1, 1)], &limit)
}

/// 𝓔_2⁰(t) from 𝓔_2⁰(0) ≠ 0: the difference of two solutions of (45) against U_2 of
/// the difference at 0, and against U_1 on one of its slots.
fn initial() -> [f64; 2] {
    let instance = instances::correlated_jump();
    let (model, f) = (&*instance.model, &instance.f);
    let values: Vec<f64> = problems::Noise::new(6).vector(9);
    let e = ndarray::ArrayD::from_shape_vec(ndarray::IxDyn(&[3, 3]), values);
    let e = dense::symmetrise(&e.expect("nine entries"));
    let zero = e.mapv(|_| 0.0);
    let n = PARTICLES as f64;
    let start = [e.clone(), zero, e.clone(), e];
    let end = drive(model, f, &start, &[0.0, TIME], 1e-12, |l, e| {
        let one = crate::paper::power(l.f, 0);
        let source = crate::paper::scaled(l.d_down2(PARTICLES, &one), n);
        // U_1 on slot 1: K + (1−1/N)Δ_1, written out there.
        let share = 1.0 - 1.0 / n;
        let mut first = dense::on_slot(&e[3], 0, |x, image| l.model.add_k(1.0, x, image));
        for slot in [0, 2] {
            let image = l.c_at(0, &dense::insert(l.f, &[slot], &e[3]));
            first += &crate::paper::scaled(image, share);
        }
        vec![
            h(l, PARTICLES, &e[0]) + &source,
            h(l, PARTICLES, &e[1]) + &source,
            h(l, PARTICLES, &e[2]),
            first,
        ]
    });
    let [with, without, carried, on_one] = &end[1].tensors[..] else {
        unreachable!("four tensors were carried");
    };
    let wanted = with - without;
    [apart(carried, &wanted), apart(on_one, &wanted)]
}

pub(super) fn rows() -> Vec<Row> {
    let jump = instances::correlated_jump();
    let sites = free_sites();
    let [pairs, polynomial] = printed_polynomials(&instances::arrays());
    let [carried, on_one] = initial();
    let from_one = remainders(&jump, 0.5, 1, 1)[1];
    let doubled = first_correction(Form::Doubled51);
    vec![
        printed(
            "pairs-29-printed",
            "U_2⁰(G¹G² + G²G¹) is not (U_1⁰G¹)(U_1⁰G²)",
            "(29)",
            pairs,
        ),
        printed(
            "polynomial-30-printed",
            "U_2⁰P(G¹,G²) is not P(U_1⁰G¹,U_1⁰G²) for the invariant polynomial \
             Tr(G¹)Tr(G²) F(0)⊗F(0)",
            "(30)",
            polynomial,
        ),
        printed(
            "source-45-printed",
            "∫U_2 V F⊗F ds is not 𝓔_2⁰ (corrected: duhamel/leading-jump)",
            "(45), (48)",
            leading(&jump, Source::Printed),
        ),
        printed(
            "initial-48-printed",
            "U_1(t,0) on one slot does not carry 𝓔_2⁰(0)",
            "(48)",
            on_one,
        ),
        corrected(
            "initial-48",
            "U_2(t,0) carries 𝓔_2⁰(0)",
            "(48), corrected",
            (carried, 1e-9),
            "integrations at a tolerance of 1e-12",
        ),
        printed(
            "doubled-51-printed",
            "𝓔_1¹ with both lines of (51) is not N E_1 of exact particles, N → ∞",
            "(51)",
            doubled,
        ),
        corrected(
            "doubled-51",
            "𝓔_1¹ with one of them is",
            "(51), corrected",
            (first_correction(Form::Corrected), 1e-3),
            "a parabola in 1/N through N = 20, 40, 80",
        ),
        printed(
            "generator-53-printed",
            "𝓔_3¹ by H_1 on one slot (corrected: duhamel/next-3-jump)",
            "(53)",
            differs(Form::Generator53, &[(2, 0), (4, 0), (1, 1), (3, 1)], (3, 1)),
        ),
        printed(
            "source-56-printed",
            "𝓔_4⁰ fed by D_4^{−2} without its factor N (corrected: duhamel/leading-4-jump)",
            "(46), (56), (59)",
            differs(Form::Source56, &[(2, 0), (4, 0)], (4, 0)),
        ),
        printed(
            "generator-31-printed",
            "with K^j + T_j/N + (1−j/N)D_j the exponent of ‖F_1 − F_1^{N,2}‖ is not 3: distance \
             (corrected: remainders/generator)",
            "(31)",
            (exponent_of(Form::Generator31) - 3.0).abs(),
        ),
        printed(
            "sum-from-1-printed",
            "Σ from k = 1 leaves 𝓔_2⁰: exponent of the remainder of 𝓔_2, n = 1, distance from 2 \
             (corrected: remainders/theorem-jump-1)",
            "Theorem 1.4, last display",
            (exponent(from_one[1], from_one[2]) - 2.0).abs(),
        ),
        printed(
            "sum-63-printed",
            "+ before the last term of (63): relative residual (corrected: duhamel/sum-residual)",
            "(63)",
            sum_residual(1.0),
        ),
        printed(
            "source-65-printed",
            "the source in degree j alone does not give A_j^n (corrected: duhamel/remainder)",
            "(65)",
            remainder_from(false),
        ),
        printed(
            "kinetic-printed",
            "hartree: −ħ²Δ for −ħ²Δ/2 (corrected: duhamel/flow-hartree)",
            "Section 4; table of App. A",
            explicit_defect(&sites, 1, Kinetic::Whole),
        ),
        printed(
            "potentials-printed",
            "hartree: V_F⊗V_F for V_F⊗1 + 1⊗V_F (corrected: duhamel/flow-pairs-hartree)",
            "Section 4",
            explicit_defect(&sites, 2, Kinetic::Product),
        ),
        printed(
            "p-printed",
            "hartree, ħ = 0.7: P without 1/(iħ) (corrected: duhamel/flow-hartree)",
            "Section 4",
            explicit_defect(&sites, 1, Kinetic::BareP),
        ),
        printed(
            "norm-d-printed",
            "‖D_j‖ exceeds j‖V‖, by that share (corrected: linear/norm-d-jump)",
            "(40), (83), (140)",
            2.0 * attained()[2] - 1.0,
        ),
        printed(
            "norm-c1-printed",
            "two levels: ‖C_{1,2}‖ exceeds ‖v‖_∞/ħ, by that share (corrected: \
             linear/norm-c-levels)",
            "(14) at j = 1",
            first_pair_norm() - 1.0,
        ),
    ]
}
