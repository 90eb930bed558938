//! How far is one right-hand side of the cumulant hierarchy from its floor, the
//! one-slot matrix products of the same plan?
#![allow(missing_docs, reason = "criterion's macros define undocumented items")]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use meanfield::expansion::CumulantHierarchy;
use meanfield::ode::System;
use meanfield::tensor::linalg;
use meanfield_benches::{dense_unknowns, ring_walk};
use ndarray::Array2;

fn right_hand_side(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("right_hand_side");
    group.sample_size(10);
    for (order, states) in [(1, 64), (1, 256), (2, 16), (2, 32), (3, 12)] {
        let (model, start) = ring_walk(states);
        let (plan, y) = dense_unknowns(&start, states, order);
        let mut dydt = vec![0.0; y.len()];
        let mut hierarchy = CumulantHierarchy::new(&model, &plan, start.one_body());
        let label = format!("order {order}, D = {states}");
        group.bench_function(BenchmarkId::new("measured", &label), |b| {
            b.iter(|| hierarchy.rhs(0.0, &y, &mut dydt));
        });
        let matrix = Array2::from_elem((states, states), 0.5);
        let panels: Vec<Array2<f64>> = plan
            .blocks()
            .iter()
            .map(|block| Array2::from_elem((states, plan.ladder().len(block.j - 1)), 0.5))
            .collect();
        let mut out: Vec<Array2<f64>> = panels.clone();
        group.bench_function(BenchmarkId::new("floor", &label), |b| {
            b.iter(|| {
                for (panel, out) in panels.iter().zip(&mut out) {
                    linalg::gemm(1.0, matrix.view(), panel.view(), out.view_mut());
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, right_hand_side);
criterion_main!(benches);
