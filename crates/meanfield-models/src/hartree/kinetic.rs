//! The kinetic energy −ħ²Δ/2m with its spectral (Fourier) derivative.

use meanfield_tensor::{linalg, panel, panel_mut};
use ndarray::{Array2, ArrayView2};
use num_complex::Complex64;
use std::f64::consts::PI;

use super::Grid;
use super::fourier::Fourier;

/// Points per dimension from which Fourier transforms are faster than products
/// with the n×n matrix. Measured, in ns per number and axis: 1.6 against 2.9 at
/// n = 16, 2.6 against 3.3 at 32, 4.9 against 4.8 at 64, 12 against 6 at 128, 22
/// against 10 at 256.
const FOURIER_FROM: usize = 64;

/// T = −ħ²Δ/2m on the grid: (1/n)Σ_k (2πħk/L)²/2m cos(2πk(i−j)/n) along each
/// axis. The matrix is real and symmetric, also at the unpaired Nyquist
/// momentum of an even grid, since only k² enters.
///
/// Cost on a panel of e numbers, for each axis: 4ne operations as a product
/// with the n×n matrix, about 10 e log₂n as a pair of Fourier transforms.
#[derive(Debug, Clone)]
pub(super) struct Kinetic {
    points: usize,
    dimension: usize,
    /// Along one axis.
    matrix: Array2<f64>,
    complex: Array2<Complex64>,
    /// (2πħk/L)²/2m in the order of the transform, k = 0, 1, …, −1.
    energies: Vec<f64>,
    fourier: Option<Fourier>,
}

impl Kinetic {
    pub(super) fn new(grid: &Grid, hbar: f64, mass: f64) -> Self {
        let n = grid.points();
        let unit = 2.0 * PI * hbar / grid.length();
        let energies: Vec<f64> = (0..n)
            .map(|k| (unit * grid.signed(k) as f64).powi(2) / (2.0 * mass))
            .collect();
        let row: Vec<f64> = (0..n)
            .map(|shift| {
                let waves = energies.iter().enumerate().map(|(k, e)| {
                    // The angle is reduced first: k·shift may be large.
                    e * (2.0 * PI * ((k * shift) % n) as f64 / n as f64).cos()
                });
                waves.sum::<f64>() / n as f64
            })
            .collect();
        // |i−j| makes the matrix symmetric to the last bit.
        let matrix = Array2::from_shape_fn((n, n), |(i, j)| row[i.abs_diff(j)]);
        Self {
            points: n,
            dimension: grid.dimension(),
            complex: matrix.mapv(Complex64::from),
            matrix,
            energies,
            fourier: (n >= FOURIER_FROM).then(|| Fourier::new(n)),
        }
    }

    /// The kinetic energies along one axis, in the order of the transform.
    pub(super) fn energies(&self) -> &[f64] {
        &self.energies
    }

    /// The largest kinetic energy along one axis.
    pub(super) fn largest(&self) -> f64 {
        self.energies
            .iter()
            .copied()
            .fold(0.0, |a, b| if b.is_nan() { b } else { f64::max(a, b) })
    }

    /// The matrix T between sites, d×d.
    pub(super) fn matrix(&self) -> Array2<f64> {
        let (n, t) = (self.points, &self.matrix);
        if self.dimension == 1 {
            return t.clone();
        }
        Array2::from_shape_fn((n * n, n * n), |(a, b)| {
            let (along_x, along_y) = (t[[a / n, b / n]], t[[a % n, b % n]]);
            let same = |i, j| f64::from(u8::from(i == j));
            along_x * same(a % n, b % n) + along_y * same(a / n, b / n)
        })
    }

    /// `out += T ψ` for columns ψ: d×columns, row-major.
    pub(super) fn add_left(&self, columns: usize, x: &[Complex64], out: &mut [Complex64]) {
        self.add_axes(1.0, 0, self.dimension, columns, x, out);
    }

    /// `out += T X − X T` for d×d matrices X: d×d×columns, row-major.
    pub(super) fn add_commutator(&self, columns: usize, x: &[Complex64], out: &mut [Complex64]) {
        let (half, d) = (self.dimension, self.points.pow(self.dimension as u32));
        self.add_axes(1.0, 0, half, d * columns, x, out);
        self.add_axes(-1.0, half, 2 * half, columns, x, out);
    }

    /// Along the axes `from` … `to` of x, which has n numbers along each of
    /// the first `to` axes and `columns` behind them.
    fn add_axes(
        &self,
        sign: f64,
        from: usize,
        to: usize,
        columns: usize,
        x: &[Complex64],
        out: &mut [Complex64],
    ) {
        let n = self.points;
        for axis in from..to {
            let (left, right) = (n.pow(axis as u32), n.pow((to - 1 - axis) as u32) * columns);
            match &self.fourier {
                Some(fourier) => {
                    fourier.add_multiplied(sign, &self.energies, (left, right), x, out);
                }
                None => self.add_products(sign, left, right, x, out),
            }
        }
    }

    fn add_products(
        &self,
        sign: f64,
        left: usize,
        right: usize,
        x: &[Complex64],
        out: &mut [Complex64],
    ) {
        let n = self.points;
        if right == 1 {
            // T is symmetric: from the right as from the left.
            let (x, out) = (panel(left, x), panel_mut(left, out));
            linalg::gemm(Complex64::from(sign), x, self.complex.view(), out);
            return;
        }
        let blocks = x
            .chunks_exact(n * right)
            .zip(out.chunks_exact_mut(n * right));
        for (x, out) in blocks {
            add_real_product(sign, self.matrix.view(), x, out);
        }
    }
}

/// `out += c A x` for a real matrix A and complex columns, whose real and
/// imaginary parts are columns of their own: half the operations of a complex
/// product.
pub(super) fn add_real_product(
    c: f64,
    a: ArrayView2<'_, f64>,
    x: &[Complex64],
    out: &mut [Complex64],
) {
    let (x, out) = (bytemuck::cast_slice(x), bytemuck::cast_slice_mut(out));
    linalg::gemm(c, a, panel(a.ncols(), x), panel_mut(a.nrows(), out));
}

#[cfg(test)]
mod tests {
    use super::*;
    use meanfield_abstract::problems::Noise;

    /// Rounding of transforms and products of lengths below 20, of energies of
    /// order ten.
    const ROUNDING: f64 = 1e-12;

    #[test]
    fn law_transforms_and_products_are_the_same_operator() {
        for (dimension, points) in [(1, 6), (1, 7), (2, 3), (2, 4), (1, 128)] {
            let grid = Grid::new(dimension, points, 4.0).unwrap();
            let mut products = Kinetic::new(&grid, 0.7, 1.5);
            let mut transforms = products.clone();
            products.fourier = None;
            transforms.fourier = Some(Fourier::new(points));
            let d = grid.levels();
            for columns in [1, 3, 20] {
                let mut noise = Noise::new(3);
                let x: Vec<Complex64> = noise.vector(d * d * columns);
                let dirty: Vec<Complex64> = noise.vector(d * d * columns);
                let scale = products.largest();
                // The same numbers serve as d times as many wave functions.
                for left in [true, false] {
                    let (mut a, mut b) = (dirty.clone(), dirty.clone());
                    for (kinetic, out) in [(&products, &mut a), (&transforms, &mut b)] {
                        match left {
                            true => kinetic.add_left(columns * d, &x, out),
                            false => kinetic.add_commutator(columns, &x, out),
                        }
                    }
                    for (a, b) in a.iter().zip(&b) {
                        assert!((a - b).norm() < ROUNDING * scale);
                    }
                }
            }
        }
    }
}
