//! The operations of a right-hand side, written out for orders 0 to 3, tensor by tensor:
//! the engine counts by one formula for all orders.
//!
//! u operations are a product and a sum; s = uD² one linearisation on a column; L_j
//! entries has a packed tensor of degree j, q = L_2. A one-slot image is written
//! back by u·D on every column.

use meanfield_abstract::{Model, RequiredOnly, multiply_add, problems};
use meanfield_expansion::{ExpansionError, operations};
use meanfield_models::hartree::{Grid, Hartree, Potential};
use meanfield_models::kac::Caricature;
use meanfield_tensor::{Scalar, packed_len};
use num_complex::Complex64;

/// Sums of powers of D below 2⁵³ are exact; a share of a half is too.
const EXACT: f64 = 1e-15;

struct Counts {
    u: f64,
    d: f64,
    /// L_0 … L_4.
    len: [f64; 5],
    /// One linearisation on a column.
    s: f64,
    /// K on a column.
    k: f64,
}

impl Counts {
    fn of<M: Model + ?Sized>(model: &M) -> Self {
        let d = model.space().dimension();
        let u = multiply_add::<M::Scalar>() as f64;
        let len = [0, 1, 2, 3, 4].map(|j| packed_len(d, j).unwrap() as f64);
        let d = d as f64;
        Self {
            u,
            d,
            len,
            s: u * d * d,
            k: if model.capabilities().k_is_zero {
                0.0
            } else {
                u * d * d
            },
        }
    }

    /// V a D²×D² matrix, K a D×D one: orders 0 to 3.
    fn of_matrices(&self) -> [f64; 4] {
        let Self { u, d, len, s, .. } = *self;
        let ([_, _, q, l3, _], v) = (len, s * d * d);
        let pairs = |products: f64| v + u * q * (products + 1.0);
        let f10 = s; // Q(F, F)
        let g11 = s + u * d + v;
        let g20 = s * d + u * d * d + v;
        let g12 = 2.0 * s + u * d + v;
        let g21 = 2.0 * s * d + u * d * d + v * d + 2.0 * v;
        let g30 = s * q + u * d * q + d * pairs(2.0) + d * s * d;
        let g22 = 3.0 * s * d + u * d * d + v * d + 3.0 * v;
        let g31 = 2.0 * s * q + u * d * q + v * q + d * pairs(4.0) + 2.0 * d * s * d;
        let g40 = s * l3 + u * d * l3 + q * pairs(4.0) + 2.0 * q * s * d;
        // No rates are kept.
        self.orders(f10, [g11, g20, g12, g21, g30, g12, g22, g31, g40], 0.0)
    }

    /// V a list of `n` entries of `t` transitions with `r` rates: orders 0 to 3.
    fn of_list(&self, n: usize, t: usize, r: usize) -> [f64; 4] {
        let Self { u, d, len, s, .. } = *self;
        let [_, _, q, l3, _] = len;
        let (v, t) = (u * r as f64, u * t as f64 * d);
        // Half of V is enough for a symmetric pair.
        let pairs = |products: f64| 0.5 * u * n as f64 + u * q * (products + 1.0);
        let f10 = v + u * d;
        let g11 = s + u * d + v;
        let g20 = s * d + u * d * d + pairs(1.0);
        let g12 = 2.0 * s + u * d + v;
        let g21 = 2.0 * s * d + u * d * d + v * d + pairs(2.0);
        let g30 = s * q + u * d * q + d * pairs(2.0) + d * 2.0 * t;
        let g22 = 3.0 * s * d + u * d * d + v * d + pairs(3.0);
        let g31 = 2.0 * s * q + u * d * q + v * q + d * pairs(4.0) + 2.0 * d * 2.0 * t;
        let g40 = s * l3 + u * d * l3 + q * pairs(4.0) + 2.0 * q * 2.0 * t;
        self.orders(f10, [g11, g20, g12, g21, g30, g12, g22, g31, g40], v)
    }

