//! Suites run side by side.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::{Judged, Report, Suite};

/// Runs the suites, as many at once as the machine has processors, and calls
/// `done` after each with the number finished, its rows and its time. The rows
/// come in the order of the suites.
pub fn run(
    suites: &[&'static Suite],
    quick: bool,
    done: impl Fn(usize, &[Judged], Duration) + Sync,
) -> Report {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let results: Vec<Mutex<Vec<Judged>>> = suites.iter().map(|_| Mutex::default()).collect();
    let (next, finished) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..workers.min(suites.len()) {
            scope.spawn(|| {
                while let Some(k) = Some(next.fetch_add(1, Ordering::Relaxed))
                    && let Some(suite) = suites.get(k)
                {
                    let clock = Instant::now();
                    let rows = suite.judge(quick);
                    let count = finished.fetch_add(1, Ordering::Relaxed) + 1;
                    done(count, &rows, clock.elapsed());
                    // A poisoned slot would be that of a panic outside the suite.
                    *results[k].lock().unwrap_or_else(|slot| slot.into_inner()) = rows;
                }
            });
        }
    });
    let rows = results
        .into_iter()
        .flat_map(|slot| slot.into_inner().unwrap_or_else(|slot| slot.into_inner()));
    Report {
        rows: rows.collect(),
        ..Report::default()
    }
}
