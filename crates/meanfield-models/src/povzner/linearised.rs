//! Δ_1 about F by its structure: one convolution over the cells, and two small
//! matrices for each cell.
//!
//! With F̃ = h ∗ F and q the rates of Q, Q_v = Σ_{w,u} q_{v,wu} F_w(x) G̃_u(x):
//!
//! > (Δ_1 G)_v(x) = Σ_w [Σ_u q_{v,wu} F̃_u(x)] G_w(x) + Σ_u [Σ_w q_{v,wu} F_w(x)] G̃_u(x).

use meanfield_abstract::Linearisation;
use ndarray::{ArrayView2, ArrayViewMut2};

use super::interaction::Interaction;
use super::model::Povzner;
use super::panel::{add_combination, blocks, columns, gather, scatter};

/// Δ_1 or K + Δ_1, without a D×D matrix. Cost on M columns: (1 + channels)·D·n_v·M
/// and the convolutions, against D²·M.
pub(super) struct Structured<'a> {
    model: &'a Povzner,
    with_k: bool,
    /// What multiplies G in each cell, n_v×n_v row by row.
    local: Vec<f64>,
    /// What multiplies h_k ∗ G in each cell, for each channel.
    distant: Vec<Vec<f64>>,
}

impl<'a> Structured<'a> {
    pub(super) fn new(model: &'a Povzner, with_k: bool) -> Self {
        let Interaction {
            grid,
            velocities,
            channels,
        } = model.interaction();
        let zero = vec![0.0; grid.cells() * velocities * velocities];
        Self {
            model,
            with_k,
            distant: vec![zero.clone(); channels.len()],
            local: zero,
        }
    }
}

impl Linearisation<f64> for Structured<'_> {
    fn update(&mut self, f: &[f64]) {
        let Interaction {
            grid,
            velocities,
            channels,
        } = self.model.interaction();
        let n = *velocities;
        self.local.fill(0.0);
        let mut seen = vec![0.0; f.len()];
        for (channel, distant) in channels.iter().zip(&mut self.distant) {
            seen.fill(0.0);
            channel.convolution.add(1.0, f, n, &mut seen);
            distant.fill(0.0);
            for cell in 0..grid.cells() {
                let here = cell * n * n..(cell + 1) * n * n;
                let (local, distant) = (&mut self.local[here.clone()], &mut distant[here]);
                let (f, seen) = (
                    &f[cell * n..(cell + 1) * n],
                    &seen[cell * n..(cell + 1) * n],
                );
                for v in 0..n {
                    for e in channel.pairs.q.row(v) {
                        local[v * n + e.first()] += e.value * seen[e.second()];
                        distant[v * n + e.second()] += e.value * f[e.first()];
                    }
                }
            }
        }
    }

    fn add_apply(&self, c: f64, x: ArrayView2<'_, f64>, mut out: ArrayViewMut2<'_, f64>) {
        let Interaction {
            grid,
            velocities,
            channels,
        } = self.model.interaction();
        let n = *velocities;
        let (mut packed, mut seen, mut image) = (Vec::new(), Vec::new(), Vec::new());
        for range in blocks(x.nrows(), x.ncols()) {
            let width = range.len();
            gather(columns(x, range.clone()), &mut packed);
            image.clear();
            image.resize(packed.len(), 0.0);
            let mut by_cell = |matrices: &[f64], x: &[f64]| {
                for cell in 0..grid.cells() {
                    let here = cell * n * width..(cell + 1) * n * width;
                    let (x, out) = (&x[here.clone()], &mut image[here]);
                    let matrix = &matrices[cell * n * n..(cell + 1) * n * n];
                    for (row, out) in matrix.chunks_exact(n).zip(out.chunks_exact_mut(width)) {
                        add_combination(row, x, width, out);
                    }
                }
            };
            by_cell(&self.local, &packed);
            for (channel, distant) in channels.iter().zip(&self.distant) {
                seen.clear();
                seen.resize(packed.len(), 0.0);
                channel.convolution.add(1.0, &packed, n * width, &mut seen);
                by_cell(distant, &seen);
            }
            image.iter_mut().for_each(|x| *x *= c);
            scatter(&image, range, &mut out);
        }
        if self.with_k {
            self.model.free_flight(c, x, out);
        }
    }
}
