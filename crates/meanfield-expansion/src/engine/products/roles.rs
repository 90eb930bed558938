//! Products of cumulants of degree 2 or more in yQ(w'w'). With x = w'_c and z = (W w')_ac,
//! of degrees p and q, y_a x z is a sum over ordered pairs of slots: a on one, an index b
//! of the factor of smaller degree on the other, over that degree.

use meanfield_tensor::Scalar;

use super::splits::Split;
use crate::engine::lanes::LANES;
use crate::engine::state::{Label, State, splittings};

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

/// All of them for a block whose entries γ split so; `second` is the panel of the second
/// factor.
pub(crate) fn of_cumulants<'a, S: Scalar>(
    state: State<'a, S>,
    (j, l): Label,
    list: &'a [Split],
    second: impl Fn(usize, usize) -> &'a [S],
) -> impl Iterator<Item = Roles<'a, S>> {
    splittings(j + 1, l)
        .filter(|&(j1, _, j2, _)| j1.min(j2) >= 2)
        .flat_map(move |(j1, l1, j2, l2)| {
            let (first, second) = (state.exposed(j1, l1), second(j2, l2));
            let first_shows = j1 <= j2;
            // The indices of γ that the first factor takes: of its rest, those not shown.
            let of_first = j1 - 1 - usize::from(first_shows);
            let own = list.iter().filter(move |split| split.degree == of_first);
            own.map(move |split| {
                let parts = [(first, &split.first), (second, &split.rest)];
                let parts = parts.map(|(panel, ranks)| Part { panel, ranks });
                let shown = usize::from(!first_shows);
                Roles {
                    degree: j1.min(j2) - 1,
                    first_shows,
                    times: &split.times,
                    shown: parts[shown],
                    fixed: parts[1 - shown],
                }
            })
        })
}
