//! Suite `reference`: values from elsewhere, to the digits printed there.

mod twisting;

use meanfield::prelude::*;
use meanfield::tensor::linalg;
use meanfield_testing::Evolve;
use ndarray::Array2;

use crate::instances;
use crate::verify::{Bound, Row, Suite};

/// The suite.
pub const SUITE: Suite = Suite {
    name: "reference",
    about: "coefficients and exact values from elsewhere, closed forms",
    ids: &[
        "sis-c0",
        "sis-c1",
        "sis-c2",
        "sis-exact",
        "sis-stationary",
        "three-states",
        "three-states-pair",
        "three-states-exact",
        "two-levels-s0",
        "two-levels-s1",
        "two-levels-s2",
        "two-levels-extrapolated",
        "twisting",
        "twisting-squeezing",
        "twisting-squeezing-series-0",
        "twisting-squeezing-series-1",
        "twisting-squeezing-series-2",
    ],
    run,
};

/// The coefficients of F_j at time `t`, packed.
fn coefficients<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    order: usize,
    t: f64,
    j: usize,
) -> Vec<Vec<S>> {
    Evolve::to(t).coefficients(model, start, (order, j))
}

/// F_j of N particles at time `t`.
fn exact<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    n: usize,
    t: f64,
    j: usize,
) -> Vec<S> {
    meanfield_testing::exact(model, start, (n, j), t).remove(j - 1)
}

fn row(id: &'static str, claim: &str, claimed: &str, measured: f64, digits: f64) -> Row {
    SUITE.row(
        id,
        claim,
        "reference",
        claimed,
        (measured, Bound::AtMost(digits)),
        "one unit of the last digit that is good in the reference",
    )
}

/// t, fixed counts?, c0, c1, c2, exact F_1(I) and F_2(I,I) at N = 10.
type Transient = (f64, bool, [f64; 3], [f64; 2]);

/// Gast, Bortolussi, Tribastone (2018), transient from F(0)(I) = 0.6.
const SIS: [Transient; 6] = [
    (
        0.5,
        false,
        [0.6121061040, -0.0805541, 0.002127],
        [0.604076346476, 0.368762955805],
    ),
    (
        0.5,
        true,
        [0.6121061040, -0.0565477, 0.004024],
        [0.606490975644, 0.368727337532],
    ),
    (
        1.0,
        false,
        [0.6160925693, -0.1097963, -0.003428],
        [0.605093581433, 0.370410799702],
    ),
    (
        1.0,
        true,
        [0.6160925693, -0.0993264, 0.001247],
        [0.606180161271, 0.371363255739],
    ),
    (
        2.0,
        false,
        [0.6178263328, -0.1222809, -0.012678],
        [0.605495278146, 0.370941586468],
    ),
    (
        2.0,
        true,
        [0.6178263328, -0.1210394, -0.011018],
        [0.605634692849, 0.371101098063],
    ),
];

fn sis(quick: bool) -> Vec<Row> {
    let model = problems::sis().expect("valid rates");
    let mut worst = [0.0_f64; 3];
    let mut worst_exact = 0.0_f64;
    for (t, fixed, expected, truth) in SIS {
        let f = vec![0.4, 0.6];
        let start = if fixed {
            Start::FixedCounts { f }
        } else {
            Start::Product { f }
        };
        let found = coefficients(&model, &start, 2, t, 1);
        for m in 0..3 {
            worst[m] = worst[m].max((found[m][1] - expected[m]).abs());
        }
        let first = exact(&model, &start, 10, t, 1)[1] - truth[0];
        let second = exact(&model, &start, 10, t, 2)[2] - truth[1];
        worst_exact = worst_exact.max(first.abs()).max(second.abs());
    }
    let order = if quick { 7 } else { 8 };
    let start = Start::Product { f: vec![0.4, 0.6] };
    let stationary = coefficients(&model, &start, order, 30.0, 1);
    let expected = [
        0.6180339887498948,
        -0.123606797749979,
        -0.01527864045000421,
        0.02283281572999748,
        0.0173759765396,
        -0.0175707480986,
        -0.04502097585,
    ];
    let differences = stationary
        .iter()
        .zip(expected)
        .map(|(c, e)| (c[1] - e).abs());
    vec![
        row(
            "sis-c0",
            "SIS, both starts, t = 0.5, 1, 2: mean field",
            "10 digits",
            worst[0],
            1e-10,
        ),
        row(
            "sis-c1",
            "SIS: 1/N coefficient",
            "7 decimals",
            worst[1],
            1.5e-7,
        ),
        row(
            "sis-c2",
            "SIS: 1/N² coefficient",
            "4 digits",
            worst[2],
            1e-5,
        ),
        row(
            "sis-exact",
            "SIS: exact F_1(I), F_2(I,I) at N = 10",
            "12 digits",
            worst_exact,
            1e-12,
        ),
        row(
            "sis-stationary",
            &format!("SIS: stationary coefficients to 1/N^{order}"),
            "11 digits",
            differences.fold(0.0, f64::max),
            1e-11,
        ),
    ]
}

