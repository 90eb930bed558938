//! What `cargo xtask verify` rests on: the table refuses what is false, every claim
//! is shown by rows, the program says so in its exit code, and the suites hold.

mod claims;
mod program;
mod suites;
mod table;
