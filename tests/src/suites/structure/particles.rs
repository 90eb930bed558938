//! The N-particle equations (79), (81), (88) against each other and against
//! collisions drawn out one by one; the starts (21), (118).

use meanfield::exact::closed_form::fixed_counts;
use meanfield::exact::full;
use meanfield::models::kac::{CrossSection, Kac};
use meanfield::prelude::*;
use meanfield::tensor::{dense, norms};
use meanfield_testing::{difference, largest, worse};
use ndarray::Array2;

use super::{INTEGRATED, SUITE, exactly};
use crate::class::Class;
use crate::each;
use crate::instances::{self, Instance};
use crate::paper::exact::exact;
use crate::paper::power;
use crate::paper::size::exponential;
use crate::verify::{Bound, Row};

const TIME: f64 = 0.7;

/// Slot by slot in L^{⊗N} against occupation numbers, N = 4, from the state
/// moved out of equilibrium.
fn occupation<S: Scalar>(instance: &Instance<S>) -> f64 {
    const PARTICLES: usize = 4;
    let model = &*instance.model;
    let start = power(&instance.f, PARTICLES);
    let state = &full::evolve(model, &start, &[TIME]).expect("the tensor fits")[0];
    let layout = SymmetricLayout::new(instance.f.len(), PARTICLES).expect("small");
    let start = instance.product();
    let solved = meanfield::exact::solve(model, &start, PARTICLES, &[TIME], PARTICLES, None)
        .expect("the sector fits");
    let of = |j| {
        let packed = dense::to_packed(&layout, &full::marginal(model, state, j));
        difference(&packed, solved.marginal(0, j).unwrap())
    };
    (1..=PARTICLES).map(of).fold(0.0, worse)
}

/// Change of momentum and energy per particle in the exact evolution, N = 10.
fn conserved<S: Scalar>(instance: &Instance<S>, names: &[&str]) -> f64 {
    let times = [0.0, TIME, 3.0];
    let start = instance.product();
    let solved =
        meanfield::exact::solve(&*instance.model, &start, 10, &times, 1, None).expect("it fits");
    let change = |name: &&str| {
        let a = Observable::named(&*instance.model, name).expect("the model names it");
        let mean = |k| a.mean(solved.marginal(k, 1).unwrap());
        worse((mean(1) - mean(0)).modulus(), (mean(2) - mean(0)).modulus())
    };
    names.iter().map(change).fold(0.0, worse)
}

/// (79) for three particles with five velocities, collision by collision: a pair
/// leaves at rate |g|/N for any pair with its momentum and energy.
fn collisions() -> f64 {
    const PARTICLES: usize = 3;
    let instance = instances::kac(2, 1.0);
    let lattice = Kac::lattice(2, 1.0, CrossSection::HardSphere).expect("the same lattice");
    let velocities = lattice.velocities();
    let d = velocities.len();
    let (v, states) = (|a: usize| &velocities[a], d.pow(3));
    let sum = |a: usize, b: usize| -> Vec<f64> {
        let pairs = v(a).iter().zip(v(b)).map(|(x, y)| x + y);
        let squares: f64 = v(a).iter().chain(v(b)).map(|x| x * x).sum();
        pairs.chain([squares]).collect()
    };
    let digits = |s: usize| [s / (d * d), s / d % d, s % d];
    let index = |x: [usize; 3]| (x[0] * d + x[1]) * d + x[2];
    let mut generator = Array2::<f64>::zeros((states, states));
    for from in 0..states {
        let x = digits(from);
        for (i, j) in [(0, 1), (0, 2), (1, 2)] {
            let gaps = v(x[i]).iter().zip(v(x[j])).map(|(a, b)| (a - b).powi(2));
            let rate = gaps.sum::<f64>().sqrt() / PARTICLES as f64;
            let outgoing: Vec<(usize, usize)> = (0..d * d)
                .map(|k| (k / d, k % d))
                .filter(|&(a, b)| sum(a, b) == sum(x[i], x[j]))
                .collect();
            for &(a, b) in &outgoing {
                let mut to = x;
                (to[i], to[j]) = (a, b);
                generator[[index(to), from]] += rate / outgoing.len() as f64;
            }
            generator[[from, from]] -= rate;
        }
    }
    let f = &instance.f;
    let start = Array2::from_shape_fn((states, 1), |(s, _)| {
        digits(s).iter().map(|&a| f[a]).product()
    });
    let end = exponential(&generator, TIME).dot(&start);
    let solved =
        meanfield::exact::solve(&*instance.model, &instance.product(), 3, &[TIME], 3, None)
            .expect("it fits");
    let layout = SymmetricLayout::new(d, 3).expect("small");
    let packed = solved.marginal(0, 3).unwrap();
    let gap = |s: usize| (end[[s, 0]] - packed[layout.rank(&digits(s))]).abs();
    (0..states).map(gap).fold(0.0, worse)
}

