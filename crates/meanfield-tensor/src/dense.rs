//! Dense tensors over L^{⊗n}, slot by slot: slow and obvious.
//!
//! A tensor of degree j is an `ndarray::ArrayD` with j axes of length D. These
//! functions follow the paper's notation word for word and are what the packed
//! algebra of [`crate::SymmetricLayout`] is checked against.

use ndarray::{ArrayD, ArrayView2, ArrayViewMut2, Axis, Dimension, IxDyn};

use crate::{Scalar, SymmetricLayout};

/// The zero tensor of degree `j` over `dimension`.
#[must_use]
pub fn zeros<S: Scalar>(dimension: usize, j: usize) -> ArrayD<S> {
    ArrayD::zeros(IxDyn(&vec![dimension; j]))
}

/// A one-body element as a tensor of degree one.
#[must_use]
pub fn vector<S: Scalar>(f: &[S]) -> ArrayD<S> {
    ArrayD::from_shape_vec(IxDyn(&[f.len()]), f.to_vec()).unwrap_or_else(|_| zeros(f.len(), 1))
}

/// Every subset of {0, …, n−1}, each in increasing order.
pub fn subsets(n: usize) -> impl Iterator<Item = Vec<usize>> {
    (0..1_u64 << n).map(move |bits| (0..n).filter(|&i| bits >> i & 1 == 1).collect())
}

/// The permuted tensor P with P[z_0, …] = T[z_{order(0)}, z_{order(1)}, …]:
/// slot k of T becomes slot `order[k]`.
#[must_use]
pub fn permute<S: Scalar>(tensor: &ArrayD<S>, order: &[usize]) -> ArrayD<S> {
    let mut axes = vec![0; order.len()];
    for (slot, &target) in order.iter().enumerate() {
        axes[target] = slot;
    }
    tensor
        .view()
        .permuted_axes(IxDyn(&axes))
        .as_standard_layout()
        .into_owned()
}

/// A on the slots `on`, in that order, times B on the remaining slots in
/// increasing order.
#[must_use]
pub fn outer_on<S: Scalar>(a: &ArrayD<S>, on: &[usize], b: &ArrayD<S>) -> ArrayD<S> {
    let n = a.ndim() + b.ndim();
    let rest = (0..n).filter(|i| !on.contains(i));
    let order: Vec<usize> = on.iter().copied().chain(rest).collect();
    let shape: Vec<usize> = a.shape().iter().chain(b.shape()).copied().collect();
    let data: Vec<S> = a
        .iter()
        .flat_map(|&x| b.iter().map(move |&y| x * y))
        .collect();
    match ArrayD::from_shape_vec(IxDyn(&shape), data) {
        Ok(product) => permute(&product, &order),
        Err(_) => unreachable!("the product has as many entries as its shape says"),
    }
}

/// The insertion \[F\]^{⊗K} of F in the slots K of a tensor over the other
/// slots, (18), (107).
#[must_use]
pub fn insert<S: Scalar>(f: &[S], slots: &[usize], tensor: &ArrayD<S>) -> ArrayD<S> {
    let mut out = tensor.clone();
    let mut sorted = slots.to_vec();
    sorted.sort_unstable();
    // In increasing order, each slot is at its final place when it is inserted.
    for slot in sorted {
        out = outer_on(&vector(f), &[slot], &out);
    }
    out
}

/// The partial trace over one slot.
#[must_use]
pub fn partial_trace<S: Scalar>(tensor: &ArrayD<S>, slot: usize, trace: &[S]) -> ArrayD<S> {
    let mut out = zeros(trace.len(), tensor.ndim() - 1);
    for (slice, &weight) in tensor.axis_iter(Axis(slot)).zip(trace) {
        out.zip_mut_with(&slice, |x, &y| *x += weight * y);
    }
    out
}

/// The mean over all permutations of the slots.
#[must_use]
pub fn symmetrise<S: Scalar>(tensor: &ArrayD<S>) -> ArrayD<S> {
    let j = tensor.ndim();
    let dimension = tensor.shape().first().copied().unwrap_or(1);
    let mut sum = zeros(dimension, j);
    let mut count = 0.0;
    let mut order: Vec<usize> = (0..j).collect();
    loop {
        sum = sum + permute(tensor, &order);
        count += 1.0;
        // The next permutation in lexicographic order.
        let Some(k) = (1..j).rev().find(|&k| order[k - 1] < order[k]) else {
            break;
        };
        let Some(l) = (k..j).rev().find(|&l| order[l] > order[k - 1]) else {
            break;
        };
        order.swap(k - 1, l);
        order[k..].reverse();
    }
    sum.mapv(|x: S| x.scaled(1.0 / count))
}

/// The image under an operator on one slot; `op` receives a D × M panel and
/// adds to a D × M panel of zeros.
pub fn on_slot<S: Scalar>(
    tensor: &ArrayD<S>,
    slot: usize,
    op: impl FnOnce(ArrayView2<'_, S>, ArrayViewMut2<'_, S>),
) -> ArrayD<S> {
    on_slots(tensor, &[slot], tensor.shape()[slot], &[slot], op)
}

/// The image under an operator on the slots (i, r), in this order; `op`
/// receives a D² × M panel and adds to a D² × M panel of zeros.
pub fn on_pair<S: Scalar>(
    tensor: &ArrayD<S>,
    i: usize,
    r: usize,
    op: impl FnOnce(ArrayView2<'_, S>, ArrayViewMut2<'_, S>),
) -> ArrayD<S> {
    let d = tensor.shape()[i];
    on_slots(tensor, &[i, r], d * d, &[i, r], op)
}