fn largest_difference(found: &[f64], expected: &[f64]) -> f64 {
    found
        .iter()
        .zip(expected)
        .map(|(x, y)| (x - y).abs())
        .fold(0.0, f64::max)
}

fn three_states() -> Vec<Row> {
    let instance = instances::jump();
    let (model, start) = (&*instance.model, instance.product());
    let found = coefficients(model, &start, 2, 1.0, 1).concat();
    let expected = [
        0.416038005728,
        0.252516331177,
        0.331445663095,
        0.052474457111,
        -0.018400156449,
        -0.034074300662,
        0.034906229858,
        -0.005024622928,
        -0.029881606930,
    ];
    let pair = coefficients(model, &start, 1, 1.0, 2);
    // Packed entries (0,0), (0,1), (0,2).
    let first_row = [pair[1][0], pair[1][1], pair[1][3]];
    let exact_values: Vec<f64> = [10, 20, 40]
        .into_iter()
        .flat_map(|n| exact(model, &start, n, 1.0, 1))
        .collect();
    let expected_exact = [
        0.421654517252,
        0.250624722028,
        0.327720760721,
        0.418751438681,
        0.251583596634,
        0.329664964685,
        0.417371985712,
        0.252053166427,
        0.330574847861,
    ];
    let first_row_expected = [0.044111867433, 0.003760375445, 0.004602214233];
    vec![
        row(
            "three-states",
            "three states: f_{1,0}, f_{1,1}, f_{1,2} at t = 1",
            "12 decimals",
            largest_difference(&found, &expected),
            1e-12,
        ),
        row(
            "three-states-pair",
            "three states: first row of f_{2,1}",
            "12 decimals",
            largest_difference(&first_row, &first_row_expected),
            1e-12,
        ),
        row(
            "three-states-exact",
            "three states: exact F_1 at N = 10, 20, 40",
            "12 decimals",
            largest_difference(&exact_values, &expected_exact),
            1e-12,
        ),
    ]
}

fn two_levels(quick: bool) -> Vec<Row> {
    let instance = instances::two_levels();
    let model = &*instance.model;
    let found = coefficients(model, &instance.product(), 2, 1.0, 1);
    let bloch = |f: &[f64]| -> Vec<f64> {
        ["sx", "sy", "sz"]
            .map(|name| Observable::named(model, name).expect("two levels").mean(f))
            .to_vec()
    };
    let expected = [
        [0.492373014610, 0.099708721253, 0.864654257718],
        [0.7746562603, -0.8200099208, -0.4708591321],
        [-1.956112, -0.770196, -0.029452],
    ];
    let digits = [
        (1e-12, "12 decimals"),
        // The tenth printed digit differs by two from a value that forms (b) and
        // (c) share, and that moves by less than 1e-12 between tolerances of
        // 1e-10 and 3e-14: nine digits of the reference are good.
        (3e-10, "9 decimals"),
        (1e-6, "6 decimals"),
    ];
    let mut rows: Vec<Row> = (0..3)
        .map(|m| {
            row(
                SUITE.ids[8 + m],
                &format!("two-level atoms in a field: coefficient of N^-{m} of the Bloch vector"),
                digits[m].1,
                largest_difference(&bloch(&found[m]), &expected[m]),
                digits[m].0,
            )
        })
        .collect();
    let extrapolated = extrapolated_correction(&instance, quick, &bloch);
    rows.push(row(
        "two-levels-extrapolated",
        "two-level atoms in a field: 1/N coefficient against exact N-body, extrapolated",
        "8 decimals",
        largest_difference(&bloch(&found[1]), &extrapolated),
        1e-8,
    ));
    rows
}

/// The 1/N coefficient of the Bloch vector at t = 1 from exact bosons alone:
/// the polynomial in 1/N through a ladder of doubling N.
fn extrapolated_correction(
    instance: &instances::Instance<f64>,
    quick: bool,
    bloch: &dyn Fn(&[f64]) -> Vec<f64>,
) -> Vec<f64> {
    let steps = if quick { 7 } else { 8 };
    let particles: Vec<usize> = (0..steps).map(|k| 30 << k).collect();
    let powers = Array2::from_shape_fn((steps, steps), |(k, m)| {
        (particles[k] as f64).powi(-(m as i32))
    });
    let mut values = Array2::zeros((steps, 3));
    for (k, &n) in particles.iter().enumerate() {
        let f1 = exact(&*instance.model, &instance.product(), n, 1.0, 1);
        for (component, x) in bloch(&f1).into_iter().enumerate() {
            values[[k, component]] = x;
        }
    }
    let fitted = linalg::solve(powers.view(), values.view()).expect("distinct particle numbers");
    fitted.row(1).to_vec()
}

fn run(quick: bool) -> Vec<Row> {
    [
        sis(quick),
        three_states(),
        two_levels(quick),
        twisting::rows(quick),
    ]
    .concat()
}
