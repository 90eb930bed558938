//! Every packed operator equals the paper's sums over particles, written out
//! on dense tensors.

use meanfield_abstract::problems::{random_arrays, random_element, random_jump_process};
use meanfield_abstract::{Custom, Model};
use meanfield_hierarchy::literal::Literal;
use meanfield_hierarchy::{Operators, correlation_error, marginal_from_errors};
use meanfield_tensor::{Scalar, dense};
use ndarray::ArrayD;
use num_complex::Complex64;

use crate::{close, noise};

/// Sums of at most a few thousand products of numbers of order one.
const ROUNDING: f64 = 1e-13;
const HIGHEST: usize = 5;

/// Runs `test` on random models of every kind with D = 1 … 4, with a random F
/// of trace 1.
macro_rules! on_random_models {
    ($test:ident) => {
        for d in 1..=4 {
            let seed = 10 + d as u64;
            $test(&random_arrays::<f64>(d, seed).unwrap());
            $test(&random_arrays::<Complex64>(d, seed).unwrap());
            $test(&random_jump_process(d, seed).unwrap());
        }
    };
}

/// One operator from degree `from` to degree `to`: the packed form must add
/// c times the literal image to what is in the buffer.
#[track_caller]
fn same<S: Scalar>(
    name: &str,
    operators: &mut Operators<'_, S>,
    (from, to): (usize, usize),
    packed: impl Fn(&mut Operators<'_, S>, S, &[S], &mut [S]),
    literal: impl Fn(&ArrayD<S>) -> ArrayD<S>,
) {
    let layout = operators.layout().clone();
    let c = S::from_complex(Complex64::new(0.7, -0.4));
    let e = noise::<S>(layout.len(from), 3 + from);
    let dirt = noise::<S>(layout.len(to), 4 + to);
    let mut found = dirt.clone();
    packed(operators, c, &e, &mut found);
    let image = literal(&dense::from_packed(&layout, from, &e));
    assert_eq!(image.ndim(), to, "{name}");
    // A packed tensor can only stand for a symmetric one.
    assert!(
        dense::asymmetry(&image) < 1e-11,
        "{name} maps symmetric tensors to symmetric ones"
    );
    let image = dense::to_packed(&layout, &image);
    let expected: Vec<S> = dirt.iter().zip(&image).map(|(&x, &y)| x + c * y).collect();
    close(
        &format!("{name}, {from} → {to}"),
        &found,
        &expected,
        ROUNDING,
    );
}

fn all_operators<S: Scalar>(model: &Custom<S>) {
    let f = random_element(model.space().trace(), 7);
    let mut operators = Operators::new(model, HIGHEST + 1).unwrap();
    // The state set last is the one that counts.
    operators.set_state(&noise(f.len(), 1)).unwrap();
    operators.set_state(&f).unwrap();
    let ops = &mut operators;
    let lit = Literal { model, f: &f };
    let n_of = |j: usize| [7, j.max(1)];
    for j in 0..=HIGHEST {
        same(
            "K",
            ops,
            (j, j),
            |o, c, e, out| o.add_k(c, j, e, out).unwrap(),
            |e| lit.k(e),
        );
        same(
            "T",
            ops,
            (j, j),
            |o, c, e, out| o.add_t(c, j, e, out).unwrap(),
            |e| lit.t(e),
        );
        same(
            "C",
            ops,
            (j + 1, j),
            |o, c, e, out| o.add_c(c, j, e, out).unwrap(),
            |e| lit.c(e),
        );
        same(
            "Δ",
            ops,
            (j, j),
            |o, c, e, out| o.add_delta(c, j, e, out).unwrap(),
            |e| lit.delta(e),
        );
        let exchange = |o: &mut Operators<'_, _>, c, e: &[S], out: &mut [S]| {
            o.add_exchange(c, j, e, out).unwrap();
        };
        same("exchange", ops, (j, j), exchange, |e| lit.exchange(e));
        let r = |e: &ArrayD<S>| lit.delta(e).mapv(|x| x.scaled(-(j as f64))) - lit.exchange(e);
        same(
            "R",
            ops,
            (j, j),
            |o, c, e, out| o.add_r(c, j, e, out).unwrap(),
            r,
        );
        for n in n_of(j) {
            let up = |o: &mut Operators<'_, _>, c, e: &[S], out: &mut [S]| {
                o.add_d_up(c, j, n, e, out).unwrap();
            };
            same(
                "D",
                ops,
                (j, j),
                |o, c, e, out| o.add_d(c, j, n, e, out).unwrap(),
                |e| lit.d(n, e),
            );
            same("D^1", ops, (j + 1, j), up, |e| lit.d_up(n, e));
        }
    }
    for j in 1..=HIGHEST {
        for n in n_of(j) {
            let down = |o: &mut Operators<'_, _>, c, e: &[S], out: &mut [S]| {
                o.add_d_down(c, j, n, e, out).unwrap();
            };
            same("D^-1", ops, (j - 1, j), down, |e| lit.d_down(n, e));
        }
        let gamma = |e: &ArrayD<S>| lit.d_down(1, e);
        same(
            "Γ",
            ops,
            (j - 1, j),
            |o, c, e, out| o.add_gamma(c, j, e, out).unwrap(),
            gamma,
        );
    }
    for j in 2..=HIGHEST {
        for n in n_of(j) {
            let down2 = |o: &mut Operators<'_, _>, c, e: &[S], out: &mut [S]| {
                o.add_d_down2(c, j, n, e, out).unwrap();
            };
            same("D^-2", ops, (j - 2, j), down2, |e| lit.d_down2(n, e));
        }
        let s = |e: &ArrayD<S>| lit.d_down2(1, e);
        same(
            "S",
            ops,
            (j - 2, j),
            |o, c, e, out| o.add_s(c, j, e, out).unwrap(),
            s,
        );
    }
}

