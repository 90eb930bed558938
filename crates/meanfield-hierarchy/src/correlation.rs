//! The hierarchy of the correlation errors.

use meanfield_tensor::Scalar;

use crate::error::member;
use crate::{HierarchyError, Operators};

impl<S: Scalar> Operators<'_, S> {
    /// H_j E = (K^j + T_j/N + D_j) E, the generator of U_j (41); degree j → j.
    pub fn add_h(
        &mut self,
        c: S,
        j: usize,
        particles: usize,
        e: &[S],
        out: &mut [S],
    ) -> Result<(), HierarchyError> {
        self.add_k(c, j, e, out)?;
        self.add_t(c.scaled(1.0 / particles as f64), j, e, out)?;
        self.add_d(c, j, particles, e, out)
    }

    /// The right-hand side of ∂t E_j = (K^j + T_j/N) E_j + D_j E_j + D_j^1 E_{j+1} +
    /// D_j^{−1} E_{j−1} + D_j^{−2} E_{j−2} (34), (117) for j ≥ 1: `out += c·(it)`.
    /// `family` is E_0 = 1, E_1, …; an E_{j+1} that is not there counts as zero,
    /// which is exact for j = N. What further terms add:
    /// [`FurtherOperators::add_correlation`](crate::FurtherOperators::add_correlation).
    ///
    /// # Errors
    /// [`HierarchyError::Length`] when `family` has no member of degree j; those of the
    /// operators.
    pub fn add_correlation(
        &mut self,
        c: S,
        j: usize,
        particles: usize,
        family: &[Vec<S>],
        out: &mut [S],
    ) -> Result<(), HierarchyError> {
        self.add_h(c, j, particles, member(family, j)?, out)?;
        if let Some(next) = family.get(j + 1) {
            self.add_d_up(c, j, particles, next, out)?;
        }
        if j >= 1 {
            self.add_d_down(c, j, particles, &family[j - 1], out)?;
        }
        if j >= 2 {
            self.add_d_down2(c, j, particles, &family[j - 2], out)?;
        }
        Ok(())
    }
}
