//! The moments of an exponential of joint cumulants, by recursion.

use std::collections::VecDeque;

use meanfield_tensor::Scalar;

use super::number::{binary_exponent, times_power_of_two};
use crate::ExpansionError;

/// M(`powers`) as a series of `terms` coefficients times 2^exponent.
///
/// The observable of the highest power runs outermost: of it only as many rows
/// are kept as the cumulants reach back, and all of them are rescaled together.
///
/// # Errors
/// [`ExpansionError::JointMemory`] when these do not fit.
pub(super) fn moments<S: Scalar>(
    cumulants: &[(Vec<usize>, Vec<S>)],
    powers: &[usize],
    terms: usize,
) -> Result<(Vec<S>, i64), ExpansionError> {
    let zero = S::from_re(0.0);
    let outer = (0..powers.len()).max_by_key(|&k| powers[k]);
    let last = outer.map_or(0, |k| powers[k]);
    let reach = cumulants
        .iter()
        .filter_map(|(beta, _)| Some(beta[outer?]))
        .max();
    // Place of the inner powers in a row, by mixed radix.
    let inner: Vec<usize> = (0..powers.len()).filter(|&k| Some(k) != outer).collect();
    let mut strides = vec![0; powers.len()];
    let mut width = 1_usize;
    for &k in &inner {
        strides[k] = width;
        width = width.saturating_mul(powers[k] + 1);
    }
    let held = width.saturating_mul((reach.unwrap_or(0) + 1) * terms);
    require_memory(powers.len(), held.saturating_mul(size_of::<S>()))?;
    let mut rows: VecDeque<Vec<S>> = VecDeque::new();
    let mut exponent = 0;
    let mut m = vec![0; powers.len()];
    for step in 0..=last {
        rows.push_front(vec![zero; width * terms]);
        rows.truncate(reach.unwrap_or(0) + 1);
        for place in 0..width {
            for &k in &inner {
                m[k] = place / strides[k] % (powers[k] + 1);
            }
            if let Some(k) = outer {
                m[k] = step;
            }
            // The variable of the derivative: the outermost that is there.
            let Some(by) = outer.filter(|_| step > 0).or_else(|| {
                let inner = inner.iter().copied();
                inner.into_iter().find(|&k| m[k] > 0)
            }) else {
                rows[0][0] = S::from_re(1.0);
                continue;
            };
            let mut sum = vec![zero; terms];
            for (beta, kappa) in cumulants {
                if beta[by] == 0 || beta.iter().zip(&m).any(|(b, m)| b > m) {
                    continue;
                }
                let weight: f64 = (0..m.len())
                    .map(|k| {
                        let one = usize::from(k == by);
                        binomial(m[k] - one, beta[k] - one)
                    })
                    .product();
                let back: usize = inner.iter().map(|&k| strides[k] * beta[k]).sum();
                let row = &rows[outer.map_or(0, |k| beta[k])];
                let from = &row[(place - back) * terms..][..terms];
                for (p, &x) in kappa.iter().enumerate() {
                    for (q, &y) in from[..terms - p].iter().enumerate() {
                        sum[p + q] += (x * y).scaled(weight);
                    }
                }
            }
            rows[0][place * terms..][..terms].copy_from_slice(&sum);
        }
        let size = rows[0].iter().map(|x| x.modulus()).fold(0.0, f64::max);
        let own = binary_exponent(size);
        for x in rows.iter_mut().flatten() {
            *x = times_power_of_two(*x, -own);
        }
        exponent += own;
    }
    let wanted: usize = inner.iter().map(|&k| strides[k] * powers[k]).sum();
    Ok((rows[0][wanted * terms..][..terms].to_vec(), exponent))
}

/// The most that is held (1 GiB).
const LARGEST_BYTES: usize = 1 << 30;

/// Refuses what is more than [`LARGEST_BYTES`].
pub(super) fn require_memory(observables: usize, required: usize) -> Result<(), ExpansionError> {
    if required <= LARGEST_BYTES {
        return Ok(());
    }
    Err(ExpansionError::JointMemory {
        observables,
        required,
        allowed: LARGEST_BYTES,
    })
}

/// binom(n, k) for a small k.
fn binomial(n: usize, k: usize) -> f64 {
    (0..k).fold(1.0, |value, i| value * (n - i) as f64 / (i + 1) as f64)
}
