//! Exact N-body results that can be written down: one file per formula.

pub mod fixed_counts;
pub mod one_axis_twisting;
