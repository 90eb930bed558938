//! How long does a whole expansion take: the ring walk to 1/N² at t = 1,
//! relative tolerance 1e-6?
#![allow(missing_docs, reason = "criterion's macros define undocumented items")]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use meanfield::prelude::*;
use meanfield_benches::ring_walk;

fn whole_solve(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("solve");
    group.sample_size(10);
    for states in [8, 12, 16, 32] {
        let (model, start) = ring_walk(states);
        let mut settings = Settings::new(2, vec![0.0, 1.0]);
        settings.tolerance = 1e-6;
        group.bench_function(BenchmarkId::new("ring walk to 1/N^2", states), |b| {
            b.iter(|| {
                solve(&model, &start, &settings, |_, _| {
                    Ok::<(), ExpansionError>(())
                })
            });
        });
    }
    group.finish();
}

criterion_group!(benches, whole_solve);
criterion_main!(benches);
