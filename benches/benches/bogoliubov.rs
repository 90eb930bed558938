//! How far is one right-hand side of the factored form from its floor, the ten
//! transforms of d wave functions that it takes?
#![allow(missing_docs, reason = "criterion's macros define undocumented items")]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use meanfield::abstract_model::PositionHamiltonian;
use meanfield::expansion::bogoliubov::BogoliubovSystem;
use meanfield::ode::{Semigroup, System};
use meanfield_benches::wave_packet;

fn bogoliubov(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("bogoliubov");
    group.sample_size(10);
    for (dimension, points) in [(1, 128), (1, 512), (2, 16), (2, 32)] {
        let (model, phi) = wave_packet(dimension, points);
        let d = model.points();
        let mut system = BogoliubovSystem::new(&model);
        let mut y = system.start(&phi);
        for (k, z) in y.iter_mut().enumerate().skip(d) {
            z.re = 1e-3 * (k as f64).sin();
        }
        let mut dydt = y.clone();
        let label = format!("{dimension}D, d = {d}");
        group.bench_function(BenchmarkId::new("right-hand side", &label), |b| {
            b.iter(|| system.rhs(0.0, &y, &mut dydt));
        });
        group.bench_function(BenchmarkId::new("propagation", &label), |b| {
            b.iter(|| system.propagate(1e-9, &mut dydt));
        });
        // Blocks of columns on one thread, as the system takes them on each.
        let mut panel = y[2 * d..2 * d + d * d].to_vec();
        group.bench_function(
            BenchmarkId::new("ten transforms, one thread", &label),
            |b| {
                b.iter(|| {
                    for _ in 0..5 {
                        panel
                            .chunks_mut(16 * d)
                            .for_each(|some| model.to_momentum(some));
                        panel
                            .chunks_mut(16 * d)
                            .for_each(|some| model.to_position(some));
                    }
                });
            },
        );
    }
    group.finish();
}

criterion_group!(benches, bogoliubov);
criterion_main!(benches);
