//! Q on a block of packed pairs, by the channels that leave a state.

use meanfield_tensor::{Kernel, Lanes, Scalar, add_lanes};

use super::{Rates, Rows, Transitions};

/// Adds a pair to the sums of one state, times the rates beside its partner.
#[inline(always)]
fn add_pair<S: Scalar, const L: usize, const N: usize>(
    sums: &mut [[S; L]; N],
    rows: &[&[S]; N],
    partner: usize,
    pair: &[S; L],
) {
    for n in 0..N {
        add_lanes(&mut sums[n], rows[n][partner], pair);
    }
}

/// Where the packed pair {low, high} lies.
#[inline(always)]
fn place(high: usize, low: usize) -> usize {
    high * (high + 1) / 2 + low
}

/// The rates of N channels from the `first`-th on.
#[inline(always)]
fn rows_of<S, const N: usize>(rates: &[S], d: usize, first: usize) -> [&[S]; N] {
    let rates = &rates[first * d..][..N * d];
    std::array::from_fn(|n| &rates[n * d..][..d])
}

/// Q on a block of packed pairs.
pub(super) struct OnBlock<'a, S, const L: usize> {
    pub(super) list: &'a Transitions<S>,
    pub(super) block: &'a Lanes<S, L>,
    /// Of each channel, every lane: sums that are stored whole are kept in vectors
    /// while they grow.
    pub(super) sums: &'a mut Lanes<S, L>,
}

impl<S: Scalar, const L: usize> OnBlock<'_, S, L> {
    /// N channels out of c, from the `from`-th on: every pair is read once for all
    /// of them.
    #[inline(always)]
    fn whole<const N: usize>(&mut self, rates: &[S], c: usize, from: usize) {
        let d = self.list.dimension;
        let first = self.list.start[c] + from;
        let rows = rows_of::<_, N>(rates, d, first);
        let own = &self.block[place(c, 0)..][..c];
        let mut sums = [[S::from_re(0.0); L]; N];
        for (partner, pair) in own.iter().enumerate() {
            add_pair(&mut sums, &rows, partner, pair);
        }
        for partner in c..d {
            add_pair(&mut sums, &rows, partner, &self.block[place(partner, c)]);
        }
        self.keep(first, &sums);
    }

    /// The same for the states c, …, c + 3: beyond them, pairs with one partner lie side
    /// by side.
    #[inline(always)]
    fn four<const N: usize>(&mut self, rates: &[S], c: usize, from: usize) {
        let d = self.list.dimension;
        let first = |c: usize| self.list.start[c] + from;
        let [first0, first1, first2, first3] = [c, c + 1, c + 2, c + 3].map(first);
        let rows0 = rows_of::<_, N>(rates, d, first0);
        let rows1 = rows_of::<_, N>(rates, d, first1);
        let rows2 = rows_of::<_, N>(rates, d, first2);
        let rows3 = rows_of::<_, N>(rates, d, first3);
        let zero = [[S::from_re(0.0); L]; N];
        let (mut sums0, mut sums1, mut sums2, mut sums3) = (zero, zero, zero, zero);
        let own0 = &self.block[place(c, 0)..][..c];
        let own1 = &self.block[place(c + 1, 0)..][..c];
        let own2 = &self.block[place(c + 2, 0)..][..c];
        let own3 = &self.block[place(c + 3, 0)..][..c];
        for partner in 0..c {
            add_pair(&mut sums0, &rows0, partner, &own0[partner]);
            add_pair(&mut sums1, &rows1, partner, &own1[partner]);
            add_pair(&mut sums2, &rows2, partner, &own2[partner]);
            add_pair(&mut sums3, &rows3, partner, &own3[partner]);
        }
        for partner in c..c + 4 {
            let pair = |c: usize| &self.block[place(partner.max(c), partner.min(c))];
            add_pair(&mut sums0, &rows0, partner, pair(c));
            add_pair(&mut sums1, &rows1, partner, pair(c + 1));
            add_pair(&mut sums2, &rows2, partner, pair(c + 2));
            add_pair(&mut sums3, &rows3, partner, pair(c + 3));
        }
        for partner in c + 4..d {
            let pairs = &self.block[place(partner, c)..][..4];
            add_pair(&mut sums0, &rows0, partner, &pairs[0]);
            add_pair(&mut sums1, &rows1, partner, &pairs[1]);
            add_pair(&mut sums2, &rows2, partner, &pairs[2]);
            add_pair(&mut sums3, &rows3, partner, &pairs[3]);
        }
        self.keep(first0, &sums0);
        self.keep(first1, &sums1);
        self.keep(first2, &sums2);
        self.keep(first3, &sums3);
    }

    #[inline(always)]
    fn listed(&mut self, rates: &Rows<S>, c: usize, channel: usize) {
        let mut sum = [S::from_re(0.0); L];
        for k in rates.start[channel]..rates.start[channel + 1] {
            let d = rates.column[k] as usize;
            let pair = &self.block[place(c.max(d), c.min(d))];
            add_lanes(&mut sum, rates.value[k], pair);
        }
        self.keep(channel, &[sum]);
    }

    /// The sums of N channels from the `first`-th on.
    #[inline(always)]
    fn keep<const N: usize>(&mut self, first: usize, sums: &[[S; L]; N]) {
        self.sums[first..][..N].copy_from_slice(sums);
    }
}

