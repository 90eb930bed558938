//! Rates that are functions against the same rates in lists.

use meanfield_tensor::pair_count;
use ndarray::Array2;

use super::*;
use crate::problems::{self, Noise};
use crate::{Custom, check_assumptions};

/// Rounding of sums of a few dozen products of numbers of order one.
const ROUNDING: f64 = 1e-13;

/// Numbers without structure, in results too: what is there must be kept.
fn panel(noise: &mut Noise, rows: usize, columns: usize) -> Array2<f64> {
    Array2::from_shape_simple_fn((rows, columns), || noise.scalar())
}

/// Every operator of the two models on the same panels, dirty results.
fn assert_same(model: &impl Model<Scalar = f64>, listed: &Custom<f64>, seed: u64) {
    assert!(check_assumptions(model).hold());
    assert_eq!(
        model.capabilities().k_is_zero,
        listed.capabilities().k_is_zero
    );
    let (norm, other) = (
        model.interaction().pair_norm().unwrap(),
        listed.interaction().pair_norm().unwrap(),
    );
    assert!((norm - other).abs() <= ROUNDING * norm);
    let d = listed.space().dimension();
    let noise = &mut Noise::new(seed);
    let close = |name: &str, x: &Array2<f64>, y: &Array2<f64>| {
        let size = y.iter().fold(1.0_f64, |m, v| m.max(v.abs()));
        let gap = (x - y).iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        assert!(gap <= ROUNDING * size, "{name}, D = {d}: {gap:e}");
    };
    for (m1, m2) in [(1, 1), (3, 2), (1, 4)] {
        let (x, y) = (panel(noise, d, m1), panel(noise, d, m2));
        let pair = panel(noise, d * d, m1);
        let f = noise.probabilities(d);
        let (left, right) = (noise.vector::<f64>(d), noise.vector::<f64>(d));
        let symmetric = noise.vector::<f64>(pair_count(d));
        let mut check = |name, rows, columns, add: &dyn Fn(bool, ArrayViewMut2<'_, f64>)| {
            let dirty = panel(noise, rows, columns);
            let (mut here, mut there) = (dirty.clone(), dirty);
            add(true, here.view_mut());
            add(false, there.view_mut());
            close(name, &here, &there);
        };
        let either = |own: bool| -> &dyn Model<Scalar = f64> { if own { model } else { listed } };
        check("K", d, m1, &|own, out| {
            either(own).add_k(0.7, x.view(), out)
        });
        check("V", d * d, m1, &|own, out| {
            either(own).interaction().add_pair(0.7, pair.view(), out);
        });
        check("Q", d, m1, &|own, out| {
            either(own).interaction().add_q(0.7, pair.view(), out)
        });
        check("V(x⊗y)", d * d, m1 * m2, &|own, out| {
            either(own)
                .interaction()
                .add_pair_product(0.7, x.view(), y.view(), out);
        });
        check("Q(x⊗y)", d, m1 * m2, &|own, out| {
            either(own)
                .interaction()
                .add_q_product(0.7, x.view(), y.view(), out);
        });
        check("symmetric V(x⊗y)", symmetric.len(), 1, &|own, mut out| {
            let out = out.as_slice_mut().unwrap();
            either(own)
                .interaction()
                .add_symmetric_product(0.7, &left, &right, out);
        });
        check("Q of a symmetric pair", d, 1, &|own, mut out| {
            let out = out.as_slice_mut().unwrap();
            either(own)
                .interaction()
                .add_symmetric_q(0.7, &symmetric, out);
        });
        for with_k in [false, true] {
            check("linearised", d, m1, &|own, out| {
                let model = either(own);
                let mut linear = match with_k {
                    true => model.linearised_generator(),
                    false => model.interaction().linearisation(),
                };
                // Another state went through it.
                linear.update(&vec![0.3; d]);
                linear.update(&f);
                linear.add_apply(0.7, x.view(), out);
            });
        }
    }
}

#[test]
fn law_a_ring_walk_is_the_one_given_by_lists() {
    for states in [1, 2, 3, 8, 17] {
        let listed = problems::ring_walk(states).unwrap();
        let model = problems::ring_walk_by_rates(states).unwrap();
        assert_same(&model, &listed, states as u64);
    }
}

#[test]
fn law_random_rates_are_those_given_by_lists() {
    for states in [1, 2, 3, 5] {
        // Rates for a ≤ b alone, to targets in both orders and to itself.
        let d = states;
        let mut noise = Noise::new(40 + d as u64);
        let k = Array2::from_shape_simple_fn((d, d), || noise.uniform());
        let w = Array2::from_shape_simple_fn((d * d, d * d), || (noise.uniform() - 0.5).max(0.0));
        let rate = |(a, b): (usize, usize), (c, e): (usize, usize)| match a.cmp(&b) {
            std::cmp::Ordering::Less => w[[c * d + e, a * d + b]],
            std::cmp::Ordering::Greater => w[[e * d + c, b * d + a]],
            std::cmp::Ordering::Equal => {
                0.5 * (w[[c * d + e, a * d + b]] + w[[e * d + c, a * d + b]])
            }
        };
        let listed = problems::jump_process(d, |from, to| k[[to, from]], rate).unwrap();
        let (k, w) = (&k, &w);
        let one_body = |from: usize| (0..d).map(move |to| (to, k[[to, from]]));
        let pair =
            |a: usize, b: usize| (0..d * d).map(move |to| ((to / d, to % d), w[[to, a * d + b]]));
        let model = JumpProcess::new(d, one_body, pair).unwrap();
        assert_same(&model, &listed, 50 + d as u64);
    }
}

#[test]
fn law_what_is_no_rate_is_refused() {
    let build = |to: usize, rate: f64| {
        JumpProcess::new(2, |_| [(1, 1.0)], move |_, _| [((to, 0), rate)]).map(|_| ())
    };
    assert_eq!(build(1, 1.0), Ok(()));
    assert!(matches!(
        build(2, 1.0),
        Err(ModelError::Index { dimension: 2, .. })
    ));
    assert!(matches!(
        build(1, -1.0),
        Err(ModelError::NegativeRate { .. })
    ));
    assert!(matches!(
        build(1, f64::NAN),
        Err(ModelError::NotFinite { .. })
    ));
    let alone = |rate| JumpProcess::new(2, move |_| [(1, rate)], |_, _| []).map(|_| ());
    assert!(matches!(alone(-1.0), Err(ModelError::NegativeRate { .. })));
    let none = JumpProcess::new(0, |_| [], |_, _| []).map(|_| ());
    assert!(matches!(
        none,
        Err(ModelError::Parameter { key: "states", .. })
    ));
}
