//! Numbers in and out: npz files a user wrote, npz files the program writes,
//! and the directory they land in.

mod array;
mod claim;
mod directory;
mod error;
mod read;
mod stack;
mod values;
mod write;

pub use array::Array;
pub(crate) use array::is_usable;
pub use directory::discard_unfinished;
pub(crate) use directory::{
    CHECKPOINT, EXACT, OutputDirectory, POINTS, PROGRAM, UNFINISHED_POINT, forget_progress,
    holds_progress,
};
pub use error::ArrayError;
pub(crate) use error::shape;
pub(crate) use read::{Allowed, Npz};
pub(crate) use stack::{Stacked, Whole, is_archive, stack};
pub use values::Values;
pub(crate) use write::{Kind, ResultFile, SavedArray};
