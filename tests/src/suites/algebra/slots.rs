//! Where V_ij and K_i act (89), (90), (95)–(99).

use meanfield::hierarchy::literal::Literal;
use meanfield::prelude::*;
use meanfield::tensor::dense;
use meanfield_testing::worse;
use ndarray::{ArrayD, IxDyn};
use num_complex::Complex64;

use super::identity;
use crate::instances;
use crate::paper::apart;
use crate::verify::Row;

/// Degree of the tensors.
const DEGREE: usize = 4;

/// A tensor without any symmetry.
pub(super) fn random(dimension: usize, j: usize, seed: u64) -> ArrayD<Complex64> {
    let values = problems::Noise::new(seed).vector(dimension.pow(j as u32));
    ArrayD::from_shape_vec(IxDyn(&vec![dimension; j]), values).expect("D^j entries")
}

/// σ_{i,j} (84).
fn exchange(tensor: &ArrayD<Complex64>, i: usize, j: usize) -> ArrayD<Complex64> {
    let mut order: Vec<usize> = (0..tensor.ndim()).collect();
    order.swap(i, j);
    dense::permute(tensor, &order)
}

/// V_{i,r} of (90): V on the first two slots between exchanges; of the right
/// factors σ_1i (0) and σ_2r (1) the first of `right` acts first, and σ_1i σ_2r is on
/// the left.
pub(crate) fn conjugated(
    model: &dyn Model<Scalar = Complex64>,
    (i, r): (usize, usize),
    right: [usize; 2],
    tensor: &ArrayD<Complex64>,
) -> ArrayD<Complex64> {
    // The rightmost factor acts first: slots i and r come to 1 and 2.
    let steps = [(0, i), (1, r)];
    let mut out = tensor.clone();
    for k in right {
        let (a, b) = steps[k];
        out = exchange(&out, a, b);
    }
    out = dense::on_pair(&out, 0, 1, |x, image| {
        model.interaction().add_pair(Complex64::ONE, x, image);
    });
    for (a, b) in [steps[1], steps[0]] {
        out = exchange(&out, a, b);
    }
    out
}

/// V_{i,r} by its index formula: Σ_{c,d} V[ab,cd] E[… c … d …].
fn by_indices(
    model: &dyn Model<Scalar = Complex64>,
    (i, r): (usize, usize),
    tensor: &ArrayD<Complex64>,
) -> ArrayD<Complex64> {
    let d = model.space().dimension();
    let unit = ndarray::Array2::eye(d * d);
    let mut v = ndarray::Array2::zeros((d * d, d * d));
    model
        .interaction()
        .add_pair(Complex64::ONE, unit.view(), v.view_mut());
    ArrayD::from_shape_fn(tensor.raw_dim(), |index| {
        let mut from = index.clone();
        let mut sum = Complex64::ZERO;
        for c in 0..d {
            for e in 0..d {
                (from[i], from[r]) = (c, e);
                sum += v[[index[i] * d + index[r], c * d + e]] * tensor[&from];
            }
        }
        sum
    })
}

pub(super) fn rows() -> Vec<Row> {
    let instance = instances::arrays();
    let model = &*instance.model;
    let literal = Literal {
        model,
        f: &instance.f,
    };
    let d = instance.f.len();
    let tensor = random(d, DEGREE, 41);
    let (mut all, mut second) = (0.0, 0.0);
    for i in 0..DEGREE {
        for r in i + 1..DEGREE {
            let expected = by_indices(model, (i, r), &tensor);
            let found = literal.v(i, r, &tensor);
            let swapped = conjugated(model, (i, r), [0, 1], &tensor);
            let of = worse(apart(&found, &expected), apart(&swapped, &expected));
            all = worse(all, of);
            if i == 1 {
                second = worse(second, of);
            }
        }
    }
    // K^j, T_j, C_{j+1} as sums of what acts on one particle or pair.
    let one = |x: &ArrayD<Complex64>, i: usize| {
        let mut order: Vec<usize> = (0..x.ndim()).collect();
        order.swap(0, i);
        let moved = dense::permute(x, &order);
        let image = dense::on_slot(&moved, 0, |x, out| model.add_k(Complex64::ONE, x, out));
        dense::permute(&image, &order)
    };
    let zero = || dense::zeros::<Complex64>(d, DEGREE);
    let k = (0..DEGREE).fold(zero(), |sum, i| sum + one(&tensor, i));
    let pairs = (0..DEGREE).flat_map(|r| (0..r).map(move |i| (i, r)));
    let t = pairs.fold(zero(), |sum, p| sum + by_indices(model, p, &tensor));
    let trace = model.space().trace();
    let last = DEGREE - 1;
    let traced = |i| dense::partial_trace(&by_indices(model, (i, last), &tensor), last, trace);
    let c = (0..last).fold(dense::zeros(d, last), |sum, i| sum + traced(i));
    let sums = [
        apart(&literal.k(&tensor), &k),
        apart(&literal.t(&tensor), &t),
        apart(&literal.c(&tensor), &c),
    ];
    vec![
        identity(
            "slots",
            "V_ir, four slots: by the index formula, by exchanges σ_1i σ_2r V σ_2r σ_1i, and the \
             engine's",
            "(84), (88)–(90)",
            all,
        ),
        identity(
            "slots-second",
            "the same for i = 2",
            "(90), corrected",
            second,
        ),
        identity(
            "sums-over-slots",
            "K^j, T_j and C_{j+1} are the sums over slots, on tensors without symmetry",
            "(95)–(99)",
            sums.into_iter().fold(0.0, worse),
        ),
    ]
}
