//! Q as a list of transitions of one particle, each with its rates.
//!
//! ```math
//! Q_{a,cd} = W[(a,c), d] = s_{ar}\, U[r, d], \qquad r \text{ a channel out of } c:
//! ```
//!
//! the first particle goes from c to a at a rate that depends on the state d of its
//! partner. Rates that differ by a factor s alone are one *channel*: a particle leaves c
//! at the rates U, and what it leaves is spread over a few states, its loss among
//! them.
//!
//! A jump model with a few transitions out of every state has few pairs (a, c),
//! whatever the partners: Q(x, y) is then U y, one matrix product, and a few
//! multiples of the rows of x. That is why it never costs D³ products of columns.

mod pass;

use std::ops::Range;

use meanfield_tensor::{Scalar, linalg};
use ndarray::{Array2, ArrayView2, ArrayViewMut2};

pub use self::pass::Sources;
use super::rows::Rows;
use crate::ModelError;

/// Above this share of partners with a rate a row of W is kept whole.
const WHOLE_ROWS: f64 = 0.25;

/// Coefficients below this share of the largest one have cancelled; two rows of rates
/// that differ by less than this share of the largest one are equal.
const CANCELLED: f64 = 1e-15;

/// The transitions (a, c) by channels r, ordered by c, and their rates U.
#[derive(Debug, Clone)]
pub struct Transitions<S> {
    dimension: usize,
    /// The channels out of c are `start[c]..start[c+1]`,
    start: Vec<usize>,
    /// the transitions of a channel `to_start[r]..to_start[r+1]`,
    to_start: Vec<usize>,
    /// and lead to these states, with these shares.
    to: Vec<(u32, S)>,
    /// The transitions into a are `leading[leading_start[a]..leading_start[a+1]]`.
    leading_start: Vec<usize>,
    leading: Vec<Leading<S>>,
    rates: Rates<S>,
}

/// A transition into some state.
#[derive(Debug, Clone, Copy)]
pub struct Leading<S> {
    channel: u32,
    from: u32,
    share: S,
}

impl<S: Copy> Leading<S> {
    /// The channel r whose rates it has.
    #[must_use]
    #[inline(always)]
    pub fn channel(&self) -> usize {
        self.channel as usize
    }

    /// The state c it leaves.
    #[must_use]
    #[inline(always)]
    pub fn from(&self) -> usize {
        self.from as usize
    }

    /// Its share s of them.
    #[must_use]
    #[inline(always)]
    pub fn share(&self) -> S {
        self.share
    }
}

/// The rates of a channel, by the state of the partner.
#[derive(Debug, Clone, Copy)]
pub enum ChannelRates<'a, S> {
    /// D numbers.
    Whole(&'a [S]),
    /// States of the partner, and the rates beside them: all others are zero.
    Listed(&'a [u32], &'a [S]),
}

#[derive(Debug, Clone)]
enum Rates<S> {
    Whole(Array2<S>),
    Listed(Rows<S>),
}

/// The rates out of a state that are kept, and what they are multiplied with.
struct Channel<S> {
    rates: Vec<(usize, S)>,
    to: Vec<(u32, S)>,
}

impl<S: Scalar> Channel<S> {
    /// The factor between other rates and these, if there is one.
    fn factor(&self, rates: &[(usize, S)]) -> Option<S> {
        if rates.len() != self.rates.len() {
            return None;
        }
        let pairs = || rates.iter().zip(&self.rates);
        let largest = pairs().max_by(|a, b| a.1.1.modulus().total_cmp(&b.1.1.modulus()))?;
        let factor = largest.0.1 / largest.1.1;
        let scale = largest.0.1.modulus();
        let equal = pairs()
            .all(|(&(d, x), &(e, y))| d == e && (x - factor * y).modulus() <= CANCELLED * scale);
        equal.then_some(factor)
    }
}

