//! Many indices among few states: the runs of [`Ranks`](crate::ranks::Ranks) are
//! short there, and walking along them costs more than looking every entry up in
//! the insertion tables.

use std::ops::Range;

use super::SymmetricLayout;
use crate::Scalar;
use crate::packing::{Packing, packed_len};

/// The first degree j ≥ 2 whose runs hold fewer than two entries on average, 2j > D.
fn first_short(dimension: usize) -> usize {
    (dimension / 2 + 1).max(2)
}

impl SymmetricLayout {
    /// Whether entries of degree `j` are looked up: its runs are short, and the degree
    /// below, whose insertions lead to it, is laid out.
    pub(super) fn has_short_runs(&self, j: usize) -> bool {
        j >= first_short(self.dimension) && j > self.lowest
    }

    /// Bytes of the tables that one-slot moves and products with a factor of
    /// degree 1 or 2 use, degrees 0 … `degree`: none among many states. `None`
    /// when the tensors cannot be indexed.
    #[must_use]
    pub fn slot_table_bytes(dimension: usize, degree: usize) -> Option<usize> {
        let first = first_short(dimension);
        if first > degree {
            return Some(0);
        }
        let mut bytes = 0_usize;
        // Insertions into the first such degree and the one below it, which a factor
        // of degree 2 passes through; of entries, what is known of the other factor.
        for below in first - 2..degree {
            let len = packed_len(dimension, below)?;
            let insertions = len.checked_mul(4 * dimension)?;
            let entries = Packing::entries_bytes(dimension, below, len)?;
            bytes = bytes.checked_add(insertions)?.checked_add(entries)?;
        }
        Some(bytes)
    }

    /// [`one_slot_columns`](SymmetricLayout::one_slot_columns), entry by entry.
    pub(super) fn look_up_slot<S: Scalar>(
        &self,
        j: usize,
        tensor: &[S],
        columns: Range<usize>,
        panel: &mut [S],
    ) {
        let width = columns.len();
        for a in 0..self.dimension {
            let ranks = &self.insertion_row(j, a)[columns.clone()];
            let row = &mut panel[a * width..][..width];
            for (x, &rank) in row.iter_mut().zip(ranks) {
                *x = tensor[rank as usize];
            }
        }
    }

    /// [`add_slot_sum_columns`](SymmetricLayout::add_slot_sum_columns), entry by entry.
    pub(super) fn look_up_slot_sum<S: Scalar>(
        &self,
        j: usize,
        c: S,
        panel: &[S],
        columns: Range<usize>,
        tops: Range<usize>,
        tensor: &mut [S],
    ) {
        let offset = self.first_with_top(j, tops.start);
        let end = self.first_with_top(j, tops.end);
        let (below, width) = (self.packing(j - 1), columns.len());
        for a in 0..self.dimension {
            let ranks = &self.insertion_row(j, a)[columns.clone()];
            let row = &panel[a * width..][..width];
            for ((&y, &rank), beta) in row.iter().zip(ranks).zip(columns.clone()) {
                if (offset..end).contains(&(rank as usize)) {
                    let times = (1 + below.count(beta, a)) as f64;
                    tensor[rank as usize - offset] += (c * y).scaled(times);
                }
            }
        }
    }

    /// [`add_pair_sum`](SymmetricLayout::add_pair_sum): the pair (a, b) comes
    /// (1 + γ_a)(1 + γ_b + δ_ab) times.
    pub(super) fn weighted_pair_sum<S: Scalar>(
        &self,
        j: usize,
        c: S,
        panel: &[S],
        columns: Range<usize>,
        tensor: &mut [S],
    ) {
        let (d, width) = (self.dimension, columns.len());
        let below = self.packing(j - 2);
        for a in 0..d {
            let first = &self.insertion_row(j - 1, a)[columns.clone()];
            for b in 0..d {
                let second = self.insertion_row(j, b);
                let row = &panel[(a * d + b) * width..][..width];
                let own = usize::from(a == b);
                for ((&x, &middle), gamma) in row.iter().zip(first).zip(columns.clone()) {
                    let (n, m) = (1 + below.count(gamma, a), 1 + below.count(gamma, b) + own);
                    let rank = second[middle as usize] as usize;
                    tensor[rank] += (c * x).scaled((n * m) as f64);
                }
            }
        }
    }

