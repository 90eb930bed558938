//! How long does a whole expansion take: the ring walk to 1/N², t = 1, relative
//! tolerance 1e-6?

use meanfield::prelude::*;

use super::Group;
use crate::problems::ring_walk;
use crate::{Entry, Pair, Size};

pub(super) const GROUP: Group = Group {
    name: "solve",
    question: "the whole ring walk to 1/N², t = 1, tolerance 1e-6",
    entries,
};

fn entries() -> Vec<Entry> {
    let sizes = [
        (8, Size::Quick),
        (12, Size::Quick),
        (16, Size::Quick),
        (24, Size::Quick),
        (32, Size::Quick),
        (128, Size::Usual),
    ];
    sizes.map(|(states, size)| entry(states, size)).into()
}

/// A size of it.
pub(super) fn entry(states: usize, size: Size) -> Entry {
    Entry {
        group: GROUP.name,
        name: format!("ring walk, order 2, D = {states}"),
        size,
        target: None,
        run: Box::new(move |visit| {
            let (model, start) = ring_walk(states);
            visit(Pair {
                measured: &mut || once(&model, &start, 2),
                floor: None,
            });
        }),
    }
}

/// One solution at t = 1.
///
/// # Panics
/// Never for the ring walk.
pub(crate) fn once(model: &Custom<f64>, start: &Start<f64>, order: usize) {
    let mut settings = Settings::new(order, vec![0.0, 1.0]);
    settings.tolerance = 1e-6;
    let solved = solve(model, start, &settings, |_, cumulants| {
        std::hint::black_box(cumulants.marginals(1));
        Ok::<(), ExpansionError>(())
    });
    solved.expect("a regular problem");
}
