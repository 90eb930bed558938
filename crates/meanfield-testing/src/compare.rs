//! How far two tensors are apart, and how that falls with N.

use meanfield_tensor::Scalar;

/// The larger of two defects; NaN stays NaN, which `f64::max` would drop.
#[must_use]
pub fn worse(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else {
        a.max(b)
    }
}

/// The largest modulus.
#[must_use]
pub fn largest<'a, S: Scalar>(x: impl IntoIterator<Item = &'a S>) -> f64 {
    x.into_iter().map(|x| x.modulus()).fold(0.0, worse)
}

/// The largest |x − y|.
///
/// # Panics
/// When the lengths differ.
#[must_use]
#[track_caller]
pub fn difference<S: Scalar>(x: &[S], y: &[S]) -> f64 {
    assert_eq!(x.len(), y.len(), "two tensors of one space");
    largest_difference(x, y)
}

/// [`difference`] of whatever yields numbers; the shorter of the two ends it.
#[must_use]
pub fn largest_difference<'a, S: Scalar>(
    x: impl IntoIterator<Item = &'a S>,
    y: impl IntoIterator<Item = &'a S>,
) -> f64 {
    let pairs = x.into_iter().zip(y);
    pairs.map(|(&x, &y)| (x - y).modulus()).fold(0.0, worse)
}

/// The largest |x − y| beside the larger of `floor` and the largest |y|.
///
/// # Panics
/// When the lengths differ.
#[must_use]
#[track_caller]
pub fn relative<S: Scalar>(x: &[S], y: &[S], floor: f64) -> f64 {
    difference(x, y) / largest(y).max(floor)
}

/// log₂ of the ratio of the errors of each truncation of a series in 1/N at N and 2N:
/// `exact(N)` is what the series stands for.
#[must_use]
pub fn rates<S: Scalar>(series: &[Vec<S>], exact: impl Fn(usize) -> Vec<S>, n: usize) -> Vec<f64> {
    let errors = |n: usize| -> Vec<f64> {
        let exact = exact(n);
        let mut sum = vec![S::from_re(0.0); exact.len()];
        let mut weight = 1.0;
        let term = |term: &Vec<S>| {
            for (x, &y) in sum.iter_mut().zip(term) {
                *x += y.scaled(weight);
            }
            weight /= n as f64;
            difference(&sum, &exact)
        };
        series.iter().map(term).collect()
    };
    let (near, far) = (errors(n), errors(2 * n));
    near.iter().zip(&far).map(|(x, y)| (y / x).log2()).collect()
}

/// Fails unless the [`rates`] are −1, −2, …, as far as the next term of a series at some
/// tens of particles lets them be.
///
/// # Panics
/// When one is off by more than 0.2.
#[track_caller]
pub fn fall(what: &str, found: &[f64]) {
    for (order, slope) in found.iter().enumerate() {
        let expected = -(order as f64) - 1.0;
        assert!((slope - expected).abs() < 0.2, "{what}: {found:?}");
    }
}
