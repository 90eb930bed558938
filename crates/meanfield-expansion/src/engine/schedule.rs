//! Blocks of work in parallel, with the same bits for any number of threads.
//!
//! A batch of blocks is computed side by side, each into a buffer of its own.
//! Then the result is split at an index: entries whose largest index is below it
//! and those above are neighbouring halves of the packed tensor. Each half goes
//! through the blocks of the batch in their order and takes what falls to it. So
//! every entry receives its terms in the order of the blocks, whoever adds them.

use std::ops::Range;

use meanfield_abstract::{Model, Transitions};
use meanfield_tensor::{Scalar, SymmetricLayout};
use rayon::prelude::*;

use super::aligned::Aligned;
use super::interaction::{Interaction, buffers, pair_count};
use super::splits::Split;
use crate::plan::Plan;

/// Numbers in a block of columns: a quarter of a megabyte of real numbers, for
/// the panel and for its image, so that both stay in the second cache.
const BLOCK: usize = 1 << 15;

/// Below so many numbers of an unpacked panel threads cost more than they give: half a
/// millisecond of work, against some ten microseconds for every time they meet.
const PARALLEL: usize = 1 << 18;

/// Blocks that a thread works on between two such times, where the memory allows it.
const BATCH: usize = 4;

/// Entries γ of the other slots that a block of pairs holds side by side.
pub(super) const LANES: usize = 16;

/// Columns of a panel of packed pairs, of `all` there are: whole groups of LANES that fill
/// a block, one at the least.
pub(super) fn pair_columns(dimension: usize, all: usize) -> usize {
    let groups = (BLOCK / pair_count(dimension).max(1) / LANES).max(1);
    (groups * LANES).min(all.next_multiple_of(LANES))
}

/// How many numbers the buffers of one block of work hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    /// A panel of columns.
    panel: usize,
    /// A block of pairs, and the factors of a product.
    block: usize,
    factor: usize,
    /// Packed pairs beside some columns, and what columns give to contractions.
    pairs: usize,
    along: usize,
    /// Whether all blocks of work have pairs, not the first alone.
    all_have_pairs: bool,
}

impl Sizes {
    /// For tensors up to degree `top`, `lens` entries each, and blocks of so many columns.
    pub(super) fn new<S: Scalar>(
        d: usize,
        lens: &[usize],
        columns: usize,
        transitions: Option<&Transitions<S>>,
    ) -> Self {
        let top = lens.len() - 1;
        let (block, factor) = buffers(d, top, transitions.map(Transitions::channels));
        let most = transitions.map_or(0, Transitions::most_leaving);
        let (pairs, along) = match top {
            // There is a single block of pairs at order 1.
            0..=2 => (0, 0),
            _ => (
                pair_count(d).saturating_mul(pair_columns(d, lens[top - 2])),
                (top - 1).saturating_mul(most).saturating_mul(columns),
            ),
        };
        Self {
            panel: d.saturating_mul(columns),
            block,
            factor,
            pairs,
            along,
            all_have_pairs: top > 2,
        }
    }

    /// Of the argument as of the image, and of each of the factors.
    fn of(&self, index: usize) -> (usize, usize) {
        if index == 0 || self.all_have_pairs {
            (self.block.max(self.panel), self.factor)
        } else {
            (self.panel, 0)
        }
    }

