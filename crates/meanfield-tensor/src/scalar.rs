//! The two scalars of the engine: real for populations and for quantum models
//! in a Hermitian basis, complex for everything else.

use std::fmt::{Debug, Display};
use std::iter::Sum;
use std::ops::{AddAssign, MulAssign, Neg, SubAssign};

use num_complex::Complex64;

use crate::linalg::Factored;
#[cfg(target_arch = "x86_64")]
use crate::simd;

/// A scalar on which every operator of the expansion can act: `f64` or
/// [`Complex64`].
pub trait Scalar:
    ndarray::LinalgScalar
    + Factored
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + Sum
    + Display
    + Debug
    + PartialEq
    + Send
    + Sync
{
    /// Whether an imaginary part can be represented.
    const IS_COMPLEX: bool;

    /// The scalar with real part `x` and no imaginary part.
    fn from_re(x: f64) -> Self;

    /// The scalar nearest to `z`: a real scalar drops the imaginary part.
    fn from_complex(z: Complex64) -> Self;

    /// The scalar as a complex number.
    fn to_complex(self) -> Complex64;

    /// Real part.
    fn re(self) -> f64 {
        self.to_complex().re
    }

    /// Complex conjugate.
    fn conj(self) -> Self;

    /// A square given by rows, by columns.
    #[cfg(target_arch = "x86_64")]
    #[doc(hidden)]
    #[inline(always)]
    fn turned(_: pulp::x86::V4, square: [[Self; 8]; 8]) -> [[Self; 8]; 8] {
        simd::by_numbers(square)
    }

    /// Modulus |z|.
    fn modulus(self) -> f64;

    /// Whether every component is a finite number.
    fn finite(self) -> bool {
        let z = self.to_complex();
        z.re.is_finite() && z.im.is_finite()
    }

    /// Multiplication by a real number.
    fn scaled(self, x: f64) -> Self {
        self * Self::from_re(x)
    }
}

impl Scalar for f64 {
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    fn turned(v4: pulp::x86::V4, square: [[Self; 8]; 8]) -> [[Self; 8]; 8] {
        simd::wide::turned(v4, square)
    }

    const IS_COMPLEX: bool = false;

    fn from_re(x: f64) -> Self {
        x
    }
    fn from_complex(z: Complex64) -> Self {
        z.re
    }
    fn to_complex(self) -> Complex64 {
        Complex64::new(self, 0.0)
    }
    fn re(self) -> f64 {
        self
    }
    fn conj(self) -> Self {
        self
    }
    fn modulus(self) -> f64 {
        self.abs()
    }
    fn scaled(self, x: f64) -> Self {
        self * x
    }
}

impl Scalar for Complex64 {
    const IS_COMPLEX: bool = true;

    fn from_re(x: f64) -> Self {
        Complex64::new(x, 0.0)
    }
    fn from_complex(z: Complex64) -> Self {
        z
    }
    fn to_complex(self) -> Complex64 {
        self
    }
    fn conj(self) -> Self {
        Complex64::conj(&self)
    }
    fn modulus(self) -> f64 {
        self.norm()
    }
    fn scaled(self, x: f64) -> Self {
        self * x
    }
}
