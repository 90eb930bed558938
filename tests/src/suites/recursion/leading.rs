//! Corollary 2.4 and Proposition 2.3 on exact particles: which powers of 1/N the E_j
//! have, and what the leading ones are. Nothing here knows which terms are kept.

use meanfield::abstract_model::norm;
use meanfield::prelude::*;
use meanfield_testing::{Evolve, difference, largest, worse};

use super::row;
use crate::instances::{self, Instance};
use crate::paper::{exponent, extrapolated};
use crate::suites::remainders::data;
use crate::verify::Row;

/// The numbers of particles, by doubling.
const NUMBERS: [usize; 4] = [10, 20, 40, 80];
/// Highest j.
const HIGHEST: usize = 4;

/// The distances, j ≤ 4, of the exponent of ‖E_j‖ from ⌈j/2⌉; of lim N E_2 from
/// g_{2,0} and of lim N² E_4 from 3 Sym(g_{2,0}⊗g_{2,0}), relative.
fn leading<S: Scalar>(instance: &Instance<S>, time: f64) -> [f64; 3] {
    let model = &*instance.model;
    let (_, layout, all) = data(instance, time, &NUMBERS, HIGHEST);
    let exponent_of = |j: usize| {
        let size = |k: usize| norm(model, &layout, j, &all[k].errors[j]).expect("finite");
        let local = (1..NUMBERS.len()).map(|k| vec![exponent(size(k - 1), size(k))]);
        extrapolated(local.collect())[0]
    };
    let gap = |j: usize| (exponent_of(j) - j.div_ceil(2) as f64).abs();
    let limit = |j: usize| {
        let scaled = NUMBERS.iter().zip(&all).map(|(&n, of)| {
            let weight = (n as f64).powi(j.div_ceil(2) as i32);
            of.errors[j].iter().map(|x| x.scaled(weight)).collect()
        });
        extrapolated(scaled.collect())
    };
    let g2 = Evolve::to(time).cumulants(model, &instance.product(), (1, 2), |g| {
        g.get(2, 0).expect("order 1 has it").to_vec()
    });
    // g⊙g = 6 Sym(g⊗g).
    let mut wick = vec![S::from_re(0.0); layout.len(4)];
    layout.add_product((2, &g2), (2, &g2), S::from_re(0.5), &mut wick);
    let apart = |x: Vec<S>, y: &[S]| difference(&x, y) / largest(y);
    [
        (1..=HIGHEST).map(gap).fold(0.0, worse),
        apart(limit(2), &g2),
        apart(limit(4), &wick),
    ]
}

/// The largest coefficient of N^{−k/2}, k ≤ 2, with j+k odd in the fit of N^{j/2} E_j by
/// the powers k = 0 … 6 through seven N, over the largest with j+k even; the entries of
/// E_j over two states.
fn half_powers(degrees: [usize; 2]) -> f64 {
    const POWERS: usize = 7;
    let numbers: Vec<usize> = (0..POWERS).map(|k| 12 << k).collect();
    let (_, _, all) = data(&instances::sis(), 1.0, &numbers, 4);
    let mut found = 0.0;
    for j in degrees {
        let values = all.iter().map(|of| {
            let scale = (of.particles as f64).powf(j as f64 / 2.0);
            of.errors[j].iter().map(|x| x * scale).collect::<Vec<f64>>()
        });
        let nodes: Vec<f64> = numbers.iter().map(|&n| (n as f64).powf(-0.5)).collect();
        let coefficients = interpolated(&nodes, values.collect());
        let of_parity = |odd: usize| {
            let each = coefficients.iter().take(3).enumerate();
            let kept = each.filter(|(k, _)| (j + k) % 2 == odd);
            kept.map(|(_, c)| largest(c)).fold(0.0, worse)
        };
        found = worse(found, of_parity(1) / of_parity(0));
    }
    found
}

/// The coefficients of the polynomials with given values at the nodes: divided
/// differences, then Horner's rule on Newton's form.
fn interpolated(nodes: &[f64], mut values: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let n = nodes.len();
    for step in 1..n {
        for k in (step..n).rev() {
            let (low, high) = values.split_at_mut(k);
            let apart = nodes[k] - nodes[k - step];
            for (x, y) in high[0].iter_mut().zip(&low[k - 1]) {
                *x = (*x - y) / apart;
            }
        }
    }
    for step in (0..n - 1).rev() {
        for k in step..n - 1 {
            let (low, high) = values.split_at_mut(k + 1);
            for (x, y) in low[k].iter_mut().zip(&high[0]) {
                *x -= nodes[step] * y;
            }
        }
    }
    values
}

pub(super) fn rows() -> Vec<Row> {
    let both = [
        leading(&instances::correlated_jump(), 0.5),
        leading(&instances::mixed_levels(), 0.5),
    ];
    let found = |k: usize| worse(both[0][k], both[1][k]);
    let (parabola, of_exponents) = (
        "what a polynomial of degree 3 in 1/N leaves at N = 10, 20, 40, 80",
        "two extrapolations in 1/N from N = 10, 20, 40, 80",
    );
    let fitted = "what seven powers of N^-1/2 leave at N = 12 … 768";
    vec![
        row(
            "leading-power",
            "jump and levels, exact: exponent of ‖E_j‖ in N, j ≤ 4: distance from ⌈j/2⌉",
            "Corollary 2.4",
            "N^-⌈j/2⌉",
            found(0),
            (0.1, of_exponents),
        ),
        row(
            "wick",
            "jump and levels, exact: N² E_4 → 3 Sym(g_{2,0} ⊗ g_{2,0}), extrapolated: relative gap",
            "Corollary 2.4",
            "0",
            found(2),
            (1e-2, parabola),
        ),
        row(
            "g2-is-e2",
            "jump and levels, exact: N E_2 → g_{2,0}, extrapolated: relative gap",
            "(45)",
            "0",
            found(1),
            (1e-3, parabola),
        ),
        row(
            "half-powers-even",
            "D = 2, exact: coefficient of N^(−1/2) in N^(j/2) E_j, j = 2, 4, fitted: over those of \
             N^0 and N^-1",
            "(25), Proposition 2.3",
            "0",
            half_powers([2, 4]),
            (5e-3, fitted),
        ),
        row(
            "half-powers-odd",
            "D = 2, exact: coefficients of N^(−k/2), k = 0, 2, in N^(j/2) E_j, j = 1, 3, fitted: \
             over that of k = 1",
            "(25), Proposition 2.3",
            "0",
            half_powers([1, 3]),
            (5e-3, fitted),
        ),
    ]
}
