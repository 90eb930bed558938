//! Claims about the software, each with the number that decides it.
//!
//! A [`Suite`](verify::Suite) measures [`Row`](verify::Row)s: a claim, the
//! equation it comes from, what is claimed, what was measured and how far the
//! two may be apart. `cargo xtask verify` prints the table of all
//! [`suites`]; the tests in `validation/` run the same suites on their small
//! sizes.

pub mod claims;
pub mod class;
pub mod derived;
pub mod instances;
pub mod kinds;
#[path = "../../examples/own_model.rs"]
pub mod own_model;
pub mod paper;
pub mod suites;
pub mod verify;

/// The program on the first page compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct FirstPage;
