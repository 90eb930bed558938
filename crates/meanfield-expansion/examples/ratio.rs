//! scratch
use meanfield_abstract::{Model, Start, problems};
use meanfield_expansion::{CumulantHierarchy, Plan, initial_cumulants};
use meanfield_ode::System;
use meanfield_tensor::linalg;
use ndarray::Array2;
use std::time::Instant;
fn main() {
    let threads: usize = std::env::args().nth(1).map_or(1, |s| s.parse().unwrap());
    let which: Option<String> = std::env::args().nth(2);
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global()
        .unwrap();
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap()
        .install(|| {
            for (order, d) in [
                (1, 512),
                (1, 1024),
                (2, 64),
                (2, 128),
                (3, 32),
                (2, 12),
                (2, 32),
            ] {
                if let Some(w) = &which {
                    if *w != format!("{order},{d}") {
                        continue;
                    }
                }
                let model = problems::ring_walk(d).unwrap();
                let f: Vec<f64> = (0..d)
                    .map(|s| 1.0 + 0.5 * (2.0 * std::f64::consts::PI * s as f64 / d as f64).cos())
                    .collect();
                let t: f64 = f.iter().sum();
                let f: Vec<f64> = f.iter().map(|x| x / t).collect();
                let start = Start::Product { f: f.clone() };
                let plan = Plan::new::<f64>(d, order, 1, usize::MAX).unwrap();
                let mut y = initial_cumulants(&plan, &start).unwrap();
                let mut noise = problems::Noise::new(1);
                for x in &mut y[d..] {
                    *x = noise.uniform() - 0.5;
                }
                let mut dydt = vec![0.0; y.len()];
                let mut h = CumulantHierarchy::new(&model, &plan, &f);
                let matrix = Array2::from_elem((d, d), 0.5);
                let panels: Vec<Array2<f64>> = plan.blocks()[1..]
                    .iter()
                    .map(|b| Array2::from_elem((d, plan.ladder().len(b.j - 1)), 0.5))
                    .collect();
                let mut outs = panels.clone();
                h.rhs(0.0, &y, &mut dydt);
                let reps = if which.is_some() { 60 } else { 12 };
                let (mut a, mut b) = (f64::MAX, f64::MAX);
                for _ in 0..reps {
                    let t = Instant::now();
                    h.rhs(0.0, &y, &mut dydt);
                    a = a.min(t.elapsed().as_secs_f64());
                    let t = Instant::now();
                    for (p, o) in panels.iter().zip(&mut outs) {
                        if threads == 1 || p.ncols() < 256 {
                            linalg::gemm(1.0, matrix.view(), p.view(), o.view_mut());
                        } else {
                            let w = p.ncols().div_ceil(threads);
                            let _ = w;
                            linalg::gemm(1.0, matrix.view(), p.view(), o.view_mut());
                        }
                    }
                    b = b.min(t.elapsed().as_secs_f64());
                }
                println!(
                    "order {order} D {d}: rhs {:.3} ms floor {:.3} ms (1 thread) ratio {:.2}",
                    a * 1e3,
                    b * 1e3,
                    a / b
                );
                let _ = model.space();
            }
        });
}
