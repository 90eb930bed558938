//! One-body maps on all slots of a packed tensor, in place.
//!
//! A map A on one slot acts on all j of them by
//!
//! ```math
//! (A^{\otimes j} T)[a, \alpha] = (A^{\otimes (j-1)} T_a)[\alpha], \qquad
//! T_a[\beta] = \sum_c A_{ac}\, T[c, \beta], \qquad \alpha \le a:
//! ```
//!
//! the entries whose largest index is a lie together, and those of T_a with
//! indices up to a come first. Every packed entry is computed once, so the result is
//! symmetric by construction.

use meanfield_tensor::{Scalar, SymmetricLayout, packed_len, pair_count};
use rayon::prelude::*;

use crate::plan::Plan;

/// One-body states that one task handles: results do not depend on the number
/// of threads.
pub(in crate::engine) const STATES: usize = 16;
/// Numbers below which sharing the work costs more than it saves.
const SHARED: usize = 1 << 14;

/// A map of one-body states, one after another, in place.
type Act<'a, S> = dyn Fn(&mut [S]) + Send + Sync + 'a;

/// T\[α\] ← Π_i factors\[α_i\] T\[α\].
fn multiply<S: Scalar>(factors: &[S], j: usize, tensor: &mut [S]) {
    let one = S::from_re(1.0);
    if j < 2 || tensor.len() < SHARED {
        return multiply_from(one, factors, j, tensor);
    }
    by_largest_index(factors.len(), j, tensor)
        .into_par_iter()
        .for_each(|(a, block)| multiply_from(factors[a], &factors[..=a], j - 1, block));
}

/// The same with a factor c, on the thread that calls.
fn multiply_from<S: Scalar>(c: S, factors: &[S], j: usize, tensor: &mut [S]) {
    match j {
        0 => tensor.iter_mut().for_each(|x| *x *= c),
        1 => {
            for (x, &factor) in tensor.iter_mut().zip(factors) {
                *x *= c * factor;
            }
        }
        _ => {
            for (a, block) in by_largest_index(factors.len(), j, tensor) {
                multiply_from(c * factors[a], &factors[..=a], j - 1, block);
            }
        }
    }
}

/// The entries of degree j ≥ 1 by their largest index: the rest of such an entry
/// runs over degree j−1 with indices up to it.
fn by_largest_index<S>(dimension: usize, j: usize, tensor: &mut [S]) -> Vec<(usize, &mut [S])> {
    let mut blocks = Vec::with_capacity(dimension);
    let mut rest = tensor;
    for a in 0..dimension {
        let len = packed_len(a + 1, j - 1).map_or(rest.len(), |len| len.min(rest.len()));
        let (block, behind) = rest.split_at_mut(len);
        blocks.push((a, block));
        rest = behind;
    }
    blocks
}

/// Numbers of the work space of a map on all slots of degree `j`: one exposed slot
/// beside the rest, and from degree 3 a row of its image and the work space of
/// that. `None` when they cannot be counted.
pub(in crate::engine) fn all_slots(dimension: usize, j: usize) -> Option<usize> {
    if j < 2 {
        return Some(0);
    }
    let width = packed_len(dimension, j - 1)?;
    let row = if j > 2 { width } else { 0 };
    let exposed = width.checked_mul(dimension)?;
    exposed
        .checked_add(row)?
        .checked_add(all_slots(dimension, j - 1)?)
}

/// The same for the unknowns of a plan.
pub(super) fn slots_len(plan: &Plan) -> Option<usize> {
    all_slots(plan.layout().dimension(), plan.order() + 1)
}

/// A work space that is long enough.
pub(super) fn grown<'a, S: Scalar>(slots: &'a mut Vec<S>, plan: &Plan) -> &'a mut [S] {
    let len = slots_len(plan).unwrap_or(0);
    if slots.len() < len {
        slots.reserve_exact(len - slots.len());
        slots.resize(len, S::from_re(0.0));
    }
    slots
}

/// A diagonal map on all slots of every block of the unknowns.
pub(super) fn multiply_all<S: Scalar>(plan: &Plan, factors: &[S], y: &mut [S]) {
    for block in plan.blocks() {
        let tensor = &mut y[block.start..block.start + block.len];
        multiply(factors, block.j, tensor);
    }
}

/// A map on all slots of every block of the unknowns, in place.
pub(super) fn apply_to_all<S: Scalar>(plan: &Plan, act: &Act<'_, S>, slots: &mut [S], y: &mut [S]) {
    for block in plan.blocks() {
        let tensor = &mut y[block.start..block.start + block.len];
        apply(plan.layout(), block.j, act, slots, tensor);
    }
}

/// T ← A^{⊗j} T.
fn apply<S: Scalar>(
    layout: &SymmetricLayout,
    j: usize,
    act: &Act<'_, S>,
    slots: &mut [S],
    tensor: &mut [S],
) {
    let d = layout.dimension();
    if j < 2 {
        if j == 1 {
            act(tensor);
        }
        return;
    }
    let width = layout.len(j - 1);
    let (exposed, rest) = slots.split_at_mut(width * d);
    exposed
        .par_chunks_mut(STATES * d)
        .enumerate()
        .for_each(|(chunk, states)| {
            for (k, state) in states.chunks_exact_mut(d).enumerate() {
                expose(layout, j, chunk * STATES + k, tensor, state);
            }
            act(states);
        });
    let mut blocks = by_largest_index(d, j, tensor);
    if j == 2 {
        blocks
            .par_chunks_mut(STATES)
            .for_each(|blocks| second_slot(d, exposed, act, blocks));
    } else {
        let (row, slots) = rest.split_at_mut(width);
        for (a, block) in blocks {
            for (x, state) in row.iter_mut().zip(exposed.chunks_exact(d)) {
                *x = state[a];
            }
            apply(layout, j - 1, act, slots, row);
            block.copy_from_slice(&row[..block.len()]);
        }
    }
}

/// One slot of T beside the entry β of degree j−1, as a one-body state.
fn expose<S: Scalar>(
    layout: &SymmetricLayout,
    j: usize,
    beta: usize,
    tensor: &[S],
    state: &mut [S],
) {
    if j > 2 {
        for (a, x) in state.iter_mut().enumerate() {
            *x = tensor[layout.insert(j, a, beta)];
        }
        return;
    }
    // No table of D² places is needed.
    let row = pair_count(beta);
    state[..=beta].copy_from_slice(&tensor[row..=row + beta]);
    let mut place = row + beta;
    for (b, x) in state.iter_mut().enumerate().skip(beta + 1) {
        place += b;
        *x = tensor[place];
    }
}

/// The second slot of a degree-2 tensor, for neighbouring values of the first.
fn second_slot<S: Scalar>(
    d: usize,
    exposed: &[S],
    act: &Act<'_, S>,
    blocks: &mut [(usize, &mut [S])],
) {
    let mut states = vec![S::from_re(0.0); blocks.len() * d];
    let Some(&(first, _)) = blocks.first() else {
        return;
    };
    let width = blocks.len();
    for (b, from) in exposed.chunks_exact(d).enumerate() {
        for (k, &x) in from[first..first + width].iter().enumerate() {
            states[k * d + b] = x;
        }
    }
    act(&mut states);
    for ((_, block), state) in blocks.iter_mut().zip(states.chunks_exact(d)) {
        block.copy_from_slice(&state[..block.len()]);
    }
}

#[cfg(test)]
mod tests;
