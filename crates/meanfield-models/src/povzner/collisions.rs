//! V and Q: a profile over separations times an operator on two velocities.
//!
//! V = Σ_k h_k(x₁−x₂) A_k, one term for each direction of a collision that
//! matters (one in all on a lattice). Nothing here is as large as D².

use ndarray::{ArrayView2, ArrayViewMut2};

use super::circulant::Circulant;
use super::grid::Grid;
use super::panel::{add_row, add_slice, axpy, blocks, columns, gather};
use super::velocity::VelocityPairs;

/// One term h(x₁−x₂) A of V.
#[derive(Debug, Clone)]
pub(super) struct Channel {
    /// h by separation.
    pub(super) profile: Vec<f64>,
    /// The separations where h is not 0.
    reached: Vec<usize>,
    /// h ∗ .
    pub(super) convolution: Circulant,
    /// A.
    pub(super) pairs: VelocityPairs,
    /// The pairs of velocities that Q reads.
    read: Vec<(usize, usize)>,
    /// For each row of Q, where its entries are in `read`.
    places: Vec<Vec<(usize, f64)>>,
}

impl Channel {
    /// The separations where h is not 0.
    pub(super) fn reached(&self) -> &[usize] {
        &self.reached
    }

    /// Whether the term vanishes.
    pub(super) fn is_empty(&self) -> bool {
        self.pairs.v.filled().next().is_none()
    }

    pub(super) fn new(
        grid: &Grid,
        velocities: usize,
        profile: Vec<f64>,
        pairs: VelocityPairs,
    ) -> Self {
        let mut read: Vec<(usize, usize)> = pairs
            .q
            .filled()
            .flat_map(|(_, entries)| entries.iter().map(|e| (e.first(), e.second())))
            .collect();
        read.sort_unstable();
        read.dedup();
        let places = (0..velocities).map(|v| {
            let row = pairs.q.row(v).iter();
            let place = |pair| read.partition_point(|&other| other < pair);
            row.map(|e| (place((e.first(), e.second())), e.value))
                .collect()
        });
        Self {
            reached: (0..profile.len()).filter(|&s| profile[s] != 0.0).collect(),
            convolution: Circulant::new(grid, &profile),
            places: places.collect(),
            read,
            pairs,
            profile,
        }
    }
}

/// V on a grid of cells and a list of velocities; the one-body index is
/// cell·n_v + velocity.
#[derive(Debug, Clone)]
pub(super) struct Collisions {
    pub(super) grid: Grid,
    pub(super) velocities: usize,
    pub(super) channels: Vec<Channel>,
}

impl Collisions {
    /// D.
    pub(super) fn dimension(&self) -> usize {
        self.grid.cells() * self.velocities
    }

    /// `out += c V x`, D²×M → D²×M. Cost: pairs of cells within reach, times
    /// entries of A, times M.
    pub(super) fn add_pair(&self, c: f64, x: ArrayView2<'_, f64>, mut out: ArrayViewMut2<'_, f64>) {
        let (d, n) = (self.dimension(), self.velocities);
        let narrow = x.ncols() == 1;
        for channel in &self.channels {
            for first in 0..self.grid.cells() {
                for &s in &channel.reached {
                    let second = self.grid.minus(first, s);
                    let factor = c * channel.profile[s];
                    let row = |v: usize, w: usize| (first * n + v) * d + second * n + w;
                    for (pair, entries) in channel.pairs.v.filled() {
                        let to = row(pair / n, pair % n);
                        if narrow {
                            let sum = entries
                                .iter()
                                .map(|e| e.value * x[[row(e.first(), e.second()), 0]]);
                            out[[to, 0]] += factor * sum.sum::<f64>();
                            continue;
                        }
                        let mut to = out.row_mut(to);
                        for e in entries {
                            to.scaled_add(factor * e.value, &x.row(row(e.first(), e.second())));
                        }
                    }
                }
            }
        }
    }

    /// `out += c Tr²(V x)`, D²×M → D×M. Sums over the second cell before the
    /// velocities are touched: each pair of states within reach is read once.
    pub(super) fn add_q(&self, c: f64, x: ArrayView2<'_, f64>, mut out: ArrayViewMut2<'_, f64>) {
        let (d, n, width) = (self.dimension(), self.velocities, x.ncols());
        let (column, narrow) = (x.split_at(ndarray::Axis(1), width.min(1)).0, width == 1);
        for channel in &self.channels {
            let mut sums = vec![0.0; channel.read.len() * width];
            for first in 0..self.grid.cells() {
                sums.fill(0.0);
                for &s in &channel.reached {
                    let second = self.grid.minus(first, s) * n;
                    let h = c * channel.profile[s];
                    if narrow {
                        for (sum, &(v, w)) in sums.iter_mut().zip(&channel.read) {
                            *sum += h * column[[(first * n + v) * d + second + w, 0]];
                        }
                        continue;
                    }
                    for (sum, &(v, w)) in sums.chunks_exact_mut(width).zip(&channel.read) {
                        add_row(h, x.row((first * n + v) * d + second + w), sum);
                    }
                }
                for (v, entries) in channel.places.iter().enumerate() {
                    for &(place, value) in entries {
                        let sum = &sums[place * width..(place + 1) * width];
                        add_slice(value, sum, out.row_mut(first * n + v));
                    }
                }
            }
        }
    }

