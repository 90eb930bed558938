//! Suite `bounds`: the computable bound on the truncation error is never
//! violated and not idle, and what the estimates are worth.

mod compare;
mod random;

use crate::instances::{self, Instance};
use crate::verify::{Bound, Curve, Plot, Row, Suite};
use compare::{FINE, compare, largest_share, latest_time, least_numbers};
use meanfield::expansion::bounds::Measured;
use meanfield::prelude::*;

/// The suite.
pub const SUITE: Suite = Suite {
    name: "bounds",
    about: "a bound on ‖F_j − F_j^{N,n}‖ from the residual, and two estimates, on exact data",
    ids: &[
        "never-violated",
        "says-something",
        "next-within-3",
        "ratio-covers",
        "each-degree",
        "lower-growth",
        "lower-up",
        "lower-down",
        "lower-down2",
        "lower-residual-1",
        "lower-residual-2",
        "sis-time",
        "levels-time",
        "hbar-time",
        "sis-least-bound",
        "sis-least-next",
        "sis-least-ratio",
        "sis-over-bound",
        "sis-over-next",
        "sis-over-ratio",
        "levels-least-bound",
        "levels-least-next",
        "levels-least-ratio",
        "levels-over-bound",
        "levels-over-next",
        "levels-over-ratio",
    ],
    run,
};

/// What [`largest_share`] finds when a norm is understated: above 1 where the
/// bound needs it as large as it is.
fn understated() -> [(&'static str, &'static str, f64); 6] {
    let grows =
        |change: fn(&mut Measured)| largest_share(&instances::epidemic(0.01), 1.0, (60, 2), change);
    let correlates = |change: fn(&mut Measured)| {
        largest_share(&instances::correlated_jump(), 0.2, (40, 4), change)
    };
    [
        (
            "lower-growth",
            "half the growth rate μ(K+Δ_1)",
            grows(|m| m.constants.growth *= 0.5),
        ),
        (
            "lower-up",
            "no C_{1,2}, on 60 random models",
            random::draws(60, |m| m.constants.c = 0.0).worst,
        ),
        (
            "lower-down",
            "no D_j^{−1}, j ≥ 2, and no D_4^{−2}",
            correlates(|m| {
                m.constants.insertion = 0.0;
                m.constants.source = 0.0;
            }),
        ),
        (
            "lower-down2",
            "no D_j^{−2} but in the residual",
            correlates(|m| m.constants.source = 0.0),
        ),
        (
            "lower-residual-1",
            "no residual σ_1",
            correlates(|m| m.residual[1] = 0.0),
        ),
        (
            "lower-residual-2",
            "half the residual σ_2",
            correlates(|m| m.residual[2] *= 0.5),
        ),
    ]
}

/// The six rows of a model: what its name begins, except how long the bound says
/// something.
fn ids_of(prefix: &str) -> [&'static str; 6] {
    let own = |id: &&&str| id.starts_with(prefix) && !id.ends_with("-time");
    let mut ids = SUITE.ids.iter().filter(own);
    std::array::from_fn(|_| *ids.next().expect("six rows of every model"))
}