impl<S: Scalar> Transitions<S> {
    /// From entries (c·D + a, d, value); repeated ones are added up, and what
    /// cancels (up to rounding) is left out.
    pub(super) fn new(dimension: usize, entries: Vec<(usize, usize, S)>) -> Self {
        let all = Rows::new(dimension * dimension, dimension, entries);
        let largest = all.value.iter().map(|x| x.modulus()).fold(0.0, f64::max);
        let (mut start, mut to_start, mut to) = (vec![0; dimension + 1], vec![0], Vec::new());
        let mut kept = Vec::new();
        let mut channels: Vec<Channel<S>> = Vec::new();
        for c in 0..dimension {
            channels.clear();
            for a in 0..dimension {
                let row = c * dimension + a;
                let own = all.start[row]..all.start[row + 1];
                let rates: Vec<(usize, S)> = own
                    .filter(|&k| all.value[k].modulus() > CANCELLED * largest)
                    .map(|k| (all.column[k] as usize, all.value[k]))
                    .collect();
                if rates.is_empty() {
                    continue;
                }
                let known = channels.iter_mut().find_map(|channel| {
                    let factor = channel.factor(&rates)?;
                    Some((channel, factor))
                });
                match known {
                    Some((channel, factor)) => channel.to.push((a as u32, factor)),
                    None => channels.push(Channel {
                        rates,
                        to: vec![(a as u32, S::from_re(1.0))],
                    }),
                }
            }
            for channel in &channels {
                let place = to_start.len() - 1;
                kept.extend(channel.rates.iter().map(|&(d, x)| (place, d, x)));
                to.extend(&channel.to);
                to_start.push(to.len());
            }
            start[c + 1] = to_start.len() - 1;
        }
        let (leading_start, leading) = by_target(dimension, &start, &to_start, &to);
        let places = start[dimension] * dimension;
        let rates = if kept.len() as f64 > WHOLE_ROWS * places as f64 {
            let mut matrix = Array2::zeros((start[dimension], dimension));
            for (channel, d, value) in kept {
                matrix[[channel, d]] = value;
            }
            Rates::Whole(matrix)
        } else {
            Rates::Listed(Rows::new(start[dimension], dimension, kept))
        };
        Self {
            dimension,
            start,
            to_start,
            to,
            leading_start,
            leading,
            rates,
        }
    }

    /// Number of transitions.
    #[must_use]
    pub fn len(&self) -> usize {
        self.to.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.to.is_empty()
    }

    /// Number of channels.
    #[must_use]
    pub fn channels(&self) -> usize {
        self.to_start.len() - 1
    }

    /// The largest number of channels out of a state.
    #[must_use]
    pub fn most_leaving(&self) -> usize {
        let each = (0..self.dimension).map(|c| self.leaving(c).len());
        each.max().unwrap_or(0)
    }

