//! Δ_1 about F by its structure: one convolution over the cells, and two small
//! matrices for each cell.
//!
//! With F̃ = h ∗ F and q the rates of Q, Q_v = Σ_{w,u} q_{v,wu} F_w(x) G̃_u(x):
//!
//! ```math
//! (\Delta_1 G)_v(x) = \sum_w \Big[ \sum_u q_{v,wu}\, \tilde F_u(x) \Big] G_w(x)
//!   + \sum_u \Big[ \sum_w q_{v,wu}\, F_w(x) \Big] \tilde G_u(x).
//! ```

use meanfield_abstract::Linearisation;
use meanfield_tensor::linalg;
use ndarray::{Array2, ArrayView2, ArrayViewMut2};

use super::collisions::Collisions;
use super::model::Povzner;
use super::panel::{add_combination, axpy, blocks, columns, gather, scatter};

/// Cells, for each 1 + terms of V, from which the structure is faster than the
/// D×D matrix made of it: measured break-even at 64 cells for one term (3, 5
/// and 13 velocities, upwind and spectral, lines and planes).
const CELLS_FOR_EACH_TERM: usize = 32;
/// Largest D for which the matrix is made at all (32 MiB).
const LARGEST_MATRIX: usize = 2048;

/// Δ_1 or K + Δ_1. Cost of [`update`](Linearisation::update): D·n_v, and D·n_v·cells for
/// the matrix; on M columns D²·M as a matrix, (1 + terms of V)·D·n_v·M and the
/// convolutions by its structure.
pub(super) struct Linearised<'a> {
    model: &'a Povzner,
    with_k: bool,
    /// What multiplies G in each cell, n_v×n_v row by row.
    local: Vec<f64>,
    /// What multiplies h_k ∗ G in each cell, for each term of V.
    distant: Vec<Vec<f64>>,
    matrix: Option<Matrix>,
}

/// The operator as a matrix, with the K it contains.
struct Matrix {
    k: Option<Array2<f64>>,
    sum: Array2<f64>,
}

impl<'a> Linearised<'a> {
    /// By whatever is faster for many columns.
    pub(super) fn new(model: &'a Povzner, with_k: bool) -> Self {
        let Collisions { grid, channels, .. } = model.collisions();
        let few = grid.cells() < CELLS_FOR_EACH_TERM * (1 + channels.len());
        let small = model.collisions().dimension() <= LARGEST_MATRIX;
        Self::with_matrix(model, with_k, few && small)
    }

    fn with_matrix(model: &'a Povzner, with_k: bool, as_matrix: bool) -> Self {
        let collisions = model.collisions();
        let d = collisions.dimension();
        let zero = vec![0.0; d * collisions.velocities];
        let matrix = as_matrix.then(|| Matrix {
            k: with_k.then(|| {
                let mut k = Array2::zeros((d, d));
                model.free_flight(1.0, Array2::eye(d).view(), k.view_mut());
                k
            }),
            sum: Array2::zeros((d, d)),
        });
        Self {
            model,
            with_k,
            distant: vec![zero.clone(); collisions.channels.len()],
            local: zero,
            matrix,
        }
    }
}

