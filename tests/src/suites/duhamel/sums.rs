//! The sum 𝓔̄_j^n = Σ_{k≤n} N^{−k/2} 𝓔_j^k: its equation (63), and the remainder
//! A_j^n = 𝓔_j − 𝓔̄_j^n as what the whole sequence of sources feeds (64), (65).

use meanfield::hierarchy::literal::Literal;
use meanfield::prelude::*;
use meanfield::tensor::dense;
use meanfield_testing::worse;
use ndarray::ArrayD;

use super::row;
use crate::instances::{self, Instance};
use crate::paper::recursion::h;
use crate::paper::{apart, drive, scaled};
use crate::verify::Row;

/// N, and as many degrees: nothing is left out.
const PARTICLES: usize = 3;
/// n of the sum.
const ORDER: usize = 2;
const TIME: f64 = 0.4;
const TOLERANCE: f64 = 1e-12;

/// 𝓔_j^k for 1 ≤ j ≤ N, 0 ≤ k ≤ n, whatever the parity: (j, k) at (j−1)(n+1)+k.
fn place(j: usize, k: usize) -> usize {
    (j - 1) * (ORDER + 1) + k
}

/// Reads a family by degree: 𝓔_0 as given, nothing above N.
fn of<S: Scalar>(at: impl Fn(usize) -> ArrayD<S>, zeroth: f64, d: usize, j: usize) -> ArrayD<S> {
    match j {
        0 => dense::zeros(d, 0).mapv(|_: S| S::from_re(zeroth)),
        j if j > PARTICLES => dense::zeros(d, j),
        j => at(j),
    }
}

/// Δ_j^= X_{j−2}, Δ_j^+ Y_{j+1} and Δ_j^− Y_{j−1}, as (61) and the recursion have them.
struct Parts<'a, S: Scalar> {
    l: &'a Literal<'a, S>,
}

impl<S: Scalar> Parts<'_, S> {
    fn down2(&self, x: &ArrayD<S>) -> ArrayD<S> {
        scaled(self.l.d_down2(PARTICLES, x), PARTICLES as f64)
    }

    /// Δ_j^+ Y_{j+1} + Δ_j^− Y_{j−1}.
    fn beside(&self, j: usize, above: &ArrayD<S>, below: &ArrayD<S>) -> ArrayD<S> {
        let down = scaled(self.l.d_down(PARTICLES, below), PARTICLES as f64);
        match j < PARTICLES {
            true => self.l.d_up(PARTICLES, above) + down,
            false => down,
        }
    }
}

/// The full flow (61) of a family, with 𝓔_0 = `zeroth`.
fn flow<S: Scalar>(
    l: &Literal<'_, S>,
    e: &dyn Fn(usize) -> ArrayD<S>,
    zeroth: f64,
) -> Vec<ArrayD<S>> {
    let d = l.f.len();
    let get = |j| of(e, zeroth, d, j);
    let root = (PARTICLES as f64).sqrt();
    let parts = Parts { l };
    (1..=PARTICLES)
        .map(|j| {
            let mut out = h(l, PARTICLES, &get(j));
            if j >= 2 {
                out += &parts.down2(&get(j - 2));
            }
            out + scaled(parts.beside(j, &get(j + 1), &get(j - 1)), 1.0 / root)
        })
        .collect()
}

/// Σ_k N^{−k/2} of something by k.
fn summed<S: Scalar>(terms: impl Iterator<Item = ArrayD<S>>) -> ArrayD<S> {
    let weighted = (0..)
        .zip(terms)
        .map(|(k, term)| scaled(term, (PARTICLES as f64).powf(-f64::from(k) / 2.0)));
    weighted
        .reduce(|sum, term| sum + term)
        .expect("at least one term")
}

/// ∂t of every 𝓔_j^k by the recursion.
fn recursion<S: Scalar>(l: &Literal<'_, S>, e: &[ArrayD<S>]) -> Vec<ArrayD<S>> {
    let d = l.f.len();
    let parts = Parts { l };
    let mut out = Vec::new();
    for j in 1..=PARTICLES {
        for k in 0..=ORDER {
            let get = |j: usize, k: usize| {
                of(
                    |j| e[place(j, k)].clone(),
                    f64::from(u8::from(k == 0)),
                    d,
                    j,
                )
            };
            let mut slope = h(l, PARTICLES, &get(j, k));
            if j >= 2 {
                slope += &parts.down2(&get(j - 2, k));
            }
            if k >= 1 {
                slope += &parts.beside(j, &get(j + 1, k - 1), &get(j - 1, k - 1));
            }
            out.push(slope);
        }
    }
    out
}

