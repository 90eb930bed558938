//! y(t) = e^{tA} y(0) for a generator with non-negative entries off the
//! diagonal, by uniformisation.
//!
//! With Λ at least every −A_αα the matrix P = 1 + A/Λ has no negative entry, and
//!
//! ```math
//! e^{tA} = \sum_k e^{-\Lambda t} \frac{(\Lambda t)^k}{k!} P^k
//! ```
//!
//! is a mean over a Poisson number of jumps: from a non-negative start every term
//! is non-negative, nothing cancels however long the time, and what the series
//! leaves out is the tail of a Poisson distribution. About Λt + 9√(Λt) products.
//! A. Jensen, Skand. Aktuarietidskr. 36, 87 (1953).

use meanfield_tensor::Scalar;

use super::{LinearAction, require_few, require_later};
use crate::OdeError;
use crate::output::{Ended, Output, collected};

/// Probability of more jumps than are summed.
const NEGLIGIBLE: f64 = 1e-18;

/// Vectors held beside the start: the state, a term, its image and the sum.
pub const HELD_BY_UNIFORMISED: usize = 4;

/// Calls `output(k, e^{times[k] A} initial)` for k = 0, 1, …; `times[0]` may
/// be any time ≥ 0. `action` applies A, whose entries off the diagonal are not
/// negative and those on it at least −`rate`. Returns the number of products
/// with A.
///
/// # Errors
/// [`OdeError::Times`] for decreasing times, [`OdeError::NotFinite`],
/// [`OdeError::Interrupted`], or whatever `output` returns.
pub fn uniformised<A, E>(
    action: &mut A,
    rate: f64,
    initial: &[A::Scalar],
    times: &[f64],
    output: impl FnMut(usize, &[A::Scalar]) -> Result<(), E>,
) -> Result<usize, E>
where
    A: LinearAction,
    E: From<OdeError>,
{
    collected(output, |output| {
        by_jumps(action, rate, initial, times, output)
    })
}

/// [`uniformised`], once per scalar.
fn by_jumps<S: Scalar>(
    action: &mut dyn LinearAction<Scalar = S>,
    rate: f64,
    initial: &[S],
    times: &[f64],
    output: &mut Output<'_, S>,
) -> Result<usize, Ended> {
    /// Products after which progress is reported.
    const REPORTED: usize = 64;
    let end = times.last().copied().unwrap_or(0.0);
    let mut y = initial.to_vec();
    let (mut term, mut image, mut sum) = (y.clone(), y.clone(), y.clone());
    let mut products = 0;
    let mut t = 0.0;
    for (k, &target) in times.iter().enumerate() {
        require_later(target, t)?;
        if !(rate * target).is_finite() {
            return Err(OdeError::NotFinite { time: t }.into());
        }
        if target > t {
            require_few(rate * (target - t), target - t)?;
            let (first, weights) = poisson(rate * (target - t));
            let last = first + weights.len();
            term.copy_from_slice(&y);
            sum.fill(S::from_re(0.0));
            for jumps in 0..last {
                if jumps > 0 {
                    action.apply(&term, &mut image);
                    products += 1;
                    for (x, &slope) in term.iter_mut().zip(&image) {
                        *x += slope.scaled(1.0 / rate);
                    }
                }
                if let Some(&weight) = jumps.checked_sub(first).and_then(|k| weights.get(k)) {
                    for (s, x) in sum.iter_mut().zip(&term) {
                        *s += x.scaled(weight);
                    }
                }
                if jumps % REPORTED == REPORTED - 1 || jumps + 1 == last {
                    let now = t + (target - t) * (jumps + 1) as f64 / last as f64;
                    if !action.accepted(now / end) {
                        return Err(OdeError::Interrupted { time: now }.into());
                    }
                }
            }
            if !sum.iter().all(|x| x.finite()) {
                return Err(OdeError::NotFinite { time: t }.into());
            }
            std::mem::swap(&mut y, &mut sum);
            t = target;
        }
        output(k, &y)?;
    }
    Ok(products)
}

