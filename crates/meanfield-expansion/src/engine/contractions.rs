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
use meanfield_tensor::{Kernel, Run, Scalar, WIDE, add_lanes};

use self::by_partner::ByPartner;
use super::state::Columns;

/// D along the columns β of a block, of degree m ≥ 2.
pub(super) struct Along<'a, S> {
    pub(super) columns: &'a Columns<'a>,
    pub(super) transitions: &'a Transitions<S>,
    pub(super) by_partner: &'a ByPartner<S>,
    /// The slot of d beside the columns.
    pub(super) panel: &'a [S],
    pub(super) sums: &'a mut [S],
}

impl<S: Scalar> Kernel for Along<'_, S> {
    #[inline(always)]
    fn run(self) {
        let (transitions, by_partner) = (self.transitions, self.by_partner);
        let Columns { layout, range, .. } = self.columns;
        let (width, most) = (range.len(), by_partner.most);
        let panel = &self.panel[..layout.dimension() * width];
        let mut runs = layout.runs(self.columns.label.0 - 1, range.clone());
        while let Some(Run { tail, first, at }) = runs.next() {
            let row = |k: usize| k * width + at..k * width + at + first.len();
            let beside = Beside { panel, width, at };
            for (place, c) in distinct(tail) {
                for (n, channel) in transitions.leaving(c).enumerate() {
                    let to = &mut self.sums[row(place * most + n)];
                    transitions.rates_of(channel).fill(beside, to);
                }
            }
            // c is the smallest index: another one for every column.
            for n in 0..most {
                let to = &mut self.sums[row(n)];
                if let Some((rates, stride)) = by_partner.from(n, first.start) {
                    ByLane(rates, stride).fill(beside, to);
                    continue;
                }
                for (k, (x, c)) in to.iter_mut().zip(first.clone()).enumerate() {
                    let rates = transitions
                        .leaving(c)
                        .nth(n)
                        .map(|r| transitions.rates_of(r));
                    [*x] = rates.map_or([S::from_re(0.0)], |rates| rates.lanes(beside, k));
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
trait Sums<S: Scalar> {
    /// Those of N neighbouring columns, from the k-th on.
    fn lanes<const N: usize>(&self, beside: Beside<'_, S>, k: usize) -> [S; N];

    /// In tiles of WIDE columns, of which as many as are asked for are taken, or one by
    /// one where the panel has no more.
    #[inline(always)]
    fn fill(&self, beside: Beside<'_, S>, to: &mut [S]) {
        let left = beside.width - beside.at;
        for (k, to) in to.chunks_mut(WIDE).enumerate() {
            let k = k * WIDE;
            if k + WIDE <= left {
                for (x, y) in to.iter_mut().zip(self.lanes::<WIDE>(beside, k)) {
                    *x = y;
                }
            } else {
                for (i, x) in to.iter_mut().enumerate() {
                    [*x] = self.lanes(beside, k + i);
                }
            }
        }
    }
}

/// `Σ_d rates[d] panel[d, ·]`.
impl<S: Scalar> Sums<S> for ChannelRates<'_, S> {
    #[inline(always)]
    fn lanes<const N: usize>(&self, beside: Beside<'_, S>, k: usize) -> [S; N] {
        let mut sums = [S::from_re(0.0); N];
        match *self {
            ChannelRates::Whole(rates) => {
                for (row, &rate) in beside.rows(k).zip(rates) {
                    if let Some(x) = row.first_chunk() {
                        add_lanes(&mut sums, rate, x);
                    }
                }
            }
            ChannelRates::Listed(partners, rates) => {
                for (&d, &rate) in partners.iter().zip(rates) {
                    let from = d as usize * beside.width + beside.at + k;
                    if let Some(x) = beside.panel[from..].first_chunk() {
                        add_lanes(&mut sums, rate, x);
                    }
                }
            }
        }
        sums
    }
}

/// `Σ_d rates[d, ·] panel[d, ·]`: rates of their own for every column, so many in a row.
struct ByLane<'a, S>(&'a [S], usize);

impl<S: Scalar> Sums<S> for ByLane<'_, S> {
    #[inline(always)]
    fn lanes<const N: usize>(&self, beside: Beside<'_, S>, k: usize) -> [S; N] {
        let mut sums = [S::from_re(0.0); N];
        for (row, rates) in beside.rows(k).zip(self.0[k..].chunks(self.1)) {
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
    columns: &Columns<'_>,
    transitions: &Transitions<S>,
    by_partner: &ByPartner<S>,
    sums: &[S],
    to: &mut [S],
) {
    let (layout, range) = (columns.layout, &columns.range);
    let (m, width, most) = (columns.label.0 - 1, range.len(), by_partner.most);
    let len = layout.len(m - 1);
    let rank = |indices: &[u32], place: usize| -> usize {
        let each = indices.iter().zip(place..);
        each.map(|(&c, k)| layout.first_with_top(k, c as usize))
            .sum()
    };
    let mut runs = layout.runs(m, range.clone());
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
