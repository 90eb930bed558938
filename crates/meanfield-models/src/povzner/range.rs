//! h(|x₁−x₂|) as a table over the separations of the grid.

use meanfield_abstract::ModelError;

use super::grid::Grid;
use super::options::Range;
use crate::parameter::positive;

/// Beyond this width, in units of L, a periodic Gaussian is constant to
/// rounding: its first Fourier mode is e^{−8π²}.
const WIDEST: f64 = 2.0;
/// Standard deviations after which exp(−r²/2·width²) is below 1e-20.
const REACH: f64 = 9.7;

/// h at every separation, Σ_s h(s) Δx^d = 1. Even in each component, to the
/// last bit.
pub(super) fn profile(grid: &Grid, range: Range) -> Result<Vec<f64>, ModelError> {
    let raw: Vec<f64> = match range {
        Range::Gaussian { width } => {
            let width = positive("width", width)?;
            let line: Vec<f64> = (0..=grid.points / 2)
                .map(|k| periodic_gaussian(k as f64 * grid.step(), width, grid.length))
                .collect();
            let at = |s| {
                let [i, j] = grid.minimal_image(s);
                line[i.unsigned_abs() as usize] * line[j.unsigned_abs() as usize]
            };
            (0..grid.cells()).map(at).collect()
        }
        Range::Hat { width } => {
            let width = positive("width", width)?;
            // The edge belongs to the hat, whatever the rounding of Δx.
            let steps = width / grid.step() * (1.0 + 1e-12);
            let inside = |s| {
                let [i, j] = grid.minimal_image(s);
                f64::from(u8::from(((i * i + j * j) as f64).sqrt() <= steps))
            };
            (0..grid.cells()).map(inside).collect()
        }
    };
    let total = raw.iter().sum::<f64>() * grid.cell_volume();
    Ok(raw.into_iter().map(|h| h / total).collect())
}

/// Σ_k exp(−(r + kL)²/2·width²), up to a constant factor.
pub(super) fn periodic_gaussian(r: f64, width: f64, length: f64) -> f64 {
    if width >= WIDEST * length {
        return 1.0;
    }
    let images = (REACH * width / length).ceil() as i64 + 1;
    (-images..=images)
        .map(|k| (-((r + k as f64 * length) / width).powi(2) / 2.0).exp())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_h_has_integral_one_and_is_even() {
        for (dimension, points) in [(1, 1), (1, 2), (1, 7), (1, 8), (2, 5), (2, 6)] {
            let grid = Grid::new(dimension, points, 3.0).unwrap();
            for width in [1e-3, 0.2, 1.0, 3.0, 7.0, 1e9] {
                for range in [Range::Gaussian { width }, Range::Hat { width }] {
                    let h = profile(&grid, range).unwrap();
                    let total = h.iter().sum::<f64>() * grid.cell_volume();
                    assert!((total - 1.0).abs() < 1e-14, "{range:?}: {total}");
                    for s in 0..grid.cells() {
                        assert_eq!(h[s], h[grid.minus(0, s)]);
                        assert!(h[s] >= 0.0);
                    }
                    if width > 5.9 {
                        let volume = 3.0_f64.powi(dimension as i32);
                        assert!(h.iter().all(|h| (h * volume - 1.0).abs() < 1e-13));
                    }
                }
            }
        }
    }

    #[test]
    fn law_the_edge_of_the_hat_is_inside() {
        let grid = Grid::new(1, 10, 1.0).unwrap();
        let h = profile(&grid, Range::Hat { width: 0.3 }).unwrap();
        let inside: Vec<usize> = (0..10).filter(|&s| h[s] > 0.0).collect();
        assert_eq!(inside, [0, 1, 2, 3, 7, 8, 9]);
    }

    #[test]
    fn validate_the_periodic_gaussian_by_its_fourier_series() {
        // Poisson: Σ_k exp(−(r+kL)²/2w²) = √(2π)w/L Σ_m e^{−2π²m²w²/L²} cos 2πmr/L.
        let (length, width) = (2.0, 0.7);
        for r in [0.0, 0.3, 1.0] {
            let wave = 2.0 * std::f64::consts::PI / length;
            let series: f64 = (-9..=9)
                .map(|m| wave * f64::from(m))
                .map(|k| (-(k * width).powi(2) / 2.0).exp() * (k * r).cos())
                .sum();
            let expected = (2.0 * std::f64::consts::PI).sqrt() * width / length * series;
            assert!((periodic_gaussian(r, width, length) - expected).abs() < 1e-14);
        }
    }
}
