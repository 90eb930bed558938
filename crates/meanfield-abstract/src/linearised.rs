//! The interaction linearised about a one-body state, as an operator on one slot.

use meanfield_tensor::{Scalar, linalg};
use ndarray::{Array2, ArrayView2, ArrayViewMut2};

use crate::{Model, Sources};

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
pub struct DenseLinearisation<'a, M: Model + ?Sized> {
    model: &'a M,
    /// Columns to find the matrix with, where V is no list.
    identity: Option<Array2<M::Scalar>>,
    k: Option<Array2<M::Scalar>>,
    matrix: Array2<M::Scalar>,
}

impl<'a, M: Model + ?Sized> DenseLinearisation<'a, M> {
    /// Δ_1 about F = 0, or K + Δ_1 when `with_k` is set.
    #[must_use]
    pub fn new(model: &'a M, with_k: bool) -> Self {
        let d = model.space().dimension();
        let k = (with_k && !model.k_is_zero()).then(|| {
            let mut k = Array2::zeros((d, d));
            let identity = Array2::eye(d);
            model.add_k(M::Scalar::from_re(1.0), identity.view(), k.view_mut());
            k
        });
        Self {
            model,
            identity: model.pair_operator().is_none().then(|| Array2::eye(d)),
            k,
            matrix: Array2::zeros((d, d)),
        }
    }

    /// The matrix.
    #[must_use]
    pub fn matrix(&self) -> ArrayView2<'_, M::Scalar> {
        self.matrix.view()
    }
}

impl<M: Model + ?Sized> Linearisation<M::Scalar> for DenseLinearisation<'_, M> {
    fn update(&mut self, f: &[M::Scalar]) {
        self.update_with(f, &mut Sources::none());
    }

    fn update_with(&mut self, f: &[M::Scalar], sources: &mut Sources<'_, M::Scalar>) -> bool {
        match &self.k {
            Some(k) => self.matrix.assign(k),
            None => self.matrix.fill(M::Scalar::from_re(0.0)),
        }
        if let Some(list) = self.model.pair_operator()
            && let Some(matrix) = self.matrix.as_slice_mut()
        {
            list.transitions().add_linearised(f, matrix, sources);
            return true;
        }
        let one = M::Scalar::from_re(1.0);
        let d = f.len();
        if let (Ok(state), Some(identity)) = (ArrayView2::from_shape((d, 1), f), &self.identity) {
            let identity = identity.view();
            // Column m of Q(F, 1) is Q(F, e_m), column m of Q(1, F) is Q(e_m, F).
            self.model
                .add_q_product(one, state, identity, self.matrix.view_mut());
            self.model
                .add_q_product(one, identity, state, self.matrix.view_mut());
        }
        false
    }

    fn add_apply(
        &self,
        c: M::Scalar,
        x: ArrayView2<'_, M::Scalar>,
        out: ArrayViewMut2<'_, M::Scalar>,
    ) {
        linalg::gemm(c, self.matrix.view(), x, out);
    }
}
