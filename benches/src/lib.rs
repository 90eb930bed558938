//! Problems shared by the benchmarks.
