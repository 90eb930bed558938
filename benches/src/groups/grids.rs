//! How long does the general form of order 1 take on a grid: bosons that fly apart,
//! D = d² states, t = 1, tolerance 1e-6, on every thread?

use meanfield::models::hartree::{Grid, Hartree, Potential};
use meanfield::prelude::*;
use rayon::ThreadPoolBuilder;

use super::Group;
use crate::{Entry, Pair, Size, Target};

pub(super) const GROUP: Group = Group {
    name: "grids",
    question: "Hartree to 1/N without a trap, t = 1, tolerance 1e-6, every thread",
    entries,
};

fn entries() -> Vec<Entry> {
    let sizes = [
        (16, Size::Usual, None),
        (32, Size::Long, None),
        (64, Size::Long, Some(180.0)),
    ];
    let entry = |(points, size, most): (usize, Size, Option<f64>)| Entry {
        group: GROUP.name,
        name: format!("hartree, order 1, d = {points}"),
        size,
        target: most.map(Target::Seconds),
        run: Box::new(move |visit: &mut dyn FnMut(Pair<'_>)| {
            let pool = ThreadPoolBuilder::new().build();
            let pool = pool.expect("threads can be started");
            let (model, start) = released(points);
            visit(Pair {
                measured: &mut || pool.install(|| once(&model, &start)),
                floor: None,
            });
        }),
    };
    sizes.into_iter().map(entry).collect()
}

/// A cloud that flies apart in a box of 12.
///
/// # Panics
/// Never for a grid of some dozen points: the cloud fits the box.
#[must_use]
pub(crate) fn released(points: usize) -> (Hartree, Start<num_complex::Complex64>) {
    let grid = Grid::new(1, points, 12.0).expect("a grid");
    let repulsion = Potential::Gaussian {
        strength: 2.0,
        width: 0.6,
    };
    let model = Hartree::new(grid, 1.0, 1.0, repulsion, None).expect("regular parameters");
    let f = model.gaussian(&[0.0], &[0.7], &[0.0]);
    let start = Start::Product {
        f: f.expect("the cloud fits the box"),
    };
    (model, start)
}

/// One solution at t = 1.
///
/// # Panics
/// Never for the cloud.
pub(crate) fn once(model: &Hartree, start: &Start<num_complex::Complex64>) {
    let mut settings = Settings::new(1, vec![0.0, 1.0]);
    settings.tolerance = 1e-6;
    let solved = solve(model, start, &settings, |_, cumulants| {
        std::hint::black_box(cumulants.mean_field());
        Ok::<(), ExpansionError>(())
    });
    solved.expect("a regular problem");
}
