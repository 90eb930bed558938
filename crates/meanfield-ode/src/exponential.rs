//! The action of a matrix exponential, y(t) = e^{tA} y(0).
//!
//! Here by Taylor series, for any A. What is known of A makes it faster:
//! [`unitary()`] for −i times a Hermitian matrix, [`uniformised()`] for a
//! generator of probabilities.
//!
//! On a step τ the series Σ (τA)^k y/k! is summed until a term no longer
//! counts. The step is as long as the series converges within
//! [`MOST_TERMS`] terms before its terms grow by more than [`HUMP`], which
//! bounds the digits lost to cancellation. No norm of A is needed: the terms
//! themselves say when the step is too long. Measured on 80 particles with
//! three states, to rounding: a third of the products that the Runge–Kutta pair
//! needs at a tolerance of 1e-10, a tenth of those at 1e-13.

mod uniformised;
mod unitary;

use meanfield_tensor::Scalar;

use crate::OdeError;
use crate::output::{Ended, Output, collected};

pub use uniformised::{HELD_BY_UNIFORMISED, uniformised};
pub use unitary::{HELD_BY_UNITARY, unitary};

/// A linear operator known by its action.
pub trait LinearAction {
    /// The scalar of the vectors.
    type Scalar: Scalar;

    /// Writes A x to `out`, every entry of it.
    fn apply(&mut self, x: &[Self::Scalar], out: &mut [Self::Scalar]);

    /// Called after every step with the fraction done; `false` stops.
    fn accepted(&mut self, fraction: f64) -> bool {
        let _ = fraction;
        true
    }
}

/// Terms of the series on one step.
const MOST_TERMS: usize = 36;
/// Growth of a term beyond the first that is still accepted.
const HUMP: f64 = 50.0;
/// A term this small beside the sum, twice in a row, ends the series.
const NEGLIGIBLE: f64 = 1e-17;

/// Products from one output time to the next beyond which a solution is refused: a state of
/// ten numbers takes minutes, and counts stay far below 2^53.
const MOST_PRODUCTS: f64 = 1e10;

/// Refuses a step with too many products.
fn require_few(products: f64, step: f64) -> Result<(), OdeError> {
    match products <= MOST_PRODUCTS {
        true => Ok(()),
        false => Err(OdeError::TooManyProducts {
            step,
            products,
            limit: MOST_PRODUCTS,
        }),
    }
}

/// Output times do not decrease.
fn require_later(found: f64, before: f64) -> Result<(), OdeError> {
    if found.is_finite() && found >= before {
        return Ok(());
    }
    Err(OdeError::Times { found, before })
}

fn largest<S: Scalar>(x: &[S]) -> f64 {
    x.iter().map(|v| v.modulus()).fold(0.0, |worst, v| {
        if v.is_nan() {
            f64::NAN
        } else {
            f64::max(worst, v)
        }
    })
}

/// Calls `output(k, e^{times[k] A} initial)` for k = 0, 1, …; `times[0]` may
/// be any time ≥ 0. Returns the number of products with A.
///
/// # Errors
/// [`OdeError::Times`] for decreasing times, [`OdeError::NotFinite`] when A
/// holds a number that is not finite, [`OdeError::Interrupted`], or whatever
/// `output` returns.
pub fn exponential<A, E>(
    action: &mut A,
    initial: &[A::Scalar],
    times: &[f64],
    output: impl FnMut(usize, &[A::Scalar]) -> Result<(), E>,
) -> Result<usize, E>
where
    A: LinearAction,
    E: From<OdeError>,
{
    collected(output, |output| taylor(action, initial, times, output))
}