/// The Poisson probabilities of mean m that count: the first number of jumps,
/// and the probabilities from there on. They are built outwards from the most
/// likely number, so that e^{−m} is never formed, and add up to one.
fn poisson(mean: f64) -> (usize, Vec<f64>) {
    let mode = mean.floor();
    let mut above = vec![1.0];
    let mut last = 1.0;
    let mut k = mode;
    while last > NEGLIGIBLE {
        k += 1.0;
        last *= mean / k;
        above.push(last);
    }
    let mut below = Vec::new();
    (last, k) = (1.0, mode);
    while k > 0.0 && last > NEGLIGIBLE {
        last *= k / mean;
        k -= 1.0;
        below.push(last);
    }
    let mut all: Vec<f64> = below.iter().rev().chain(&above).copied().collect();
    let sum: f64 = all.iter().sum();
    all.iter_mut().for_each(|x| *x /= sum);
    (k as usize, all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exponential;

    #[test]
    fn validate_poisson_probabilities() {
        for mean in [0.0_f64, 1e-9, 0.4, 3.0, 60.0] {
            let (first, all) = poisson(mean);
            let mut expected = (-mean).exp();
            for k in 0..first + all.len() {
                if k >= first {
                    assert!((all[k - first] - expected).abs() < 1e-15, "{mean} {k}");
                }
                expected *= mean / (k + 1) as f64;
            }
        }
        let (first, all) = poisson(4000.0);
        let moment: f64 = (first..).zip(&all).map(|(k, p)| k as f64 * p).sum();
        assert!((moment - 4000.0).abs() < 1e-9);
        assert!(first > 3000 && first + all.len() < 5000);
    }

    /// States in a ring with rates of three decades; one of them absorbs.
    struct Ring;
    const N: usize = 12;

    fn rate(i: usize) -> f64 {
        [1.0, 10.0, 100.0][i % 3] * f64::from(u8::from(i != 5))
    }

    impl LinearAction for Ring {
        type Scalar = f64;
        fn apply(&mut self, x: &[f64], out: &mut [f64]) {
            for i in 0..N {
                let from = (i + N - 1) % N;
                out[i] = rate(from) * x[from] - rate(i) * x[i];
            }
        }
    }

    #[test]
    fn law_rates_beyond_all_patience_are_refused() {
        // At 2^53 the next number of jumps is the same number.
        let ended = uniformised(&mut Ring, 1e17, &[1.0; N], &[0.0, 1.0], |_, _| {
            Ok::<(), OdeError>(())
        });
        assert!(matches!(ended, Err(OdeError::TooManyProducts { .. })));
    }

    #[test]
    fn law_uniformisation_and_taylor_agree_and_nothing_is_negative() {
        let mut initial = vec![0.0; N];
        initial[0] = 0.25;
        initial[7] = 0.75;
        let times = [0.0, 0.02, 0.02, 1.0, 7.0];
        let mut outputs = Vec::new();
        uniformised(&mut Ring, 100.0, &initial, &times, |_, y| {
            assert!(y.iter().all(|&x| x >= 0.0));
            outputs.push(y.to_vec());
            Ok::<(), OdeError>(())
        })
        .unwrap();
        let mut k = 0;
        exponential(&mut Ring, &initial, &times, |_, y| {
            for (a, b) in y.iter().zip(&outputs[k]) {
                assert!((a - b).abs() < 1e-12, "{a} against {b} at {}", times[k]);
            }
            k += 1;
            Ok::<(), OdeError>(())
        })
        .unwrap();
        assert_eq!(k, times.len());
        let total: f64 = outputs[4].iter().sum();
        assert!((total - 1.0).abs() < 1e-13 && outputs[4][5] > 0.9);
    }
}
