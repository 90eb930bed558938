//! Suite `coverage`: whether the error figures that the program prints hold as often as
//! they say, on random models of each class against exact N-body evolution.

mod draw;

use meanfield_run::catalogue::Catalogue;
use meanfield_run::{Config, Finding, Silent, solve};

use crate::verify::{Bound, Row, Suite};
use draw::Class;

/// The suite.
pub const SUITE: Suite = Suite {
    name: "coverage",
    about: "the ± that is printed, beside exact values",
    ids: &[
        "jump-within",
        "jump-far",
        "jump-width",
        "open-within",
        "open-far",
        "open-width",
        "kac-within",
        "kac-far",
        "kac-width",
        "hartree-within",
        "hartree-far",
        "hartree-width",
        "transient-within",
        "transient-width",
    ],
    run,
};

/// The N that are compared.
const NUMBERS: [usize; 3] = [10, 20, 40];
/// Models of a class; a tenth of them, without the largest N, where it is quick.
const MODELS: u64 = 200;
/// Nine figures in ten hold.
const WITHIN: f64 = 0.9;
/// How far a value may be off its figure,
const FAR: f64 = 5.0;
/// but for this share: a first correction and all correlations that pass through zero at
/// one time say nothing of the second.
const SHARE_FAR: f64 = 0.005;
/// The figure beside the true error, in the middle.
const WIDTH: f64 = 10.0;
/// True errors below this are what the integrators leave.
const RESOLVED: f64 = 1e-9;

/// ± over the true error of every number with both.
fn widths(text: &str, resolved: f64) -> Vec<f64> {
    let config = Config::parse(text, "drawn.toml".as_ref(), &Catalogue::default());
    let config = config.unwrap_or_else(|error| panic!("{error}\n{text}"));
    let results = solve(&config, &Silent).expect("a small model");
    let width = |found: &Finding| {
        let off = (found.corrected? - found.exact?).abs();
        (off > resolved).then(|| found.error.map(|error| error / off))?
    };
    results.outcome.findings.iter().filter_map(width).collect()
}

fn run(quick: bool) -> Vec<Row> {
    let models = if quick { MODELS / 10 } else { MODELS };
    let numbers = if quick { &NUMBERS[..2] } else { &NUMBERS[..] };
    let mut rows = Vec::new();
    for class in Class::ALL {
        let mut all = Vec::new();
        for seed in 0..models {
            for order in [1, 2] {
                all.extend(widths(&class.config(seed, order, numbers), RESOLVED));
            }
        }
        all.sort_by(f64::total_cmp);
        let share =
            |least: f64| all.iter().filter(|&&w| w < least).count() as f64 / all.len() as f64;
        let [within, far, width] = class.ids();
        let drawn = format!(
            "{}, {models} random models, orders 1 and 2, N in {numbers:?}, t = 0.1 … 3",
            class.name()
        );
        rows.extend([
            SUITE.row(
                within,
                format!("the exact value lies within the ± printed: {drawn}"),
                "§13",
                "≥ 0.9 of the numbers",
                (1.0 - share(1.0), Bound::AtLeast(WITHIN)),
                "an estimate from the terms kept; nine in ten is what it says of itself",
            ),
            SUITE.row(
                far,
                format!(
                    "share of values off by more than {FAR} times ±: {}",
                    class.name()
                ),
                "§13",
                "0",
                (share(1.0 / FAR), Bound::AtMost(SHARE_FAR)),
                "what is kept may vanish by accident, all of it at once",
            ),
            SUITE.row(
                width,
                format!("± beside the true error, the median: {}", class.name()),
                "§13",
                "≤ 10",
                (all[all.len() / 2], Bound::AtMost(WIDTH)),
                "a figure that is always wide says nothing",
            ),
        ]);
    }
    rows.extend(transient());
    rows
}

/// A + B → 2 A from one A in a thousand: the coefficients grow to 10⁵ and fall again, and
/// the figure must fall with the error.
fn transient() -> [Row; 2] {
    // What the integrator leaves is the error here.
    let at = |t: f64| widths(&draw::autocatalysis(t), 1e-14).into_iter();
    let all: Vec<f64> = [3.0, 4.5, 6.0, 9.0, 12.0]
        .into_iter()
        .flat_map(at)
        .collect();
    let least = all.iter().copied().fold(f64::INFINITY, f64::min);
    let most = all.iter().copied().fold(0.0, f64::max);
    [
        SUITE.row(
            "transient-within",
            "the least ± beside the true error after a transient, t = 3 … 12",
            "§13",
            "≥ 1",
            (least, Bound::AtLeast(1.0)),
            "what is left out of terms that all decay is a few tens of times the last of them",
        ),
        SUITE.row(
            "transient-width",
            "the largest ± beside the true error after a transient, t = 3 … 12",
            "§13",
            "≤ 1e4",
            (most, Bound::AtMost(1e4)),
            "a maximum over time would be 1e10: the terms do not fall from order to order here, \
             but all of them decay",
        ),
    ]
}
