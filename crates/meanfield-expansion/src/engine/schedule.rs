//! Blocks of work in parallel, with the same bits for any number of threads.
//!
//! A batch of blocks is computed side by side, each into a buffer of its own.
//! Then the result is split at an index: entries whose largest index is below it
//! and those above are neighbouring halves of the packed tensor. Each half goes
//! through the blocks of the batch in their order and takes what falls to it. So
//! every entry receives its terms in the order of the blocks, whoever adds them.

use std::ops::Range;

use meanfield_abstract::Model;
use meanfield_tensor::{Ladder, Scalar};
use rayon::prelude::*;

use super::aligned::Aligned;
use super::interaction::{Interaction, buffers, pair_count};
use super::splits::Split;
use crate::plan::Plan;

/// Numbers in a block of columns: a quarter of a megabyte of real numbers, for
/// the panel and for its image, so that both stay in the second cache.
const BLOCK: usize = 1 << 15;

/// Below this number of unknowns threads cost more than they give.
const PARALLEL_UNKNOWNS: usize = 1 << 13;

/// Entries γ of the other slots that a block of pairs holds side by side.
pub(super) const LANES: usize = 16;

/// Columns of a panel of packed pairs, of `all` there are: whole groups of LANES that fill
/// a block, one at the least.
pub(super) fn pair_columns(dimension: usize, all: usize) -> usize {
    let groups = (BLOCK / pair_count(dimension).max(1) / LANES).max(1);
    (groups * LANES).min(all.next_multiple_of(LANES))
}

/// Numbers that a block of columns of tensors up to degree `top` gives to contractions,
/// with so many channels out of a state.
pub(super) fn along(top: usize, most_leaving: usize, columns: usize) -> usize {
    let places = if top > 2 { top - 1 } else { 0 };
    places.saturating_mul(most_leaving).saturating_mul(columns)
}

/// The buffers of one block of work.
pub(super) struct Work<S> {
    /// A panel of exposed slots, or a block of pairs.
    pub(super) argument: Aligned<S>,
    /// Its image, to be summed over the slot or the pairs.
    pub(super) image: Aligned<S>,
    /// Packed pairs beside some columns: what is exposed, and what is to be summed.
    pub(super) pairs: Aligned<S>,
    /// What the columns give to contractions by channels.
    pub(super) along: Vec<S>,
    /// Lanes of the two factors of a product.
    pub(super) left: Aligned<S>,
    pub(super) right: Aligned<S>,
    /// How the entries of the block split between two factors.
    pub(super) splits: Vec<Split>,
}

/// The buffers of all blocks that are worked on at once.
pub(super) struct Workers<S> {
    works: Vec<Work<S>>,
    /// Columns below which a linearisation loses time.
    fewest_columns: usize,
}

/// Columns of a block of g_j, of `all` there are, about `fewest` at the least; no more
/// for a smaller tensor than for a larger one. An odd multiple of 8, so that the
/// rows of a panel do not all fall on the same places of the cache.
pub(super) fn block_columns(dimension: usize, fewest: usize, all: usize) -> usize {
    let most = (BLOCK / dimension.max(1)).max(fewest);
    (((most / 8) | 1) * 8).min(all)
}

/// How many blocks are worked on at once on the current pool: never more than
/// the highest order has, of its columns or of those of pairs, (all, in a block) each.
pub(super) fn concurrent(unknowns: usize, columns: (usize, usize), pairs: (usize, usize)) -> usize {
    if unknowns < PARALLEL_UNKNOWNS {
        return 1;
    }
    let blocks = |(all, width): (usize, usize)| all.div_ceil(width.max(1));
    let most = blocks(columns).max(blocks(pairs));
    rayon::current_num_threads().min(most).max(1)
}

impl<S: Scalar> Workers<S> {
    pub(super) fn new(
        model: &dyn Model<Scalar = S>,
        plan: &Plan,
        interaction: &Interaction<'_, S>,
    ) -> Self {
        let ladder = plan.ladder();
        let (d, top) = (ladder.dimension(), plan.order() + 1);
        let below = if top > 1 { ladder.len(top - 2) } else { 0 };
        let fewest_columns = model.effort(0, 0).fewest_columns;
        let columns = block_columns(d, fewest_columns, ladder.len(top - 1));
        let width = pair_columns(d, below);
        let all = (ladder.len(top - 1), columns);
        let works = concurrent(plan.unknowns(), all, (below, width));
        let channels = interaction.transitions().map(|list| list.channels());
        let most = interaction
            .transitions()
            .map_or(0, |list| list.most_leaving());
        let (block, factor) = buffers(d, top, channels);
        let zeros = Aligned::zeros;
        let work = |index| {
            // At order 1 there is a single block of pairs.
            let (block, factor) = match (index, top) {
                (1.., ..=2) => (0, 0),
                _ => (block, factor),
            };
            Work {
                argument: zeros(block.max(d * columns)),
                image: zeros(block.max(d * columns)),
                pairs: zeros(if top > 2 { pair_count(d) * width } else { 0 }),
                along: vec![S::from_re(0.0); along(top, most, columns)],
                left: zeros(factor),
                right: zeros(factor),
                splits: Vec::new(),
            }
        };
        Self {
            works: (0..works).map(work).collect(),
            fewest_columns,
        }
    }

