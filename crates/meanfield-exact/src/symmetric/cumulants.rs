//! The N-body state of given cumulants, those not given being zero.

use std::collections::BTreeMap;

use meanfield_abstract::{Model, least_value};
use meanfield_tensor::{Norm, Scalar, SymmetricLayout};

use crate::ExactError;

/// What rounding leaves of zero, in units of the largest entry.
const ROUNDING: f64 = 1e-10;

/// The cumulants of a start: g_{1,0} = F, and the others by (j, l).
pub(super) type Given<'a, S> = (&'a [S], &'a BTreeMap<(usize, usize), Vec<S>>);

/// F^N, packed by a layout of degree N, from
///
/// ```math
/// F_j = \sum_{k=1}^{j} \frac{k}{j}\, G_k \odot F_{j-k}, \qquad G_j = N^{1-j} \sum_l N^{-l} g_{j,l}:
/// ```
///
/// the block that holds particle 1, averaged over the particles. Cost: N products of degree
/// N.
///
/// # Errors
/// [`ExactError::NoState`] where that is not positive, or cannot be seen to be.
pub(super) fn state<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    layout: &SymmetricLayout,
    n: usize,
    (f, g): Given<'_, S>,
) -> Result<Vec<S>, ExactError> {
    let zero = S::from_re(0.0);
    let mut own: BTreeMap<usize, Vec<S>> = BTreeMap::from([(1, f.to_vec())]);
    for (&(j, l), values) in g.iter().filter(|((j, _), _)| *j <= n) {
        let power = 1 - (j + l) as i32;
        let sum = own.entry(j).or_insert_with(|| vec![zero; layout.len(j)]);
        for (sum, &x) in sum.iter_mut().zip(values) {
            *sum += x.scaled((n as f64).powi(power));
        }
    }
    let mut marginals = vec![vec![S::from_re(1.0)]];
    for j in 1..=n {
        let mut sum = vec![zero; layout.len(j)];
        for (&k, cumulant) in own.range(..=j) {
            let share = S::from_re(k as f64 / j as f64);
            layout.add_product((k, cumulant), (j - k, &marginals[j - k]), share, &mut sum);
        }
        marginals.push(sum);
    }
    let Some(state) = marginals.pop() else {
        unreachable!("N + 1 marginals");
    };
    let positive = match model.space().norm() {
        Norm::L1 => model.capabilities().keeps_positivity,
        Norm::Trace { .. } => true,
        _ => false,
    };
    if positive {
        let size = state.iter().map(|x| x.modulus()).fold(0.0, f64::max);
        let least = least_value(model, layout, n, &state)?;
        match least {
            Some((_, least)) if least >= -ROUNDING * size => {}
            least => return Err(ExactError::NoState { n, least }),
        }
    }
    Ok(state)
}
