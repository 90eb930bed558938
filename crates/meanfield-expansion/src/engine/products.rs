//! Products of two tensors in a block of work.

pub(super) mod by_degree_one;
pub(super) mod by_degree_two;
pub(super) mod kernels;
pub(super) mod of_slots;
pub(super) mod roles;
pub(super) mod splits;