    /// `out += c V(x⊗y)`; column m₁·M₂ + m₂. Cost as [`Collisions::add_pair`],
    /// but entries that share the row and the first velocity are summed over
    /// the second one on the M₂ columns of y before they meet the M₁ of x.
    pub(super) fn add_pair_product(
        &self,
        c: f64,
        x: ArrayView2<'_, f64>,
        y: ArrayView2<'_, f64>,
        mut out: ArrayViewMut2<'_, f64>,
    ) {
        let (d, n, width) = (self.dimension(), self.velocities, y.ncols());
        let narrow = x.ncols() == 1 && width == 1;
        let mut right = Vec::new();
        gather(y, &mut right);
        let mut summed = vec![0.0; width];
        for channel in &self.channels {
            for first in 0..self.grid.cells() {
                for &s in &channel.reached {
                    let second = self.grid.minus(first, s);
                    let factor = c * channel.profile[s];
                    let y = &right[second * n * width..(second + 1) * n * width];
                    for (pair, entries) in channel.pairs.v.filled() {
                        let to = (first * n + pair / n) * d + second * n + pair % n;
                        if narrow {
                            let term = |e: &super::velocity::Entry| {
                                e.value * x[[first * n + e.first(), 0]] * y[e.second()]
                            };
                            out[[to, 0]] += factor * entries.iter().map(term).sum::<f64>();
                            continue;
                        }
                        let mut to = out.row_mut(to);
                        for group in entries.chunk_by(|a, b| a.first() == b.first()) {
                            summed.fill(0.0);
                            for e in group {
                                let y = &y[e.second() * width..(e.second() + 1) * width];
                                axpy(factor * e.value, y, &mut summed);
                            }
                            let x = x.row(first * n + group[0].first());
                            outer(x, &summed, to.view_mut());
                        }
                    }
                }
            }
        }
    }

    /// `out += c Tr²(V(x⊗y))`, D×M₁, D×M₂ → D×(M₁·M₂): a convolution of y over
    /// the cells, then the velocities cell by cell.
    pub(super) fn add_q_product(
        &self,
        c: f64,
        x: ArrayView2<'_, f64>,
        y: ArrayView2<'_, f64>,
        mut out: ArrayViewMut2<'_, f64>,
    ) {
        let (n, cells) = (self.velocities, self.grid.cells());
        let (mut right, mut seen) = (Vec::new(), Vec::new());
        for range in blocks(self.dimension(), y.ncols()) {
            let width = range.len();
            gather(columns(y, range.clone()), &mut right);
            let mut summed = vec![0.0; width];
            for channel in &self.channels {
                seen.clear();
                seen.resize(right.len(), 0.0);
                channel.convolution.add(c, &right, n * width, &mut seen);
                for cell in 0..cells {
                    let seen = &seen[cell * n * width..(cell + 1) * n * width];
                    for v in 0..n {
                        let mut to = out.row_mut(cell * n + v);
                        let entries = channel.pairs.q.row(v);
                        for group in entries.chunk_by(|a, b| a.first() == b.first()) {
                            summed.fill(0.0);
                            for e in group {
                                let seen = &seen[e.second() * width..(e.second() + 1) * width];
                                axpy(e.value, seen, &mut summed);
                            }
                            let x = x.row(cell * n + group[0].first());
                            for (m, &x) in x.iter().enumerate() {
                                let start = m * y.ncols() + range.start;
                                let part = ndarray::s![start..start + width];
                                add_slice(x, &summed, to.slice_mut(part));
                            }
                        }
                    }
                }
            }
        }
    }
}

/// `out[m₁·M₂ + m₂] += x[m₁] y[m₂]`.
fn outer(x: ndarray::ArrayView1<'_, f64>, y: &[f64], mut out: ndarray::ArrayViewMut1<'_, f64>) {
    if y.len() == 1 {
        out.scaled_add(y[0], &x);
        return;
    }
    let parts = out.axis_chunks_iter_mut(ndarray::Axis(0), y.len());
    for (&x, part) in x.iter().zip(parts) {
        add_slice(x, y, part);
    }
}
