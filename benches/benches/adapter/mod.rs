//! Hands a group of the table to criterion.

use criterion::{BenchmarkId, Criterion};
use meanfield_benches::Size;
use meanfield_benches::groups::Group;

/// Measures every entry of a group but the long ones, and its floor.
pub(crate) fn run(criterion: &mut Criterion, group: &Group) {
    let mut of_criterion = criterion.benchmark_group(group.name);
    of_criterion.sample_size(10);
    for entry in (group.entries)() {
        if entry.size == Size::Long {
            continue;
        }
        (entry.run)(&mut |pair| {
            let id = |what| BenchmarkId::new(what, &entry.name);
            of_criterion.bench_function(id("measured"), |b| b.iter(&mut *pair.measured));
            if let Some(floor) = pair.floor {
                of_criterion.bench_function(id("floor"), |b| b.iter(&mut *floor));
            }
        });
    }
    of_criterion.finish();
}
