//! A model reduced to what the trait requires.

use meanfield_tensor::Space;
use ndarray::{ArrayView2, ArrayViewMut2};

use crate::terms::Term;
use crate::{Interaction, Model};

/// The space, K and V of a model and nothing else it knows: no list of pairs, no
/// semigroup, the defaults of [`Interaction`] in place of its fast operators.
///
/// What a model's own operators are tested against.
#[derive(Debug, Clone, Copy)]
pub struct RequiredOnly<'a, M: ?Sized>(pub &'a M);

impl<M: Model + ?Sized> Model for RequiredOnly<'_, M> {
    type Scalar = M::Scalar;

    fn space(&self) -> &Space<M::Scalar> {
        self.0.space()
    }

    fn add_k(&self, c: M::Scalar, x: ArrayView2<'_, M::Scalar>, out: ArrayViewMut2<'_, M::Scalar>) {
        self.0.add_k(c, x, out);
    }

    fn interaction(&self) -> &dyn Interaction<M::Scalar> {
        self
    }

    /// Part of what the generator is, not of what is known of it.
    fn further_terms(&self) -> Vec<Term<'_, M::Scalar>> {
        self.0.further_terms()
    }
}

impl<M: Model + ?Sized> Interaction<M::Scalar> for RequiredOnly<'_, M> {
    fn one_body_space(&self) -> &Space<M::Scalar> {
        self.0.space()
    }

    fn add_pair(
        &self,
        c: M::Scalar,
        x: ArrayView2<'_, M::Scalar>,
        out: ArrayViewMut2<'_, M::Scalar>,
    ) {
        self.0.interaction().add_pair(c, x, out);
    }
}
