//! Suite `validity`: where the series stops helping, and whether its own terms
//! say so (theory of asymptotic series: cut before the smallest term).

use meanfield::abstract_model::{least_value, norm};
use meanfield::expansion::estimates;
use meanfield::prelude::*;

use crate::instances::{self, Instance};
use crate::verify::{Bound, Row, Suite};

/// The suite.
pub const SUITE: Suite = Suite {
    name: "validity",
    about: "when the highest order makes it worse, on exact data",
    ids: &[
        "epidemic-coefficients",
        "epidemic-warned",
        "epidemic-not-warned",
        "epidemic-best",
        "epidemic-positivity",
        "cycle-warned",
        "cycle-best",
        "cycle-useless",
    ],
    run,
};

/// Rock, paper, scissors with empty places and mutation: examples/cycle.toml.
fn cycle() -> Instance<f64> {
    const STRENGTH: f64 = 20.0;
    const MUTATION: f64 = 0.2;
    let ordered = |(a, b): (usize, usize), to: (usize, usize)| {
        let kills = a < 3 && b == (a + 1) % 3 && to == (a, 3);
        let breeds = a < 3 && b == 3 && to == (a, a);
        kills || breeds
    };
    let pair = |from: (usize, usize), to: (usize, usize)| {
        let swapped = ordered((from.1, from.0), (to.1, to.0));
        STRENGTH * f64::from(u8::from(ordered(from, to) || swapped))
    };
    let mutates = |from: usize, to: usize| MUTATION * f64::from(u8::from(from < 3 && to < 3));
    Instance::new(
        problems::jump_process(4, mutates, pair).expect("valid rates"),
        vec![0.5, 0.2, 0.1, 0.2],
    )
}

/// F_1 at one time: its coefficients, their norms, and for every N the error of
/// each truncation.
struct At {
    series: TensorSeries<f64>,
    norms: Vec<f64>,
    errors: Vec<Vec<f64>>,
}

/// F_1 to that order at the times t > 0, against exact data at each N.
fn measure(instance: &Instance<f64>, order: usize, times: &[f64], particles: &[usize]) -> Vec<At> {
    let (model, start) = (&*instance.model, instance.product());
    let with_start: Vec<f64> = std::iter::once(0.0).chain(times.iter().copied()).collect();
    let layout = SymmetricLayout::new(instance.f.len(), 1).expect("small");
    let size = |x: &[f64]| norm(model, &layout, 1, x).expect("finite");
    let mut out = Vec::new();
    solve(model, &start, &Settings::new(order, with_start), |k, g| {
        if k > 0 {
            let series = g.marginals(1).swap_remove(1);
            let norms = series.0.iter().map(|c| size(c)).collect();
            out.push(At {
                series,
                norms,
                errors: Vec::new(),
            });
        }
        Ok::<(), ExpansionError>(())
    })
    .expect("a regular expansion");
    for &n in particles {
        let exact = meanfield::exact::solve(model, &start, n, times, 1, None).expect("it fits");
        for (k, at) in out.iter_mut().enumerate() {
            let error = |m: usize| {
                let sum = at.series.at(n as f64, m);
                let pairs = sum.iter().zip(exact.marginal(k, 1).unwrap());
                size(&pairs.map(|(x, y)| x - y).collect::<Vec<_>>())
            };
            at.errors.push((0..=order).map(error).collect());
        }
    }
    out
}

/// The largest error of the truncation that the terms recommend, in units of the
/// least error of any; and in how many cases it is not the least.
fn regret(found: &[At], particles: &[usize]) -> (f64, usize) {
    let (mut worst, mut missed) = (0.0_f64, 0);
    for at in found {
        for (&n, errors) in particles.iter().zip(&at.errors) {
            let best = estimates::best_truncation(&at.norms, n as f64);
            let least = errors.iter().copied().fold(f64::INFINITY, f64::min);
            worst = worst.max(errors[best] / least);
            missed += usize::from(errors[best] > least);
        }
    }
    (worst, missed)
}

/// The first of the times at which the terms at N grow, NaN if they never do.
fn warned(found: &[At], times: &[f64], n: usize) -> f64 {
    let norms: Vec<Vec<f64>> = found.iter().map(|at| at.norms.clone()).collect();
    let order = norms[0].len() - 1;
    let best = estimates::best_truncations(&norms, order, n as f64);
    let first = best.iter().position(|&best| best < order);
    first.map_or(f64::NAN, |k| times[k])
}

