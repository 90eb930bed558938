//! The periodic grid in one or two dimensions.

use meanfield_abstract::ModelError;

use crate::parameter::{positive, refused};

/// Bytes for each pair of grid points that a model keeps: the table v(x−y)
/// (8) and the trace functional (16).
const BYTES_PER_PAIR: usize = 24;
/// A model keeps at most this much (1 GiB).
const LARGEST_BYTES: usize = 1 << 30;

/// n points per dimension over [−L/2, L/2), periodic: x_i = −L/2 + iΔx with
/// Δx = L/n. In two dimensions the site (i, j) has the number i·n + j, x from i
/// and y from j.
///
/// The momenta of the grid are 2πħk/L with k = −⌊n/2⌋ … ⌈n/2⌉−1: for even n
/// the Nyquist momentum −πħ/Δx is there once, with the minus sign.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    dimension: usize,
    points: usize,
    length: f64,
}

impl Grid {
    /// The grid of `points` per dimension over a box of side `length`.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] with the key `dimension` (neither 1 nor 2),
    /// `points` (below 2, or so many that the tables of a model would take more
    /// than 1 GiB: the size is named) or `length` (not a positive number).
    pub fn new(dimension: usize, points: usize, length: f64) -> Result<Self, ModelError> {
        if !(1..=2).contains(&dimension) {
            return refused("dimension", dimension, "1 or 2");
        }
        if points < 2 {
            return refused("points", points, "at least 2 points per dimension");
        }
        let bytes = points
            .checked_pow(2 * dimension as u32)
            .and_then(|pairs| pairs.checked_mul(BYTES_PER_PAIR));
        if bytes.is_none_or(|bytes| bytes > LARGEST_BYTES) {
            let gib = (points as f64).powi(2 * dimension as i32) * BYTES_PER_PAIR as f64
                / f64::from(1 << 30);
            let found = format!(
                "{points} in {dimension} dimension(s), whose pairs of grid points alone take \
                 {gib:.1} GiB"
            );
            return refused("points", found, "a grid whose tables take at most 1 GiB");
        }
        let length = positive("length", length)?;
        // Momenta squared and their reciprocals must be numbers.
        if !(1e-100..=1e100).contains(&length) {
            return refused("length", length, "a length between 1e-100 and 1e100");
        }
        Ok(Self {
            dimension,
            points,
            length,
        })
    }

    /// 1 or 2.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// n, the number of points per dimension.
    #[must_use]
    pub fn points(&self) -> usize {
        self.points
    }

    /// L, the side of the box.
    #[must_use]
    pub fn length(&self) -> f64 {
        self.length
    }

    /// Δx = L/n.
    #[must_use]
    pub fn spacing(&self) -> f64 {
        self.length / self.points as f64
    }

    /// d = n^dimension, the number of sites.
    #[must_use]
    pub fn levels(&self) -> usize {
        self.points.pow(self.dimension as u32)
    }

    /// The shape of a field over the grid: (n,) or (n, n).
    #[must_use]
    pub fn shape(&self) -> Vec<usize> {
        vec![self.points; self.dimension]
    }

    /// The coordinate along `axis` of every site, as an index 0 … n−1.
    #[must_use]
    pub fn index(&self, site: usize, axis: usize) -> usize {
        site / self.points.pow((self.dimension - 1 - axis) as u32) % self.points
    }

    /// x_i = −L/2 + iΔx, i = 0 … n−1: the coordinates along one axis.
    #[must_use]
    pub fn positions(&self) -> Vec<f64> {
        let spacing = self.spacing();
        (0..self.points)
            .map(|i| -0.5 * self.length + i as f64 * spacing)
            .collect()
    }

    /// k = −⌊n/2⌋ … ⌈n/2⌉−1 for an index that counts from 0 modulo n: the
    /// number itself up to the middle, its negative image beyond.
    #[must_use]
    pub fn signed(&self, index: usize) -> isize {
        let (n, k) = (self.points as isize, (index % self.points) as isize);
        if 2 * k < n { k } else { k - n }
    }

    /// The momenta along one axis, 2πħk/L, increasing.
    #[must_use]
    pub fn momenta(&self, hbar: f64) -> Vec<f64> {
        let unit = 2.0 * std::f64::consts::PI * hbar / self.length;
        self.increasing().map(|k| k as f64 * unit).collect()
    }

    /// The separations along one axis, kΔx, increasing: k as for the momenta.
    #[must_use]
    pub fn separations(&self) -> Vec<f64> {
        let spacing = self.spacing();
        self.increasing().map(|k| k as f64 * spacing).collect()
    }

    fn increasing(&self) -> impl Iterator<Item = isize> {
        let n = self.points as isize;
        (0..n).map(move |i| i - n / 2)
    }

    /// The minimal-image displacement along each axis from site `from` to site
    /// `to`: the shortest of the periodic ones (for even n the one of −L/2 when
    /// the two of ±L/2 are equally short).
    #[must_use]
    pub fn displacement(&self, from: usize, to: usize) -> [f64; 2] {
        let mut out = [0.0; 2];
        for (axis, x) in out.iter_mut().enumerate().take(self.dimension) {
            let steps = self.points + self.index(to, axis) - self.index(from, axis);
            *x = self.signed(steps) as f64 * self.spacing();
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_momenta_and_separations_increase_and_contain_zero_once() {
        for n in [2, 5, 8] {
            let grid = Grid::new(1, n, 3.0).unwrap();
            for values in [grid.momenta(0.5), grid.separations()] {
                assert!(values.windows(2).all(|w| w[0] < w[1]));
                assert_eq!(values.iter().filter(|x| **x == 0.0).count(), 1);
                assert_eq!(values[n / 2], 0.0);
            }
        }
        let even = Grid::new(1, 8, 4.0).unwrap();
        assert_eq!(even.separations()[0], -2.0);
        assert_eq!(even.positions()[0], -2.0);
    }

    #[test]
    fn law_displacements_are_the_shortest() {
        let grid = Grid::new(2, 5, 5.0).unwrap();
        for from in 0..25 {
            for to in 0..25 {
                let found = grid.displacement(from, to);
                for axis in 0..2 {
                    let plain = grid.index(to, axis) as f64 - grid.index(from, axis) as f64;
                    let images = [-5.0, 0.0, 5.0].map(|shift| plain + shift);
                    let shortest = images
                        .into_iter()
                        .min_by(|a, b| a.abs().total_cmp(&b.abs()));
                    assert!((found[axis] - shortest.unwrap()).abs() < 1e-14);
                }
            }
        }
    }

    #[test]
    fn law_grids_that_do_not_exist_are_refused_by_key() {
        let key = |dimension, points, length| match Grid::new(dimension, points, length) {
            Err(ModelError::Parameter { key, .. }) => key,
            other => panic!("{other:?}"),
        };
        assert_eq!(key(3, 8, 1.0), "dimension");
        assert_eq!(key(1, 1, 1.0), "points");
        assert_eq!(key(2, 200, 1.0), "points");
        assert_eq!(key(1, usize::MAX, 1.0), "points");
        assert_eq!(key(1, 8, 0.0), "length");
        assert_eq!(key(1, 8, f64::NAN), "length");
    }
}
