//! Packed symmetric tensors of every degree up to a highest one, and the
//! algebra that makes sums over particles into matrix products.
//!
//! Every sum over particles, or over pairs of particles, of an operator that
//! acts on a symmetric tensor is made of a few moves:
//!
//! | move | formula |
//! |---|---|
//! | [`SymmetricLayout::one_slot`] | R[a, β] = T[a ∪ β] |
//! | [`SymmetricLayout::add_slot_sum`] | T[α] += c Σ_i R[α_i, α∖i] |
//! | [`SymmetricLayout::add_pair_sum`] | T[α] += c Σ_{i≠r} R[α_i, α_r; α∖{i,r}] |
//! | [`SymmetricLayout::pair_columns`] | R[{c, d}, γ] = T[c ∪ d ∪ γ], for packed pairs |
//! | [`SymmetricLayout::add_pair_sum_columns`] | T[α] += Σ_{i<r} R[{α_i, α_r}, α∖{i,r}] |
//! | [`SymmetricLayout::add_product`] | T += c A⊙B, (A⊙B)[α] = Σ over subsets K of the slots, \|K\| = p, of A[K] B[the rest] |
//!
//! A⊙B = binom(p+q, p) Sym(A⊗B): the product of exponential generating
//! functions. Panels are row-major: one row for each index of the exposed
//! slots, one column for each packed entry of the other slots.

mod lookup;
mod moves;
mod pair_index;
mod pair_rows;
mod pairs;
mod products;
mod slots;
mod stretches;
mod triangles;
mod uprights;

use std::borrow::Cow;
use std::ops::Range;

pub use self::pair_index::{pair_count, pair_rank};
pub use self::pair_rows::pair_rows;
pub use self::pairs::{Lanes, WIDE, add_lanes};
use crate::packing::{Packing, packed_len};
use crate::ranks::{Indices, Ranks, Runs};
use crate::{Scalar, TensorError};

/// Columns that [`SymmetricLayout::contract`] exposes at a time.
const CONTRACTED: usize = 256;

/// The layouts of the packed symmetric tensors of every degree from a lowest
/// one, 0 unless [`SymmetricLayout::between`] says otherwise, to a highest one. Methods
/// panic for a degree that is not laid out.
#[derive(Debug, Clone)]
pub struct SymmetricLayout {
    dimension: usize,
    lowest: usize,
    packings: Vec<Packing>,
    ranks: Ranks,
}

impl SymmetricLayout {
    /// Lays out degrees 0 … `degree` over `dimension`.
    ///
    /// # Errors
    /// [`TensorError::TooManyEntries`] when a tensor cannot be indexed.
    pub fn new(dimension: usize, degree: usize) -> Result<Self, TensorError> {
        Self::between(dimension, 0, degree)
    }

