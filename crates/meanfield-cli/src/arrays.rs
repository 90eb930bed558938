//! Numbers in and out: npz files a user wrote, npz files the program writes,
//! and the directory they land in.

mod array;
mod claim;
mod directory;
mod error;
mod read;
mod stack;
mod write;

pub(crate) use array::Array;
pub(crate) use directory::{
    CHECKPOINT, EXACT, OutputDirectory, POINTS, PROGRAM, UNFINISHED_POINT, discard_unfinished,
    forget_progress, holds_progress,
};
pub(crate) use error::ArrayError;
pub(crate) use read::Npz;
pub(crate) use stack::{Stacked, Whole, is_archive, stack};
pub(crate) use write::{Kind, ResultFile, SavedArray};
