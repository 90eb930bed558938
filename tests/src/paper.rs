//! The paper's formulas as they are written: sums over subsets of labelled
//! particles, and right-hand sides put together term by term on dense tensors.
//! Nothing here is shared with the packed operators; it is slow, and what the
//! claims are checked against.

pub mod drive;
pub mod exact;
pub mod labelled;
pub mod recursion;
pub mod size;

pub use drive::{Flow, drive};
pub use labelled::Labelled;

use meanfield::prelude::Scalar;
use meanfield::tensor::dense;
use meanfield_testing::largest;
use ndarray::ArrayD;

/// x·tensor.
#[must_use]
pub fn scaled<S: Scalar>(tensor: impl std::borrow::Borrow<ArrayD<S>>, x: f64) -> ArrayD<S> {
    tensor.borrow().mapv(|y| y.scaled(x))
}

/// F^{⊗j}; 1 for j = 0.
#[must_use]
pub fn power<S: Scalar>(f: &[S], j: usize) -> ArrayD<S> {
    let one = dense::zeros::<S>(f.len(), 0).mapv(|_| S::from_re(1.0));
    let slots: Vec<usize> = (0..j).collect();
    dense::insert(f, &slots, &one)
}

/// The largest |x − y| relative to the largest |y|, which must not vanish.
///
/// # Panics
/// When the lengths differ.
#[must_use]
pub fn apart<S: Scalar>(x: &ArrayD<S>, y: &ArrayD<S>) -> f64 {
    assert_eq!(x.shape(), y.shape(), "two tensors of one space");
    largest(&(x - y)) / largest(y)
}

/// log₂(a/b): the exponent of N^−1 from N to 2N.
#[must_use]
pub fn exponent(a: f64, b: f64) -> f64 {
    (a / b).log2()
}

/// The exponent at N → ∞ from three values at N, 2N, 4N: one extrapolation in
/// 1/N.
#[must_use]
pub fn extrapolated_exponent(values: [f64; 3]) -> f64 {
    2.0 * exponent(values[1], values[2]) - exponent(values[0], values[1])
}

/// The values at 1/N = 0 of the polynomials in 1/N through a ladder of doubling N.
///
/// # Panics
/// When the ladder is empty.
#[must_use]
pub fn extrapolated<S: Scalar>(mut table: Vec<Vec<S>>) -> Vec<S> {
    let mut factor = 1.0;
    while table.len() > 1 {
        factor *= 2.0;
        let step = |pair: &[Vec<S>]| -> Vec<S> {
            let values = pair[0].iter().zip(&pair[1]);
            values
                .map(|(&x, &y)| (y.scaled(factor) - x).scaled(1.0 / (factor - 1.0)))
                .collect()
        };
        table = table.windows(2).map(step).collect();
    }
    table.swap_remove(0)
}
