//! What the passes ask of an interaction, block by block.

use std::ops::Range;

use meanfield_abstract::Linearisation;
use meanfield_tensor::{Scalar, SymmetricLayout};

use crate::engine::products::splits::Split;
use crate::engine::state::State;
use crate::engine::work::schedule::{Work, Workers};
use crate::plan::{Block, Plan};

/// V and Q in the terms of the equation. Images are added to.
pub(crate) trait PairAction<S: Scalar>: Send + Sync {
    /// Moves an operator that is linearised about g_{1,l} to the state `y`, and finds
    /// beside it, in the same pass over V, what degree 1 takes of it. `room` is
    /// overwritten.
    fn linearise(
        &mut self,
        plan: &Plan,
        y: &[S],
        l: usize,
        operator: Option<&mut (dyn Linearisation<S> + '_)>,
        room: &mut [S],
    );

    /// Sees the tensors below the highest order, one slot beside the rest.
    fn update(&mut self, exposed: &[Vec<S>]);

    /// Q(F, F).
    fn add_q_of_state(&self, f: &[S], image: &mut [S]);

    /// What Tr²(V g_{j,l}) takes from those columns of g_{j,l} that are the argument, into
    /// the block of work,
    fn contract(
        &self,
        layout: &SymmetricLayout,
        j: usize,
        columns: Range<usize>,
        work: &mut Work<S>,
    );

    /// and from there into what is contracted of all columns.
    fn keep_contracted(
        &self,
        layout: &SymmetricLayout,
        j: usize,
        columns: Range<usize>,
        work: &Work<S>,
        contracted: &mut [S],
    );

    /// Tr²(V g) beside the columns of g_{j,l}, for the tensor g = g_{j+1,l−1} of which
    /// that is contracted.
    fn add_contraction(
        &self,
        layout: &SymmetricLayout,
        block: Block,
        g: &[S],
        contracted: &[S],
        columns: Range<usize>,
        work: &mut Work<S>,
    );

    /// ½ yyV(w'w' + w''/N) of g_{2,l}.
    fn add_degree_two(
        &self,
        state: State<'_, S>,
        l: usize,
        workers: &mut Workers<S>,
        out: &mut [S],
    );

    /// `image = V argument` on a block of pairs.
    fn apply(&self, d: usize, work: &mut Work<S>);

    /// Those products of yQ(w'w') in a block of pairs in which both cumulants are of degree
    /// 2 or more; its entries γ split by the list.
    fn add_products(&self, state: State<'_, S>, block: Block, list: &[Split], work: &mut Work<S>);
}