/// 𝓔_1^n … of the highest k, as sources N^{−(n+1)/2}(Δ^+ 𝓔_{j+1}^n + Δ^− 𝓔_{j−1}^n).
fn sources<S: Scalar>(l: &Literal<'_, S>, e: &[ArrayD<S>]) -> Vec<ArrayD<S>> {
    let d = l.f.len();
    let get = |j| of(|j| e[place(j, ORDER)].clone(), 0.0, d, j);
    let weight = (PARTICLES as f64).powf(-(ORDER as f64 + 1.0) / 2.0);
    let parts = Parts { l };
    (1..=PARTICLES)
        .map(|j| scaled(parts.beside(j, &get(j + 1), &get(j - 1)), weight))
        .collect()
}

fn start<S: Scalar>(instance: &Instance<S>, copies: usize) -> Vec<ArrayD<S>> {
    let d = instance.f.len();
    let degrees = (1..=PARTICLES).flat_map(|j| std::iter::repeat_n(j, copies));
    degrees.map(|j| dense::zeros(d, j)).collect()
}

/// The largest relative residual of (63) with that sign of its last term, all j.
pub(crate) fn sum_residual(sign: f64) -> f64 {
    let instance = instances::arrays();
    let model = &*instance.model;
    let first = start(&instance, ORDER + 1);
    let end = drive(
        model,
        &instance.f,
        &first,
        &[0.0, TIME],
        TOLERANCE,
        recursion,
    );
    let (f, e) = (&end[1].f, &end[1].tensors);
    let l = Literal { model, f };
    let slopes = recursion(&l, e);
    let over_k = |of: &[ArrayD<_>], j: usize| summed((0..=ORDER).map(|k| of[place(j, k)].clone()));
    let sums = |j: usize| over_k(e, j);
    let right = flow(&l, &sums, 1.0);
    let last = sources(&l, e);
    (1..=PARTICLES)
        .map(|j| {
            let expected = &right[j - 1] + &scaled(&last[j - 1], sign);
            apart(&expected, &over_k(&slopes, j))
        })
        .fold(0.0, worse)
}

/// The relative distance, largest over j, of A_j^n from the flow of the sources:
/// of all of them, or, as (65) is printed, of the one in degree j alone.
pub(crate) fn remainder_from(all: bool) -> f64 {
    let instance = instances::correlated_jump();
    let model = &*instance.model;
    // The full flow, the recursion, and what the sources feed.
    let families = if all { 1 } else { PARTICLES };
    let mut first = start(&instance, 1);
    first.extend(start(&instance, ORDER + 1));
    for _ in 0..families {
        first.extend(start(&instance, 1));
    }
    let terms = PARTICLES * (ORDER + 1);
    let end = drive(
        model,
        &instance.f,
        &first,
        &[0.0, TIME],
        TOLERANCE,
        |l, e| {
            let (full, rest) = e.split_at(PARTICLES);
            let (k, fed) = rest.split_at(terms);
            let mut out = flow(l, &|j| full[j - 1].clone(), 1.0);
            out.extend(recursion(l, k));
            let source = sources(l, k);
            for (copy, fed) in fed.chunks(PARTICLES).enumerate() {
                let slope = flow(l, &|j| fed[j - 1].clone(), 0.0);
                out.extend(slope.into_iter().enumerate().map(|(at, slope)| {
                    match all || at == copy {
                        true => slope + &source[at],
                        false => slope,
                    }
                }));
            }
            out
        },
    );
    let e = &end[1].tensors;
    let (full, rest) = e.split_at(PARTICLES);
    let (k, fed) = rest.split_at(terms);
    (1..=PARTICLES)
        .map(|j| {
            let sum = summed((0..=ORDER).map(|n| k[place(j, n)].clone()));
            let remainder = &full[j - 1] - &sum;
            let copy = if all { 0 } else { j - 1 };
            apart(&fed[copy * PARTICLES + j - 1], &remainder)
        })
        .fold(0.0, worse)
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        row(
            "sum-residual",
            "arrays, N = 3, n = 2: Σ_k N^{−k/2} 𝓔_j^k solves (63) with − before its last term",
            "(63), corrected, (64)",
            sum_residual(-1.0),
            1e-12,
            "rounding: both sides are evaluated on the same tensors",
        ),
        row(
            "remainder",
            "jump, N = 3, n = 2: 𝓔_j − 𝓔̄_j^n is fed by the whole sequence of sources",
            "(65), corrected",
            remainder_from(true),
            1e-8,
            "integrations at a tolerance of 1e-12",
        ),
    ]
}
