//! The periodic box: cells, separations, shifts.

use meanfield_abstract::ModelError;

use crate::parameter::{positive, refused};

/// Most one-body states a model may have: 128 MiB for each vector of one.
pub const LARGEST_DIMENSION: usize = 1 << 24;

/// `points` cells in each of one or two directions; cell (i, j) has the index
/// i·points + j and sits at (x_i, x_j), x_i = −L/2 + iΔx. Separations x₁ − x₂
/// are cells too: (i₁−i₂, j₁−j₂) modulo `points`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grid {
    pub(super) dimension: usize,
    pub(super) points: usize,
    pub(super) length: f64,
}

impl Grid {
    pub(super) fn new(dimension: usize, points: usize, length: f64) -> Result<Self, ModelError> {
        if !(dimension == 1 || dimension == 2) {
            return refused("dimension", dimension, "1 or 2");
        }
        let most = if dimension == 1 {
            LARGEST_DIMENSION
        } else {
            LARGEST_DIMENSION.isqrt()
        };
        if !(1..=most).contains(&points) {
            return refused("points", points, format!("a number from 1 to {most}"));
        }
        let length = positive("length", length)?;
        let volume = (length / points as f64).powi(dimension as i32);
        if !(volume.is_normal() && (1.0 / volume).is_finite()) {
            return refused("length", length, "cells of a finite volume");
        }
        Ok(Self {
            dimension,
            points,
            length,
        })
    }

    /// Number of cells.
    pub(super) fn cells(&self) -> usize {
        self.points.pow(self.dimension as u32)
    }

    /// Δx.
    pub(super) fn step(&self) -> f64 {
        self.length / self.points as f64
    }

    /// Volume Δx^d of a cell.
    pub(super) fn cell_volume(&self) -> f64 {
        self.step().powi(self.dimension as i32)
    }

    /// The indices of a cell in each direction; 0 for one that is not there.
    fn indices(&self, cell: usize) -> [usize; 2] {
        if self.dimension == 1 {
            [cell, 0]
        } else {
            [cell / self.points, cell % self.points]
        }
    }

    fn cell(&self, [i, j]: [usize; 2]) -> usize {
        if self.dimension == 1 {
            i
        } else {
            i * self.points + j
        }
    }

    /// The index of a cell in direction `axis`.
    pub(super) fn on_axis(&self, cell: usize, axis: usize) -> usize {
        self.indices(cell)[axis]
    }

    /// The position of a cell.
    pub(super) fn position(&self, cell: usize) -> [f64; 2] {
        let at = |i: usize| -self.length / 2.0 + i as f64 * self.step();
        self.indices(cell).map(at)
    }

    /// x − s.
    pub(super) fn minus(&self, x: usize, s: usize) -> usize {
        let n = self.points;
        let ([i, j], [k, l]) = (self.indices(x), self.indices(s));
        self.cell([(i + n - k) % n, (j + n - l) % n])
    }

    /// The neighbour of x in direction `axis`, forward or backward.
    pub(super) fn neighbour(&self, x: usize, axis: usize, forward: bool) -> usize {
        let n = self.points;
        let mut at = self.indices(x);
        at[axis] = (at[axis] + if forward { 1 } else { n - 1 }) % n;
        self.cell(at)
    }

    /// The cell k steps from the origin along `axis`.
    pub(super) fn along(&self, axis: usize, k: usize) -> usize {
        let mut at = [0, 0];
        at[axis] = k;
        self.cell(at)
    }

    /// The minimal image of a separation in steps: −n/2 < k ≤ n/2 in each
    /// direction.
    pub(super) fn minimal_image(&self, s: usize) -> [i64; 2] {
        let n = self.points as i64;
        self.indices(s).map(|k| {
            let k = k as i64;
            if 2 * k > n { k - n } else { k }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_separations_are_differences_of_cells() {
        for (dimension, points) in [(1, 1), (1, 5), (1, 6), (2, 3), (2, 4)] {
            let grid = Grid::new(dimension, points, 2.5).unwrap();
            for x in 0..grid.cells() {
                for s in 0..grid.cells() {
                    let y = grid.minus(x, s);
                    assert_eq!(grid.minus(x, y), s);
                    let ([x0, x1], [y0, y1]) = (grid.position(x), grid.position(y));
                    let [k, l] = grid.minimal_image(s);
                    for (d, k) in [(x0 - y0, k), (x1 - y1, l)] {
                        let steps = (d - k as f64 * grid.step()) / grid.length;
                        assert!((steps - steps.round()).abs() < 1e-12);
                        assert!(2 * k.unsigned_abs() as usize <= points);
                    }
                }
                for axis in 0..dimension {
                    let up = grid.neighbour(x, axis, true);
                    assert_eq!(grid.neighbour(up, axis, false), x);
                    assert_eq!(grid.minus(up, x), grid.along(axis, 1 % points));
                }
            }
        }
    }
}
