//! Discrete Fourier transforms of panels, tile by tile.

use std::fmt;
use std::sync::Arc;

use meanfield_tensor::{Lent, Pool};
use num_complex::Complex64;
use rustfft::{Fft, FftPlanner};

/// Columns that are gathered, transformed and returned together: a tile of a
/// grid of 256 points stays in the first-level cache.
const TILE: usize = 8;

/// Transforms of length n.
#[derive(Clone)]
pub(super) struct Fourier {
    points: usize,
    forward: Arc<dyn Fft<f64>>,
    inverse: Arc<dyn Fft<f64>>,
    tiles: Pool<Complex64>,
    spare: Pool<Complex64>,
    /// Numbers that a transform needs beside its argument.
    needed: usize,
}

impl fmt::Debug for Fourier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fourier({})", self.points)
    }
}

impl Fourier {
    pub(super) fn new(points: usize) -> Self {
        let mut planner = FftPlanner::new();
        let forward = planner.plan_fft_forward(points);
        let inverse = planner.plan_fft_inverse(points);
        let needed = |fft: &dyn Fft<f64>| fft.get_inplace_scratch_len();
        Self {
            points,
            needed: needed(&*forward).max(needed(&*inverse)),
            forward,
            inverse,
            tiles: Pool::new(),
            spare: Pool::new(),
        }
    }

    /// `out += c F⁻¹ diag(multiplier) F x` along one axis: x is left×n×right.
    pub(super) fn add_multiplied(
        &self,
        c: f64,
        multiplier: &[f64],
        (left, right): (usize, usize),
        x: &[Complex64],
        out: &mut [Complex64],
    ) {
        let n = self.points;
        let mut tile = self.tiles.lend(n * TILE.min(right), Complex64::ZERO);
        let mut spare = self.spare();
        for block in 0..left {
            let (x, out) = (
                &x[block * n * right..][..n * right],
                &mut out[block * n * right..][..n * right],
            );
            for start in (0..right).step_by(TILE) {
                let width = TILE.min(right - start);
                let tile = &mut tile[..n * width];
                for k in 0..n {
                    for m in 0..width {
                        tile[m * n + k] = x[k * right + start + m];
                    }
                }
                self.forward.process_with_scratch(tile, &mut spare);
                for column in tile.chunks_exact_mut(n) {
                    for (value, &factor) in column.iter_mut().zip(multiplier) {
                        *value *= c * factor / n as f64;
                    }
                }
                self.inverse.process_with_scratch(tile, &mut spare);
                for k in 0..n {
                    for m in 0..width {
                        out[k * right + start + m] += tile[m * n + k];
                    }
                }
            }
        }
    }

    /// The transform over one or two axes of length n, in place and without a
    /// factor; in two dimensions the result is transposed, which
    /// [`Fourier::backward`] undoes.
    pub(super) fn transform(&self, dimension: usize, values: &mut [Complex64]) {
        self.all_axes(&*self.forward, dimension, values);
    }

    /// The inverse of [`Fourier::transform`] times n^dimension.
    pub(super) fn backward(&self, dimension: usize, values: &mut [Complex64]) {
        self.all_axes(&*self.inverse, dimension, values);
    }

    fn all_axes(&self, fft: &dyn Fft<f64>, dimension: usize, values: &mut [Complex64]) {
        let mut spare = self.spare();
        fft.process_with_scratch(values, &mut spare);
        if dimension == 2 {
            let n = self.points;
            for i in 0..n {
                for j in 0..i {
                    values.swap(i * n + j, j * n + i);
                }
            }
            fft.process_with_scratch(values, &mut spare);
        }
    }

    fn spare(&self) -> Lent<'_, Complex64> {
        self.spare.lend(self.needed, Complex64::ZERO)
    }

    /// Numbers that a transform holds beside its argument.
    pub(super) fn needed(&self) -> usize {
        self.needed + TILE * self.points
    }
}
