//! Physical models: finite-level quantum systems with Lindblad jumps and Kac collisions on velocity lattices
