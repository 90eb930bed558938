//! Tr²(V g) beside the rest, for an interaction by transitions.
//!
//! ```math
//! [\mathrm{Tr}^2(V g)]_{a\gamma} = \sum_r s_{ar} D_{r\gamma}, \qquad
//! D_{r\gamma} = \sum_d U_{rd}\, g_{cd\gamma} \quad (r \text{ a channel out of } c).
//! ```
//!
//! The columns β = c ∪ γ of one slot of g_{j,l}, that of d, are exposed for its own matrix
//! product: D is found there, along columns, at every place that c has in β. What a
//! block of columns gives is kept in it first, [place and channel]\[β\], and moved to D
//! when no other block is worked on.

pub(super) mod by_partner;

use std::ops::Range;

use meanfield_abstract::{ChannelRates, Transitions};
use meanfield_tensor::{Kernel, Run, Scalar, SymmetricLayout, WIDE, add_lanes};

use self::by_partner::ByPartner;

/// D along the columns β of a block, of degree m ≥ 2.
pub(super) struct Along<'a, S> {
    pub(super) layout: &'a SymmetricLayout,
    pub(super) m: usize,
    pub(super) columns: Range<usize>,
    pub(super) transitions: &'a Transitions<S>,
    pub(super) by_partner: &'a ByPartner<S>,
    /// The slot of d beside the columns.
    pub(super) panel: &'a [S],
    pub(super) sums: &'a mut [S],
}

impl<S: Scalar> Kernel for Along<'_, S> {
    #[inline(always)]
    fn run(self) {
        let Self {
            layout,
            m,
            columns,
            transitions,
            by_partner,
            panel,
            sums,
        } = self;
        let (width, most) = (columns.len(), by_partner.most);
        let mut runs = layout.runs(m, columns);
        while let Some(Run { tail, first, at }) = runs.next() {
            let row = |k: usize| k * width + at..k * width + at + first.len();
            let beside = Beside { panel, width, at };
            for (place, c) in distinct(tail) {
                for (n, channel) in transitions.leaving(c).enumerate() {
                    let to = &mut sums[row(place * most + n)];
                    match transitions.rates_of(channel) {
                        ChannelRates::Whole(rates) => Whole { rates, beside }.fill(to),
                        ChannelRates::Listed(partners, rates) => Listed {
                            partners,
                            rates,
                            beside,
                        }
                        .fill(to),
                    }
                }
            }
            // c is the smallest index: another one for every column.
            for n in 0..most {
                let to = &mut sums[row(n)];
                if let Some(rates) = by_partner.from(n, first.start) {
                    ByLane { rates, beside }.fill(to);
                    continue;
                }
                for (k, (x, c)) in to.iter_mut().zip(first.clone()).enumerate() {
                    let channel = transitions.leaving(c).nth(n);
                    let rates = channel.map(|channel| transitions.rates_of(channel));
                    [*x] = match rates {
                        Some(ChannelRates::Listed(partners, rates)) => Listed {
                            partners,
                            rates,
                            beside,
                        }
                        .lanes(k),
                        _ => [S::from_re(0.0)],
                    };
                }
            }
        }
    }
}

/// The places that different indices have in β, and the indices: places from 1 on.
#[inline(always)]
fn distinct(tail: &[u32]) -> impl Iterator<Item = (usize, usize)> {
    let all = tail.iter().enumerate();
    all.filter(|&(k, c)| k == 0 || tail[k - 1] != *c)
        .map(|(k, &c)| (k + 1, c as usize))
}

/// Columns of a panel, from a place on.
#[derive(Clone, Copy)]
struct Beside<'a, S> {
    panel: &'a [S],
    width: usize,
    at: usize,
}

impl<'a, S> Beside<'a, S> {
    /// All rows, from the k-th of these columns on.
    #[inline(always)]
    fn rows(self, k: usize) -> impl Iterator<Item = &'a [S]> {
        let rows = self.panel.chunks_exact(self.width);
        rows.map(move |row| &row[self.at + k..])
    }
}

/// Sums over d beside columns.
trait Sums<S: Scalar>: Sized {
    fn beside(&self) -> Beside<'_, S>;

    /// Those of N neighbouring columns, from the k-th on.
    fn lanes<const N: usize>(&self, k: usize) -> [S; N];

    /// In tiles of WIDE columns, of which as many as are asked for are taken, or one by
    /// one where the panel has no more.
    #[inline(always)]
    fn fill(&self, to: &mut [S]) {
        let left = self.beside().width - self.beside().at;
        for (k, to) in to.chunks_mut(WIDE).enumerate() {
            let k = k * WIDE;
            if k + WIDE <= left {
                for (x, y) in to.iter_mut().zip(self.lanes::<WIDE>(k)) {
                    *x = y;
                }
            } else {
                for (i, x) in to.iter_mut().enumerate() {
                    [*x] = self.lanes(k + i);
                }
            }
        }
    }
}

