//! Norms of the operators of the hierarchies, with explicit constants.
//!
//! `v` is ‖V‖, the norm of V⊗I on every L^{⊗n}
//! ([`Interaction::pair_norm`](meanfield_abstract::Interaction::pair_norm)), and F ≥ 0 with ‖F‖ = 1. Each function
//! returns a bound that holds for every such F. The paper's (14), (40), (83),
//! (100), (140) have the same powers of j and N; the constants there are not
//! all bounds.

/// ‖T_j‖ ≤ j(j−1)/2 ‖V‖ (14), (100).
#[must_use]
pub fn t(j: usize, v: f64) -> f64 {
    pairs(j) / 2.0 * v
}

/// ‖C_{j+1}‖ ≤ j‖V‖, as ‖C_{i,j+1}‖ ≤ ‖V‖ (14), (100).
#[must_use]
pub fn c(j: usize, v: f64) -> f64 {
    j as f64 * v
}

/// ‖Q(F,F)‖ ≤ ‖V‖.
#[must_use]
pub fn q(v: f64) -> f64 {
    v
}

/// ‖Δ_j‖ ≤ 2j‖V‖ (attained), and ‖D_j‖ too for every N ≥ j (40), (140).
#[must_use]
pub fn d(j: usize, v: f64) -> f64 {
    2.0 * j as f64 * v
}

/// ‖D_j^1‖ ≤ (1−j/N) j‖V‖ (40), (140).
#[must_use]
pub fn d_up(j: usize, particles: usize, v: f64) -> f64 {
    (1.0 - j as f64 / particles as f64).max(0.0) * c(j, v)
}

/// ‖R_j‖ ≤ (3j²−j)‖V‖.
#[must_use]
pub fn r(j: usize, v: f64) -> f64 {
    let j = j as f64;
    (3.0 * j * j - j) * v
}

/// ‖T_j + R_j‖ ≤ (7j²−3j)/2 ‖V‖.
#[must_use]
pub fn t_plus_r(j: usize, v: f64) -> f64 {
    t(j, v) + r(j, v)
}

/// ‖D_j^{−1}‖ ≤ (4j²−3j)‖V‖/N; in L¹ (`l1`) also (3j²−2j)‖V‖/N (40), (140).
#[must_use]
pub fn d_down(j: usize, particles: usize, v: f64, l1: bool) -> f64 {
    let x = j as f64;
    let factor = if l1 {
        3.0 * x * x - 2.0 * x
    } else {
        4.0 * x * x - 3.0 * x
    };
    factor * v / particles as f64
}

/// ‖D_j^{−2}‖ ≤ (3/2) j(j−1)‖V‖/N; in L¹ (`l1`) also j(j−1)‖V‖/N (40), (140).
#[must_use]
pub fn d_down2(j: usize, particles: usize, v: f64, l1: bool) -> f64 {
    let factor = if l1 { 1.0 } else { 1.5 };
    factor * pairs(j) * v / particles as f64
}

/// ‖E_j‖ ≤ 2^j: there are 2^j subsets in (18), (107), of norm at most 1 each.
#[must_use]
pub fn error(j: usize) -> f64 {
    2.0_f64.powi(j as i32)
}

/// ‖U_j(t,s)‖ and ‖U_j⁰(t,s)‖ ≤ e^{j‖V‖(t−s)} for t ≥ s, `elapsed` = t − s. With
/// F ≥ 0, E ↦ Tr^{j+1} V_{i,j+1}(E⊗F) generates a contraction: only Q(F,·) grows.
#[must_use]
pub fn flow(j: usize, v: f64, elapsed: f64) -> f64 {
    (j as f64 * v * elapsed).exp()
}

/// ‖U_j⁰(t,s) E‖ ≤ e^{j‖V‖(t−s)/2} ‖E‖ in L¹ on tensors with zero traces, t ≥ s:
/// there ‖Q(F,E)‖ ≤ ½‖V‖‖E‖.
#[must_use]
pub fn traceless_flow(j: usize, v: f64, elapsed: f64) -> f64 {
    flow(j, v, elapsed / 2.0)
}

/// ‖U_j(t,s)‖ ≤ e^{2j‖V‖|t−s|} for t < s, where e^{tK} is a group of isometries:
/// Hamiltonian models, not upwind transport or jumps.
#[must_use]
pub fn backward_flow(j: usize, v: f64, elapsed: f64) -> f64 {
    flow(j, v, 2.0 * elapsed.abs())
}

/// j(j−1).
fn pairs(j: usize) -> f64 {
    j as f64 * (j as f64 - 1.0)
}
