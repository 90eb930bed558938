//! V∗ρ: the potential that a density makes.

use ndarray::{Array2, ArrayView2};
use num_complex::Complex64;

use super::Grid;
use super::fourier::Fourier;
use super::kinetic::add_real_product;

/// Sites from which one density is convolved faster by Fourier transforms than
/// by a product with the d×d table.
const FOURIER_FROM: usize = 64;

/// (V∗ρ)(x) = Σ_y v(x−y) ρ(y), with the table v(x−y).
#[derive(Debug, Clone)]
pub(super) struct Convolution {
    dimension: usize,
    table: Array2<f64>,
    /// The transforms, and that of v divided by d: real, as v is even.
    spectral: Option<(Fourier, Vec<f64>)>,
}

impl Convolution {
    pub(super) fn new(grid: &Grid, table: Array2<f64>) -> Self {
        let dimension = grid.dimension();
        let spectral = (grid.levels() >= FOURIER_FROM).then(|| spectral(grid, &table));
        Self {
            dimension,
            table,
            spectral,
        }
    }

    /// v(x−y), d×d.
    pub(super) fn table(&self) -> ArrayView2<'_, f64> {
        self.table.view()
    }

    /// `out += V∗ρ` for the columns ρ of a d×columns panel, row-major. Cost:
    /// 4d² operations a column, or about 10 d log₂d by transforms.
    pub(super) fn add(&self, columns: usize, rho: &[Complex64], out: &mut [Complex64]) {
        let Some((fourier, kernel)) = &self.spectral else {
            add_real_product(1.0, self.table.view(), rho, out);
            return;
        };
        let mut column = vec![Complex64::ZERO; kernel.len()];
        for m in 0..columns {
            for (value, &x) in column.iter_mut().zip(rho[m..].iter().step_by(columns)) {
                *value = x;
            }
            fourier.transform(self.dimension, &mut column);
            for (value, &factor) in column.iter_mut().zip(kernel) {
                *value *= factor;
            }
            fourier.backward(self.dimension, &mut column);
            for (o, &value) in out[m..].iter_mut().step_by(columns).zip(&column) {
                *o += value;
            }
        }
    }
}

/// The transforms, and that of v divided by d.
fn spectral(grid: &Grid, table: &Array2<f64>) -> (Fourier, Vec<f64>) {
    let fourier = Fourier::new(grid.points());
    let mut kernel: Vec<Complex64> = table.column(0).mapv(Complex64::from).to_vec();
    fourier.transform(grid.dimension(), &mut kernel);
    let d = grid.levels() as f64;
    (fourier, kernel.iter().map(|z| z.re / d).collect())
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
            for columns in [1, 3] {
                let rho: Vec<Complex64> = noise.vector(d * columns);
                let dirty: Vec<Complex64> = noise.vector(d * columns);
                for forced in [true, false] {
                    let mut convolution = convolution.clone();
                    convolution.spectral = forced.then(|| spectral(&grid, &convolution.table));
                    let mut out = dirty.clone();
                    convolution.add(columns, &rho, &mut out);
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