    /// A buffer that nobody uses between two passes.
    pub(super) fn room(&mut self) -> &mut [S] {
        self.works
            .first_mut()
            .map_or(&mut [], |work| &mut work.argument)
    }

    /// Columns of a block, of `all` there are.
    pub(super) fn columns(&self, dimension: usize, all: usize) -> usize {
        block_columns(dimension, self.fewest_columns, all)
    }

    /// For blocks 0 … `blocks`−1: `compute(block, work)` in parallel, then
    /// `gather(block, work)` one after the other, and `sum(block, work, tops, out)` in order, where `out` is that part of a
    /// packed tensor of degree `j` whose largest index is in `tops`.
    pub(super) fn run(
        &mut self,
        ladder: &Ladder,
        j: usize,
        blocks: usize,
        out: &mut [S],
        compute: impl Fn(usize, &mut Work<S>) + Sync,
        mut gather: impl FnMut(usize, &Work<S>),
        sum: impl Fn(usize, &Work<S>, Range<usize>, &mut [S]) + Sync,
    ) {
        let d = ladder.dimension();
        let mut first = 0;
        while first < blocks {
            let count = self.works.len().min(blocks - first);
            let batch = &mut self.works[..count];
            if let [work] = batch {
                compute(first, work);
                if self.works.len() == 1 {
                    gather(first, &self.works[0]);
                    sum(first, &self.works[0], 0..d, out);
                    first += 1;
                    continue;
                }
            } else {
                let numbered = batch.par_iter_mut().enumerate();
                numbered.for_each(|(k, work)| compute(first + k, work));
            }
            let batch = &self.works[..count];
            for (k, work) in batch.iter().enumerate() {
                gather(first + k, work);
            }
            let each = |tops: Range<usize>, out: &mut [S]| {
                for (k, work) in batch.iter().enumerate() {
                    sum(first + k, work, tops.clone(), out);
                }
            };
            halve(ladder, j, self.works.len(), 0..d, out, &each);
            first += count;
        }
    }
}

/// Calls `each` for `parts` neighbouring parts of a packed tensor, of about the
/// same length, in parallel.
fn halve<S: Scalar>(
    ladder: &Ladder,
    j: usize,
    parts: usize,
    tops: Range<usize>,
    out: &mut [S],
    each: &(impl Fn(Range<usize>, &mut [S]) + Sync),
) {
    let start = ladder.first_with_top(j, tops.start);
    let half = start + out.len() / 2;
    let mut middle = tops.start;
    while middle < tops.end && ladder.first_with_top(j, middle) < half {
        middle += 1;
    }
    if parts <= 1 || middle == tops.start || middle == tops.end {
        return each(tops, out);
    }
    let (low, high) = out.split_at_mut(ladder.first_with_top(j, middle) - start);
    rayon::join(
        || halve(ladder, j, parts / 2, tops.start..middle, low, each),
        || halve(ladder, j, parts - parts / 2, middle..tops.end, high, each),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_buffers_of_the_highest_tensor_hold_the_blocks_of_every_other() {
        for dimension in [1, 7, 32, 64, 100, 512, 5000] {
            for fewest in [1, 16, 256] {
                for all in 1..3000 {
                    let columns = block_columns(dimension, fewest, all);
                    assert!(columns > 0 && columns <= block_columns(dimension, fewest, all + 1));
                }
            }
        }
    }

    #[test]
    fn law_a_block_fills_its_share_of_the_cache() {
        let few = |dimension| block_columns(dimension, 1, usize::MAX);
        for dimension in [1, 7, 32, 64, 100, 512, 2000] {
            let columns = few(dimension);
            assert_eq!((columns % 8, columns / 8 % 2), (0, 1), "D = {dimension}");
            let numbers = columns * dimension;
            let (less, more) = (BLOCK - 8 * dimension, BLOCK + 8 * dimension);
            assert!(
                (less..=more).contains(&numbers),
                "D = {dimension}: {numbers}"
            );
        }
        // Where a block would be too narrow, as wide as is asked.
        assert_eq!(block_columns(5000, 256, usize::MAX), 264);
        assert_eq!(block_columns(32, 1, 100), 100);
    }

    #[test]
    fn law_no_more_blocks_at_once_than_there_are() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(4).build();
        pool.unwrap().install(|| {
            let many = PARALLEL_UNKNOWNS;
            assert_eq!(concurrent(many - 1, (1000, 10), (1000, 10)), 1);
            assert_eq!(concurrent(many, (1000, 10), (0, 8)), 4);
            assert_eq!(concurrent(many, (21, 10), (0, 8)), 3);
            assert_eq!(concurrent(many, (10, 10), (9, 8)), 2);
            assert_eq!(concurrent(many, (0, 10), (0, 0)), 1);
        });
    }
}
