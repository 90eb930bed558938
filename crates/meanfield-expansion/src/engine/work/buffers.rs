//! How many numbers every buffer of the engine has. Who makes one and who counts it
//! before it is made both ask here.

use meanfield_tensor::pair_count;

use crate::engine::lanes::LANES;

/// Numbers in a block of columns: a quarter of a megabyte of real numbers, for
/// the panel and for its image, so that both stay in the second cache.
const BLOCK: usize = 1 << 15;

/// Below so many numbers of an unpacked panel threads cost more than they give: half a
/// millisecond of work, against some ten microseconds for every time they meet.
pub(crate) const PARALLEL: usize = 1 << 18;

/// Blocks that a thread works on between two such times, where the memory allows it.
const BATCH: usize = 4;

/// What an interaction asks for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Needs {
    /// Channels of rates, beside every tensor.
    pub(crate) channels: usize,
    /// Of them out of one state, at the most.
    pub(crate) leaving: usize,
    /// Numbers of a table of rates by partner.
    pub(crate) by_partner: usize,
    /// Of what it gives to one slot beside F, and beside each g_{2,l}.
    pub(crate) source: usize,
    /// For one lane, a block of pairs and the factors of a product.
    pub(crate) block: usize,
    pub(crate) factor: usize,
}

/// The lengths, for tensors up to degree n + 1.
#[derive(Debug, Clone)]
pub(crate) struct Buffers {
    pub(crate) order: usize,
    pub(crate) d: usize,
    /// Packed entries of degrees 0 … n + 1.
    pub(crate) lens: Vec<usize>,
    /// Blocks of work that are kept at once.
    pub(crate) works: usize,
    fewest_columns: usize,
    needs: Needs,
}

/// Those of one block of work.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WorkLengths {
    /// Of the argument as of the image.
    pub(crate) image: usize,
    /// Of each of the two factors.
    pub(crate) factor: usize,
    pub(crate) pairs: usize,
    pub(crate) along: usize,
}

impl WorkLengths {
    fn total(self) -> usize {
        let twice = self.image.saturating_add(self.factor).saturating_mul(2);
        twice.saturating_add(self.pairs).saturating_add(self.along)
    }
}

impl Buffers {
    /// For tensors of `lens` entries by degree, `unknowns` in all; linearisations lose
    /// time with fewer columns than `fewest_columns`. On the current pool of threads.
    pub(crate) fn new(
        lens: Vec<usize>,
        unknowns: usize,
        fewest_columns: usize,
        needs: Needs,
    ) -> Self {
        let mut buffers = Self {
            needs,
            order: lens.len() - 2,
            d: lens[1],
            lens,
            fewest_columns,
            works: 1,
        };
        let panel = buffers.d.saturating_mul(buffers.lens[buffers.order]);
        buffers.works = concurrent(unknowns, panel, buffers.work(1).total());
        buffers
    }

    /// Columns of a block, of `all` there are.
    pub(crate) fn columns(&self, all: usize) -> usize {
        block_columns(self.d, self.fewest_columns, all)
    }

    /// Of the widest block.
    pub(crate) fn widest(&self) -> usize {
        self.columns(self.lens[self.order])
    }

    /// The buffers of the block of work of that number. At order 1 there is a single
    /// block of pairs, the first.
    pub(crate) fn work(&self, index: usize) -> WorkLengths {
        let panel = self.d.saturating_mul(self.widest());
        let lanes = match self.order {
            0 | 1 => usize::from(index == 0),
            _ => LANES,
        };
        let (mut pairs, mut along) = (0, 0);
        if self.order > 1 {
            let columns = pair_columns(self.d, self.lens[self.order - 1]);
            pairs = pair_count(self.d).saturating_mul(columns);
            along = self.order.saturating_mul(self.needs.leaving);
            along = along.saturating_mul(self.widest());
        }
        WorkLengths {
            image: self.needs.block.saturating_mul(lanes).max(panel),
            factor: self.needs.factor.saturating_mul(lanes),
            pairs,
            along,
        }
    }

    /// Degrees of the tensors below the highest order, F's at the least, in their order.
    pub(crate) fn below(&self) -> impl Iterator<Item = usize> {
        (0..self.order.max(1)).flat_map(|p| (1..=p + 1).rev())
    }

    /// One slot of a tensor of degree j beside the rest, or so many channels of rates; of
    /// degree 1 the slot is all.
    fn beside(&self, rows: usize, j: usize) -> usize {
        let columns = if j > 1 { self.lens[j - 1] } else { 0 };
        rows.saturating_mul(columns)
    }

    pub(crate) fn exposed(&self, j: usize) -> usize {
        self.beside(self.d, j)
    }

    pub(crate) fn rates(&self, j: usize) -> usize {
        self.beside(self.needs.channels, j)
    }

    /// ξ of degree j.
    pub(crate) fn xi(&self, j: usize) -> usize {
        self.lens[j]
    }

    /// What is contracted of a tensor of degree j by channels, for j = 0 … n + 1: of F and
    /// of pairs while their operator is linearised.
    pub(crate) fn contracted(&self) -> impl Iterator<Item = usize> {
        (0..self.lens.len()).map(|j| match j {
            0..=2 => 0,
            _ => self.needs.channels.saturating_mul(self.lens[j - 2]),
        })
    }

    /// What the interaction gives to one slot beside F, and beside g_{2,l}, l = 0 … n−1.
    pub(crate) fn sources(&self) -> usize {
        self.needs.source.saturating_mul(self.order + 1)
    }

    /// The widest image of one slot below the highest order.
    pub(crate) fn moved(&self) -> usize {
        let columns = self.lens[self.order.saturating_sub(1)];
        self.d.saturating_mul(columns)
    }

    /// All of them.
    pub(crate) fn total(&self) -> usize {
        let of_degree = |j| [self.exposed(j), self.rates(j), self.xi(j)];
        let once = [self.moved(), self.sources(), self.needs.by_partner];
        let works = (0..self.works).map(|index| self.work(index).total());
        let all = self.below().flat_map(of_degree).chain(self.contracted());
        all.chain(once).chain(works).fold(0, usize::saturating_add)
    }
}

/// Columns of a panel of packed pairs, of `all` there are: whole groups of LANES that fill
/// a block, one at the least.
pub(crate) fn pair_columns(dimension: usize, all: usize) -> usize {
    let groups = (BLOCK / pair_count(dimension).max(1) / LANES).max(1);
    (groups * LANES).min(all.next_multiple_of(LANES))
}

/// Columns of a block of g_j, of `all` there are, about `fewest` at the least; no more
/// for a smaller tensor than for a larger one. An odd multiple of 8, so that the
/// rows of a panel do not all fall on the same places of the cache.
fn block_columns(dimension: usize, fewest: usize, all: usize) -> usize {
    let most = (BLOCK / dimension.max(1)).max(fewest);
    (((most / 8) | 1) * 8).min(all)
}

/// How many blocks are kept at once on the current pool. Those beside the first, of
/// `numbers` each, take no more than one vector of unknowns and a quarter; `panel` numbers
/// has the largest panel.
fn concurrent(unknowns: usize, panel: usize, numbers: usize) -> usize {
    let threads = rayon::current_num_threads();
    if panel < PARALLEL || threads == 1 {
        return 1;
    }
    let others = unknowns.saturating_add(unknowns / 4) / numbers.max(1);
    let works = threads.saturating_mul(BATCH).min(others.saturating_add(1));
    // As many for every thread.
    works - if works > threads { works % threads } else { 0 }
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