#[test]
fn law_packed_operators_are_the_sums_over_particles() {
    on_random_models!(all_operators);
}

/// More columns than one tile of a two-slot panel holds.
#[test]
fn law_tiles_of_two_slot_panels_join_without_a_seam() {
    // D = 12, degree 5: 364 columns of 144 rows make 52416 entries; degree 6
    // has 1365 columns, 196560 entries: three tiles and a remainder.
    let model = random_jump_process(12, 5).unwrap();
    let f = random_element(model.space().trace(), 7);
    let mut operators = Operators::new(&model, 6).unwrap();
    operators.set_state(&f).unwrap();
    let layout = operators.layout().clone();
    let g = noise::<f64>(12, 2);
    // On a power everything is known from degree one and two.
    let (g4, g5, g6) = (
        layout.power(&g, 4),
        layout.power(&g, 5),
        layout.power(&g, 6),
    );
    let mut pair = vec![0.0; layout.len(2)];
    operators
        .add_t(1.0, 2, &layout.power(&g, 2), &mut pair)
        .unwrap();
    let (mut found, mut expected) = (vec![0.0; layout.len(6)], vec![0.0; layout.len(6)]);
    operators.add_t(1.0, 6, &g6, &mut found).unwrap();
    layout.add_product((2, &pair), (4, &g4), 1.0, &mut expected);
    close("T_6 G⊗…⊗G", &found, &expected, ROUNDING);

    let mut drift = vec![0.0; 12];
    operators
        .add_c(1.0, 1, &layout.power(&g, 2), &mut drift)
        .unwrap();
    let (mut found, mut expected) = (vec![0.0; layout.len(5)], vec![0.0; layout.len(5)]);
    operators.add_c(1.0, 5, &g6, &mut found).unwrap();
    layout.add_product((1, &drift), (4, &g4), 1.0, &mut expected);
    close("C_6 G⊗…⊗G", &found, &expected, ROUNDING);

    // Γ_6 G⊗…⊗G from its three terms.
    let (mut found, mut expected) = (vec![0.0; layout.len(6)], vec![0.0; layout.len(6)]);
    operators.add_gamma(1.0, 6, &g5, &mut found).unwrap();
    let mut sum = vec![0.0; layout.len(2)];
    // V(F⊗G + G⊗F) = T_2 (F⊙G).
    let mut fg = vec![0.0; layout.len(2)];
    layout.add_product((1, &f), (1, &g), 1.0, &mut fg);
    operators.add_t(1.0, 2, &fg, &mut sum).unwrap();
    layout.add_product((2, &sum), (4, &g4), 1.0, &mut expected);
    let drift = operators.drift().to_vec();
    layout.add_product((1, &drift), (5, &g5), -6.0, &mut expected);
    let mut delta = vec![0.0; layout.len(5)];
    operators.add_delta(1.0, 5, &g5, &mut delta).unwrap();
    layout.add_product((1, &f), (5, &delta), -1.0, &mut expected);
    close("Γ_6 G⊗…⊗G", &found, &expected, ROUNDING);
}

