//! What the coefficients 𝓔_j^k depend on, and which powers of 1/N occur:
//! Proposition 2.2, (32), Remark 1.8.

use meanfield::expansion::recursion::{self, RecursionSystem, Terms};
use meanfield::ode::{OdeError, Options, System, integrate};
use meanfield::prelude::*;
use meanfield_testing::{largest, worse};
use num_complex::Complex64;

use super::SUITE;
use crate::class::Class;
use crate::each;
use crate::instances::{self, Instance};
use crate::verify::{Bound, Row};

const ORDER: usize = 3;
const PARTICLES: usize = 9;

/// (j, k) of every block after that of F, in the order of the blocks.
fn places() -> Vec<(usize, usize)> {
    let all = (1..=2 * ORDER).flat_map(|j| (0..=2 * ORDER - j).map(move |k| (j, k)));
    all.collect()
}

/// The change of ∂t 𝓔_j^k when one 𝓔_{j'}^{k'} is changed: the largest over pairs
/// with j'+k' > j+k or k' > k, and the least over j'+k' = j+k of neighbours.
fn domain() -> (f64, f64) {
    let instance = instances::arrays();
    let model = &*instance.model;
    let mut system = RecursionSystem::new(model, ORDER, PARTICLES, Terms::All).expect("small");
    let blocks = system.blocks().to_vec();
    let starts: Vec<usize> = (0..blocks.len())
        .map(|b| blocks[..b].iter().sum())
        .collect();
    let places = places();
    assert_eq!(places.len() + 1, blocks.len(), "a block for each pair");
    let size: usize = blocks.iter().sum();
    let mut y: Vec<Complex64> = problems::Noise::new(2).vector(size);
    y[..blocks[0]].copy_from_slice(&instance.f);
    let mut slope = |y: &[Complex64]| {
        let mut out = vec![Complex64::ZERO; size];
        system.rhs(0.0, y, &mut out);
        out
    };
    let before = slope(&y);
    let (mut outside, mut reached) = (0.0, f64::INFINITY);
    for (b, &(jj, kk)) in (1..).zip(&places) {
        let mut changed = y.clone();
        for x in &mut changed[starts[b]..starts[b] + blocks[b]] {
            *x += Complex64::new(0.5, -0.3);
        }
        let after = slope(&changed);
        for (a, &(j, k)) in (1..).zip(&places) {
            let range = starts[a]..starts[a] + blocks[a];
            let gap = after[range.clone()].iter().zip(&before[range]);
            let moved = gap.map(|(x, y)| (x - y).norm()).fold(0.0, worse);
            if jj + kk > j + k || kk > k {
                outside = worse(outside, moved);
            }
            // Δ^+ reaches (j+1, k−1): the edge j'+k' = j+k of the domain.
            if (jj, kk + 1) == (j + 1, k) {
                reached = reached.min(moved);
            }
        }
    }
    (outside, reached)
}

/// At N = 9, all terms integrated: the largest 𝓔_j^k with an odd power of N^{−1/2}
/// in (32) over the largest of all, and the number of j ≤ 3 whose highest power
/// in E_j^1 is not n+⌊j/2⌋.
fn powers() -> (f64, f64) {
    let instance = instances::arrays();
    let mut system =
        RecursionSystem::new(&*instance.model, ORDER, PARTICLES, Terms::All).expect("small");
    let start = system
        .start(&instance.f, &Default::default())
        .expect("fits");
    let reader = system.reader();
    let mut sizes = Default::default();
    let options = Options {
        tolerance: 1e-9,
        ..Options::default()
    };
    integrate(&mut system, &start, &[0.0, 0.3], &options, |_, y| {
        let of = |(&place, term): (&(usize, usize), &Vec<Complex64>)| (place, largest(term));
        sizes = reader(y).terms().iter().map(of).collect();
        Ok::<(), OdeError>(())
    })
    .expect("a regular flow");
    let sizes: std::collections::BTreeMap<(usize, usize), f64> = sizes;
    let all = sizes.values().copied().fold(0.0, worse);
    let odd = sizes.iter().filter(|((j, k), _)| (j + k) % 2 == 1);
    let odd = odd.map(|(_, &size)| size).fold(0.0, worse);
    // (32) at n = 1: k ≤ 2.
    let wrong = (1..=3_usize).filter(|&j| {
        let present = (0..=2).filter(|&k| sizes[&(j, k)] > 1e-6 * all);
        let highest = present.map(|k| (j + k) as f64 / 2.0).fold(0.0, worse);
        highest != (1 + j / 2) as f64
    });
    (odd / all, wrong.count() as f64)
}

/// The largest relative change of 𝓔_1¹ and 𝓔_2⁰ between N = 10 and 20.
fn depends<S: Scalar>(instance: &Instance<S>) -> f64 {
    let at = |n| {
        let mut out = Vec::new();
        recursion::solve(
            &*instance.model,
            1,
            n,
            &instance.f,
            &Default::default(),
            &[0.0, 0.5],
            &Options::default(),
            |_| true,
            |_, state| {
                out = state.terms().values().flatten().copied().collect();
                Ok::<(), ExpansionError>(())
            },
        )
        .expect("a regular expansion");
        out
    };
    let (x, y): (Vec<S>, Vec<S>) = (at(10), at(20));
    let gap: Vec<S> = x.iter().zip(&y).map(|(&a, &b)| a - b).collect();
    largest(&gap) / largest(&y)
}

pub(super) fn rows() -> Vec<Row> {
    let (outside, reached) = domain();
    let (odd, wrong) = powers();
    let mut rows = vec![
        SUITE.row(
            "domain",
            "arrays, n = 3: ∂t 𝓔_j^k changes with no 𝓔_(j')^(k') of j'+k' > j+k or k' > k"
                .to_owned(),
            "Theorem 1.4, Proposition 2.2",
            "0",
            (outside, Bound::AtMost(0.0)),
            "nothing feeds them",
        ),
        SUITE.row(
            "domain-reached",
            "arrays, n = 3: it does change with every 𝓔_(j+1)^(k−1), the edge of the domain"
                .to_owned(),
            "Theorem 1.4, Proposition 2.2",
            "> 0",
            (reached, Bound::AtLeast(1e-3)),
            "an effect of order one",
        ),
        SUITE.row(
            "integer-powers",
            "arrays, n = 3, all 𝓔_j^k integrated: those with half-integer powers of 1/N in (32)"
                .to_owned(),
            "(32), (33)",
            "0",
            (odd, Bound::AtMost(0.0)),
            "nothing feeds them",
        ),
        SUITE.row(
            "highest-power",
            "arrays, n = 1: degrees j ≤ 3 in which E_j^n does not reach N^−(n+⌊j/2⌋)".to_owned(),
            "(32), line under (33), corrected",
            "none",
            (wrong, Bound::AtMost(0.0)),
            "a count",
        ),
    ];
    let ids = ["coefficients-depend-jump", "coefficients-depend-levels"];
    for (class, id) in Class::TWO.into_iter().zip(ids) {
        rows.push(SUITE.row(
            id,
            format!(
                "{}: 𝓔_1¹ and 𝓔_2⁰ of the recursion differ between N = 10 and 20",
                class.name()
            ),
            "Remark 1.8",
            "not 0",
            (
                each!(class, instance => depends(&instance)),
                Bound::AtLeast(1e-3),
            ),
            "N inside the operators: far above the error of an integration at 1e-10",
        ));
    }
    rows
}