    /// `T += c A⊙B` with A of degree 1 or 2 and B of degree q: every entry of A
    /// is added to every one of B. The indices of α = κ ∪ β can be given to A in
    /// Π binom(α_a, κ_a) ways.
    pub(super) fn look_up_product<S: Scalar>(
        &self,
        (p, a): (usize, &[S]),
        (q, b): (usize, &[S]),
        c: S,
        tensor: &mut [S],
    ) {
        let below = self.packing(q);
        if p == 1 {
            for (index, &x) in a.iter().enumerate() {
                let weight = c * x;
                let ranks = self.insertion_row(q + 1, index);
                for (beta, (&y, &rank)) in b.iter().zip(ranks).enumerate() {
                    let times = (1 + below.count(beta, index)) as f64;
                    tensor[rank as usize] += (weight * y).scaled(times);
                }
            }
            return;
        }
        let mut pairs = a.iter();
        for high in 0..self.dimension {
            let second = self.insertion_row(q + 2, high);
            for (low, &x) in (0..=high).zip(&mut pairs) {
                let weight = c * x;
                let first = self.insertion_row(q + 1, low);
                for (beta, (&y, &middle)) in b.iter().zip(first).enumerate() {
                    let (n, m) = (1 + below.count(beta, low), 1 + below.count(beta, high));
                    let times = if low == high { n * (n + 1) / 2 } else { n * m };
                    let rank = second[middle as usize] as usize;
                    tensor[rank] += (weight * y).scaled(times as f64);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{close, noise};
    use super::*;

    /// Both ways on the same dirty buffer.
    fn same(buffer: &[f64], looked: impl Fn(&mut [f64]), walked: impl Fn(&mut [f64])) {
        let [mut x, mut y] = [buffer.to_vec(), buffer.to_vec()];
        looked(&mut x);
        walked(&mut y);
        close(&x, &y);
    }

    #[test]
    fn law_only_few_states_have_tables_and_no_more_than_all() {
        assert_eq!(SymmetricLayout::slot_table_bytes(8, 4), Some(0));
        // Degree 5 is the first with 2j > 8: insertions into 4 and 5, entries of 3 and 4.
        let (three, four) = (120, 330);
        let insertions = 4 * 8 * (three + four);
        let entries = 4 * 3 * three + 4 * 4 * four;
        assert_eq!(
            SymmetricLayout::slot_table_bytes(8, 5),
            Some(insertions + entries)
        );
        for (d, degree) in [(1, 5), (2, 60), (5, 3)] {
            let all = SymmetricLayout::table_bytes(d, degree).unwrap();
            assert!(SymmetricLayout::slot_table_bytes(d, degree).unwrap() <= all);
        }
    }

    #[test]
    fn law_looking_up_is_walking_along_runs() {
        // From 16 states on there are squares that are transposed.
        let many = [(16, 2), (19, 3), (41, 2)];
        let few = [(1, 2), (1, 5), (2, 2), (2, 9), (3, 4), (5, 3), (6, 2)];
        for (d, j) in few.into_iter().chain(many) {
            let layout = SymmetricLayout::new(d, j).unwrap();
            let (len, below) = (layout.len(j), layout.len(j - 1));
            let tensor = noise(len, 1);
            for columns in [0..below, below / 3..below - below / 4] {
                let panel = noise(d * columns.len(), 2);
                same(
                    &panel,
                    |out| layout.look_up_slot(j, &tensor, columns.clone(), out),
                    |out| layout.walk_slot(j, &tensor, columns.clone(), out),
                );
                for tops in [0..d, d / 2..d] {
                    let part = (columns.clone(), tops.clone());
                    same(
                        &tensor[layout.first_with_top(j, tops.start)..],
                        |out| {
                            let (columns, tops) = part.clone();
                            layout.look_up_slot_sum(j, 0.7, &panel, columns, tops, out);
                        },
                        |out| {
                            let (columns, tops) = part.clone();
                            layout.walk_slot_sum(j, 0.7, &panel, columns, tops, out);
                        },
                    );
                }
            }
            let columns = layout.len(j - 2) / 3..layout.len(j - 2);
            let panel = noise(d * d * columns.len(), 3);
            same(
                &tensor,
                |out| layout.weighted_pair_sum(j, 0.7, &panel, columns.clone(), out),
                |out| layout.corrected_pair_sum(j, 0.7, &panel, columns.clone(), out),
            );
            for p in (1..=2).filter(|&p| p < j) {
                let (a, b) = (noise(layout.len(p), 4), noise(layout.len(j - p), 5));
                same(
                    &tensor,
                    |out| layout.look_up_product((p, &a), (j - p, &b), 0.7, out),
                    |out| layout.walk_product((p, &a), (j - p, &b), 0.7, out),
                );
            }
        }
    }
}