    /// All of them, of the block of that number.
    pub(super) fn numbers(&self, index: usize) -> usize {
        let (image, factor) = self.of(index);
        let both = image.saturating_add(factor).saturating_mul(2);
        both.saturating_add(self.pairs).saturating_add(self.along)
    }
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

/// How many blocks are kept at once on the current pool. Those beside the first, of
/// `numbers` each, take no more than one vector of unknowns and a quarter; `panel` numbers
/// has the largest panel.
pub(super) fn concurrent(unknowns: usize, panel: usize, numbers: usize) -> usize {
    let threads = rayon::current_num_threads();
    if panel < PARALLEL || threads == 1 {
        return 1;
    }
    let others = unknowns.saturating_add(unknowns / 4) / numbers.max(1);
    let works = threads.saturating_mul(BATCH).min(others.saturating_add(1));
    // As many for every thread.
    works - if works > threads { works % threads } else { 0 }
}

impl<S: Scalar> Workers<S> {
    pub(super) fn new(
        model: &dyn Model<Scalar = S>,
        plan: &Plan,
        interaction: &Interaction<'_, S>,
    ) -> Self {
        let layout = plan.layout();
        let (d, top) = (layout.dimension(), plan.order() + 1);
        let fewest_columns = model.effort(0, 0).fewest_columns;
        let columns = block_columns(d, fewest_columns, layout.len(top - 1));
        let lens: Vec<usize> = (0..=top).map(|j| layout.len(j)).collect();
        let sizes = Sizes::new(d, &lens, columns, interaction.transitions());
        let panel = d * layout.len(top - 1);
        let works = concurrent(plan.unknowns(), panel, sizes.numbers(1));
        let work = |index| {
            let (image, factor) = sizes.of(index);
            let zeros = Aligned::zeros;
            Work {
                argument: zeros(image),
                image: zeros(image),
                pairs: zeros(sizes.pairs),
                along: vec![S::from_re(0.0); sizes.along],
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
    /// `gather(block, work)` one after the other, and `sum(block, work, tops, out)` in
    /// order, where `out` is that part of a packed tensor of degree `j` whose largest
    /// index is in `tops`.
    pub(super) fn run(
        &mut self,
        layout: &SymmetricLayout,
        j: usize,
        blocks: usize,
        out: &mut [S],
        compute: impl Fn(usize, &mut Work<S>) + Sync,
        mut gather: impl FnMut(usize, &Work<S>),
        sum: impl Fn(usize, &Work<S>, Range<usize>, &mut [S]) + Sync,
    ) {
        let d = layout.dimension();
        let alone = self.works.len() == 1 || d * layout.len(j - 1) < PARALLEL;
        if let (true, [work, ..]) = (alone, self.works.as_mut_slice()) {
            for k in 0..blocks {
                compute(k, work);
                gather(k, work);
                sum(k, work, 0..d, out);
            }
            return;
        }
        let parts = rayon::current_num_threads().min(self.works.len());
        let mut first = 0;
        while first < blocks {
            let count = self.works.len().min(blocks - first);
            let batch = &mut self.works[..count];
            let numbered = batch.par_iter_mut().enumerate();
            numbered.for_each(|(k, work)| compute(first + k, work));
            let batch = &self.works[..count];
            for (k, work) in batch.iter().enumerate() {
                gather(first + k, work);
            }
            let each = |tops: Range<usize>, out: &mut [S]| {
                for (k, work) in batch.iter().enumerate() {
                    sum(first + k, work, tops.clone(), out);
                }
            };
            halve(layout, j, parts, 0..d, out, &each);
            first += count;
        }
    }
}

/// Calls `each` for `parts` neighbouring parts of a packed tensor, of about the
/// same length, in parallel.
fn halve<S: Scalar>(
    layout: &SymmetricLayout,
    j: usize,
    parts: usize,
    tops: Range<usize>,
    out: &mut [S],
    each: &(impl Fn(Range<usize>, &mut [S]) + Sync),
) {
    let start = layout.first_with_top(j, tops.start);
    let half = start + out.len() / 2;
    let mut middle = tops.start;
    while middle < tops.end && layout.first_with_top(j, middle) < half {
        middle += 1;
    }
    if parts <= 1 || middle == tops.start || middle == tops.end {
        return each(tops, out);
    }
    let (low, high) = out.split_at_mut(layout.first_with_top(j, middle) - start);
    rayon::join(
        || halve(layout, j, parts / 2, tops.start..middle, low, each),
        || halve(layout, j, parts - parts / 2, middle..tops.end, high, each),
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
    fn law_blocks_at_once_fit_beside_the_unknowns() {
        let on = |threads: usize, run: &(dyn Fn() + Sync)| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
            pool.build().expect("a pool of a few threads").install(run);
        };
        on(1, &|| assert_eq!(concurrent(1000, PARALLEL, 1), 1));
        on(3, &|| {
            assert_eq!(concurrent(1000, PARALLEL - 1, 1), 1);
            assert_eq!(concurrent(1000, PARALLEL, 1), 3 * BATCH);
            assert_eq!(concurrent(1000, PARALLEL, 400), 3);
            assert_eq!(concurrent(1000, PARALLEL, 200), 6);
            assert_eq!(concurrent(1000, PARALLEL, 1250), 1 + 1);
            assert_eq!(concurrent(1000, PARALLEL, 1251), 1);
        });
    }
}