impl Linearisation<f64> for Linearised<'_> {
    fn update(&mut self, f: &[f64]) {
        let collisions = self.model.collisions();
        let (n, cells) = (collisions.velocities, collisions.grid.cells());
        self.local.fill(0.0);
        let mut seen = vec![0.0; f.len()];
        for (channel, distant) in collisions.channels.iter().zip(&mut self.distant) {
            seen.fill(0.0);
            channel.convolution.add(1.0, f, n, &mut seen);
            distant.fill(0.0);
            for cell in 0..cells {
                let here = cell * n * n..(cell + 1) * n * n;
                let (local, distant) = (&mut self.local[here.clone()], &mut distant[here]);
                let states = cell * n..(cell + 1) * n;
                let (f, seen) = (&f[states.clone()], &seen[states]);
                for v in 0..n {
                    for e in channel.pairs.q.row(v) {
                        local[v * n + e.first()] += e.value * seen[e.second()];
                        distant[v * n + e.second()] += e.value * f[e.first()];
                    }
                }
            }
        }
        if let Some(matrix) = &mut self.matrix {
            matrix.assemble(collisions, &self.local, &self.distant);
        }
    }

    fn add_apply(&self, c: f64, x: ArrayView2<'_, f64>, mut out: ArrayViewMut2<'_, f64>) {
        if let Some(matrix) = &self.matrix {
            return linalg::gemm(c, matrix.sum.view(), x, out);
        }
        let collisions = self.model.collisions();
        let (n, cells) = (collisions.velocities, collisions.grid.cells());
        let (mut packed, mut seen, mut image) = (Vec::new(), Vec::new(), Vec::new());
        for range in blocks(x.nrows(), x.ncols()) {
            let width = range.len();
            gather(columns(x, range.clone()), &mut packed);
            image.clear();
            image.resize(packed.len(), 0.0);
            let mut by_cell = |matrices: &[f64], x: &[f64]| {
                for cell in 0..cells {
                    let here = cell * n * width..(cell + 1) * n * width;
                    let (x, out) = (&x[here.clone()], &mut image[here]);
                    let matrix = &matrices[cell * n * n..(cell + 1) * n * n];
                    for (row, out) in matrix.chunks_exact(n).zip(out.chunks_exact_mut(width)) {
                        add_combination(row, x, width, out);
                    }
                }
            };
            by_cell(&self.local, &packed);
            for (channel, distant) in collisions.channels.iter().zip(&self.distant) {
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

impl Matrix {
    /// Block (x, y) is δ_xy·local(x) + Σ_k h_k(x−y)·distant_k(x), and K.
    fn assemble(&mut self, collisions: &Collisions, local: &[f64], distant: &[Vec<f64>]) {
        match &self.k {
            Some(k) => self.sum.assign(k),
            None => self.sum.fill(0.0),
        }
        let n = collisions.velocities;
        for (r, mut row) in self.sum.rows_mut().into_iter().enumerate() {
            let Some(row) = row.as_slice_mut() else {
                unreachable!("a fresh matrix is in standard layout");
            };
            let (cell, here) = (r / n, r * n..(r + 1) * n);
            axpy(
                1.0,
                &local[here.clone()],
                &mut row[cell * n..(cell + 1) * n],
            );
            for (channel, distant) in collisions.channels.iter().zip(distant) {
                for &s in channel.reached() {
                    let other = collisions.grid.minus(cell, s);
                    let to = &mut row[other * n..(other + 1) * n];
                    axpy(channel.profile[s], &distant[here.clone()], to);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use meanfield_abstract::problems::Noise;
    use meanfield_abstract::{DenseLinearisation, Model};

    use super::*;
    use crate::kac::CrossSection;
    use crate::povzner::{PovznerOptions, Range, Transport, Velocities};

    /// Sums of a few hundred products of order ten.
    const ROUNDING: f64 = 1e-11;

    #[test]
    fn law_structure_and_matrix_are_the_derivative_of_q() {
        let lattice = (Velocities::Lattice { radius: 1.0 }, Transport::Upwind);
        let hermite = Velocities::Hermite {
            degree: 2,
            temperature: 0.7,
        };
        for (dimension, points, (velocities, transport)) in [
            (1, 1, lattice),
            (1, 6, lattice),
            (2, 3, (lattice.0, Transport::Spectral)),
            (1, 5, (hermite, Transport::Spectral)),
            (2, 2, (hermite, Transport::Spectral)),
            // Past the break-even, and where convolutions are transforms.
            (1, 100, lattice),
            (2, 10, lattice),
        ] {
            let model = Povzner::new(&PovznerOptions {
                dimension,
                points,
                length: 1.7,
                velocity_dimension: 2,
                velocities,
                range: Range::Gaussian { width: 0.3 },
                cross_section: CrossSection::HardSphere,
                transport,
            })
            .unwrap();
            let d = model.space().dimension();
            let mut noise = Noise::new(points as u64);
            for with_k in [false, true] {
                let mut expected: Box<dyn Linearisation<f64> + '_> = if with_k {
                    Box::new(DenseLinearisation::generator(&model))
                } else {
                    Box::new(DenseLinearisation::new(&model))
                };
                let mut structure = Linearised::with_matrix(&model, with_k, false);
                let mut matrix = Linearised::with_matrix(&model, with_k, true);
                // Nothing of the first state may be left in the second.
                for width in [1, 70] {
                    let f: Vec<f64> = noise.vector(d);
                    let x = Array2::from_shape_vec((d, width), noise.vector(d * width)).unwrap();
                    let dirty = Array2::from_shape_vec((d, width), noise.vector(d * width));
                    let mut images = [(); 3].map(|()| dirty.clone().unwrap());
                    let all: [&mut dyn Linearisation<f64>; 3] =
                        [&mut *expected, &mut structure, &mut matrix];
                    for (operator, image) in all.into_iter().zip(&mut images) {
                        operator.update(&f);
                        operator.add_apply(-0.7, x.view(), image.view_mut());
                    }
                    for image in &images[1..] {
                        let worst = (image - &images[0]).mapv(f64::abs);
                        assert!(worst.iter().all(|x| *x < ROUNDING * d as f64));
                    }
                }
            }
        }
    }
}
