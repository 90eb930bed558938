//! Packed symmetric tensors of every degree up to a highest one, and the
//! algebra that makes sums over particles into matrix products.
//!
//! Every sum over particles, or over pairs of particles, of an operator that
//! acts on a symmetric tensor is made of four moves:
//!
//! | move | formula |
//! |---|---|
//! | [`Ladder::one_slot`] | R[a, β] = T[a ∪ β] |
//! | [`Ladder::add_slot_sum`] | T[α] += c Σ_i R[α_i, α∖i] |
//! | [`Ladder::add_pair_sum`] | T[α] += c Σ_{i≠r} R[α_i, α_r; α∖{i,r}] |
//! | [`Ladder::add_product`] | T += c A⊙B, (A⊙B)[α] = Σ over subsets K of the slots, \|K\| = p, of A[K] B[the rest] |
//!
//! A⊙B = binom(p+q, p) Sym(A⊗B): the product of exponential generating
//! functions. Panels are row-major: one row for each index of the exposed
//! slots, one column for each packed entry of the other slots.

use std::borrow::Cow;
use std::ops::Range;

use crate::packing::{Packing, packed_len};
use crate::{Scalar, TensorError};

/// The layouts of the packed symmetric tensors of every degree from a lowest
/// one, 0 unless [`Ladder::between`] says otherwise, to a highest one. Methods
/// panic for a degree that is not laid out.
#[derive(Debug, Clone)]
pub struct Ladder {
    dimension: usize,
    lowest: usize,
    packings: Vec<Packing>,
}

impl Ladder {
    /// Lays out degrees 0 … `degree` over `dimension`.
    ///
    /// # Errors
    /// [`TensorError::TooManyEntries`] when a tensor cannot be indexed.
    pub fn new(dimension: usize, degree: usize) -> Result<Self, TensorError> {
        Self::between(dimension, 0, degree)
    }

    /// Lays out degrees `lowest` … `degree` only: of an N-body tensor, N−2 … N
    /// is all that a pair operator needs. [`Ladder::rank`], [`Ladder::power`]
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

    /// The same for [`Ladder::between`].
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

