//! The interaction of a jump process linearised about a state.

use meanfield_tensor::linalg;
use ndarray::{Array2, ArrayView2, ArrayViewMut2};

use super::JumpProcess;
use crate::linearised::Linearisation;

/// Δ_1 or K + Δ_1 of a process as a D×D matrix, assembled from its rates.
pub(super) struct Linearised<'a, O, P> {
    process: &'a JumpProcess<O, P>,
    with_k: bool,
    matrix: Array2<f64>,
}

impl<'a, O, P> Linearised<'a, O, P> {
    pub(super) fn new(process: &'a JumpProcess<O, P>, with_k: bool) -> Self {
        let states = process.space.dimension();
        Self {
            process,
            with_k,
            matrix: Array2::zeros((states, states)),
        }
    }
}

impl<O, P, I, J> Linearisation<f64> for Linearised<'_, O, P>
where
    O: Fn(usize) -> I + Send + Sync,
    I: IntoIterator<Item = (usize, f64)>,
    P: Fn(usize, usize) -> J + Send + Sync,
    J: IntoIterator<Item = ((usize, usize), f64)>,
{
    /// Δ_1 G = Q(F,G) + Q(G,F): a pair (c, d) whose first particle jumps to a
    /// moves F\[c\]·G\[d\] + G\[c\]·F\[d\] from c to a. Cost: four numbers for each
    /// jump of each pair.
    fn update(&mut self, f: &[f64]) {
        let (process, matrix) = (self.process, &mut self.matrix);
        matrix.fill(0.0);
        if self.with_k {
            process.entries_of_k(|to, from, value| matrix[[to, from]] += value);
        }
        for c in 0..f.len() {
            for d in 0..f.len() {
                let mut leaving = 0.0;
                process.jumps(c, d, |a, _, rate| {
                    matrix[[a, d]] += rate * f[c];
                    matrix[[a, c]] += rate * f[d];
                    leaving += rate;
                });
                matrix[[c, d]] -= leaving * f[c];
                matrix[[c, c]] -= leaving * f[d];
            }
        }
    }

    fn add_apply(&self, c: f64, x: ArrayView2<'_, f64>, out: ArrayViewMut2<'_, f64>) {
        linalg::gemm(c, self.matrix.view(), x, out);
    }
}
