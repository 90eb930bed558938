//! The cumulants of a start, order by order in 1/N.

use meanfield_abstract::Start;
use meanfield_tensor::Scalar;

use crate::ExpansionError;
use crate::plan::Plan;
use crate::tensor_series::{TensorSeries, cumulants};

/// The vector of unknowns g_{j,l}(0) of a start.
///
/// * product: g_{1,0} = F and all else 0;
/// * fixed counts: the factorial moments of Π_a (1+u_a)^{N x_a} give F_j\[α\] =
///   Π_a Π_{k<α_a} (x_a − k/N) / Π_{k<j} (1 − k/N), whose logarithm is
///   expanded; with κ₂ = diag x − x xᵀ, g_{2,l} = −κ₂ for every l;
/// * explicit cumulants: as given; those beyond the order are not used.
///
/// # Errors
/// [`ExpansionError::Model`] when the start does not fit the model's size.
pub fn initial_cumulants<S: Scalar>(
    plan: &Plan,
    start: &Start<S>,
) -> Result<Vec<S>, ExpansionError> {
    let mut unknowns = vec![S::from_re(0.0); plan.unknowns()];
    fill_initial(plan, start, &mut unknowns);
    Ok(unknowns)
}

/// The same in the place of a vector of unknowns.
pub(crate) fn fill_initial<S: Scalar>(plan: &Plan, start: &Start<S>, unknowns: &mut [S]) {
    unknowns.fill(S::from_re(0.0));
    let f = start.one_body();
    unknowns[..f.len()].copy_from_slice(f);
    match start {
        Start::FixedCounts { f } => {
            let g = fixed_count_cumulants(plan, f);
            for block in &plan.blocks()[1..] {
                // G_j = N^{1−j} Σ_l N^{−l} g_{j,l}.
                let term = g[block.j].term(block.order());
                unknowns[block.start..block.start + block.len].copy_from_slice(term);
            }
        }
        Start::Cumulants { g, .. } => {
            for (&(j, l), values) in g {
                if let Some(index) = plan.index(j, l) {
                    let block = plan.blocks()[index];
                    unknowns[block.start..block.start + block.len].copy_from_slice(values);
                }
            }
        }
        _ => {}
    }
}

/// The series of F_j[α] for occupation numbers N x_a.
fn fixed_count_moments<S: Scalar>(plan: &Plan, f: &[S], j: usize) -> TensorSeries<S> {
    let (layout, terms) = (plan.layout(), plan.order() + 1);
    let mut out = TensorSeries::zero(terms, layout.len(j));
    for entry in 0..layout.len(j) {
        let mut c = vec![S::from_re(0.0); terms];
        c[0] = S::from_re(1.0);
        for equal in layout.indices(j, entry).chunk_by(|a, b| a == b) {
            let x = f[equal[0]];
            for k in 0..equal.len() {
                // Times (x − k/N).
                for m in (0..terms).rev() {
                    let below = if m > 0 { c[m - 1] } else { S::from_re(0.0) };
                    c[m] = c[m] * x - below.scaled(k as f64);
                }
            }
        }
        for k in 0..j {
            // Divided by (1 − k/N).
            for m in 1..terms {
                let below = c[m - 1];
                c[m] += below.scaled(k as f64);
            }
        }
        for (m, &value) in c.iter().enumerate() {
            out.0[m][entry] = value;
        }
    }
    out
}

fn fixed_count_cumulants<S: Scalar>(plan: &Plan, f: &[S]) -> Vec<TensorSeries<S>> {
    let moments: Vec<_> = (0..=plan.order() + 1)
        .map(|j| fixed_count_moments(plan, f, j))
        .collect();
    cumulants(plan.layout(), &moments, plan.order() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cumulants::Cumulants;

    /// Rounding of sums of a few products of probabilities.
    const ROUNDING: f64 = 1e-14;

    #[test]
    fn law_fixed_counts_start_with_minus_the_covariance_of_one_draw() {
        let x = [0.5, 0.3, 0.2];
        let plan = Plan::new::<f64>(3, 4, 1, usize::MAX).unwrap();
        let start = Start::FixedCounts { f: x.to_vec() };
        let y = initial_cumulants(&plan, &start).unwrap();
        let g = Cumulants::new(&plan, &y);
        let delta = |a: usize, b: usize| f64::from(u8::from(a == b));
        let kappa2 = |a: usize, b: usize| delta(a, b) * x[a] - x[a] * x[b];
        for l in 0..=3 {
            let g2 = g.get(2, l).unwrap();
            for a in 0..3 {
                for b in 0..=a {
                    let found = g2[g.layout().rank(&[a, b])];
                    assert!((found + kappa2(a, b)).abs() < ROUNDING);
                }
            }
        }
        // κ₃ of one draw: E[(e−x)⊗3].
        let kappa3 = |a: usize, b: usize, c: usize| {
            (0..3)
                .map(|s| x[s] * (delta(s, a) - x[a]) * (delta(s, b) - x[b]) * (delta(s, c) - x[c]))
                .sum::<f64>()
        };
        for (l, factor) in [(0, 2.0), (1, 6.0)] {
            let g3 = g.get(3, l).unwrap();
            for (a, b, c) in [(0, 0, 0), (0, 1, 2), (1, 1, 2), (2, 2, 0)] {
                let found = g3[g.layout().rank(&[a, b, c])];
                assert!((found - factor * kappa3(a, b, c)).abs() < ROUNDING);
            }
        }
        for l in 1..=4 {
            assert!(g.get(1, l).unwrap().iter().all(|v| v.abs() < ROUNDING));
        }
    }
}