    /// A ladder always lays out at least one degree.
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
        let mut out = Vec::with_capacity(j);
        let packing = self.packing(j);
        packing.for_each_index(entry, |a, count| out.extend(std::iter::repeat_n(a, count)));
        out
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
        self.packing(j).insert[a * self.packing(j - 1).len + entry] as usize
    }

    /// Rank of the entry with the given indices, in any order.
    #[must_use]
    pub fn rank(&self, indices: &[usize]) -> usize {
        indices
            .iter()
            .enumerate()
            .fold(0, |entry, (j, &a)| self.insert(j + 1, a, entry))
    }

    /// How many index tuples share the entry: j!/Πα_a!.
    #[must_use]
    pub fn multiplicity(&self, j: usize, entry: usize) -> f64 {
        let (mut value, mut total) = (1.0, 0.0);
        self.packing(j).for_each_index(entry, |_, n| {
            for k in 1..=n {
                total += 1.0;
                value *= total / k as f64;
            }
        });
        value
    }

    /// Ranks, in degree j, of all entries of degree j−1 with the index `a`
    /// added.
    #[must_use]
    pub fn insertion_row(&self, j: usize, a: usize) -> &[u32] {
        let lower = self.packing(j - 1).len;
        &self.packing(j).insert[a * lower..(a + 1) * lower]
    }

    /// One slot beside the rest: `panel[a, β] = T[a ∪ β]`, D × len(j−1).
    /// Cost: D·len(j−1) moves.
    pub fn one_slot<S: Scalar>(&self, j: usize, tensor: &[S], panel: &mut [S]) {
        let lower = self.len(j - 1);
        for a in 0..self.dimension {
            let row = &mut panel[a * lower..(a + 1) * lower];
            for (x, &k) in row.iter_mut().zip(self.insertion_row(j, a)) {
                *x = tensor[k as usize];
            }
        }
    }

    /// `T[α] += c Σ_i R[α_i, α∖i]` for a panel R of D × len(j−1).
    ///
    /// The term of the index a comes α_a times. With β = α∖a that is 1 + β_a:
    /// once for every a, and β_a times more for the few a that are in β.
    pub fn add_slot_sum<S: Scalar>(&self, j: usize, c: S, panel: &[S], tensor: &mut [S]) {
        let lower = self.len(j - 1);
        for a in 0..self.dimension {
            let row = &panel[a * lower..(a + 1) * lower];
            for (&x, &k) in row.iter().zip(self.insertion_row(j, a)) {
                tensor[k as usize] += c * x;
            }
        }
        let (above, below) = (self.packing(j), self.packing(j - 1));
        for beta in 0..lower {
            below.for_each_index(beta, |a, count| {
                let place = a * lower + beta;
                tensor[above.insert[place] as usize] += (c * panel[place]).scaled(count as f64);
            });
        }
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
            let k = middle.insert[a * below.len + gamma] as usize;
            let rank = above.insert[b * middle.len + k] as usize;
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

    /// Visits every way of joining an entry β₁ of degree p with the entries β₂
    /// of degree q: `visit(β₁, ranks, weights)` receives, for every β₂, the
    /// rank of β₁+β₂ and the number binom(β₁+β₂, β₁) of subsets of slots.
    /// Cost: p·len(p)·len(q).
    pub fn join(&self, p: usize, q: usize, mut visit: impl FnMut(usize, &[u32], &[f64])) {
        let width = self.len(q);
        let mut ranks = vec![0_u32; width];
        let mut weights = vec![0.0; width];
        for first in 0..self.len(p) {
            for (k, rank) in ranks.iter_mut().enumerate() {
                *rank = k as u32;
            }
            weights.fill(1.0);
            let mut degree = q;
            self.packing(p).for_each_index(first, |a, count| {
                for k in 1..=count {
                    degree += 1;
                    let row = self.insertion_row(degree, a);
                    let below = self.packing(degree - 1);
                    for (rank, weight) in ranks.iter_mut().zip(&mut weights) {
                        let n = below.count(*rank as usize, a);
                        *weight *= (n + 1) as f64 / k as f64;
                        *rank = row[*rank as usize];
                    }
                }
            });
            visit(first, &ranks, &weights);
        }
    }

    /// `T += c A⊙B` with A of degree p and B of degree q: the sum over the
    /// subsets K of p of the p+q slots of A on K times B on the rest.
    pub fn add_product<S: Scalar>(
        &self,
        (p, a): (usize, &[S]),
        (q, b): (usize, &[S]),
        c: S,
        tensor: &mut [S],
    ) {
        // The chain of insertions is as long as the first factor's degree.
        let ((p, a), (q, b)) = if p <= q {
            ((p, a), (q, b))
        } else {
            ((q, b), (p, a))
        };
        self.join(p, q, |first, ranks, weights| {
            let factor = c * a[first];
            for ((&rank, &weight), &y) in ranks.iter().zip(weights).zip(b) {
                tensor[rank as usize] += (factor * y).scaled(weight);
            }
        });
    }

    /// Joins the columns of a panel: `out[a, β] += Σ_{β₁+β₂=β}
    /// binom(β, β₁) R[a; β₁, β₂]`, rows × (len(p)·len(q)) → rows × len(p+q).
    pub fn add_joined_columns<S: Scalar>(
        &self,
        p: usize,
        q: usize,
        rows: usize,
        panel: &[S],
        out: &mut [S],
    ) {
        let (width, joined) = (self.len(q), self.len(p + q));
        let stride = self.len(p) * width;
        self.join(p, q, |first, ranks, weights| {
            for row in 0..rows {
                let from = &panel[row * stride + first * width..][..width];
                let to = &mut out[row * joined..(row + 1) * joined];
                for ((&rank, &weight), &x) in ranks.iter().zip(weights).zip(from) {
                    to[rank as usize] += x.scaled(weight);
                }
            }
        });
    }

    /// Contracts one slot with a functional: `out[β] = Σ_a a[a] T[a ∪ β]`.
    /// With the trace functional this is the partial trace.
    #[must_use]
    pub fn contract<S: Scalar>(&self, j: usize, functional: &[S], tensor: &[S]) -> Vec<S> {
        let mut out = vec![S::from_re(0.0); self.len(j - 1)];
        for (a, &weight) in functional.iter().enumerate() {
            for (x, &k) in out.iter_mut().zip(self.insertion_row(j, a)) {
                *x += weight * tensor[k as usize];
            }
        }
        out
    }

    /// The product state F^{⊗j}, packed.
    #[must_use]
    pub fn power<S: Scalar>(&self, f: &[S], j: usize) -> Vec<S> {
        let mut out = vec![S::from_re(1.0)];
        for degree in 1..=j {
            let mut next = vec![S::from_re(0.0); self.len(degree)];
            for (a, &x) in f.iter().enumerate() {
                for (&y, &k) in out.iter().zip(self.insertion_row(degree, a)) {
                    next[k as usize] = x * y;
                }
            }
            out = next;
        }
        out
    }
}

#[cfg(test)]
mod tests;
