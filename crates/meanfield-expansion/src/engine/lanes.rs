//! Blocks of pairs: all packed pairs {a, b} beside a few entries γ of the other slots,
//! its *lanes*.

use meanfield_tensor::pair_count;

/// Entries γ of the other slots that a block of pairs holds side by side.
pub(super) const LANES: usize = 16;

/// Products of factors that are added in one go.
pub(super) const TERMS: usize = 16;

/// The packed pairs of lanes in a buffer: `[S; L]` for each pair.
pub(super) fn pairs_mut<S, const L: usize>(d: usize, buffer: &mut [S]) -> &mut [[S; L]] {
    let (lanes, _) = buffer[..pair_count(d) * L].as_chunks_mut::<L>();
    lanes
}

/// The same, to be read.
pub(super) fn pairs<S, const L: usize>(d: usize, buffer: &[S]) -> &[[S; L]] {
    let (lanes, _) = buffer[..pair_count(d) * L].as_chunks::<L>();
    lanes
}