    /// The rates U[r, ·] of a channel.
    #[must_use]
    #[inline(always)]
    pub fn rates_of(&self, channel: usize) -> ChannelRates<'_, S> {
        match &self.rates {
            Rates::Whole(matrix) => {
                let all = matrix.as_slice().unwrap_or(&[]);
                ChannelRates::Whole(&all[channel * self.dimension..][..self.dimension])
            }
            Rates::Listed(rows) => {
                let own = rows.start[channel]..rows.start[channel + 1];
                ChannelRates::Listed(&rows.column[own.clone()], &rows.value[own])
            }
        }
    }

    /// Whether all rates of every channel are kept, zeros too.
    #[must_use]
    pub fn are_whole(&self) -> bool {
        matches!(self.rates, Rates::Whole(_))
    }

    /// Number of rates that are kept.
    #[must_use]
    pub fn rates(&self) -> usize {
        match &self.rates {
            Rates::Whole(matrix) => matrix.len(),
            Rates::Listed(rows) => rows.value.len(),
        }
    }

    /// The transitions that lead to `a`.
    #[must_use]
    #[inline(always)]
    pub fn leading_to(&self, a: usize) -> &[Leading<S>] {
        &self.leading[self.leading_start[a]..self.leading_start[a + 1]]
    }

    /// The channels out of `c`.
    #[must_use]
    #[inline(always)]
    pub fn leaving(&self, c: usize) -> Range<usize> {
        self.start[c]..self.start[c + 1]
    }

    /// Where the transitions of a channel lead to, and their shares.
    fn targets(&self, channel: usize) -> &[(u32, S)] {
        &self.to[self.to_start[channel]..self.to_start[channel + 1]]
    }

    /// `out += c U y`, D×M → channels×M: the rates of each channel beside y.
    pub fn add_rates(&self, c: S, y: ArrayView2<'_, S>, out: ArrayViewMut2<'_, S>) {
        match &self.rates {
            Rates::Whole(matrix) => linalg::gemm(c, matrix.view(), y, out),
            Rates::Listed(rows) => rows.add(c, y, out),
        }
    }

    /// `out += c Tr²(V x)`, D²×M → D×M.
    pub(super) fn add_q(&self, c: S, x: ArrayView2<'_, S>, mut out: ArrayViewMut2<'_, S>) {
        for a in 0..self.dimension {
            let mut row = out.row_mut(a);
            for one in self.leading_to(a) {
                self.for_each_rate(one.channel(), |d, rate| {
                    let from = one.from() * self.dimension + d;
                    row.scaled_add(c * one.share * rate, &x.row(from));
                });
            }
        }
    }

    /// `out += c Tr²(V(x⊗y))`: x is D×M₁, y is D×M₂, out is D×(M₁·M₂). Cost:
    /// one product U y, and transitions·M₁·M₂.
    pub(super) fn add_q_product(
        &self,
        c: S,
        x: ArrayView2<'_, S>,
        y: ArrayView2<'_, S>,
        mut out: ArrayViewMut2<'_, S>,
    ) {
        let width = y.ncols();
        let mut rates = Array2::zeros((self.channels(), width));
        self.add_rates(c, y, rates.view_mut());
        for a in 0..self.dimension {
            let mut row = out.row_mut(a);
            for one in self.leading_to(a) {
                let rate = rates.row(one.channel());
                for (m, &value) in x.row(one.from()).iter().enumerate() {
                    row.slice_mut(ndarray::s![m * width..(m + 1) * width])
                        .scaled_add(one.share * value, &rate);
                }
            }
        }
    }

    /// Adds what the interaction gives to one slot beside F. Cost: the rates, once.
    ///
    /// # Errors
    /// [`ModelError::Shape`] for an F or sources of another dimension, and for a G with less
    /// room than for one of its rows.
    pub fn add_sources(&self, f: &[S], sources: &mut Sources<'_, S>) -> Result<(), ModelError> {
        pass::check(self.dimension, f, sources)?;
        pass::run::<_, false>(self, f, &mut [], sources);
        Ok(())
    }

    /// The same, and adds Δ_1 = Q(F, ·) + Q(·, F) to a D×D matrix, row by row.
    pub(crate) fn add_linearised(&self, f: &[S], matrix: &mut [S], sources: &mut Sources<'_, S>) {
        pass::run::<_, true>(self, f, matrix, sources);
    }

    fn for_each_rate(&self, channel: usize, mut visit: impl FnMut(usize, S)) {
        match self.rates_of(channel) {
            ChannelRates::Whole(rates) => {
                for (d, &rate) in rates.iter().enumerate() {
                    visit(d, rate);
                }
            }
            ChannelRates::Listed(partners, rates) => {
                for (&d, &rate) in partners.iter().zip(rates) {
                    visit(d as usize, rate);
                }
            }
        }
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        let rates = match &self.rates {
            Rates::Whole(matrix) => matrix.len() * size_of::<S>(),
            Rates::Listed(rows) => rows.bytes(),
        };
        let each = size_of::<(u32, S)>() + size_of::<Leading<S>>();
        let starts = self.start.len() + self.to_start.len() + self.leading_start.len();
        rates + self.to.len() * each + starts * size_of::<usize>()
    }
}