impl<S: Scalar, const L: usize> Kernel for OnBlock<'_, S, L> {
    #[inline(always)]
    fn run(mut self) {
        let list = self.list;
        match &list.rates {
            Rates::Whole(matrix) => {
                let rates = matrix.as_slice().unwrap_or(&[]);
                let mut c = 0;
                while c < list.dimension {
                    let leaving = list.start[c..].windows(2);
                    let mut counts = leaving.take(4).map(|w| w[1] - w[0]);
                    let first = counts.next();
                    let four = c + 4 <= list.dimension && counts.all(|n| Some(n) == first);
                    let count = first.unwrap_or(0);
                    for from in (0..count).step_by(4) {
                        match (four, count - from) {
                            (true, 1) => self.four::<1>(rates, c, from),
                            (true, 2) => self.four::<2>(rates, c, from),
                            (true, 3) => self.four::<3>(rates, c, from),
                            (true, _) => self.four::<4>(rates, c, from),
                            (false, 1) => self.whole::<1>(rates, c, from),
                            (false, 2) => self.whole::<2>(rates, c, from),
                            (false, 3) => self.whole::<3>(rates, c, from),
                            (false, _) => self.whole::<4>(rates, c, from),
                        }
                    }
                    c += if four { 4 } else { 1 };
                }
            }
            Rates::Listed(rows) => {
                for c in 0..list.dimension {
                    for channel in list.leaving(c) {
                        self.listed(rows, c, channel);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problems::Noise;
    use crate::{PairEntry, PairOperator};

    /// Rounding of sums of a few hundred terms of size one.
    const ROUNDING: f64 = 1e-12;

    /// [Tr²(V G)]_a by its definition, lane by lane, with so many transitions out of
    /// every state but the last, and a share of their rates.
    fn is_the_sum_over_all_entries<const L: usize>(d: usize, leaving: usize, share: f64) {
        let mut noise = Noise::new((d * leaving) as u64);
        let trace = noise.vector::<f64>(d);
        let mut entries = Vec::new();
        for c in 0..d {
            for n in 0..leaving.min(d) + usize::from(c + 1 == d) {
                for e in 0..d {
                    if noise.uniform() >= share {
                        continue;
                    }
                    entries.push(PairEntry {
                        a: (c + n) % d,
                        b: (2 * e + n) % d,
                        c,
                        d: e,
                        value: noise.scalar(),
                    });
                }
            }
        }
        let block: Vec<[f64; L]> = (0..d * (d + 1) / 2)
            .map(|_| std::array::from_fn(|_| noise.scalar()))
            .collect();
        let (lanes, width) = (L.div_ceil(2), L + 3);
        let before = noise.vector::<f64>(d * width);
        let mut expected = before.clone();
        for entry in &entries {
            let (low, high) = (entry.c.min(entry.d), entry.c.max(entry.d));
            let pair = &block[(1..=high).sum::<usize>() + low];
            for (lane, x) in pair.iter().enumerate().take(lanes) {
                expected[entry.a * width + lane] += trace[entry.b] * entry.value * x;
            }
        }
        let operator = PairOperator::new(&trace, entries.iter().copied());
        let list = operator.transitions();
        let whole = matches!(list.rates, Rates::Whole(_));
        assert!(d < 14 || whole == (share > 0.5));
        let mut sums = vec![[9.0; L]; list.channels()];
        let mut found = before;
        list.add_q_block(&block, &mut sums, (lanes, width), &mut found);
        for (x, y) in found.iter().zip(&expected) {
            assert!((x - y).abs() < ROUNDING, "D = {d}: {x} is not {y}");
        }
    }

    #[test]
    fn law_q_on_a_block_of_pairs_is_the_sum_over_all_entries() {
        for d in [1, 2, 3, 4, 5, 8, 9, 14] {
            for leaving in [1, 2, 3, 4, 6, 7] {
                for share in [0.1, 1.0] {
                    is_the_sum_over_all_entries::<8>(d, leaving, share);
                    is_the_sum_over_all_entries::<1>(d, leaving, share);
                }
            }
        }
    }
}
