//! What the engine holds beside the unknowns, how much of it, and how blocks of work
//! share it.

mod aligned;
pub(super) mod buffers;
pub(super) mod lower;
pub(super) mod schedule;
