//! Loops compiled for the vector instructions of the machine they run on.

use crate::Scalar;

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

/// Side of the squares of numbers that [`transposed`] turns.
pub(crate) const SIDE: usize = 8;

/// A square given by rows, of which the first numbers are taken, by columns: where
/// single numbers would be read or written far apart, lines of the cache are. For use
/// in a [`Kernel`].
#[inline(always)]
pub(crate) fn transposed<'a, S: Scalar>(rows: impl Fn(usize) -> &'a [S]) -> [[S; SIDE]; SIDE] {
    let mut square = [[S::from_re(0.0); SIDE]; SIDE];
    for (k, to) in square.iter_mut().enumerate() {
        to.copy_from_slice(&rows(k)[..SIDE]);
    }
    std::array::from_fn(|i| std::array::from_fn(|k| square[k][i]))
}
