//! How the entries of a block split between the two factors of a product.
//!
//! (A⊙B)\[γ\] is the sum over the subsets K of the slots of γ of A on K times B
//! on the rest. Equal indices make equal terms: a split is a choice of how many
//! of each index go to A, and comes Π_a binom(γ_a, k_a) times.

use meanfield_tensor::Ladder;

use super::schedule::LANES;

/// One split for every lane: ranks of the two parts and how often it comes. Lanes
/// with fewer splits than others are filled up with some that come 0 times.
#[derive(Debug, Clone, Copy)]
pub(super) struct Split {
    /// Degree of the first part.
    pub(super) degree: usize,
    pub(super) first: [u32; LANES],
    pub(super) rest: [u32; LANES],
    pub(super) times: [f64; LANES],
}

/// Collects the splits of the `lanes` entries of degree `m` that begin with
/// `from` into `out`, by increasing degree of the first part.
pub(super) fn collect(ladder: &Ladder, m: usize, from: usize, lanes: usize, out: &mut Vec<Split>) {
    out.clear();
    for degree in 0..=m {
        let start = out.len();
        for lane in 0..lanes {
            let mut place = start;
            ladder.for_each_split(m, from + lane, degree, |first, rest, times| {
                if place == out.len() {
                    out.push(Split {
                        degree,
                        first: [0; LANES],
                        rest: [0; LANES],
                        times: [0.0; LANES],
                    });
                }
                let split = &mut out[place];
                split.first[lane] = first as u32;
                split.rest[lane] = rest as u32;
                split.times[lane] = times;
                place += 1;
            });
        }
    }
}
