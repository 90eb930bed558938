//! U_j out of U_j⁰ by Dyson's series (after (31)): with R = N(H_j − K^j − Δ_j), the
//! sum to order p is within O(N^{−p−1}) of U_j.

use super::SUITE;
use crate::instances;
use crate::paper::size::{probes, size};
use crate::paper::{drive, exponent, recursion, scaled};
use crate::verify::{Bound, Curve, Plot, Row};

const TIME: f64 = 0.6;
const NUMBERS: [usize; 3] = [20, 40, 80];
const ORDERS: usize = 3;

/// ‖U_2 E − Σ_{q≤p} N^{−q} W_q E‖ for p = 0, 1, 2: W_0 = U_2⁰ and ∂t W_q = (K^2 + Δ_2) W_q +
/// R W_{q−1}.
fn errors(particles: usize) -> [f64; ORDERS] {
    let instance = instances::correlated_jump();
    let (model, f) = (&*instance.model, &instance.f);
    let n = particles as f64;
    let e = probes(model, 2, 1).pop().expect("a random tensor");
    let zero = scaled(&e, 0.0);
    let start = [e.clone(), e, zero.clone(), zero];
    let end = drive(model, f, &start, &[0.0, TIME], 1e-12, |l, e| {
        let free = |e| l.k(e) + l.delta(e);
        // Free of N: (T_j/N + D_j − Δ_j) N.
        let rest = |e| l.t(e) + scaled(l.d(particles, e) - l.delta(e), n);
        vec![
            recursion::h(l, particles, &e[0]),
            free(&e[1]),
            free(&e[2]) + rest(&e[1]),
            free(&e[3]) + rest(&e[2]),
        ]
    });
    let [full, terms @ ..] = &end[1].tensors[..] else {
        unreachable!("four tensors were carried");
    };
    let mut left = full.clone();
    let mut out = [0.0; ORDERS];
    for (q, term) in terms.iter().enumerate() {
        left -= &scaled(term, n.powi(-(q as i32)));
        out[q] = size(model, &left);
    }
    out
}

pub(super) fn rows() -> Vec<Row> {
    let found = NUMBERS.map(errors);
    let curve = |p: usize| Curve {
        label: format!("order {p}"),
        points: (0..3).map(|k| (NUMBERS[k] as f64, found[k][p])).collect(),
        slope: Some(-(p as f64 + 1.0)),
    };
    let plot = Plot {
        x: "N".to_owned(),
        y: "‖U_2 E − sum‖".to_owned(),
        curves: (0..ORDERS).map(curve).collect(),
    };
    let names = ["dyson-0", "dyson-1", "dyson-2"];
    let row_of = |(p, id): (usize, &&'static str)| {
        let local = exponent(found[1][p], found[2][p]);
        let mut row = SUITE.row(
            id,
            format!("Dyson's series of U_2 from U_2⁰ to order {p}: exponent of its error in N"),
            "after (31)",
            &format!("N^-{}", p + 1),
            ((local - (p + 1) as f64).abs(), Bound::AtMost(0.1)),
            "corrections of relative size 1/N at N = 40, 80",
        );
        row.plot = Some(plot.clone());
        row
    };

    names.iter().enumerate().map(row_of).collect()
}
