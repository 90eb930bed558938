//! What do more threads bring?
//!
//! Measured with every thread there is; the "floor" is the same work on one. A
//! ratio of one means that the work does not use them.

use meanfield::expansion::{ExpansionError, bogoliubov};
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::Group;
use super::exact::{once, spins};
use super::solve;
use crate::problems::{ring_walk, wave_packet};
use crate::{Entry, Pair, Size};

pub(super) const GROUP: Group = Group {
    name: "threads",
    question: "every thread against one",
    entries,
};

fn entries() -> Vec<Entry> {
    let entry = |name: &str, run: fn(&mut dyn FnMut(Pair<'_>))| Entry {
        group: GROUP.name,
        name: name.to_owned(),
        size: Size::Usual,
        target: None,
        run: Box::new(run),
    };
    vec![
        entry("whole ring walk, order 2, D = 32", |visit| {
            let (model, start) = ring_walk(32);
            against_one(&|| solve::once(&model, &start, 2), visit);
        }),
        entry("bogoliubov to t = 0.05, 2D, 16 points an axis", |visit| {
            let (model, phi) = wave_packet(2, 16);
            let settings = bogoliubov::Settings::new(vec![0.0, 0.05]);
            let run = || {
                let solved =
                    bogoliubov::solve(&model, &phi, &settings, |_, _| Ok::<(), ExpansionError>(()));
                solved.expect("a regular problem");
            };
            against_one(&run, visit);
        }),
        entry("two levels, mixed, N = 100", |visit| {
            let (model, start) = spins([0.3, 0.4, 0.5]);
            against_one(&|| once(&model, &start, 100), visit);
        }),
    ]
}

/// The work in a pool of every thread, and in one of a single one.
fn against_one(work: &(dyn Fn() + Sync), visit: &mut dyn FnMut(Pair<'_>)) {
    let pool = |threads: usize| -> ThreadPool {
        let built = ThreadPoolBuilder::new().num_threads(threads).build();
        built.expect("threads can be started")
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (all, one) = (pool(threads), pool(1));
    visit(Pair {
        measured: &mut || all.install(work),
        floor: Some(&mut || one.install(work)),
    });
}