/// An operator L⊗L → L on the slots (i, r) that leaves its result in slot i
/// and removes slot r > i, as C_{i,j+1} does (12).
pub fn onto_first<S: Scalar>(
    tensor: &ArrayD<S>,
    i: usize,
    r: usize,
    op: impl FnOnce(ArrayView2<'_, S>, ArrayViewMut2<'_, S>),
) -> ArrayD<S> {
    on_slots(tensor, &[i, r], tensor.shape()[i], &[i], op)
}

/// Brings `slots` to the front, applies `op`, and puts the result's slots at
/// `targets` among the untouched ones.
fn on_slots<S: Scalar>(
    tensor: &ArrayD<S>,
    slots: &[usize],
    rows: usize,
    targets: &[usize],
    op: impl FnOnce(ArrayView2<'_, S>, ArrayViewMut2<'_, S>),
) -> ArrayD<S> {
    let j = tensor.ndim();
    let d = tensor.shape()[slots[0]];
    let mut axes = slots.to_vec();
    axes.extend((0..j).filter(|i| !slots.contains(i)));
    let front = tensor
        .view()
        .permuted_axes(IxDyn(&axes))
        .as_standard_layout()
        .into_owned();
    let columns = d.pow((j - slots.len()) as u32);
    let input = d.pow(slots.len() as u32);
    let mut out = zeros::<S>(d, j - slots.len() + targets.len());
    let shaped = front.view().into_shape_with_order((input, columns));
    let result = out.view_mut().into_shape_with_order((rows, columns));
    match (shaped, result) {
        (Ok(x), Ok(y)) => op(x, y),
        _ => unreachable!("standard layout can be reshaped"),
    }
    let n = out.ndim();
    let rest = (0..n).filter(|i| !targets.contains(i));
    let order: Vec<usize> = targets.iter().copied().chain(rest).collect();
    permute(&out, &order)
}

/// The packed form of a symmetric tensor: one representative of each entry.
#[must_use]
pub fn to_packed<S: Scalar>(layout: &SymmetricLayout, tensor: &ArrayD<S>) -> Vec<S> {
    let j = tensor.ndim();
    (0..layout.len(j))
        .map(|entry| tensor[IxDyn(&layout.indices(j, entry))])
        .collect()
}

/// The dense form of a packed symmetric tensor of degree `j`.
#[must_use]
pub fn from_packed<S: Scalar>(layout: &SymmetricLayout, j: usize, packed: &[S]) -> ArrayD<S> {
    ArrayD::from_shape_fn(IxDyn(&vec![layout.dimension(); j]), |index| {
        packed[layout.rank(index.as_array_view().as_slice().unwrap_or(&[]))]
    })
}

/// The largest difference between the tensor and its image under an exchange
/// of two neighbouring slots: zero for a symmetric tensor.
#[must_use]
pub fn asymmetry<S: Scalar>(tensor: &ArrayD<S>) -> f64 {
    let j = tensor.ndim();
    let mut worst = 0.0_f64;
    for slot in 1..j {
        let mut axes: Vec<usize> = (0..j).collect();
        axes.swap(slot - 1, slot);
        let swapped = tensor.view().permuted_axes(IxDyn(&axes));
        for (&x, &y) in tensor.iter().zip(swapped.iter()) {
            worst = worst.max((x - y).modulus());
        }
    }
    worst
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::arr2;

    fn ramp(d: usize, j: usize) -> ArrayD<f64> {
        let mut x = 0.0;
        zeros::<f64>(d, j).mapv(|_| {
            x += 1.0;
            (x * x) % 7.0
        })
    }

    #[test]
    fn law_insertion_puts_the_factor_in_its_slots() {
        let (f, t) = ([2.0, 3.0], ramp(2, 2));
        let out = insert(&f, &[0, 2], &t);
        for a in 0..2 {
            for b in 0..2 {
                for c in 0..2 {
                    for e in 0..2 {
                        assert_eq!(out[[a, b, c, e]], f[a] * t[[b, e]] * f[c]);
                    }
                }
            }
        }
        let back = partial_trace(&partial_trace(&out, 2, &[1.0, 1.0]), 0, &[1.0, 1.0]);
        assert_eq!(back, t.mapv(|x| x * 25.0));
    }

    #[test]
    fn law_an_operator_on_a_pair_respects_the_order_of_its_slots() {
        // exchange ∘ (A⊗1) on (i, r) is A on r and an exchange of the slots.
        let t = ramp(2, 3);
        let a = arr2(&[[1.0, 2.0], [3.0, 5.0]]);
        let on_second = on_slot(&t, 2, |x, mut y| y.assign(&a.dot(&x)));
        let on_pair_reversed = on_pair(&t, 2, 0, |x, mut y| {
            for p in 0..2 {
                for q in 0..2 {
                    for r in 0..2 {
                        y.row_mut(p * 2 + q)
                            .scaled_add(a[[p, r]], &x.row(r * 2 + q));
                    }
                }
            }
        });
        assert_eq!(on_second, on_pair_reversed);
    }

    #[test]
    fn law_symmetrisation_is_a_projection() {
        let t = symmetrise(&ramp(3, 3));
        assert!(asymmetry(&t) < 1e-12 && asymmetry(&ramp(3, 3)) > 0.1);
        let again = symmetrise(&t);
        assert!(t.iter().zip(&again).all(|(x, y)| (x - y).abs() < 1e-12));
        let layout = SymmetricLayout::new(3, 3).unwrap();
        assert_eq!(from_packed(&layout, 3, &to_packed(&layout, &again)), again);
    }
}
