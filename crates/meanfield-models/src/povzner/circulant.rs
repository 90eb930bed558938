//! Convolutions over the cells of a periodic grid.

use std::f64::consts::PI;
use std::sync::Arc;

use meanfield_tensor::linalg;
use ndarray::{Array2, ArrayView2, ArrayViewMut2};
use num_complex::Complex64;
use rustfft::{Fft, FftPlanner};

use super::grid::Grid;
use super::panel::axpy;

/// The operator (k ∗ x)(c) = Σ_{c'} k(c − c') x(c') on panels of cells × columns.
#[derive(Clone)]
pub(super) struct Circulant {
    grid: Grid,
    method: Method,
}

#[derive(Clone)]
enum Method {
    /// Row by row over the separations where k is not 0.
    Sum(Vec<(usize, f64)>),
    /// One matrix product; entry (c, c') is k(c − c').
    Matrix(Array2<f64>),
    /// Fourier transforms of the columns, two real ones as one complex one.
    Fourier(Box<Transform>),
}

/// The transforms of a grid and of a kernel on it.
#[derive(Clone)]
struct Transform {
    forward: Arc<dyn Fft<f64>>,
    backward: Arc<dyn Fft<f64>>,
    /// Σ_s k(s) e^{−2πi s·m/n}/cells, as [`Transform::forward`] leaves it.
    kernel: Vec<Complex64>,
}

impl std::fmt::Debug for Circulant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let method = match &self.method {
            Method::Sum(terms) => format!("{} terms", terms.len()),
            Method::Matrix(_) => "matrix".to_owned(),
            Method::Fourier(_) => "Fourier".to_owned(),
        };
        write!(f, "Circulant({} cells, {method})", self.grid.cells())
    }
}

/// A kernel with at most this many separations is summed row by row.
const FEW_TERMS: usize = 8;
/// Cells from which transforms beat sums of many terms.
const MANY_CELLS: usize = 512;

impl Circulant {
    /// The convolution with `kernel`, by the fastest way.
    pub(super) fn new(grid: &Grid, kernel: &[f64]) -> Self {
        let terms = kernel.iter().filter(|&&k| k != 0.0).count();
        if terms <= FEW_TERMS {
            Self::by_sums(grid, kernel)
        } else if grid.cells() < MANY_CELLS {
            Self::by_matrix(grid, kernel)
        } else {
            Self::by_fourier(grid, kernel)
        }
    }

    fn by_sums(grid: &Grid, kernel: &[f64]) -> Self {
        let terms = kernel.iter().copied().enumerate();
        Self {
            grid: *grid,
            method: Method::Sum(terms.filter(|&(_, k)| k != 0.0).collect()),
        }
    }

    fn by_matrix(grid: &Grid, kernel: &[f64]) -> Self {
        let n = grid.cells();
        let matrix = Array2::from_shape_fn((n, n), |(c, from)| kernel[grid.minus(c, from)]);
        Self {
            grid: *grid,
            method: Method::Matrix(matrix),
        }
    }

    fn by_fourier(grid: &Grid, kernel: &[f64]) -> Self {
        let mut planner = FftPlanner::new();
        let mut transform = Transform {
            forward: planner.plan_fft_forward(grid.points),
            backward: planner.plan_fft_inverse(grid.points),
            kernel: Vec::new(),
        };
        let scale = 1.0 / grid.cells() as f64;
        let mut image: Vec<Complex64> =
            kernel.iter().map(|&k| Complex64::from(k * scale)).collect();
        let mut spare = vec![Complex64::ZERO; image.len()];
        transform.there(grid, &mut image, &mut spare);
        transform.kernel = image;
        Self {
            grid: *grid,
            method: Method::Fourier(Box::new(transform)),
        }
    }

    /// `out += c (k ∗ x)` for panels of cells × width, row by row.
    pub(super) fn add(&self, c: f64, x: &[f64], width: usize, out: &mut [f64]) {
        match &self.method {
            Method::Sum(terms) => {
                for (cell, out) in out.chunks_exact_mut(width).enumerate() {
                    for &(s, k) in terms {
                        let from = self.grid.minus(cell, s);
                        axpy(c * k, &x[from * width..(from + 1) * width], out);
                    }
                }
            }
            Method::Matrix(matrix) => {
                let shape = (self.grid.cells(), width);
                let x = ArrayView2::from_shape(shape, x);
                let out = ArrayViewMut2::from_shape(shape, out);
                match (x, out) {
                    (Ok(x), Ok(out)) => linalg::gemm(c, matrix.view(), x, out),
                    _ => unreachable!("a panel has a row for each cell"),
                }
            }
            Method::Fourier(transform) => transform.add(&self.grid, c, x, width, out),
        }
    }
}

/// Pairs of columns that are transformed together: a row of them is two cache
/// lines.
const PAIRS: usize = 8;

impl Transform {
    fn add(&self, grid: &Grid, c: f64, x: &[f64], width: usize, out: &mut [f64]) {
        let cells = grid.cells();
        let mut pairs = vec![Complex64::ZERO; cells * PAIRS.min(width.div_ceil(2))];
        let mut spare = vec![Complex64::ZERO; cells];
        for start in (0..width).step_by(2 * PAIRS) {
            let count = (width - start).min(2 * PAIRS);
            for (cell, row) in x.chunks_exact(width).enumerate() {
                for (k, pair) in row[start..start + count].chunks(2).enumerate() {
                    let odd = pair.get(1).copied().unwrap_or(0.0);
                    pairs[k * cells + cell] = Complex64::new(pair[0], odd);
                }
            }
            for pair in pairs.chunks_exact_mut(cells).take(count.div_ceil(2)) {
                self.there(grid, pair, &mut spare);
                for (x, k) in pair.iter_mut().zip(&self.kernel) {
                    *x *= k;
                }
                self.back(grid, pair, &mut spare);
            }
            for (cell, row) in out.chunks_exact_mut(width).enumerate() {
                for (k, to) in row[start..start + count].chunks_mut(2).enumerate() {
                    let pair = pairs[k * cells + cell];
                    to[0] += c * pair.re;
                    if let Some(to) = to.get_mut(1) {
                        *to += c * pair.im;
                    }
                }
            }
        }
    }