/// Largest ‖E_j(0)‖ of independent particles, 1 ≤ j ≤ 4.
fn product<S: Scalar>(instance: &Instance<S>) -> f64 {
    let start = exact(instance, 4, 0.0);
    start.errors[1..].iter().map(largest).fold(0.0, worse)
}

/// From fixed counts of N particles at t = 0: the defect of every F_j, N‖E_1‖, and
/// ‖E_j‖^(1/j) √N/j, 2 ≤ j ≤ 10, at most.
fn counted_at(particles: usize) -> [f64; 3] {
    const HIGHEST: usize = 10;
    let jump = instances::jump();
    let start = Start::FixedCounts { f: jump.f.clone() };
    let counts = start.counts(particles).expect("N x_a are integers");
    let solved = meanfield::exact::solve(&*jump.model, &start, particles, &[0.0], HIGHEST, None)
        .expect("it fits");
    let layout = SymmetricLayout::new(3, HIGHEST).expect("small");
    let mut gap = 0.0;
    let mut marginals = vec![vec![1.0]];
    for j in 1..=HIGHEST {
        for (entry, &found) in solved.marginal(0, j).unwrap().iter().enumerate() {
            let occupation = layout.occupation(j, entry);
            let occupation: Vec<usize> = occupation.iter().map(|&n| usize::from(n)).collect();
            let drawn = fixed_counts::marginal(&counts, &occupation);
            gap = worse(gap, (found - drawn).abs());
        }
        marginals.push(solved.marginal(0, j).unwrap().to_vec());
    }
    let errors = meanfield::hierarchy::correlation_errors(&layout, &jump.f, &marginals).unwrap();
    let n = particles as f64;
    let share =
        |j: usize| norms::l1(&layout, j, &errors[j]).powf(1.0 / j as f64) * n.sqrt() / j as f64;
    let shares = (2..=HIGHEST).map(share).fold(0.0, worse);
    [gap, norms::l1(&layout, 1, &errors[1]) * n, shares]
}

fn counted() -> Vec<Row> {
    let all = [20, 40, 80].map(counted_at);
    let most = |k: usize| all.iter().map(|of| of[k]).fold(0.0, worse);
    let row = |id, claim: &str, equation, claimed: &str, measured, bound, reason| Row {
        suite: SUITE.name,
        id,
        claim: claim.to_owned(),
        equation,
        claimed: claimed.to_owned(),
        measured,
        bound: Bound::AtMost(bound),
        reason,
        plot: None,
    };
    vec![
        row(
            "fixed-counts",
            "fixed counts, N = 20, 40, 80, j ≤ 10: F_j is the draw without return Π (N x_a)_α_a/(N)_j",
            "theory, section 3",
            "0",
            most(0),
            1e-13,
            "rounding",
        ),
        row(
            "fixed-counts-first",
            "fixed counts, N = 20, 40, 80: ‖E_1(0)‖ N",
            "(21), (118)",
            "at most B",
            most(1),
            1e-12,
            "F_1 is F: rounding",
        ),
        row(
            "fixed-counts-size",
            "fixed counts, N = 20, 40, 80: largest ‖E_j(0)‖^(1/j) √N/j, 2 ≤ j ≤ 10",
            "(21), (118)",
            "at most C_0",
            most(2),
            1.0,
            "C_0 = 1 is below what (21) asks for, C_0 > 1",
        ),
    ]
}

pub(super) fn rows() -> Vec<Row> {
    let reason = "two evolutions to rounding";
    let mut rows = exactly(
        "occupation",
        "N = 4: K_i and V_ij slot by slot, and occupation numbers, give the same F_1 … F_4",
        "(79), (81), (88)–(90)",
        INTEGRATED,
        reason,
    )
    .rows(
        &[Class::Jump, Class::Kac, Class::Povzner],
        |class| each!(class, instance => occupation(&instance)),
    );
    rows.extend(
        exactly(
            "n-body-conserved",
            "N = 10, t ≤ 3: the exact evolution keeps momentum and energy",
            "(79), (81)",
            INTEGRATED,
            reason,
        )
        .rows(&[Class::Kac, Class::Povzner], |class| match class {
            Class::Kac => {
                each!(class, instance => conserved(&instance, &["vx", "vy", "energy"]))
            }
            _ => each!(class, instance => conserved(&instance, &["vx", "energy"])),
        }),
    );
    rows.push(
        exactly(
            "collisions",
            "N = 3, five velocities: the jump process of (79), collision by collision, gives F_3",
            "(79)",
            INTEGRATED,
            reason,
        )
        .row(Class::Kac, collisions()),
    );
    rows.extend(
        exactly(
            "product",
            "F^{⊗N}: E_j(0) = 0, 1 ≤ j ≤ 4",
            "(21), (118)",
            1e-13,
            "2^j terms of order one",
        )
        .rows(
            &Class::TWO,
            |class| each!(class, instance => product(&instance)),
        ),
    );
    rows.extend(counted());
    rows
}