    /// All tensors of each order, from what g_{j,l} takes wherever it is and the rates
    /// of a column, which are kept below the highest order but for g_{1,l}.
    fn orders(&self, f10: f64, each: [f64; 9], rates: f64) -> [f64; 4] {
        let Self { u, d, len, s, k } = *self;
        let [_, _, q, l3, _] = len;
        let [g11, g20, g12, g21, g30, g13, g22, g31, g40] = each;
        // K on one slot, where it is not in K + Δ_1; −ξ·(n w), which below the highest
        // order takes every product apart, j over the slots of one factor.
        let lower11 = g11 + k;
        let lower20 = g20 + (rates + k) * d + 2.0 * u * q;
        let lower12 = g12 + k;
        let lower21 = g21 + (rates + k) * d + 2.0 * 2.0 * u * q;
        let lower30 = g30 + (rates + k) * q + (3.0 + 3.0) * u * l3;
        let lower = [f10, lower11 + lower20, lower12 + lower21 + lower30];
        // At the highest order, on each column, products with a factor of degree 1; of
        // two factors of degree 2 the slots of one are shown.
        let one = u * d;
        let two = u * d * d / 2.0;
        [
            f10,
            2.0 * s + lower[0] + g11 + (g20 + one * d),
            3.0 * s + lower[0] + lower[1] + g12 + (g21 + 2.0 * one * d) + (g30 + 2.0 * one * q),
            4.0 * s
                + lower.iter().sum::<f64>()
                + g13
                + (g22 + 3.0 * one * d)
                + (g31 + 4.0 * one * q)
                + (g40 + 2.0 * one * l3 + two * q),
        ]
    }
}

fn require<S: Scalar>(model: &dyn Model<Scalar = S>, expected: [f64; 4]) {
    for (order, expected) in expected.into_iter().enumerate() {
        let found = operations(model, order).unwrap();
        let gap = (found / expected - 1.0).abs();
        let d = model.space().dimension();
        assert!(
            gap < EXACT,
            "D {d}, order {order}: {found}, counted {expected}"
        );
    }
}

fn require_list(model: &dyn Model<Scalar = f64>) {
    let list = model.interaction().pair_operator().unwrap();
    let transitions = list.transitions();
    let (n, t, r) = (list.entries(), transitions.len(), transitions.rates());
    require(model, Counts::of(model).of_list(n, t, r));
}

#[test]
fn law_operations_are_those_of_the_terms() {
    for d in [2, 3, 5, 11] {
        let real = problems::random_arrays::<f64>(d, 1).unwrap();
        let real = RequiredOnly(&real);
        require(&real, Counts::of(&real).of_matrices());
        let complex = problems::random_arrays::<Complex64>(d, 1).unwrap();
        let complex = RequiredOnly(&complex);
        require(&complex, Counts::of(&complex).of_matrices());
        let jumps = problems::random_jump_process(d, 1).unwrap();
        assert!(!jumps.capabilities().k_is_zero);
        require_list(&jumps);
    }
    let caricature = Caricature::new(6, 1.0).unwrap();
    assert!(caricature.capabilities().k_is_zero);
    require_list(&caricature);
}

#[test]
fn law_operations_of_the_interaction_picture_are_those_of_the_rest() {
    let potential = Potential::Gaussian {
        strength: 1.4,
        width: 0.6,
    };
    let grid = Grid::new(1, 3, 2.5).unwrap();
    let model = Hartree::new(grid, 1.0, 1.0, potential, None).unwrap();
    let split = model.capabilities().semigroup().unwrap();
    for order in 0..=2 {
        let found = operations(&model, order).unwrap();
        assert_eq!(found, operations(split.rest(), order).unwrap());
        assert_ne!(found, operations(&RequiredOnly(&model), order).unwrap());
    }
}

#[test]
fn law_what_cannot_be_counted_is_refused() {
    let model = problems::sis().unwrap();
    let refused = operations(&model, usize::MAX / 2).unwrap_err();
    assert!(
        matches!(refused, ExpansionError::TooLarge { .. }),
        "{refused}"
    );
}
