//! The cumulants are a flow, and obey the scaling and naming symmetries of the
//! equation.

use meanfield::abstract_model::Model;
use meanfield::hierarchy::linearised_flow;
use meanfield::ode::Options;
use meanfield::prelude::*;
use meanfield_tests::derived::{Relabelled, Scaled};
use meanfield_tests::each;
use meanfield_tests::instances::Instance;
use meanfield_tests::kinds::Kind;
use proptest::prelude::*;

use crate::{FLOW, STEP, all_cumulants, close, config, cumulants_at, draw, starts};

/// A start with these cumulants.
fn from_cumulants<S: Scalar>(mut g: Vec<((usize, usize), Vec<S>)>) -> Start<S> {
    let (_, f) = g.remove(0);
    let g = g.into_iter().collect();
    Start::Cumulants { f, g }
}

/// The cumulants of order ≤ n at t.
fn at<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    order: usize,
    t: f64,
) -> Vec<((usize, usize), Vec<S>)> {
    cumulants_at(model, start, (order, 1), t, all_cumulants)
}

fn equal<S: Scalar>(name: &str, x: &[((usize, usize), Vec<S>)], y: &[((usize, usize), Vec<S>)]) {
    assert_eq!(x.len(), y.len());
    for (((j, l), x), (_, y)) in x.iter().zip(y) {
        close(&format!("{name}: g_{j},{l}"), x, y, FLOW);
    }
}

/// To t+s in one go, or to t and from the cumulants there to s: (94) does not
/// know the time, nor does the order at which it is cut.
fn composes<S: Scalar>(instance: &Instance<S>, order: usize, (t, s): (f64, f64), seed: u64) {
    let model = &*instance.model;
    for start in starts(instance, order, seed) {
        let whole = at(model, &start, order, t + s);
        let middle = from_cumulants(at(model, &start, order, t));
        equal("in two steps", &at(model, &middle, order, s), &whole);
        // What is known at a lower order does not change with the order.
        let lower = at(model, &start, order - 1, t + s);
        equal("at a higher order", &whole[..lower.len()], &lower);
    }
}

/// c·K and c·V for a time t/c are K and V for a time t.
fn scales<S: Scalar>(instance: &Instance<S>, order: usize, (t, c): (f64, f64), seed: u64) {
    let model = &*instance.model;
    let faster = Scaled {
        model,
        k: c,
        pair: c,
    };
    for start in starts(instance, order, seed) {
        let expected = at(model, &start, order, t);
        equal("c·t", &at(&faster, &start, order, t / c), &expected);
    }
}

/// The largest D of a draw.
const LARGEST: usize = 6;

/// New names for the basis elements rename every coefficient.
fn renames<S: Scalar>(instance: &Instance<S>, order: usize, t: f64, name: Vec<usize>) {
    let model = &*instance.model;
    let renamed = Relabelled::new(model, name);
    let layout = SymmetricLayout::new(model.space().dimension(), order + 1).unwrap();
    for start in starts(instance, order, 3) {
        let f = renamed.rename(&layout, 1, start.one_body());
        let other = match &start {
            Start::FixedCounts { .. } => Start::FixedCounts { f },
            Start::Cumulants { g, .. } => {
                let rename = |(&(j, l), g): (&(usize, usize), &Vec<_>)| {
                    ((j, l), renamed.rename(&layout, j, g))
                };
                Start::Cumulants {
                    f,
                    g: g.iter().map(rename).collect(),
                }
            }
            _ => Start::Product { f },
        };
        let expected: Vec<_> = at(model, &start, order, t)
            .into_iter()
            .map(|((j, l), g)| ((j, l), renamed.rename(&layout, j, &g)))
            .collect();
        equal("renamed", &at(&renamed, &other, order, t), &expected);
    }
}

/// Without pairs every cumulant moves by e^{tK} in each slot, whatever the
/// others are (88).
fn moves_alone<S: Scalar>(instance: &Instance<S>, order: usize, t: f64, seed: u64) {
    let model = &Scaled {
        model: &*instance.model,
        k: 1.0,
        pair: 0.0,
    };
    let start = instance.random_cumulants(order, seed);
    let Start::Cumulants { f, g } = &start else {
        unreachable!("cumulants were asked for");
    };
    let tensors: Vec<_> = g.iter().map(|(&(j, _), g)| (j, g.clone())).collect();
    let options = Options {
        tolerance: STEP,
        ..Options::default()
    };
    let moved = linearised_flow(model, f, &tensors, &[0.0, t], &options).unwrap();
    let found = at(model, &start, order, t);
    for ((key, _), expected) in g.iter().zip(&moved[1]) {
        let (_, here) = found.iter().find(|(k, _)| k == key).expect("kept");
        close("alone", here, expected, FLOW);
    }
}

proptest! {
    #![proptest_config(config(16))]

    #[test]
    fn law_the_cumulants_are_a_flow(
        draw in draw(&Kind::ALL), order in 1..=3_usize,
        t in 0.05..0.2_f64, s in 0.05..0.2_f64,
    ) {
        each!(draw, instance => composes(&instance, order, (t, s), draw.seed));
    }

    #[test]
    fn law_rates_times_c_are_times_over_c(
        draw in draw(&Kind::ALL), order in 0..=3_usize,
        t in 0.05..0.3_f64, c in 0.3..3.0_f64,
    ) {
        each!(draw, instance => scales(&instance, order, (t, c), draw.seed));
    }

    #[test]
    fn law_names_of_states_do_not_matter(
        draw in draw(&Kind::ALL), order in 0..=3_usize,
        t in 0.05..0.3_f64, name in Just((0..LARGEST).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        each!(draw, instance => {
            let d = instance.f.len();
            let name = name.into_iter().filter(|&a| a < d).collect();
            renames(&instance, order, t, name);
        });
    }

    #[test]
    fn law_without_pairs_every_cumulant_moves_alone(
        draw in draw(&Kind::ALL), order in 1..=3_usize, t in 0.05..0.3_f64,
    ) {
        each!(draw, instance => moves_alone(&instance, order, t, draw.seed));
    }
}
