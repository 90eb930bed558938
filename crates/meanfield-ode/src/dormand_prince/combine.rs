//! The argument of a stage, in one pass over memory.

use meanfield_tensor::Scalar;
use rayon::prelude::*;

use super::STORED_STAGES;

/// Numbers of each vector that one task handles. Vectors of no more than that are
/// handled by the thread that calls; results do not depend on the number of
/// threads either way.
pub(super) const TASK: usize = 1 << 14;

/// The stages, to be read.
pub(super) fn slices<V: AsRef<[S]>, S>(stages: &[V; STORED_STAGES]) -> [&[S]; STORED_STAGES] {
    stages.each_ref().map(AsRef::as_ref)
}

/// `out = y + h Σ_i w_i k_i`, in one pass over memory.
pub(super) fn combine<S: Scalar>(
    y: &[S],
    stages: [&[S]; STORED_STAGES],
    weights: &[f64],
    h: f64,
    out: &mut [S],
) {
    let part = |(task, out): (usize, &mut [S])| {
        let range = task * TASK..task * TASK + out.len();
        let stages = stages.map(|k| &k[range.clone()]);
        combine_part(&y[range], stages, weights, h, out);
    };
    if out.len() <= TASK {
        return part((0, out));
    }
    out.par_chunks_mut(TASK).enumerate().for_each(part);
}

fn combine_part<S: Scalar>(
    y: &[S],
    stages: [&[S]; STORED_STAGES],
    weights: &[f64],
    h: f64,
    out: &mut [S],
) {
    let w = |i: usize| weights.get(i).copied().unwrap_or(0.0) * h;
    let [w0, w1, w2, w3, w4, w5] = std::array::from_fn(w);
    let [k0, k1, k2, k3, k4, k5] = stages;
    match weights.len() {
        1 => {
            for i in 0..out.len() {
                out[i] = y[i] + k0[i].scaled(w0);
            }
        }
        2 => {
            for i in 0..out.len() {
                out[i] = y[i] + k0[i].scaled(w0) + k1[i].scaled(w1);
            }
        }
        3 => {
            for i in 0..out.len() {
                out[i] = y[i] + k0[i].scaled(w0) + k1[i].scaled(w1) + k2[i].scaled(w2);
            }
        }
        _ => {
            for i in 0..out.len() {
                let low = k0[i].scaled(w0) + k1[i].scaled(w1) + k2[i].scaled(w2);
                let mut high = k3[i].scaled(w3);
                if weights.len() > 4 {
                    high += k4[i].scaled(w4);
                }
                if weights.len() > 5 {
                    high += k5[i].scaled(w5);
                }
                out[i] = y[i] + low + high;
            }
        }
    }
}
