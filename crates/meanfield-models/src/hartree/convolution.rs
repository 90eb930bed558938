//! V∗ρ: the potential that a density makes.

use meanfield_tensor::Pool;
use ndarray::{Array2, ArrayView2};
use num_complex::Complex64;

use super::Grid;
use super::fourier::Fourier;
use super::kinetic::add_real_product;

/// Sites from which Fourier transforms convolve faster than the d×d table.
/// Measured, in ns per number: a single density 12, 29, 46 by the table at d =
/// 32, 64, 128 and 8 by transforms; 256 of them 2.8, 5.1, 9.5 against 5.4, 5.6,
/// 6.5, as the table is then a matrix product.
const MANY: usize = 64;
/// The same for so few densities that the table is read for each of them.
const FEW: usize = 16;
const FEW_DENSITIES: usize = 2;
/// Densities that are gathered together: what a cache line brings is used.
const TILE: usize = 8;

/// (V∗ρ)(x) = Σ_y v(x−y) ρ(y), with the table v(x−y).
#[derive(Debug, Clone)]
pub(super) struct Convolution {
    dimension: usize,
    table: Array2<f64>,
    fourier: Fourier,
    /// The transform of v divided by d: real, as v is even.
    kernel: Vec<f64>,
    tiles: Pool<Complex64>,
}

impl Convolution {
    pub(super) fn new(grid: &Grid, table: Array2<f64>) -> Self {
        let (dimension, d) = (grid.dimension(), grid.levels() as f64);
        let fourier = Fourier::new(grid.points());
        let mut kernel: Vec<Complex64> = table.column(0).mapv(Complex64::from).to_vec();
        fourier.transform(dimension, &mut kernel);
        Self {
            dimension,
            table,
            kernel: kernel.iter().map(|z| z.re / d).collect(),
            fourier,
            tiles: Pool::new(),
        }
    }

    /// v(x−y), d×d.
    pub(super) fn table(&self) -> ArrayView2<'_, f64> {
        self.table.view()
    }

    /// Numbers held while it acts.
    pub(super) fn needed(&self) -> usize {
        TILE * self.kernel.len() + self.fourier.needed()
    }

    /// `out += V∗ρ` for the columns ρ of a d×columns panel, row-major. Cost:
    /// 4d² operations a column, or about 10 d log₂d by transforms.
    pub(super) fn add(&self, columns: usize, rho: &[Complex64], out: &mut [Complex64]) {
        let d = self.kernel.len();
        if d >= MANY || (columns <= FEW_DENSITIES && d >= FEW) {
            self.add_by_transforms(columns, rho, out);
        } else {
            add_real_product(1.0, self.table.view(), rho, out);
        }
    }

    fn add_by_transforms(&self, columns: usize, rho: &[Complex64], out: &mut [Complex64]) {
        let d = self.kernel.len();
        let mut tile = self.tiles.lend(d * TILE.min(columns), Complex64::ZERO);
        for start in (0..columns).step_by(TILE) {
            let width = TILE.min(columns - start);
            for (x, row) in rho.chunks_exact(columns).enumerate() {
                for (m, &value) in row[start..start + width].iter().enumerate() {
                    tile[m * d + x] = value;
                }
            }
            for column in tile[..d * width].chunks_exact_mut(d) {
                self.fourier.transform(self.dimension, column);
                for (value, &factor) in column.iter_mut().zip(&self.kernel) {
                    *value *= factor;
                }
                self.fourier.backward(self.dimension, column);
            }
            for (x, row) in out.chunks_exact_mut(columns).enumerate() {
                for (m, value) in row[start..start + width].iter_mut().enumerate() {
                    *value += tile[m * d + x];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Potential;
    use super::*;
    use meanfield_abstract::problems::Noise;

    /// Rounding of sums of at most 81 numbers of order one.
    const ROUNDING: f64 = 1e-12;

    #[test]
    fn law_transforms_and_the_table_make_the_same_potential() {
        let potential = Potential::Gaussian {
            strength: 1.3,
            width: 0.8,
        };
        for (dimension, points) in [(1, 6), (1, 7), (2, 3), (2, 4), (2, 9), (1, 64)] {
            let grid = Grid::new(dimension, points, 4.0).unwrap();
            let d = grid.levels();
            let convolution = Convolution::new(&grid, potential.table(&grid).unwrap());
            let mut noise = Noise::new(4);
            for columns in [1, 3, 11] {
                let rho: Vec<Complex64> = noise.vector(d * columns);
                let dirty: Vec<Complex64> = noise.vector(d * columns);
                for forced in [true, false] {
                    let mut out = dirty.clone();
                    match forced {
                        true => convolution.add_by_transforms(columns, &rho, &mut out),
                        false => convolution.add(columns, &rho, &mut out),
                    }
                    for (k, value) in out.iter().enumerate() {
                        let (x, m) = (k / columns, k % columns);
                        let sum: Complex64 = (0..d)
                            .map(|y| rho[y * columns + m] * convolution.table[[x, y]])
                            .sum();
                        assert!((value - dirty[k] - sum).norm() < ROUNDING);
                    }
                }
            }
        }
    }
}
