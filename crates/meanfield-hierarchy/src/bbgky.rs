//! The BBGKY hierarchy of the marginals.

use meanfield_tensor::Scalar;

use crate::error::member;
use crate::{HierarchyError, Operators};

impl<S: Scalar> Operators<'_, S> {
    /// The right-hand side of ∂t F_j = (K^j + T_j/N) F_j + (1−j/N) C_{j+1} F_{j+1}
    /// (9), (94): `out += c·(it)`. `family` is F_0, F_1, …; a marginal F_{j+1}
    /// that is not there counts as zero, which is exact for j = N. What further terms
    /// add: [`FurtherOperators::add_bbgky`](crate::FurtherOperators::add_bbgky).
    ///
    /// # Errors
    /// [`HierarchyError::Length`] when `family` has no member of degree j; those of the
    /// operators.
    pub fn add_bbgky(
        &mut self,
        c: S,
        j: usize,
        particles: usize,
        family: &[Vec<S>],
        out: &mut [S],
    ) -> Result<(), HierarchyError> {
        let own = member(family, j)?;
        self.add_k(c, j, own, out)?;
        self.add_t(c.scaled(1.0 / particles as f64), j, own, out)?;
        if let Some(next) = family.get(j + 1) {
            // The weight (N−j)/N of C_{j+1} is that of D_j^1.
            self.add_d_up(c, j, particles, next, out)?;
        }
        Ok(())
    }
}
