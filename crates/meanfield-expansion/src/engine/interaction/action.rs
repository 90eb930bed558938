//! What the passes ask of an interaction, block by block.

use meanfield_abstract::Linearisation;
use meanfield_tensor::Scalar;

use crate::engine::products::splits::Split;
use crate::engine::state::{Columns, Label, State};
use crate::engine::work::schedule::{Work, Workers};
use crate::plan::Plan;

/// V and Q in the terms of the equation. Images are added to.
pub(crate) trait PairAction<S: Scalar>: Send + Sync {
    /// Moves an operator that is linearised about g_{1,l} to the state, and finds in the
    /// same pass over V what degree 1 takes of g_{1,l} and g_{2,l}. `room` is overwritten.
    fn linearise(
        &mut self,
        state: (&Plan, &[S]),
        l: usize,
        operator: Option<&mut (dyn Linearisation<S> + '_)>,
        room: &mut [S],
    );

    /// Sees the tensors below the highest order, one slot beside the rest.
    fn update(&mut self, _exposed: &[Vec<S>]) {}

    /// Q(F, F).
    fn add_q_of_state(&self, f: &[S], image: &mut [S]);

    /// What Tr²(V g_{j,l}) takes from columns that are the argument, into the block of work,
    fn contract(&self, _columns: Columns<'_>, _work: &mut Work<S>) {}

    /// and from there into what is contracted of all columns.
    fn keep_contracted(&self, _columns: Columns<'_>, _work: &Work<S>, _contracted: &mut [S]) {}

    /// Tr²(V g), `of` the tensor g = g_{j+1,l−1} and what is contracted of it.
    fn add_contraction(&self, columns: Columns<'_>, of: (&[S], &[S]), work: &mut Work<S>);

    /// ½ yyV(w'w' + w''/N) of g_{2,l}.
    fn add_pairs(&self, state: State<'_, S>, l: usize, workers: &mut Workers<S>, out: &mut [S]);

    /// `image = V argument` on a block of pairs.
    fn apply(&self, d: usize, work: &mut Work<S>);

    /// Those products of yQ(w'w') in a block of pairs in which both cumulants are of degree
    /// 2 or more; its entries γ split by the list.
    fn add_products(&self, state: State<'_, S>, label: Label, list: &[Split], work: &mut Work<S>);
}