/// [`exponential`], once per scalar.
fn taylor<S: Scalar>(
    action: &mut dyn LinearAction<Scalar = S>,
    initial: &[S],
    times: &[f64],
    output: &mut Output<'_, S>,
) -> Result<usize, Ended> {
    let end = times.last().copied().unwrap_or(0.0);
    let mut y = initial.to_vec();
    let (mut term, mut image, mut sum) = (y.clone(), y.clone(), y.clone());
    let mut products = 0;
    let mut t = 0.0;
    let mut longest = end;
    for (k, &target) in times.iter().enumerate() {
        require_later(target, t)?;
        while t < target {
            let steps = ((target - t) / longest).ceil().max(1.0);
            let tau = (target - t) / steps;
            let start = largest(&y);
            term.copy_from_slice(&y);
            sum.copy_from_slice(&y);
            let (mut small, mut hump, mut used) = (0, start, 0);
            while small < 2 && used < MOST_TERMS && hump <= HUMP * start {
                action.apply(&term, &mut image);
                used += 1;
                let factor = tau / used as f64;
                for ((x, &y), s) in term.iter_mut().zip(&image).zip(&mut sum) {
                    *x = y.scaled(factor);
                    *s += *x;
                }
                let size = largest(&term);
                if !size.is_finite() {
                    break;
                }
                hump = hump.max(size);
                small = if size <= NEGLIGIBLE * largest(&sum) {
                    small + 1
                } else {
                    0
                };
            }
            products += used;
            if small < 2 {
                if tau < 1e-13 * end {
                    return Err(OdeError::NotFinite { time: t }.into());
                }
                longest = 0.5 * tau;
                continue;
            }
            std::mem::swap(&mut y, &mut sum);
            t = if steps == 1.0 { target } else { t + tau };
            // A series that ended early can bear a longer step.
            if used + 8 < MOST_TERMS && tau >= longest * 0.99 {
                longest *= 1.2;
            }
            if !action.accepted(t / end) {
                return Err(OdeError::Interrupted { time: t }.into());
            }
        }
        output(k, &y)?;
    }
    Ok(products)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, System, integrate};

    /// A stiff birth–death generator: a real spectrum down to −400.
    struct Chain;
    const N: usize = 101;

    impl LinearAction for Chain {
        type Scalar = f64;
        fn apply(&mut self, x: &[f64], out: &mut [f64]) {
            for i in 0..N {
                let up = if i > 0 { x[i - 1] } else { 0.0 };
                let down = if i + 1 < N { x[i + 1] } else { 0.0 };
                let leave = f64::from(u8::from(i > 0)) + f64::from(u8::from(i + 1 < N));
                out[i] = 100.0 * (up + down - leave * x[i]);
            }
        }
    }

    impl System for Chain {
        type Scalar = f64;
        fn blocks(&self) -> &[usize] {
            &[N]
        }
        fn rhs(&mut self, _t: f64, y: &[f64], dydt: &mut [f64]) {
            self.apply(y, dydt);
        }
    }

    #[test]
    fn law_taylor_and_runge_kutta_agree() {
        let mut initial = vec![0.0; N];
        initial[30] = 1.0;
        let times = [0.0, 0.013, 0.5];
        let mut taylor = Vec::new();
        let products = exponential(&mut Chain, &initial, &times, |_, y| {
            taylor.push(y.to_vec());
            Ok::<(), OdeError>(())
        })
        .unwrap();
        let options = Options {
            tolerance: 1e-12,
            ..Options::default()
        };
        let mut pair = Vec::new();
        let statistics = integrate(&mut Chain, &initial, &times, &options, |_, y| {
            pair.push(y.to_vec());
            Ok::<(), OdeError>(())
        })
        .unwrap();
        for (a, b) in taylor.iter().flatten().zip(pair.iter().flatten()) {
            assert!((a - b).abs() < 1e-11, "{a} against {b}");
        }
        let total: f64 = taylor[2].iter().sum();
        assert!((total - 1.0).abs() < 1e-13);
        assert!(
            products * 3 < statistics.rhs_evaluations,
            "{products} products"
        );
    }

    #[test]
    fn law_bad_times_are_refused() {
        let ended = exponential(&mut Chain, &[0.0; N], &[1.0, 0.5], |_, _| {
            Ok::<(), OdeError>(())
        });
        assert!(matches!(ended, Err(OdeError::Times { .. })));
    }
}
