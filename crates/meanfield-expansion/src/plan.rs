//! Which connected cumulants an expansion of order n holds, where they lie in
//! the vector of unknowns, and what they cost.

use meanfield_tensor::{Scalar, SymmetricLayout, packed_len};

use crate::ExpansionError;

/// One unknown g_{j,l}: a symmetric tensor of degree j.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Degree.
    pub j: usize,
    /// Power of 1/N beyond the leading N^{1−j}.
    pub l: usize,
    /// First entry in the vector of unknowns.
    pub start: usize,
    /// Number of packed entries.
    pub len: usize,
}

impl Block {
    /// The order p = (j−1) + l at which the cumulant enters.
    #[must_use]
    pub fn order(&self) -> usize {
        self.j - 1 + self.l
    }
}

/// The unknowns of the cumulant hierarchy up to order n: g_{1,0} = F, then, for
/// p = 1 … n, (p+1, 0), (p, 1), …, (1, p), each depending only on those before.
#[derive(Debug, Clone)]
pub struct Plan {
    order: usize,
    blocks: Vec<Block>,
    layout: SymmetricLayout,
}

/// What a plan costs whatever the model, before anything is allocated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Number of unknowns.
    pub unknowns: usize,
    /// Bytes of the vectors of unknowns that an integration holds: the least that
    /// a solve takes. [`Memory`](crate::Memory) says all of it, for a given model.
    pub bytes: usize,
}

impl Plan {
    /// The cost of order `order` over `dimension` states, for scalars of
    /// `scalar_bytes` bytes.
    ///
    /// # Errors
    /// [`ExpansionError::TooLarge`] when a tensor cannot be indexed.
    pub fn cost(
        dimension: usize,
        order: usize,
        scalar_bytes: usize,
    ) -> Result<Cost, ExpansionError> {
        let too_large = ExpansionError::TooLarge { order, dimension };
        let counted = || -> Option<Cost> {
            // Σ_{p ≤ n} Σ_{1 ≤ j ≤ p+1} C(D+j−1, j), two hockey sticks.
            let degree = order.checked_add(1)?;
            let unknowns = packed_len(dimension.checked_add(2)?, degree)? - degree - 1;
            let numbers = unknowns.checked_mul(meanfield_ode::HELD_VECTORS)?;
            Some(Cost {
                unknowns,
                bytes: numbers.checked_mul(scalar_bytes)?,
            })
        };
        counted().ok_or(too_large)
    }

    /// Lays the unknowns out; `marginals` is the highest j of the marginals
    /// that will be asked for, `memory` the number of bytes that may be used for
    /// the vectors of an integration.
    ///
    /// # Errors
    /// [`ExpansionError::Memory`] or [`ExpansionError::TooLarge`] with the
    /// size that would be needed.
    pub fn new<S: Scalar>(
        dimension: usize,
        order: usize,
        marginals: usize,
        memory: usize,
    ) -> Result<Self, ExpansionError> {
        let cost = Self::cost(dimension, order, size_of::<S>())?;
        if cost.bytes > memory {
            return Err(ExpansionError::Memory {
                order,
                dimension,
                required: cost.bytes,
                allowed: memory,
            });
        }
        let layout = SymmetricLayout::new(dimension, (order + 1).max(marginals))?;
        let mut blocks = Vec::new();
        let mut start = 0;
        for p in 0..=order {
            for j in (1..=p + 1).rev() {
                let len = layout.len(j);
                blocks.push(Block {
                    j,
                    l: p + 1 - j,
                    start,
                    len,
                });
                start += len;
            }
        }
        Ok(Self {
            order,
            blocks,
            layout,
        })
    }

    /// Order n.
    #[must_use]
    pub fn order(&self) -> usize {
        self.order
    }

    /// The unknowns, in the order of their dependence.
    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The layouts of the packed tensors.
    #[must_use]
    pub fn layout(&self) -> &SymmetricLayout {
        &self.layout
    }

    /// Number of unknowns.
    #[must_use]
    pub fn unknowns(&self) -> usize {
        self.blocks.last().map_or(0, |b| b.start + b.len)
    }

    /// Position of g_{j,l} among the blocks; `None` when it is beyond the
    /// order kept.
    #[must_use]
    pub fn index(&self, j: usize, l: usize) -> Option<usize> {
        if j == 0 || j - 1 + l > self.order {
            return None;
        }
        let p = j - 1 + l;
        Some(p * (p + 1) / 2 + (p + 1 - j))
    }

    /// The entries of g_{j,l} in a vector of unknowns.
    #[must_use]
    pub fn slice<'a, S>(&self, unknowns: &'a [S], j: usize, l: usize) -> Option<&'a [S]> {
        let block = self.blocks[self.index(j, l)?];
        Some(&unknowns[block.start..block.start + block.len])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_every_cumulant_of_the_order_has_one_place() {
        let plan = Plan::new::<f64>(3, 4, 1, usize::MAX).unwrap();
        let mut next = 0;
        for (k, block) in plan.blocks().iter().enumerate() {
            assert_eq!(plan.index(block.j, block.l), Some(k));
            assert_eq!(block.start, next);
            assert!(block.order() <= 4);
            next += block.len;
        }
        assert_eq!(plan.blocks().len(), 15);
        assert_eq!(plan.unknowns(), next);
        assert_eq!(plan.index(3, 3), None);
    }

    #[test]
    fn law_the_cost_is_that_of_every_cumulant() {
        for (d, order) in (1..=6).flat_map(|d| (0..=5).map(move |order| (d, order))) {
            let plan = Plan::new::<f64>(d, order, 1, usize::MAX).unwrap();
            let unknowns = plan.blocks().iter().map(|block| block.len).sum();
            let bytes = unknowns * 8 * meanfield_ode::HELD_VECTORS;
            assert_eq!(Plan::cost(d, order, 8).unwrap(), Cost { unknowns, bytes });
        }
    }

    #[test]
    fn law_what_does_not_fit_is_refused_with_its_size() {
        let refused = Plan::new::<f64>(100, 3, 1, 1 << 20);
        let Err(ExpansionError::Memory { required, .. }) = refused else {
            panic!("{refused:?}");
        };
        // g_{4,0} alone has C(103, 4) entries of 8 bytes, in eight vectors.
        assert!(required > 4_421_275 * 64);
        assert!(matches!(
            Plan::new::<f64>(4096, 50, 1, usize::MAX),
            Err(ExpansionError::TooLarge { .. })
        ));
    }
}
