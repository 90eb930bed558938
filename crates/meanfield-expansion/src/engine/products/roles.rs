//! Products of cumulants of degree 2 or more in yQ(w'w'). With x = w'_c and z = (W w')_ac,
//! of degrees p and q, y_a x z is a sum over ordered pairs of slots: a on one, an index b
//! of the factor of smaller degree on the other, over that degree.

use meanfield_tensor::Scalar;

use super::splits::Split;
use crate::engine::lanes::LANES;
use crate::engine::state::{State, splittings};
use crate::plan::Block;

/// Two factors of a product: panels beside their exposed slot.
#[derive(Clone, Copy)]
struct Factors<'a, S> {
    first: &'a [S],
    second: &'a [S],
    /// Degrees of the rest.
    degrees: (usize, usize),
}

/// A factor's panel, and the rank of its part of γ in every lane.
#[derive(Clone, Copy)]
pub(crate) struct Part<'a, S> {
    pub(crate) panel: &'a [S],
    pub(crate) ranks: &'a [u32; LANES],
}

/// Which factor shows an index b: the one of smaller degree, the first of two
/// that are equal.
pub(crate) struct Roles<'a, S> {
    /// Its degree.
    pub(crate) degree: usize,
    pub(crate) first_shows: bool,
    /// How often the split comes.
    pub(crate) times: &'a [f64; LANES],
    pub(crate) shown: Part<'a, S>,
    pub(crate) fixed: Part<'a, S>,
}

impl<'a, S> Factors<'a, S> {
    fn first_shows(self) -> bool {
        self.degrees.0 <= self.degrees.1
    }

    /// How many indices of γ the first factor takes: those of its rest but the
    /// one that is shown.
    fn of_first(self) -> usize {
        self.degrees.0 - usize::from(self.first_shows())
    }

    fn roles(self, split: &'a Split) -> Roles<'a, S> {
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

/// All of them for a block whose entries γ split so; `second` is the panel of the second
/// factor.
pub(crate) fn of_cumulants<'a, S: Scalar>(
    state: State<'a, S>,
    block: Block,
    list: &'a [Split],
    second: impl Fn(usize, usize) -> &'a [S],
) -> impl Iterator<Item = Roles<'a, S>> {
    splittings(block.j + 1, block.l)
        .filter(|&(j1, _, j2, _)| j1.min(j2) >= 2)
        .flat_map(move |(j1, l1, j2, l2)| {
            let factors = Factors {
                first: state.exposed(j1, l1),
                second: second(j2, l2),
                degrees: (j1 - 1, j2 - 1),
            };
            let of_first = factors.of_first();
            let own = list.iter().filter(move |split| split.degree == of_first);
            own.map(move |split| factors.roles(split))
        })
}
