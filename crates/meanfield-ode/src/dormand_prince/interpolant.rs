//! Output between steps: the interpolant of order 4, in the place of stages that
//! an accepted step has no more use for.
//!
//! ```math
//! y(t + \theta h) = y + \theta\big[c_0 + (1-\theta)\big(c_1 + \theta(c_2 + (1-\theta)c_3)\big)\big], \qquad
//! c_0 = y(t+h) - y
//! ```

use meanfield_tensor::Scalar;

use super::{LAST, STORED_STAGES};

/// Puts c₀ … c₃ in the place of the stages of a step h; the last stage stays. Cost:
/// one pass over memory.
pub(super) fn prepare<S: Scalar>(y: &[S], end: &[S], stages: &mut [Vec<S>; STORED_STAGES], h: f64) {
    /// Of the stages where they are stored.
    const D: [f64; STORED_STAGES] = [
        -12715105075.0 / 11282082432.0,
        69997945.0 / 29380423.0,
        87487479700.0 / 32700410799.0,
        -10690763975.0 / 1880347072.0,
        701980252875.0 / 199316789632.0,
        -1453857185.0 / 822651844.0,
    ];
    let [k0, last, k2, k3, k4, k5] = stages;
    for i in 0..y.len() {
        let change = end[i] - y[i];
        let first = k0[i].scaled(h) - change;
        let second = change - last[i].scaled(h) - first;
        let mut third = k0[i].scaled(D[0] * h);
        for (k, d) in [&*k2, &*k3, &*k4, &*k5].into_iter().zip(&D[LAST + 1..]) {
            third += k[i].scaled(d * h);
        }
        third += last[i].scaled(D[LAST] * h);
        (k0[i], k2[i], k3[i], k4[i]) = (change, first, second, third);
    }
}

/// y(t + θh), 0 ≤ θ ≤ 1, of what [`prepare`] left.
pub(super) fn at<'a, S: Scalar>(
    y: &[S],
    stages: &'a mut [Vec<S>; STORED_STAGES],
    theta: f64,
) -> &'a [S] {
    let rest = 1.0 - theta;
    let [change, _, first, second, third, out] = stages;
    for (i, out) in out.iter_mut().enumerate() {
        let inner = second[i] + third[i].scaled(rest);
        let outer = change[i] + (first[i] + inner.scaled(theta)).scaled(rest);
        *out = y[i] + outer.scaled(theta);
    }
    out
}
