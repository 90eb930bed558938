//! Loops compiled for the vector instructions of the machine they run on.

/// Runs `f` in a copy compiled for the widest vector instructions the processor
/// has: what is inlined into it is vectorised for them. Worth it from some
/// hundred operations on; a result does not depend on it but for the last bits
/// of sums, which are the same whenever the machine is.
#[inline(always)]
pub fn vectorised<R>(f: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(f)
}
