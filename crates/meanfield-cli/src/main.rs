//! The program `meanfield`.
fn main() {}