/// Rows of one model: the least N that each says something at, and what each is in
/// units of the true error at N = 80, all at order 1.
fn worth<S: Scalar>(
    (name, ids): (&str, [&'static str; 6]),
    instance: &Instance<S>,
    time: f64,
    limits: [f64; 6],
) -> Vec<Row> {
    let ladder: Vec<usize> = (1..=14).map(|k| 1 << k).collect();
    let least = least_numbers(instance, (1, time), &ladder);
    let at = compare(instance, (1, time, FINE), &[80], |_| ())[0][0];
    let over = [at.bound, at.next, at.ratio].map(|x| x / at.error);
    let what = ["the bound", "\"next\"", "\"ratio\""];
    let row = |k: usize| {
        let (claim, measured) = match k < 3 {
            true => (
                format!(
                    "{name}, n = 1, j = 1, t = {time}: least N from which on {} is below 1",
                    what[k]
                ),
                least[k],
            ),
            false => (
                format!(
                    "{name}, the same: {} over the true error at N = 80",
                    what[k - 3]
                ),
                over[k - 3],
            ),
        };
        Row {
            suite: SUITE.name,
            id: ids[k],
            claim,
            equation: "Corollaries 1.5, 5.1, A.2",
            claimed: "as small as may be".to_owned(),
            measured,
            bound: Bound::AtMost(limits[k]),
            reason: "twice what was found when the row was written: to see when it gets worse",
            plot: None,
        }
    };
    (0..6).map(row).collect()
}

fn run(quick: bool) -> Vec<Row> {
    let count = if quick { 200 } else { 2000 };
    let found = random::draws(count, |_| ());
    let row = |id, claim: String, claimed: &str, measured, bound, reason| Row {
        suite: SUITE.name,
        id,
        claim,
        equation: "Corollaries 1.5, 5.1, A.2",
        claimed: claimed.to_owned(),
        measured,
        bound,
        reason,
        plot: None,
    };
    let models = format!("{count} random models, j = 1 and 2");
    let small = format!("{} errors in 1e-6 … 0.1", found.small.len());
    let mut rows = vec![
        row(
            "never-violated",
            format!("{models}: the largest error in units of its bound"),
            "at most 1",
            found.worst,
            Bound::AtMost(1.0),
            "it is a bound",
        ),
        row(
            "says-something",
            format!("{models}: share of bounds below 1"),
            "most",
            found.useful as f64 / found.all as f64,
            Bound::AtLeast(0.5),
            "a bound that says nothing is never violated",
        ),
        row(
            "next-within-3",
            format!("{small}: share that \"next\" meets within a factor of 3"),
            "95 %",
            found.share_met(|s| s.1),
            Bound::AtLeast(0.95),
            "the next term is the error but for terms of the order after it",
        ),
        row(
            "ratio-covers",
            format!(
                "{small}: share that \"ratio\" is not below (within a factor of 3: {:.0} %, of which \
                 nothing is claimed)",
                100.0 * found.share_met(|s| s.2)
            ),
            "95 %",
            found.share_covered(|s| s.2),
            Bound::AtLeast(0.95),
            "its j² makes it cautious",
        ),
        row(
            "each-degree",
            "‖E_j‖ in units of u_j, j ≤ 4, on exact data: the largest".to_owned(),
            "at most 1",
            largest_share(&instances::correlated_jump(), 0.2, (40, 4), |_| ()).max(largest_share(
                &instances::epidemic(0.01),
                3.0,
                (400, 2),
                |_| (),
            )),
            Bound::AtMost(1.0),
            "it is a bound",
        ),
    ];
    // The error against the estimate it should be met by, a factor of order one away.
    let mut met: Vec<(f64, f64)> = found.small.iter().map(|s| (s.1, s.0)).take(80).collect();
    met.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows[2].plot = Some(Plot {
        x: "\"next\"".to_owned(),
        y: "true error".to_owned(),
        curves: vec![Curve {
            label: "random models".to_owned(),
            points: met,
            slope: Some(1.0),
        }],
    });
    rows.extend(understated().map(|(id, what, share)| {
        row(
            id,
            format!("the same with {what}: the bound is violated"),
            "above 1",
            share,
            Bound::AtLeast(1.0),
            "no norm is idle: a bound with less would not be one",
        )
    }));
    let sis = instances::sis();
    let useful = latest_time(&instances::two_levels(), 1000, 1.0);
    for (id, name, time, limit) in [
        ("sis-time", "sis", latest_time(&sis, 1000, 4.0), 1.0),
        ("levels-time", "two levels", useful, 0.1),
    ] {
        rows.push(row(
            id,
            format!("{name}, n = 1, j = 1, N = 1000: the bound is below 1 until t"),
            "short times",
            time,
            Bound::AtLeast(limit),
            "half of what was found when the row was written: to see when it gets worse",
        ));
    }
    let quarter = instances::spins(0.25, [0.6, 0.0, 0.8]);
    let at_quarter = latest_time(&quarter, 1000, 0.25) / 0.25;
    rows.push(row(
        "hbar-time",
        "two levels, N = 1000: the same time over ħ, ħ = 1/4 beside ħ = 1: relative change"
            .to_owned(),
        "0: ‖V‖ is of order 1/ħ",
        (at_quarter / useful - 1.0).abs(),
        Bound::AtMost(0.0),
        "one of the same twenty times",
    ));
    rows.extend(worth(
        ("sis", ids_of("sis-")),
        &sis,
        2.0,
        [4.0, 4.0, 4.0, 9.0, 1.2, 20.0],
    ));
    rows.extend(worth(
        ("two levels", ids_of("levels-")),
        &instances::two_levels(),
        0.2,
        [4.0, 4.0, 4.0, 5.0, 1.2, 20.0],
    ));
    rows
}
