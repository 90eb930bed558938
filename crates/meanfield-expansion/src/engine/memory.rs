//! How much a right-hand side will hold, before anything is made.

use meanfield_tensor::packed_len;

use super::interaction::TERMS;
use super::schedule::{LANES, block_columns, concurrent};

/// Numbers in the scratch of a right-hand side of order `order`, on the current
/// pool; `None` when they cannot be counted.
///
/// An upper bound for any model of that dimension: an interaction by transitions
/// has at most D² of them. Only at order 0, where they are one number for each
/// row of the model's own rates, D times as large, a few for each state are
/// counted, or a mean field alone would be refused for what it does not need.
pub(crate) fn scratch(dimension: usize, order: usize, unknowns: usize) -> Option<usize> {
    // No sum of these products overflows: each factor fits 64 bits and the
    // products saturate.
    let len = |degree| packed_len(dimension, degree).map(|n| n as u128);
    let product = |x: u128, y: u128| x.saturating_mul(y);
    let d = dimension as u128;
    let square = product(d, d);
    let transitions = if order == 0 { product(4, d) } else { square };
    // Panels, rates and ξ of what lies below the highest order, and one image.
    let mut numbers = product(d, len(order.saturating_sub(1))?);
    for p in 0..order.max(1) {
        for j in 1..=p + 1 {
            let columns = len(j - 1)?;
            let panel = if j > 1 { product(d, columns) } else { 0 };
            let rates = if j > 1 || p == 0 {
                product(transitions, columns)
            } else {
                0
            };
            numbers = numbers.saturating_add(len(j)?);
            numbers = numbers.saturating_add(panel).saturating_add(rates);
        }
    }
    if order > 0 {
        // The matrices of Δ_1 about F and its corrections and of K + Δ_1, K, and
        // the columns they are found with.
        numbers = numbers.saturating_add(product(square, 2 * order as u128 + 3));
        let (columns, below) = (len(order)?, len(order - 1)?);
        let (columns, below) = (usize::try_from(columns).ok()?, usize::try_from(below).ok()?);
        let works = concurrent(unknowns, columns, below, dimension);
        // Packed pairs and, where V is no list, unpacked ones behind them.
        let lanes = if order > 1 { LANES as u128 } else { 1 };
        let packed = if order > 1 { product(d, d + 1) / 2 } else { 0 };
        let block = product(packed.saturating_add(square), lanes);
        let factor = product(square.max(product(d, TERMS as u128)), lanes);
        let panel = product(d, block_columns(dimension, columns) as u128);
        let work = block.max(panel).saturating_add(factor);
        numbers = numbers.saturating_add(product(product(2, work), works as u128));
    }
    usize::try_from(numbers).ok()
}
