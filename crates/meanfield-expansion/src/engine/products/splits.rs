//! How the entries of a block split between the two factors of a product.
//!
//! (A⊙B)\[γ\] is the sum over the subsets K of the slots of γ of A on K times B
//! on the rest. Equal indices make equal terms: a split is a choice of how many
//! of each index go to A, and comes Π_a binom(γ_a, k_a) times.

use meanfield_tensor::SymmetricLayout;

use crate::engine::lanes::LANES;

/// One split for every lane: ranks of the two parts and how often it comes. Lanes
/// with fewer splits than others are filled up with some that come 0 times.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Split {
    /// Degree of the first part.
    pub(crate) degree: usize,
    pub(crate) first: [u32; LANES],
    pub(crate) rest: [u32; LANES],
    pub(crate) times: [f64; LANES],
}

/// Collects the splits of the `lanes` entries, at most LANES, of degree `m` that begin
/// with `from` into `out`, by increasing degree of the first part.
pub(crate) fn collect(
    layout: &SymmetricLayout,
    m: usize,
    from: usize,
    lanes: usize,
    out: &mut Vec<Split>,
) {
    out.clear();
    for degree in 0..=m {
        if degree == 0 || degree == m {
            // All to one part.
            out.push(whole(degree > 0, from, lanes, degree));
            continue;
        }
        let start = out.len();
        let (mut place, mut current) = (start, 0);
        layout.for_each_split(m, from..from + lanes, degree, |lane, first, rest, times| {
            if lane != current {
                (place, current) = (start, lane);
            }
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

/// The split that gives everything to the first part, or to the other one.
fn whole(to_first: bool, from: usize, lanes: usize, degree: usize) -> Split {
    let mut split = Split {
        degree,
        first: [0; LANES],
        rest: [0; LANES],
        times: [0.0; LANES],
    };
    let all = if to_first {
        &mut split.first
    } else {
        &mut split.rest
    };
    for lane in 0..lanes {
        all[lane] = (from + lane) as u32;
        split.times[lane] = 1.0;
    }
    split
}
