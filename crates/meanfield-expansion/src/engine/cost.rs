//! What a solve takes, before anything of it is made.

mod engine;
mod memory;
mod operations;

pub use self::memory::Memory;
pub use self::operations::operations;
