//! Blocks of work in parallel, with the same bits for any number of threads.
//!
//! A batch of blocks is computed side by side, each into a buffer of its own.
//! Then the result is split at an index: entries whose largest index is below it
//! and those above are neighbouring halves of the packed tensor. Each half goes
//! through the blocks of the batch in their order and takes what falls to it. So
//! every entry receives its terms in the order of the blocks, whoever adds them.

use std::ops::Range;

use meanfield_tensor::{Scalar, SymmetricLayout};
use rayon::prelude::*;

use super::aligned::Aligned;
use super::buffers::{Buffers, PARALLEL, WorkLengths};
use crate::engine::products::splits::Split;

/// The buffers of one block of work.
pub(crate) struct Work<S> {
    /// A panel of exposed slots, or a block of pairs.
    pub(crate) argument: Aligned<S>,
    /// Its image, to be summed over the slot or the pairs.
    pub(crate) image: Aligned<S>,
    /// Packed pairs beside some columns: what is exposed, and what is to be summed.
    pub(crate) pairs: Aligned<S>,
    /// What the columns give to contractions by channels.
    pub(crate) along: Vec<S>,
    /// Lanes of the two factors of a product.
    pub(crate) left: Aligned<S>,
    pub(crate) right: Aligned<S>,
    /// How the entries of the block split between two factors.
    pub(crate) splits: Vec<Split>,
}

impl<S: Scalar> Work<S> {
    fn new(lengths: WorkLengths) -> Self {
        let zeros = Aligned::zeros;
        Self {
            argument: zeros(lengths.image),
            image: zeros(lengths.image),
            pairs: zeros(lengths.pairs),
            along: vec![S::from_re(0.0); lengths.along],
            left: zeros(lengths.factor),
            right: zeros(lengths.factor),
            splits: Vec::new(),
        }
    }
}

/// The buffers of all blocks that are worked on at once.
pub(crate) struct Workers<S> {
    works: Vec<Work<S>>,
    buffers: Buffers,
}

impl<S: Scalar> Workers<S> {
    pub(crate) fn new(buffers: Buffers) -> Self {
        let works = (0..buffers.works).map(|index| Work::new(buffers.work(index)));
        Self {
            works: works.collect(),
            buffers,
        }
    }

    /// A buffer that nobody uses between two passes.
    pub(crate) fn room(&mut self) -> &mut [S] {
        self.works
            .first_mut()
            .map_or(&mut [], |work| &mut work.argument)
    }

    /// Columns of a block, of `all` there are.
    pub(crate) fn columns(&self, all: usize) -> usize {
        self.buffers.columns(all)
    }

    /// For blocks 0 … `blocks`−1: `compute(block, work)` in parallel, then
    /// `gather(block, work)` one after the other, and `sum(block, work, tops, out)` in
    /// order, where `out` is that part of a packed tensor of degree `j` whose largest
    /// index is in `tops`.
    pub(crate) fn run(
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