/// `Σ_d rates[d] panel[d, ·]`.
struct Whole<'a, S> {
    rates: &'a [S],
    beside: Beside<'a, S>,
}

impl<S: Scalar> Sums<S> for Whole<'_, S> {
    #[inline(always)]
    fn beside(&self) -> Beside<'_, S> {
        self.beside
    }

    #[inline(always)]
    fn lanes<const N: usize>(&self, k: usize) -> [S; N] {
        let mut sums = [S::from_re(0.0); N];
        for (row, &rate) in self.beside.rows(k).zip(self.rates) {
            if let Some(x) = row.first_chunk() {
                add_lanes(&mut sums, rate, x);
            }
        }
        sums
    }
}

/// The same for listed rates.
struct Listed<'a, S> {
    partners: &'a [u32],
    rates: &'a [S],
    beside: Beside<'a, S>,
}

impl<S: Scalar> Sums<S> for Listed<'_, S> {
    #[inline(always)]
    fn beside(&self) -> Beside<'_, S> {
        self.beside
    }

    #[inline(always)]
    fn lanes<const N: usize>(&self, k: usize) -> [S; N] {
        let Beside { panel, width, at } = self.beside;
        let mut sums = [S::from_re(0.0); N];
        for (&d, &rate) in self.partners.iter().zip(self.rates) {
            if let Some(x) = panel[d as usize * width + at + k..].first_chunk() {
                add_lanes(&mut sums, rate, x);
            }
        }
        sums
    }
}

/// `Σ_d rates[d, ·] panel[d, ·]`: rates of their own for every column, `stride` of them
/// in a row.
struct ByLane<'a, S> {
    rates: (&'a [S], usize),
    beside: Beside<'a, S>,
}

impl<S: Scalar> Sums<S> for ByLane<'_, S> {
    #[inline(always)]
    fn beside(&self) -> Beside<'_, S> {
        self.beside
    }

    #[inline(always)]
    fn lanes<const N: usize>(&self, k: usize) -> [S; N] {
        let (rates, stride) = self.rates;
        let mut sums = [S::from_re(0.0); N];
        for (row, rates) in self.beside.rows(k).zip(rates[k..].chunks(stride)) {
            if let (Some(x), Some(rates)) = (row.first_chunk::<N>(), rates.first_chunk::<N>()) {
                for k in 0..N {
                    sums[k] += rates[k] * x[k];
                }
            }
        }
        sums
    }
}

/// Moves what a block of columns has given to D, channels × len(m−1).
pub(super) fn keep<S: Scalar>(
    layout: &SymmetricLayout,
    (m, columns): (usize, Range<usize>),
    transitions: &Transitions<S>,
    by_partner: &ByPartner<S>,
    sums: &[S],
    to: &mut [S],
) {
    let (width, most, len) = (columns.len(), by_partner.most, layout.len(m - 1));
    let rank = |indices: &[u32], place: usize| -> usize {
        let each = indices.iter().zip(place..);
        each.map(|(&c, k)| layout.first_with_top(k, c as usize))
            .sum()
    };
    let mut runs = layout.runs(m, columns);
    while let Some(Run { tail, first, at }) = runs.next() {
        for (place, c) in distinct(tail) {
            let (low, high) = (&tail[..place - 1], &tail[place..]);
            let from = first.start + rank(low, 2) + rank(high, place + 1);
            for (n, channel) in transitions.leaving(c).enumerate() {
                let to = &mut to[channel * len + from..][..first.len()];
                to.copy_from_slice(&sums[(place * most + n) * width + at..][..first.len()]);
            }
        }
        let gamma = rank(tail, 1);
        for (k, c) in first.enumerate() {
            for (n, channel) in transitions.leaving(c).enumerate() {
                to[channel * len + gamma] = sums[n * width + at + k];
            }
        }
    }
}

/// `image[a, γ] += Σ_r s_ar D[r, γ]` for the γ in `columns`, of `len` that D has.
pub(super) struct AddChannels<'a, S> {
    pub(super) transitions: &'a Transitions<S>,
    pub(super) len: usize,
    pub(super) columns: Range<usize>,
    pub(super) channels: &'a [S],
    pub(super) image: &'a mut [S],
}

impl<S: Scalar> Kernel for AddChannels<'_, S> {
    #[inline(always)]
    fn run(self) {
        let width = self.columns.len();
        for (a, row) in self.image.chunks_exact_mut(width).enumerate() {
            for one in self.transitions.leading_to(a) {
                let from = &self.channels[one.channel() * self.len..][self.columns.clone()];
                for (x, &y) in row.iter_mut().zip(from) {
                    *x += one.share() * y;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
