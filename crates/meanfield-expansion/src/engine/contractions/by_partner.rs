//! Rates U[r, d] by the state d of the partner, for lanes of neighbouring states c that
//! the channels lead out of.

use meanfield_abstract::{ChannelRates, Transitions};
use meanfield_tensor::{Scalar, WIDE};

/// The table.
pub(crate) struct ByPartner<S> {
    pub(crate) dimension: usize,
    /// The largest number of channels out of a state.
    pub(crate) most: usize,
    /// `rates[(n·D + d)·(D + WIDE) + c]` = U[n-th channel out of c, d]; zero where there is
    /// none, empty where the rates are listed.
    pub(super) rates: Vec<S>,
}

impl<S: Scalar> ByPartner<S> {
    pub(crate) fn new(d: usize, order: usize, transitions: &Transitions<S>) -> Self {
        let most = transitions.most_leaving();
        let mut rates = vec![S::from_re(0.0); Self::numbers(d, order, transitions)];
        let states = if rates.is_empty() { 0..0 } else { 0..d };
        for c in states {
            for (n, channel) in transitions.leaving(c).enumerate() {
                if let ChannelRates::Whole(own) = transitions.rates_of(channel) {
                    for (e, &rate) in own.iter().enumerate() {
                        rates[(n * d + e) * (d + WIDE) + c] = rate;
                    }
                }
            }
        }
        Self {
            dimension: d,
            most,
            rates,
        }
    }

    /// How many numbers it holds: none below order 2, where there are no columns of
    /// degree 2.
    pub(crate) fn numbers(d: usize, order: usize, transitions: &Transitions<S>) -> usize {
        match order > 1 && transitions.are_whole() {
            true => transitions.most_leaving() * d * (d + WIDE),
            false => 0,
        }
    }

    /// The rates of the n-th channels out of `c`, … by partner, and how many are in a row;
    /// none where the rates are listed.
    #[inline(always)]
    pub(crate) fn from(&self, n: usize, c: usize) -> Option<(&[S], usize)> {
        let stride = self.dimension + WIDE;
        let own = self.rates.get(n * self.dimension * stride..)?;
        Some((&own.get(..self.dimension * stride)?[c..], stride))
    }
}
