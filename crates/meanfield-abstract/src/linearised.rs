//! The interaction linearised about a one-body state, as an operator on one slot.

use meanfield_tensor::{Scalar, linalg, panel};
use ndarray::{Array2, ArrayView2, ArrayViewMut2};

use crate::{Interaction, Model, Sources};

/// An operator on one slot that depends on a one-body state F; it may be applied
/// to several panels at once.
pub trait Linearisation<S>: Send + Sync {
    /// Moves to another state F.
    fn update(&mut self, f: &[S]);

    /// Moves to F and adds the sources, where the operator is made from the
    /// [transitions](crate::Transitions) they come from; elsewhere it leaves them alone
    /// and returns false.
    fn update_with(&mut self, f: &[S], sources: &mut Sources<'_, S>) -> bool {
        let _ = sources;
        self.update(f);
        false
    }

    /// `out += c·(operator) x`, D×M → D×M.
    fn add_apply(&self, c: S, x: ArrayView2<'_, S>, out: ArrayViewMut2<'_, S>);
}

/// Δ_1, or K + Δ_1, as a D×D matrix: D² numbers, and one matrix product to
/// apply it.
pub struct DenseLinearisation<'a, S: Scalar, I: Interaction<S> + ?Sized> {
    interaction: &'a I,
    /// Columns to find the matrix with, where V is no list.
    identity: Option<Array2<S>>,
    k: Option<Array2<S>>,
    matrix: Array2<S>,
}

impl<'a, S: Scalar, I: Interaction<S> + ?Sized> DenseLinearisation<'a, S, I> {
    /// Δ_1 about F = 0.
    #[must_use]
    pub fn new(interaction: &'a I) -> Self {
        let d = interaction.one_body_space().dimension();
        Self {
            interaction,
            identity: interaction
                .pair_operator()
                .is_none()
                .then(|| Array2::eye(d)),
            k: None,
            matrix: Array2::zeros((d, d)),
        }
    }

    /// The matrix.
    #[must_use]
    pub fn matrix(&self) -> ArrayView2<'_, S> {
        self.matrix.view()
    }
}

impl<'a, S: Scalar> DenseLinearisation<'a, S, dyn Interaction<S> + 'a> {
    /// K + Δ_1 of a model, about F = 0.
    #[must_use]
    pub fn generator<M: Model<Scalar = S> + ?Sized>(model: &'a M) -> Self {
        let d = model.space().dimension();
        let k = (!model.capabilities().k_is_zero).then(|| {
            let mut k = Array2::zeros((d, d));
            model.add_k(S::from_re(1.0), Array2::eye(d).view(), k.view_mut());
            k
        });
        Self {
            k,
            ..Self::new(model.interaction())
        }
    }
}

impl<S: Scalar, I: Interaction<S> + ?Sized> Linearisation<S> for DenseLinearisation<'_, S, I> {
    fn update(&mut self, f: &[S]) {
        self.update_with(f, &mut Sources::none());
    }

    fn update_with(&mut self, f: &[S], sources: &mut Sources<'_, S>) -> bool {
        match &self.k {
            Some(k) => self.matrix.assign(k),
            None => self.matrix.fill(S::from_re(0.0)),
        }
        if let Some(list) = self.interaction.pair_operator()
            && let Some(matrix) = self.matrix.as_slice_mut()
        {
            list.transitions().add_linearised(f, matrix, sources);
            return true;
        }
        let one = S::from_re(1.0);
        if let Some(identity) = &self.identity {
            let (interaction, state) = (self.interaction, panel(f.len(), f));
            let identity = identity.view();
            // Column m of Q(F, 1) is Q(F, e_m), column m of Q(1, F) is Q(e_m, F).
            interaction.add_q_product(one, state, identity, self.matrix.view_mut());
            interaction.add_q_product(one, identity, state, self.matrix.view_mut());
        }
        false
    }

    fn add_apply(&self, c: S, x: ArrayView2<'_, S>, out: ArrayViewMut2<'_, S>) {
        linalg::gemm(c, self.matrix.view(), x, out);
    }
}