    /// Lays out degrees `lowest` … `degree` only: of an N-body tensor, N−2 … N
    /// is all that a pair operator needs. [`SymmetricLayout::rank`], [`SymmetricLayout::power`]
    /// and the products climb from degree 0 and need them all.
    ///
    /// # Errors
    /// [`TensorError::TooManyEntries`] when a tensor cannot be indexed.
    pub fn between(dimension: usize, lowest: usize, degree: usize) -> Result<Self, TensorError> {
        let packings = (lowest..=degree)
            .map(|j| Packing::new(dimension, j))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            dimension,
            lowest,
            packings,
            ranks: Ranks::new(dimension, degree),
        })
    }

    fn packing(&self, j: usize) -> &Packing {
        &self.packings[j - self.lowest]
    }

    /// Bytes the index tables take, without building them; `None` when the
    /// tensors cannot be indexed at all.
    #[must_use]
    pub fn table_bytes(dimension: usize, degree: usize) -> Option<usize> {
        Self::table_bytes_between(dimension, 0, degree)
    }

    /// The same for [`SymmetricLayout::between`].
    #[must_use]
    pub fn table_bytes_between(dimension: usize, lowest: usize, degree: usize) -> Option<usize> {
        let mut bytes = 0_usize;
        // The insertion table of a degree is as long as the degree below.
        for j in lowest.saturating_sub(1)..=degree {
            let len = packed_len(dimension, j).filter(|&n| n <= u32::MAX as usize)?;
            if j >= lowest {
                bytes = bytes.checked_add(Packing::entries_bytes(dimension, j, len)?)?;
            }
            if j < degree {
                bytes = bytes.checked_add(len.checked_mul(4 * dimension)?)?;
            }
        }
        Some(bytes)
    }

    /// Dimension D of the one-body space.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// The highest degree laid out.
    #[must_use]
    pub fn degree(&self) -> usize {
        self.lowest + self.packings.len() - 1
    }

    /// The lowest degree laid out.
    #[must_use]
    pub fn lowest(&self) -> usize {
        self.lowest
    }

    /// Number of packed entries of degree `j`.
    #[must_use]
    pub fn len(&self, j: usize) -> usize {
        self.packing(j).len
    }

    /// A layout always lays out at least one degree.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Occupation numbers α_0 … α_{D−1} of entry `entry` of degree `j`.
    #[must_use]
    pub fn occupation(&self, j: usize, entry: usize) -> Cow<'_, [u16]> {
        self.packing(j).occupation(entry)
    }

    /// The sorted indices of entry `entry` of degree `j`.
    #[must_use]
    pub fn indices(&self, j: usize, entry: usize) -> Vec<usize> {
        let sorted = self.ranks.indices(j, entry);
        sorted.into_iter().map(|a| a as usize).collect()
    }

    /// The occupation number α_a of entry `entry` of degree `j`.
    #[must_use]
    pub fn count(&self, j: usize, entry: usize, a: usize) -> usize {
        self.packing(j).count(entry, a)
    }

    /// Rank of the entry of degree `j` that is `entry` of degree j−1 with the
    /// index `a` added.
    #[must_use]
    pub fn insert(&self, j: usize, a: usize, entry: usize) -> usize {
        self.packing(j).insert()[a * self.packing(j - 1).len + entry] as usize
    }

    /// Rank of the entry with the given indices, in any order.
    #[must_use]
    pub fn rank(&self, indices: &[usize]) -> usize {
        let mut sorted: Indices<u32> = indices.iter().map(|&a| a as u32).collect();
        sorted.sort_unstable();
        self.ranks.rank(&sorted)
    }

    /// How many index tuples share the entry: j!/Πα_a!.
    #[must_use]
    pub fn multiplicity(&self, j: usize, entry: usize) -> f64 {
        let (mut value, mut total) = (1.0, 0.0);
        for equal in self.ranks.indices(j, entry).chunk_by(|a, b| a == b) {
            for k in 1..=equal.len() {
                total += 1.0;
                value *= total / k as f64;
            }
        }
        value
    }

    /// The first entry of degree `j` whose largest index is `top`, which is the
    /// number of entries with smaller ones; the number of all entries for
    /// `top` = D.
    #[must_use]
    pub fn first_with_top(&self, j: usize, top: usize) -> usize {
        if j == 0 { 0 } else { self.ranks.at(j)[top] }
    }

    /// The entries of degree `m` ≥ 1 in `entries` by *runs*, which differ in the smallest
    /// index alone and lie side by side.
    #[must_use]
    #[inline(always)]
    pub fn runs(&self, m: usize, entries: Range<usize>) -> Runs {
        self.ranks.runs(m, entries)
    }

    /// Ranks, in degree j, of all entries of degree j−1 with the index `a`
    /// added.
    #[must_use]
    pub fn insertion_row(&self, j: usize, a: usize) -> &[u32] {
        let lower = self.packing(j - 1).len;
        &self.packing(j).insert()[a * lower..(a + 1) * lower]
    }

    /// Two slots beside the rest, for the columns γ in `columns`:
    /// `panel[a·D+b, γ] = T[a ∪ b ∪ γ]`, D² × columns.
    pub fn two_slots<S: Scalar>(
        &self,
        j: usize,
        tensor: &[S],
        columns: Range<usize>,
        panel: &mut [S],
    ) {
        let (d, width) = (self.dimension, columns.len());
        for a in 0..d {
            let first = &self.insertion_row(j - 1, a)[columns.clone()];
            for b in 0..d {
                let second = self.insertion_row(j, b);
                let row = &mut panel[(a * d + b) * width..][..width];
                for (x, &k) in row.iter_mut().zip(first) {
                    *x = tensor[second[k as usize] as usize];
                }
            }
        }
    }

    /// `T[α] += c Σ_{i≠r} R[α_i, α_r; α∖{i,r}]`, the sum over ordered pairs,
    /// for the columns γ of R in `columns`.
    pub fn add_pair_sum<S: Scalar>(
        &self,
        j: usize,
        c: S,
        panel: &[S],
        columns: Range<usize>,
        tensor: &mut [S],
    ) {
        if self.has_short_runs(j) {
            self.weighted_pair_sum(j, c, panel, columns, tensor);
        } else {
            self.corrected_pair_sum(j, c, panel, columns, tensor);
        }
    }

    /// [`add_pair_sum`](SymmetricLayout::add_pair_sum) for few indices among many states:
    /// the weight is one nearly everywhere, and what is missing is added.
    fn corrected_pair_sum<S: Scalar>(
        &self,
        j: usize,
        c: S,
        panel: &[S],
        columns: Range<usize>,
        tensor: &mut [S],
    ) {
        let (d, width) = (self.dimension, columns.len());
        let (above, below) = (self.packing(j), self.packing(j - 2));
        let middle = self.packing(j - 1);
        for a in 0..d {
            let first = &self.insertion_row(j - 1, a)[columns.clone()];
            for b in 0..d {
                let second = self.insertion_row(j, b);
                let row = &panel[(a * d + b) * width..][..width];
                for (&x, &k) in row.iter().zip(first) {
                    tensor[second[k as usize] as usize] += c * x;
                }
            }
        }
        // The pair (a, b) comes (1 + γ_a)(1 + γ_b + δ_ab) times: what is missing
        // is there only where b = a, or where a or b is in γ.
        let mut add = |(a, b): (usize, usize), gamma: usize, times: usize| {
            let k = middle.insert()[a * below.len + gamma] as usize;
            let rank = above.insert()[b * middle.len + k] as usize;
            let x = panel[(a * d + b) * width + gamma - columns.start];
            tensor[rank] += (c * x).scaled(times as f64);
        };
        for gamma in columns.clone() {
            for a in 0..d {
                add((a, a), gamma, 1);
            }
            below.for_each_index(gamma, |a, count| {
                for b in 0..d {
                    // γ_a(1 + δ_ab) for the pairs (a, b), γ_a for (b, a): with
                    // b in γ too their product comes once more, below.
                    add((a, b), gamma, count * (1 + usize::from(a == b)));
                    add((b, a), gamma, count);
                }
                below.for_each_index(gamma, |b, other| add((a, b), gamma, count * other));
            });
        }
    }

    /// Contracts one slot with a functional: `out[β] = Σ_a a[a] T[a ∪ β]`.
    /// With the trace functional this is the partial trace.
    #[must_use]
    pub fn contract<S: Scalar>(&self, j: usize, functional: &[S], tensor: &[S]) -> Vec<S> {
        let mut out = vec![S::from_re(0.0); self.len(j - 1)];
        let mut panel = vec![S::from_re(0.0); self.dimension * CONTRACTED.min(out.len())];
        for (k, out) in out.chunks_mut(CONTRACTED).enumerate() {
            let panel = &mut panel[..self.dimension * out.len()];
            let first = k * CONTRACTED;
            self.one_slot_columns(j, tensor, first..first + out.len(), panel);
            for (&weight, row) in functional.iter().zip(panel.chunks(out.len())) {
                for (x, &y) in out.iter_mut().zip(row) {
                    *x += weight * y;
                }
            }
        }
        out
    }

    /// The product state F^{⊗j}, packed.
    #[must_use]
    pub fn power<S: Scalar>(&self, f: &[S], j: usize) -> Vec<S> {
        let mut out = vec![S::from_re(1.0)];
        for degree in 1..=j {
            let mut next = Vec::with_capacity(self.ranks.at(degree)[self.dimension]);
            for (top, &x) in f.iter().enumerate() {
                // Entries with the largest index `top`: that index added to all
                // entries with indices up to it.
                let below = self.ranks.at(degree - 1)[top + 1];
                next.extend(out[..below].iter().map(|&y| y * x));
            }
            out = next;
        }
        out
    }
}

#[cfg(test)]
mod tests;
