//! Numbers with an exponent of their own: powers of hundreds stay in range.

use meanfield_tensor::Scalar;

/// A number mantissa·2^exponent, in a range that powers of hundreds stay in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JointMoment<S> {
    /// Zero, or of modulus between 1/2 and 1 up to rounding.
    pub mantissa: S,
    /// The power of two.
    pub exponent: i64,
}

impl<S: Scalar> JointMoment<S> {
    pub(super) fn new(value: S, exponent: i64) -> Self {
        let own = binary_exponent(value.modulus());
        Self {
            mantissa: times_power_of_two(value, -own),
            exponent: exponent + own,
        }
    }

    /// The number itself: zero or infinite where it leaves the range of `f64`.
    #[must_use]
    pub fn value(&self) -> S {
        times_power_of_two(self.mantissa, self.exponent)
    }

    /// The natural logarithm of its modulus.
    #[must_use]
    pub fn ln_modulus(&self) -> f64 {
        self.mantissa.modulus().ln() + self.exponent as f64 * std::f64::consts::LN_2
    }
}

/// e with x/2^e between 1/2 and 1 up to rounding; 0 for 0 and what is not finite.
pub(super) fn binary_exponent(x: f64) -> i64 {
    if x > 0.0 && x.is_finite() {
        x.log2().floor() as i64 + 1
    } else {
        0
    }
}

/// x·2^e, without rounding as long as the result is in the normal range.
pub(super) fn times_power_of_two<S: Scalar>(x: S, e: i64) -> S {
    // In steps that are themselves in range; beyond ±2200 nothing changes.
    let mut left = e.clamp(-2200, 2200);
    let mut x = x;
    while left != 0 {
        let step = left.clamp(-1000, 1000);
        x = x.scaled(2_f64.powi(step as i32));
        left -= step;
    }
    x
}
