//! The tensors of a right-hand side, and which of them make up its products.

use std::ops::Range;

use meanfield_tensor::{Scalar, SymmetricLayout};

use super::work::lower::Lower;
use crate::plan::Plan;

/// All g_{j,l}, and what is kept beside those below the highest order.
#[derive(Clone, Copy)]
pub(super) struct State<'a, S> {
    pub(super) plan: &'a Plan,
    pub(super) y: &'a [S],
    pub(super) lower: &'a Lower<S>,
}

impl<'a, S: Scalar> State<'a, S> {
    pub(super) fn layout(self) -> &'a SymmetricLayout {
        self.plan.layout()
    }

    /// g_{j,l}.
    pub(super) fn cumulant(self, j: usize, l: usize) -> Option<&'a [S]> {
        self.plan.slice(self.y, j, l)
    }

    /// One slot of g_{j,l} beside the rest, below the highest order.
    pub(super) fn exposed(self, j: usize, l: usize) -> &'a [S] {
        match self.kept(&self.lower.exposed, j, l) {
            [] => self.cumulant(j, l).unwrap_or(&[]),
            exposed => exposed,
        }
    }

    /// ξ_{j,l}, below the highest order.
    pub(super) fn xi(self, j: usize, l: usize) -> Option<&'a [S]> {
        let index = self.plan.index(j, l)?;
        self.lower.xi.get(index).map(Vec::as_slice)
    }

    /// What is kept of g_{j,l} in a list by block below the highest order.
    pub(super) fn kept(self, list: &[Vec<S>], j: usize, l: usize) -> &[S] {
        let index = self.plan.index(j, l);
        index
            .and_then(|index| list.get(index))
            .map_or(&[], Vec::as_slice)
    }

    /// The two factors ξ_{j1,l1} and g_{j2,l2} of a product in −ξ·(n w), if both are there.
    pub(super) fn xi_and_cumulant(self, (j1, l1, j2, l2): Splitting) -> Option<(&'a [S], &'a [S])> {
        Some((self.xi(j1, l1)?, self.cumulant(j2, l2)?))
    }
}

/// (j, l) of g_{j,l}.
pub(super) type Label = (usize, usize);

/// Some columns of one slot of g_{j,l}.
#[derive(Clone)]
pub(super) struct Columns<'a> {
    pub(super) layout: &'a SymmetricLayout,
    pub(super) label: Label,
    pub(super) range: Range<usize>,
}

/// (j1, l1, j2, l2).
pub(super) type Splitting = (usize, usize, usize, usize);

/// All (j1, l1, j2, l2) with j1 + j2 = `j`, j1, j2 ≥ 1 and l1 + l2 = `l`.
pub(super) fn splittings(j: usize, l: usize) -> impl Iterator<Item = Splitting> {
    (1..j).flat_map(move |j1| (0..=l).map(move |l1| (j1, l1, j - j1, l - l1)))
}

/// `to += c from`.
pub(super) fn add<S: Scalar>(c: f64, from: &[S], to: &mut [S]) {
    for (x, &y) in to.iter_mut().zip(from) {
        *x += y.scaled(c);
    }
}
