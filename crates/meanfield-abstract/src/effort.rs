//! What the operators of a model hold and cost, before they are made.

use meanfield_tensor::Scalar;

use crate::Model;

/// Sizes for [`Model::effort`], in numbers of the model's scalar; upper bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Effort {
    /// What a [`linearisation`](crate::Interaction::linearisation) holds.
    pub linearisation: usize,
    /// What a [`linearised_generator`](Model::linearised_generator) holds.
    pub generator: usize,
    /// What the operators hold while one of them acts, or on several threads as
    /// many as there are.
    pub scratch: usize,
    /// Floating-point operations of a linearisation on one column.
    pub column: u64,
    /// Floating-point operations of V on one column of pairs, or on a product of two
    /// one-body elements.
    pub pair: u64,
    /// Floating-point operations of Tr²∘V on one column of pairs.
    pub traced: u64,
    /// Columns of a one-slot panel below which a linearisation loses time; 0: no
    /// matter.
    pub fewest_columns: usize,
}

/// Columns to which a D×D matrix is applied together at the least, so that reading
/// it again for each block of columns costs little beside the product.
pub const COLUMNS_OF_A_MATRIX: usize = 256;

/// Floating-point operations of a product and a sum of two scalars.
#[must_use]
pub const fn multiply_add<S: Scalar>() -> u64 {
    if S::IS_COMPLEX { 8 } else { 2 }
}

impl Effort {
    /// That of a model whose linearisations are D×D matrices and which has nothing
    /// but the required operators, or a list of pairs.
    #[must_use]
    pub fn dense<M: Model + ?Sized>(model: &M, columns: usize, pairs: usize) -> Self {
        let d = model.space().dimension();
        let square = d.saturating_mul(d);
        let list = model.interaction().pair_operator();
        let unit = multiply_add::<M::Scalar>();
        let k = if model.capabilities().k_is_zero {
            0
        } else {
            square
        };
        // Without a list the columns of Δ_1 are found from pairs with a unit vector,
        // all at once, and the product and its image under V are held.
        let identity = if list.is_some() { 0 } else { square };
        let wide = d.max(pairs).max(columns.min(pairs)).max(1);
        let scratch = if list.is_some() {
            0
        } else {
            square.saturating_mul(wide).saturating_mul(2)
        };
        let linearisation = square.saturating_add(identity);
        let pair = list.map_or_else(
            || (square as u64).saturating_mul(square as u64),
            |list| list.entries() as u64,
        );
        let pair = unit.saturating_mul(pair);
        Self {
            linearisation,
            generator: linearisation.saturating_add(k),
            scratch,
            column: unit.saturating_mul(square as u64),
            pair,
            traced: pair,
            fewest_columns: COLUMNS_OF_A_MATRIX,
        }
    }
}