/// The transitions in the order of the states they lead to.
fn by_target<S: Scalar>(
    dimension: usize,
    start: &[usize],
    to_start: &[usize],
    to: &[(u32, S)],
) -> (Vec<usize>, Vec<Leading<S>>) {
    let mut leading_start = vec![0; dimension + 1];
    for &(a, _) in to {
        leading_start[a as usize + 1] += 1;
    }
    for a in 0..dimension {
        leading_start[a + 1] += leading_start[a];
    }
    let mut next = leading_start.clone();
    let none = Leading {
        channel: 0,
        from: 0,
        share: S::from_re(0.0),
    };
    let mut leading = vec![none; to.len()];
    for from in 0..dimension {
        for channel in start[from]..start[from + 1] {
            for &(a, share) in &to[to_start[channel]..to_start[channel + 1]] {
                let place = &mut next[a as usize];
                leading[*place] = Leading {
                    channel: channel as u32,
                    from: from as u32,
                    share,
                };
                *place += 1;
            }
        }
    }
    (leading_start, leading)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problems;
    use crate::{Model, PairOperator};

    /// W[(a, c), d] as the channels say.
    fn dense(list: &Transitions<f64>) -> Vec<f64> {
        let d = list.dimension;
        let mut rates = vec![0.0; d * d * d];
        for a in 0..d {
            for one in list.leading_to(a) {
                let row = &mut rates[(one.from() * d + a) * d..][..d];
                list.for_each_rate(one.channel(), |e, rate| row[e] += one.share() * rate);
            }
        }
        rates
    }

    #[test]
    fn law_channels_hold_the_rates_of_every_transition() {
        for (d, share) in [(1, 1.0), (4, 1.0), (9, 1.0), (12, 0.1)] {
            let mut noise = problems::Noise::new(d as u64);
            let mut expected = vec![0.0; d * d * d];
            let mut entries = Vec::new();
            for c in 0..d {
                let both = [noise.scalar::<f64>(), noise.scalar()];
                for e in 0..d {
                    let rates = [noise.scalar::<f64>(), noise.scalar()];
                    if noise.uniform() >= share {
                        continue;
                    }
                    // Two states by the first rate, in unequal shares, one by the
                    // second one, and what all that takes away: no multiple of either.
                    let to = [(c + 1) % d, (c + 2) % d, (c + 3) % d, c];
                    let gain = [both[0] * rates[0], both[1] * rates[0], rates[1]];
                    let values = [gain[0], gain[1], gain[2], -gain.iter().sum::<f64>()];
                    for (a, value) in to.into_iter().zip(values) {
                        expected[(c * d + a) * d + e] += value;
                        entries.push((c * d + a, e, value));
                    }
                }
            }
            let list = Transitions::new(d, entries);
            // Where there are few rates, more of them differ by a factor alone.
            let counted = list.len() == 4 * d && list.channels() == 3 * d;
            assert!(d < 4 || share < 1.0 || counted && list.most_leaving() == 3);
            // A single state keeps nothing of what it loses to itself.
            assert_eq!(list.is_empty(), d == 1);
            assert!(d < 4 || list.are_whole() == (share > 0.5));
            for (x, y) in dense(&list).iter().zip(&expected) {
                assert!(
                    (x - y).abs() <= 4.0 * f64::EPSILON,
                    "D = {d}: {x} is not {y}"
                );
            }
        }
    }

    #[test]
    fn law_jumps_at_one_rate_are_one_channel() {
        let walk = problems::ring_walk(7).unwrap();
        let list = walk
            .interaction()
            .pair_operator()
            .map(PairOperator::transitions)
            .unwrap();
        assert_eq!((list.len(), list.channels(), list.rates()), (21, 7, 49));
        // A share and two numbers of 32 bits for each transition, both ways, and the
        // places of states, channels and targets.
        let held = 49 * 8 + 21 * (16 + 16) + (8 + 8 + 8) * size_of::<usize>();
        assert_eq!((list.most_leaving(), list.bytes()), (1, held));
        assert!(Transitions::<f64>::new(3, Vec::new()).is_empty());
        let epidemic = problems::sis().unwrap();
        let list = epidemic
            .interaction()
            .pair_operator()
            .map(PairOperator::transitions);
        assert_eq!(list.map(|list| (list.len(), list.channels())), Some((2, 1)));
    }
}