fn conventions<S: Scalar>(model: &Custom<S>) {
    let f = random_element(model.space().trace(), 7);
    let mut operators = Operators::new(model, 3).unwrap();
    operators.set_state(&f).unwrap();
    let layout = operators.layout().clone();
    let (one, n) = (S::from_re(1.0), 3);
    let e = |j| noise::<S>(layout.len(j), 5);
    let zero = |j| vec![S::from_re(0.0); layout.len(j)];

    let mut out = zero(2);
    operators.add_d_up(one, 2, 2, &e(3), &mut out).unwrap();
    assert_eq!(out, zero(2), "D_N^1 = 0");
    let mut out = zero(1);
    operators.add_d_down2(one, 1, n, &[], &mut out).unwrap();
    assert_eq!(out, zero(1), "D_1^-2 = 0");

    let lit = Literal { model, f: &f };
    let q = lit.drift();
    let mut out = zero(1);
    operators.add_d_down(one, 1, n, &[one], &mut out).unwrap();
    let expected: Vec<S> = q.iter().map(|&x| -x.scaled(1.0 / 3.0)).collect();
    close("D_1^-1 E_0 = −Q(F,F)/N", &out, &expected, ROUNDING);

    let vf = dense::vector(&f);
    let source = lit.v(0, 1, &dense::outer_on(&vf, &[0], &vf))
        - dense::outer_on(&q, &[0], &vf)
        - dense::outer_on(&vf, &[0], &q);
    let mut out = zero(2);
    operators.add_d_down2(one, 2, n, &[one], &mut out).unwrap();
    let expected = dense::to_packed(&layout, &source.mapv(|x| x.scaled(1.0 / 3.0)));
    close("D_2^-2 E_0", &out, &expected, ROUNDING);
}

#[test]
fn law_the_conventions_are_cases_of_the_formulas() {
    on_random_models!(conventions);
}

fn inverse_pair<S: Scalar>(model: &Custom<S>) {
    let f = random_element(model.space().trace(), 7);
    let lit = Literal { model, f: &f };
    let operators = Operators::new(model, HIGHEST).unwrap();
    let layout = operators.layout();
    let family: Vec<Vec<S>> = (0..=HIGHEST)
        .map(|j| noise(layout.len(j), 20 + j))
        .collect();
    let dense_family: Vec<ArrayD<S>> = family
        .iter()
        .enumerate()
        .map(|(j, e)| dense::from_packed(layout, j, e))
        .collect();
    for j in 0..=HIGHEST {
        let error = correlation_error(layout, &f, j, &family).unwrap();
        let literal = dense::to_packed(layout, &lit.correlation_error(j, &dense_family));
        close("(18)", &error, &literal, ROUNDING);
        let marginal = marginal_from_errors(layout, &f, j, &family).unwrap();
        let literal = dense::to_packed(layout, &lit.marginal(j, &dense_family));
        close("(19)", &marginal, &literal, ROUNDING);
    }
    let errors = meanfield_hierarchy::correlation_errors(layout, &f, &family).unwrap();
    for (j, member) in family.iter().enumerate() {
        let back = marginal_from_errors(layout, &f, j, &errors).unwrap();
        close("(19) inverts (18)", &back, member, 1e-11);
    }
}

#[test]
fn law_marginals_and_errors_are_an_inverse_pair() {
    on_random_models!(inverse_pair);
}
