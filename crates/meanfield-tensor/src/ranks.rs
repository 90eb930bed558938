//! Ranks of packed entries without a table of them.
//!
//! With sorted indices a_1 ≤ … ≤ a_j an entry has the rank Σ_k C(a_k + k − 1, k),
//! so entries that differ in a_1 alone lie side by side. They form a *run*: the
//! algebra of packed tensors goes run by run, along contiguous memory, and finds
//! the other ends of its moves by adding up a few binomial coefficients.

use std::ops::Range;

use smallvec::SmallVec;

/// Sorted indices of an entry, or numbers that go with them; on the stack for
/// every degree an expansion of order 15 needs.
pub(crate) type Indices<T> = SmallVec<[T; 16]>;

/// The binomial coefficients C(a + k − 1, k) for a ≤ D and k up to a highest
/// degree; saturating, for those that no tensor needs.
#[derive(Debug, Clone)]
pub(crate) struct Ranks {
    dimension: usize,
    degree: usize,
    choose: Vec<usize>,
}

impl Ranks {
    pub(crate) fn new(dimension: usize, degree: usize) -> Self {
        let width = dimension + 1;
        let mut choose = vec![0_usize; (degree + 1) * width];
        choose[..width].fill(1);
        for k in 1..=degree {
            for a in 1..width {
                // Pascal: C(a+k−1, k) = C(a+k−2, k) + C(a+k−2, k−1).
                choose[k * width + a] =
                    choose[k * width + a - 1].saturating_add(choose[(k - 1) * width + a]);
            }
        }
        Self {
            dimension,
            degree,
            choose,
        }
    }

    /// C(a + k − 1, k) for all a ≤ D: what an index a adds to the rank at
    /// position k, counted from 1, and the number of entries of degree k with
    /// all indices below a.
    #[inline(always)]
    pub(crate) fn at(&self, k: usize) -> &[usize] {
        let width = self.dimension + 1;
        &self.choose[k * width..(k + 1) * width]
    }

    /// The rank of the entry with these sorted indices.
    pub(crate) fn rank(&self, sorted: &[u32]) -> usize {
        sorted
            .iter()
            .enumerate()
            .map(|(k, &a)| self.at(k + 1)[a as usize])
            .sum()
    }

    /// The sorted indices of entry `entry` of degree `j`.
    pub(crate) fn indices(&self, j: usize, mut entry: usize) -> Indices<u32> {
        debug_assert!(j <= self.degree);
        let mut out: Indices<u32> = SmallVec::from_elem(0, j);
        for k in (1..=j).rev() {
            // The largest a with C(a + k − 1, k) ≤ what is left.
            let a = self.at(k).partition_point(|&n| n <= entry) - 1;
            out[k - 1] = a as u32;
            entry -= self.at(k)[a];
        }
        out
    }

    /// The runs that make up the entries `entries` of degree `m` ≥ 1.
    #[inline(always)]
    pub(crate) fn runs(&self, m: usize, entries: Range<usize>) -> Runs {
        let all = match entries.is_empty() {
            true => Indices::from_elem(0, m),
            false => self.indices(m, entries.start),
        };
        Runs {
            dimension: self.dimension,
            len: entries.len(),
            from: all[0] as usize,
            at: 0,
            tail: SmallVec::from_slice(&all[1..]),
            stale: false,
        }
    }
}

/// Neighbouring runs: no iterator, for each lends its tail, and not a function
/// that calls another one, for what it calls might not be inlined.
pub struct Runs {
    dimension: usize,
    len: usize,
    from: usize,
    at: usize,
    tail: Indices<u32>,
    stale: bool,
}

/// A run or a part of one.
pub struct Run<'a> {
    /// The sorted indices after the first one.
    pub tail: &'a [u32],
    /// The range of the first one.
    pub first: Range<usize>,
    /// The place of the first entry among those asked for.
    pub at: usize,
}

impl Runs {
    /// The next run.
    #[inline(always)]
    #[expect(clippy::should_implement_trait, reason = "a run lends its indices")]
    pub fn next(&mut self) -> Option<Run<'_>> {
        if self.at == self.len {
            return None;
        }
        if self.stale {
            next_indices(&mut self.tail);
        }
        self.stale = true;
        let (from, at) = (self.from, self.at);
        let end = self
            .tail
            .first()
            .map_or(self.dimension, |&a| a as usize + 1);
        let end = end.min(from + self.len - at);
        self.at += end - from;
        self.from = 0;
        Some(Run {
            tail: &self.tail,
            first: from..end,
            at,
        })
    }
}

/// The sorted indices of the next entry.
pub(crate) fn next_indices(indices: &mut [u32]) {
    let last = indices.len().saturating_sub(1);
    let step = (0..last).find(|&k| indices[k] < indices[k + 1]);
    let k = step.unwrap_or(last);
    if let Some(index) = indices.get_mut(k) {
        *index += 1;
        indices[..k].fill(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packed_len;

    #[test]
    fn law_rank_and_indices_are_inverse_and_ordered() {
        for dimension in 1..6 {
            let ranks = Ranks::new(dimension, 5);
            for j in 0..=5 {
                let mut expected: Indices<u32> = SmallVec::from_elem(0, j);
                for entry in 0..packed_len(dimension, j).unwrap() {
                    assert_eq!(ranks.indices(j, entry), expected);
                    assert_eq!(ranks.rank(&expected), entry);
                    next_indices(&mut expected);
                }
            }
        }
    }

    #[test]
    fn law_runs_tile_any_range_of_entries() {
        for (dimension, m) in [(1, 3), (2, 4), (4, 1), (4, 3)] {
            let ranks = Ranks::new(dimension, m);
            let len = packed_len(dimension, m).unwrap();
            for start in 0..len {
                for end in start..=len {
                    let mut next = start;
                    let mut runs = ranks.runs(m, start..end);
                    while let Some(Run { tail, first, at }) = runs.next() {
                        assert_eq!(start + at, next);
                        for a in first {
                            let mut indices = vec![a as u32];
                            indices.extend_from_slice(tail);
                            assert_eq!(ranks.rank(&indices), next);
                            next += 1;
                        }
                    }
                    assert_eq!(next, end);
                }
            }
        }
    }

    #[test]
    fn law_coefficients_beyond_the_integers_saturate() {
        let ranks = Ranks::new(10_000, 60);
        assert_eq!(ranks.at(60)[10_000], usize::MAX);
        assert_eq!(ranks.at(2)[10_000], 10_000 * 10_001 / 2);
    }
}
