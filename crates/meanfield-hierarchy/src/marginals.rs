//! Marginals: what a symmetric N-body tensor says about j particles.

use meanfield_tensor::{Scalar, SymmetricLayout};

/// F_0 … F_N with F_j = Tr^{j+1} … Tr^N F^N (2), (87) from a packed symmetric
/// tensor of degree N. Cost: D·m_{j} for each j.
#[must_use]
pub fn marginals_of<S: Scalar>(
    layout: &SymmetricLayout,
    trace: &[S],
    particles: usize,
    state: &[S],
) -> Vec<Vec<S>> {
    let mut family = vec![state.to_vec()];
    for j in (1..=particles).rev() {
        let next = layout.contract(j, trace, &family[family.len() - 1]);
        family.push(next);
    }
    family.reverse();
    family
}

/// The largest entry of Tr^i E_j: zero, by the zero-trace law, for every
/// correlation error with j ≥ 1.
#[must_use]
pub fn largest_trace<S: Scalar>(layout: &SymmetricLayout, trace: &[S], j: usize, e: &[S]) -> f64 {
    let traced = layout.contract(j, trace, e);
    traced.iter().map(|x| x.modulus()).fold(0.0, f64::max)
}
