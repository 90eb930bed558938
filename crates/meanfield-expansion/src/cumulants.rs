//! The connected cumulants at one time, by (j, l).

use meanfield_tensor::{Scalar, SymmetricLayout};

use crate::plan::Plan;

/// The cumulants at one time, borrowed from the vector of unknowns.
#[derive(Debug, Clone, Copy)]
pub struct Cumulants<'a, S> {
    plan: &'a Plan,
    unknowns: &'a [S],
}

impl<'a, S: Scalar> Cumulants<'a, S> {
    /// The cumulants in a vector of unknowns of that plan.
    #[must_use]
    pub fn new(plan: &'a Plan, unknowns: &'a [S]) -> Self {
        Self { plan, unknowns }
    }

    /// g_{j,l}, packed; `None` beyond the order kept.
    #[must_use]
    pub fn get(&self, j: usize, l: usize) -> Option<&'a [S]> {
        self.plan.slice(self.unknowns, j, l)
    }

    /// F(t) = g_{1,0}.
    #[must_use]
    pub fn mean_field(&self) -> &'a [S] {
        &self.unknowns[..self.plan.layout().dimension()]
    }

    /// The layouts of the tensors.
    #[must_use]
    pub fn layout(&self) -> &'a SymmetricLayout {
        self.plan.layout()
    }

    /// Order n of the expansion.
    #[must_use]
    pub fn order(&self) -> usize {
        self.plan.order()
    }
}
