//! A map on every slot of a packed tensor against A^{⊗j} on the dense one.

use meanfield_abstract::problems::Noise;
use ndarray::Array2;
use num_complex::Complex64;

use super::*;

/// Sums of at most 5⁴ products of numbers of order one.
const ROUNDING: f64 = 1e-12;

/// A^{⊗j}T by its definition, all D^j entries.
fn literal<S: Scalar>(layout: &SymmetricLayout, j: usize, a: &Array2<S>, packed: &[S]) -> Vec<S> {
    let d = layout.dimension();
    let digits = |mut k: usize| -> Vec<usize> {
        (0..j)
            .map(|_| {
                let digit = k % d;
                k /= d;
                digit
            })
            .collect()
    };
    let count = d.pow(j as u32);
    (0..packed.len())
        .map(|entry| {
            let to = layout.indices(j, entry);
            let terms = (0..count).map(|k| {
                let from = digits(k);
                let factors = to.iter().zip(&from).map(|(&x, &y)| a[[x, y]]);
                let product = factors.fold(S::from_re(1.0), |p, x| p * x);
                product * packed[layout.rank(&from)]
            });
            terms.sum()
        })
        .collect()
}

fn check_slots<S: Scalar>(seed: u64) {
    let mut noise = Noise::new(seed);
    let mut slots: Vec<S> = noise.vector(all_slots(5, 4).unwrap());
    // The work space is that of other tensors before.
    for d in [5, 1, 3, 2, 4] {
        let layout = SymmetricLayout::new(d, 4).unwrap();
        for j in [4, 1, 2, 3] {
            let a = Array2::from_shape_vec((d, d), noise.vector::<S>(d * d)).unwrap();
            let act = |states: &mut [S]| {
                for state in states.chunks_exact_mut(d) {
                    let image: Vec<S> = (0..d)
                        .map(|i| (0..d).map(|k| a[[i, k]] * state[k]).sum())
                        .collect();
                    state.copy_from_slice(&image);
                }
            };
            let tensor: Vec<S> = noise.vector(layout.len(j));
            let mut found = tensor.clone();
            apply(&layout, j, &act, &mut slots, &mut found);
            for (x, y) in found.iter().zip(literal(&layout, j, &a, &tensor)) {
                assert!(
                    (*x - y).modulus() < ROUNDING,
                    "D = {d}, j = {j}: {x} for {y}"
                );
            }
            let factors: Vec<S> = noise.vector(d);
            let diagonal = Array2::from_diag(&ndarray::arr1(&factors));
            let mut found = tensor.clone();
            multiply(&factors, j, &mut found);
            for (x, y) in found.iter().zip(literal(&layout, j, &diagonal, &tensor)) {
                assert!(
                    (*x - y).modulus() < ROUNDING,
                    "D = {d}, j = {j}: {x} for {y}"
                );
            }
        }
    }
}

#[test]
fn law_a_map_on_every_slot_is_the_dense_one() {
    check_slots::<f64>(3);
    check_slots::<Complex64>(4);
}

#[test]
fn law_shared_work_is_that_of_one_thread() {
    let (d, j) = (200, 2);
    let mut noise = Noise::new(6);
    let factors: Vec<Complex64> = noise.vector(d);
    let mut shared: Vec<Complex64> = noise.vector(packed_len(d, j).unwrap());
    assert!(shared.len() > SHARED);
    let mut alone = shared.clone();
    multiply(&factors, j, &mut shared);
    multiply_from(Complex64::ONE, &factors, j, &mut alone);
    for (x, y) in shared.iter().zip(&alone) {
        assert!((x - y).norm() <= ROUNDING * y.norm());
    }
}