    /// Every direction; in two dimensions the result is transposed.
    fn there(&self, grid: &Grid, x: &mut [Complex64], spare: &mut [Complex64]) {
        self.forward.process(x);
        if grid.dimension == 2 {
            transpose(grid.points, x, spare);
            self.forward.process(x);
        }
    }

    /// From what [`Transform::there`] leaves.
    fn back(&self, grid: &Grid, x: &mut [Complex64], spare: &mut [Complex64]) {
        self.backward.process(x);
        if grid.dimension == 2 {
            transpose(grid.points, x, spare);
            self.backward.process(x);
        }
    }
}

fn transpose(n: usize, x: &mut [Complex64], spare: &mut [Complex64]) {
    for (i, row) in x.chunks_exact(n).enumerate() {
        for (j, &value) in row.iter().enumerate() {
            spare[j * n + i] = value;
        }
    }
    x.copy_from_slice(spare);
}

/// The kernel of ∂/∂x_axis of the trigonometric interpolant, of which the
/// Nyquist mode of an even number of points has derivative 0 at the points:
/// (π/L)(−1)^k cot(πk/n) for even n, (π/L)(−1)^k / sin(πk/n) for odd n. Odd to
/// the last bit, so that the operator is skew and its columns sum to 0.
pub(super) fn derivative(grid: &Grid, axis: usize) -> Vec<f64> {
    let n = grid.points;
    let mut kernel = vec![0.0; grid.cells()];
    for k in 1..n.div_ceil(2) {
        let angle = PI * k as f64 / n as f64;
        let sign = if k % 2 == 0 { 1.0 } else { -1.0 };
        let shape = if n.is_multiple_of(2) {
            1.0 / angle.tan()
        } else {
            1.0 / angle.sin()
        };
        let value = PI / grid.length * sign * shape;
        kernel[grid.along(axis, k)] = value;
        kernel[grid.along(axis, n - k)] = -value;
    }
    kernel
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(n: usize, seed: f64) -> Vec<f64> {
        (1..=n)
            .map(|k| (k as f64 * k as f64 * seed.sqrt()).fract() - 0.4)
            .collect()
    }

    #[test]
    fn law_every_method_convolves_and_adds() {
        for (dimension, points, width) in [(1, 1, 3), (1, 7, 1), (1, 8, 37), (2, 5, 2), (2, 6, 19)]
        {
            let grid = Grid::new(dimension, points, 1.3).unwrap();
            let n = grid.cells();
            let (kernel, x, dirty) = (noise(n, 2.0), noise(n * width, 3.0), noise(n * width, 5.0));
            let mut expected = dirty.clone();
            for cell in 0..n {
                for from in 0..n {
                    let k = -0.7 * kernel[grid.minus(cell, from)];
                    for m in 0..width {
                        expected[cell * width + m] += k * x[from * width + m];
                    }
                }
            }
            for method in [
                Circulant::by_sums(&grid, &kernel),
                Circulant::by_matrix(&grid, &kernel),
                Circulant::by_fourier(&grid, &kernel),
                Circulant::new(&grid, &kernel),
            ] {
                let mut out = dirty.clone();
                method.add(-0.7, &x, width, &mut out);
                for (a, b) in out.iter().zip(&expected) {
                    assert!((a - b).abs() < 1e-13, "{method:?}: {a} against {b}");
                }
            }
        }
    }

    #[test]
    fn law_the_derivative_is_exact_below_the_nyquist_frequency() {
        for (dimension, points) in [(1, 1), (1, 2), (1, 9), (1, 10), (2, 7), (2, 8)] {
            let grid = Grid::new(dimension, points, 2.5).unwrap();
            for axis in 0..dimension {
                let kernel = derivative(&grid, axis);
                let operator = Circulant::new(&grid, &kernel);
                for mode in 0..points.div_ceil(2) {
                    let wave = 2.0 * PI * mode as f64 / grid.length;
                    // The other direction carries a mode of its own.
                    let other = 2.0 * PI * (points.div_ceil(2) - 1) as f64 / grid.length;
                    let along = |cell, slope: bool| {
                        let at = grid.position(cell);
                        let phase = wave * at[axis] + 0.4;
                        let rest = if dimension == 2 {
                            (other * at[1 - axis]).cos()
                        } else {
                            1.0
                        };
                        rest * if slope {
                            -wave * phase.sin()
                        } else {
                            phase.cos()
                        }
                    };
                    let x: Vec<f64> = (0..grid.cells()).map(|c| along(c, false)).collect();
                    let mut out = vec![0.0; x.len()];
                    operator.add(1.0, &x, 1, &mut out);
                    for (cell, value) in out.iter().enumerate() {
                        assert!((value - along(cell, true)).abs() < 1e-12 * (1.0 + wave));
                    }
                }
                for s in 0..grid.cells() {
                    assert_eq!(kernel[s], -kernel[grid.minus(0, s)]);
                }
            }
        }
    }
}
