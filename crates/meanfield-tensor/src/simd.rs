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

/// Side of the squares of numbers that [`Turn`] turns.
pub(crate) const SIDE: usize = 8;

/// A square of numbers.
pub(crate) type Square<S> = [[S; SIDE]; SIDE];

/// How a square that is given by rows is read by columns: where single numbers would be
/// read or written far apart, lines of the cache are.
pub(crate) trait Turn: Copy {
    /// The columns of a square whose rows begin with the slices; the rest of them is not
    /// looked at.
    fn turned<'a, S: Scalar>(self, rows: impl Fn(usize) -> &'a [S]) -> Square<S>;
}

/// A [`Kernel`] that turns squares.
pub(crate) trait TurningKernel {
    /// Runs the loop.
    fn run(self, turn: impl Turn);
}

/// [`vectorised`], for a kernel that turns squares.
#[inline(always)]
pub(crate) fn vectorised_turning(kernel: impl TurningKernel) {
    #[cfg(target_arch = "x86_64")]
    if let Some(v4) = pulp::x86::V4::try_new() {
        return v4.vectorize(Turning(kernel, v4));
    }
    pulp::Arch::new().dispatch(Turning(kernel, ByNumbers));
}

struct Turning<K, T>(K, T);

impl<K: TurningKernel, T: Turn> pulp::NullaryFnOnce for Turning<K, T> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.0.run(self.1);
    }
}

/// Number by number.
#[derive(Clone, Copy)]
struct ByNumbers;

impl Turn for ByNumbers {
    #[inline(always)]
    fn turned<'a, S: Scalar>(self, rows: impl Fn(usize) -> &'a [S]) -> Square<S> {
        by_numbers(read(rows))
    }
}

#[inline(always)]
fn read<'a, S: Scalar>(rows: impl Fn(usize) -> &'a [S]) -> Square<S> {
    std::array::from_fn(|k| {
        let mut row = [S::from_re(0.0); SIDE];
        row.copy_from_slice(&rows(k)[..SIDE]);
        row
    })
}

#[inline(always)]
pub(crate) fn by_numbers<S: Copy>(square: Square<S>) -> Square<S> {
    std::array::from_fn(|i| std::array::from_fn(|k| square[k][i]))
}

/// By shuffles of 512-bit vectors, where a row is one.
#[cfg(target_arch = "x86_64")]
pub(crate) mod wide {
    use std::arch::x86_64::__m512d;

    use pulp::x86::V4;

    use super::{SIDE, Square, Turn, read};
    use crate::Scalar;

    impl Turn for V4 {
        #[inline(always)]
        fn turned<'a, S: Scalar>(self, rows: impl Fn(usize) -> &'a [S]) -> Square<S> {
            S::turned(self, read(rows))
        }
    }

    /// Of two rows of four halves each, those with an even number and those with an odd
    /// one.
    #[inline(always)]
    fn sorted(v4: V4, low: __m512d, high: __m512d) -> [__m512d; 2] {
        let avx = v4.avx512f;
        [
            avx._mm512_shuffle_f64x2::<0b10_00_10_00>(low, high),
            avx._mm512_shuffle_f64x2::<0b11_01_11_01>(low, high),
        ]
    }

    /// Columns q and q+4, q+2 and q+6, of the rows in pairs that begin with column q.
    #[inline(always)]
    fn columns(v4: V4, [ab, cd, ef, gh]: [__m512d; 4]) -> [[f64; SIDE]; 4] {
        let [abcd04, abcd26] = sorted(v4, ab, cd);
        let [efgh04, efgh26] = sorted(v4, ef, gh);
        let [c0, c4] = sorted(v4, abcd04, efgh04);
        let [c2, c6] = sorted(v4, abcd26, efgh26);
        [c0, c2, c4, c6].map(pulp::cast)
    }

    /// A square of real numbers.
    #[inline(always)]
    pub(crate) fn turned(v4: V4, square: Square<f64>) -> Square<f64> {
        let avx = v4.avx512f;
        let [a, b, c, d, e, f, g, h] = square.map(pulp::cast::<[f64; SIDE], __m512d>);
        // Every second column of two rows.
        let even = [
            avx._mm512_unpacklo_pd(a, b),
            avx._mm512_unpacklo_pd(c, d),
            avx._mm512_unpacklo_pd(e, f),
            avx._mm512_unpacklo_pd(g, h),
        ];
        let odd = [
            avx._mm512_unpackhi_pd(a, b),
            avx._mm512_unpackhi_pd(c, d),
            avx._mm512_unpackhi_pd(e, f),
            avx._mm512_unpackhi_pd(g, h),
        ];
        let ([c0, c2, c4, c6], [c1, c3, c5, c7]) = (columns(v4, even), columns(v4, odd));
        [c0, c1, c2, c3, c4, c5, c6, c7]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Squares;

    impl TurningKernel for Squares {
        fn run(self, turn: impl Turn) {
            let numbers: Vec<f64> = (0..80).map(f64::from).collect();
            let rows = |k: usize| &numbers[9 * k + 1..];
            let turned = turn.turned(rows);
            for (i, column) in turned.iter().enumerate() {
                for (k, &x) in column.iter().enumerate() {
                    assert_eq!(x, rows(k)[i]);
                }
            }
        }
    }

    #[test]
    fn law_a_square_is_turned_the_same_way_by_vectors_and_by_numbers() {
        Squares.run(ByNumbers);
        vectorised_turning(Squares);
    }
}
