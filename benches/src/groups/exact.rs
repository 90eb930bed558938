//! How long does an exact N-body evolution take, to t = 1?
//!
//! The two-level target is a hundredth of the 52 s that a permutation-symmetric
//! Lindblad solver of the field takes for the same state at N = 100.

use meanfield::exact;
use meanfield::models::levels::{Dissipation, Levels, TransverseField};
use meanfield::prelude::*;

use super::Group;
use crate::{Entry, Pair, Size, Target};

pub(super) const GROUP: Group = Group {
    name: "exact",
    question: "exact N-body evolution to t = 1",
    entries,
};

/// ½Σσx + (1/N)Σσzσz and a start with that Bloch vector.
///
/// # Panics
/// Never for a vector inside the Bloch ball.
pub(crate) fn spins(bloch: [f64; 3]) -> (Levels, Start<f64>) {
    let field = TransverseField {
        omega: 1.0,
        chi: 1.0,
    };
    let model = field
        .model(Dissipation::default(), 1.0)
        .expect("valid parameters");
    let user = model
        .bloch(bloch[0], bloch[1], bloch[2])
        .expect("inside the ball");
    let f = one_body_state(&model, "F", &user).expect("a state");
    (model, Start::Product { f })
}

/// One exact solution with F_1 and F_2 at t = 1.
///
/// # Panics
/// When N is too large for the memory there is.
pub(super) fn once<M: Model>(model: &M, start: &Start<M::Scalar>, n: usize) {
    let solved = exact::solve(model, start, n, &[1.0], 2, None).expect("it fits");
    std::hint::black_box(solved);
}

const MIXED: [f64; 3] = [0.3, 0.4, 0.5];
const PURE: [f64; 3] = [0.48, 0.64, 0.6];

fn entries() -> Vec<Entry> {
    let two_levels = [
        ("mixed", MIXED, 40, Size::Quick, None),
        ("mixed", MIXED, 100, Size::Quick, Some(0.52)),
        ("mixed", MIXED, 300, Size::Long, None),
        ("pure", PURE, 1000, Size::Usual, None),
    ];
    let two_levels = two_levels.map(|(kind, bloch, n, size, most)| {
        let name = format!("two levels, {kind}, N = {n}");
        entry(name, size, most, n, move || spins(bloch))
    });
    let three_states = [(40, None), (200, Some(1.0))].map(|(n, most)| {
        let problem = || {
            let model = problems::three_states().expect("the rates are valid");
            let f = vec![0.5, 0.3, 0.2];
            (model, Start::Product { f })
        };
        entry(
            format!("three states, N = {n}"),
            Size::Quick,
            most,
            n,
            problem,
        )
    });
    two_levels.into_iter().chain(three_states).collect()
}

fn entry<M: Model<Scalar = f64>>(
    name: String,
    size: Size,
    most: Option<f64>,
    n: usize,
    problem: impl Fn() -> (M, Start<f64>) + 'static,
) -> Entry {
    Entry {
        group: GROUP.name,
        name,
        size,
        target: most.map(Target::Seconds),
        run: Box::new(move |visit| {
            let (model, start) = problem();
            visit(Pair {
                measured: &mut || once(&model, &start, n),
                floor: None,
            });
        }),
    }
}
