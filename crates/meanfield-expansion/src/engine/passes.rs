//! The two passes over a tensor, block by block: a block is unpacked, used and summed
//! while it is in the cache.

mod one_slot;
mod two_slots;

pub(super) use self::two_slots::Terms;
