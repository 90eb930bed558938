//! How the entries of a block split between the two factors of a product, and
//! which part each factor plays.
//!
//! (A⊙B)\[γ\] is the sum over the subsets K of the slots of γ of A on K times B
//! on the rest. Equal indices make equal terms: a split is a choice of how many
//! of each index go to A, and comes Π_a binom(γ_a, k_a) times.

use meanfield_tensor::SymmetricLayout;

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

/// Collects the splits of the `lanes` entries, at most LANES, of degree `m` that begin
/// with `from` into `out`, by increasing degree of the first part.
pub(super) fn collect(
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

/// Two factors of a product: panels beside their exposed slot.
#[derive(Clone, Copy)]
pub(super) struct Factors<'a, S> {
    pub(super) first: &'a [S],
    pub(super) second: &'a [S],
    /// Degrees of the rest.
    pub(super) degrees: (usize, usize),
}

/// A factor's panel, and the rank of its part of γ in every lane.
#[derive(Clone, Copy)]
pub(super) struct Part<'a, S> {
    pub(super) panel: &'a [S],
    pub(super) ranks: &'a [u32; LANES],
}

/// Which factor shows an index b: the one of smaller degree, the first of two
/// that are equal.
pub(super) struct Roles<'a, S> {
    /// Its degree.
    pub(super) degree: usize,
    pub(super) first_shows: bool,
    /// How often the split comes.
    pub(super) times: &'a [f64; LANES],
    pub(super) shown: Part<'a, S>,
    pub(super) fixed: Part<'a, S>,
}

impl<'a, S> Factors<'a, S> {
    fn first_shows(self) -> bool {
        self.degrees.0 <= self.degrees.1
    }

    /// How many indices of γ the first factor takes: those of its rest but the
    /// one that is shown.
    pub(super) fn of_first(self) -> usize {
        self.degrees.0 - usize::from(self.first_shows())
    }

    pub(super) fn roles(self, split: &'a Split) -> Roles<'a, S> {
        let (p, q) = self.degrees;
        let first = Part {
            panel: self.first,
            ranks: &split.first,
        };
        let second = Part {
            panel: self.second,
            ranks: &split.rest,
        };
        let first_shows = self.first_shows();
        let (shown, fixed) = if first_shows {
            (first, second)
        } else {
            (second, first)
        };
        Roles {
            degree: p.min(q),
            first_shows,
            times: &split.times,
            shown,
            fixed,
        }
    }
}
