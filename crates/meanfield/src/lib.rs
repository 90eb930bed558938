//! Mean-field limits and their 1/N corrections for interacting particles, classical and quantum
