//! V and the Q it generates, by what the model lends of them: a list of entries, which
//! acts on packed pairs and by transitions of one particle, or operators on panels.

mod action;
mod by_operators;
mod by_transitions;

use meanfield_abstract::Model;
use meanfield_tensor::Scalar;

pub(super) use self::action::PairAction;
use self::by_operators::ByOperators;
use self::by_transitions::ByTransitions;
use super::work::buffers::{Buffers, Needs};

/// What the interaction of a model asks for in an expansion to some order.
pub(super) fn needs<S: Scalar>(model: &dyn Model<Scalar = S>, order: usize) -> Needs {
    let d = model.space().dimension();
    match model.interaction().pair_operator() {
        Some(list) => by_transitions::needs(d, order, list.transitions()),
        None => by_operators::needs(d, order),
    }
}

/// The interaction of a model.
pub(super) fn of<'a, S: Scalar>(
    model: &'a dyn Model<Scalar = S>,
    order: usize,
    buffers: &Buffers,
) -> Box<dyn PairAction<S> + 'a> {
    match model.interaction().pair_operator() {
        Some(list) => Box::new(ByTransitions::new(list, order, buffers)),
        None => Box::new(ByOperators(model.interaction())),
    }
}