fn run(quick: bool) -> Vec<Row> {
    let row = |id, claim: String, claimed: &str, measured, bound, reason| Row {
        suite: SUITE.name,
        id,
        claim,
        equation: "-",
        claimed: claimed.to_owned(),
        measured,
        bound,
        reason,
        plot: None,
    };
    let spread = instances::epidemic(0.01);
    let numbers: &[usize] = if quick {
        &[30, 100, 1000]
    } else {
        &[30, 100, 1000, 3000]
    };
    let found = measure(&spread, 4, &[4.0, 5.0], numbers);
    let at_end = &found[1];
    // To two digits.
    let known = [-29.0, -920.0, 2.4e5];
    let infected = |m: usize| at_end.series.term(m)[1];
    let apart = (1..=3).map(|m| (infected(m) / known[m - 1] - 1.0).abs());
    let (_, missed) = regret(&found, numbers);
    let layout = SymmetricLayout::new(2, 1).expect("small");
    let least = least_value(&*spread.model, &layout, 1, &at_end.series.at(30.0, 3));
    let least = least.expect("finite").map_or(f64::NAN, |(_, least)| least);
    let times: Vec<f64> = (1..=20).map(|k| 0.25 * f64::from(k)).collect();
    let series = measure(&spread, 3, &times, &[]);
    let early = warned(&series, &times, 100);
    let late = f64::from(u8::from(warned(&series, &times, 10_000).is_finite()));

    let round = cycle();
    let times: Vec<f64> = (1..=20).map(|k| 0.1 * f64::from(k)).collect();
    let crowds: &[usize] = if quick { &[10, 20] } else { &[10, 20, 50] };
    let found_cycle = measure(&round, 3, &times, crowds);
    let (worst, _) = regret(&found_cycle, crowds);
    let late_cycle = warned(&found_cycle, &times, 50);
    let last = found_cycle[19].errors.last().expect("an N");
    let cut = "a cut before the smallest term is one order off at most, where terms are alike";
    vec![
        row(
            "epidemic-coefficients",
            "S + I → 2 I at rate 1/N from 1 %, independent, t = 5: c1 to c3 of the infected"
                .to_owned(),
            "-29, -920, 2.4e5",
            apart.fold(0.0, f64::max),
            Bound::AtMost(0.02),
            "the claimed values have two digits",
        ),
        row(
            "epidemic-warned",
            "the same, n = 3, N = 100: terms stop falling before t".to_owned(),
            "5",
            early,
            Bound::AtMost(5.0),
            "c3/N³ is above c2/N² at t = 5",
        ),
        row(
            "epidemic-not-warned",
            "the same, N = 10000: terms stop falling".to_owned(),
            "never",
            late,
            Bound::AtMost(0.0),
            "c3/N³ is 1/40 of c2/N²",
        ),
        row(
            "epidemic-best",
            format!(
                "the same, n = 4, t = 4, 5, N in {numbers:?}: recommended truncations that are not \
                 the best"
            ),
            "none",
            missed as f64,
            Bound::AtMost(0.0),
            "a count",
        ),
        row(
            "epidemic-positivity",
            "the same, n = 3, N = 30, t = 5: minus the least entry of F_1".to_owned(),
            "lost",
            -least,
            Bound::AtLeast(1.0),
            "terms of size 10 and more",
        ),
        row(
            "cycle-warned",
            "rock, paper, scissors, n = 3, N = 50: terms stop falling from t".to_owned(),
            "before 1",
            late_cycle,
            Bound::AtMost(1.0),
            "the period is 2.4",
        ),
        row(
            "cycle-best",
            "the same, t = 0.1 … 2, N = 10, 20, …: error of the recommended truncation over the \
             least"
                .to_owned(),
            "near 1",
            worst,
            Bound::AtMost(3.0),
            cut,
        ),
        row(
            "cycle-useless",
            "the same, t = 2, largest N: error of order 3 over that of the mean field".to_owned(),
            "worse",
            last[3] / last[0],
            Bound::AtLeast(3.0),
            "the highest order makes it worse",
        ),
    ]
}
