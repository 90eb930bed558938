//! Loops compiled for the vector instructions of the machine they run on.

/// A loop that is worth a copy of its own for each set of vector instructions:
/// from some hundred operations on. Mark `run`, and what it calls, with
/// `#[inline(always)]`: only what is inlined is compiled anew.
pub trait Kernel {
    /// Runs the loop.
    fn run(self);
}

struct Dispatched<K>(K);

impl<K: Kernel> pulp::NullaryFnOnce for Dispatched<K> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.0.run();
    }
}

/// Runs the copy of a kernel for the widest vector instructions the processor
/// has. Sums may differ in their last bits from one kind of processor to another,
/// never on one machine.
#[inline(always)]
pub fn vectorised(kernel: impl Kernel) {
    pulp::Arch::new().dispatch(Dispatched(kernel));
}
