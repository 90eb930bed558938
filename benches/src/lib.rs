//! What the project measures, and how.
//!
//! Each group answers one question and is a list of [`Entry`]: what is measured,
//! the floor it is held against, and the target, where there is one. `cargo
//! xtask bench` prints them as one table; `cargo bench` hands the same entries to
//! criterion, which keeps a history and plots it.
//!
//! The table does not come from criterion's estimates, because criterion
//! measures one function to its end before the next: on a machine that others
//! use too, a ratio of two such numbers is decided by what happened in between.
//! Here a measured sample stands between two samples of its floor, and the
//! ratio is the median over such triples ([`measure`]).

pub mod groups;
pub mod measure;
pub mod memory;
pub mod problems;
pub mod table;

pub use measure::{Entry, Pair, Size, Target};
