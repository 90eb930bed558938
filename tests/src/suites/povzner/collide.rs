//! V collision by collision: a pair of particles in two cells leaves its velocities
//! v, w for v − ω(ω·g), w + ω(ω·g), g = v − w, and gain and loss are told apart.

use meanfield::abstract_model::Model;
use meanfield_testing::worse;
use ndarray::Array2;

use super::structure::h;
use super::{
    BY_ROUNDING, Bound, CrossSection, Povzner, PovznerOptions, ROUNDING, Range, Row, SUITE,
    exchange, line, model,
};

/// The velocities after the collision along v[c] − v[a] in which a particle leaves c
/// for a; none when that is no collision of the lattice. Along no direction, nothing
/// happens.
fn partner(model: &Povzner, (c, e): (usize, usize), a: usize) -> Option<usize> {
    let v = model.velocities();
    let minus =
        |x: &[f64], y: &[f64]| -> Vec<f64> { x.iter().zip(y).map(|(x, y)| x - y).collect() };
    let dot = |x: &[f64], y: &[f64]| -> f64 { x.iter().zip(y).map(|(x, y)| x * y).sum() };
    let (moved, g) = (minus(&v[c], &v[a]), minus(&v[c], &v[e]));
    // ω(ω·g) for ω along what the particle loses, which must be that.
    if a != c && dot(&moved, &g) != dot(&moved, &moved) {
        return None;
    }
    (0..v.len()).find(|&b| minus(&v[b], &v[e]) == moved)
}

/// The largest defect of the gain, from every pair of states into every other, and of
/// the loss, relative to the largest entry.
fn defects(model: &Povzner) -> [f64; 2] {
    let n = model.velocities().len();
    let d = n * model.positions().len();
    let gamma = model.options().cross_section.exponent().expect("in range");
    let mut expected = Array2::<f64>::zeros((d * d, d * d));
    let mut loss = vec![0.0; d * d];
    for from in 0..d * d {
        let ((x, c), (y, e)) = ((from / d / n, from / d % n), (from % d / n, from % d % n));
        let v = model.velocities();
        let gaps = v[c].iter().zip(&v[e]).map(|(v, w)| (v - w).powi(2));
        let rate = h(model, x, y) * gaps.sum::<f64>().sqrt().powf(gamma);
        let collisions: Vec<(usize, usize)> = (0..n)
            .filter_map(|a| Some((a, partner(model, (c, e), a)?)))
            .collect();
        for &(a, b) in collisions.iter().filter(|&&(a, _)| a != c) {
            let each = rate / collisions.len() as f64;
            expected[[(x * n + a) * d + y * n + b, from]] += each;
            loss[from] += each;
        }
    }
    let mut found = Array2::zeros((d * d, d * d));
    let every = Array2::eye(d * d);
    model
        .interaction()
        .add_pair(1.0, every.view(), found.view_mut());
    let scale = loss.iter().copied().fold(0.0, worse);
    let (mut gain, mut lost) = (0.0, 0.0);
    for ((to, from), &value) in found.indexed_iter() {
        if to == from {
            lost = worse(lost, (value + loss[from]).abs());
        } else {
            gain = worse(gain, (value - expected[[to, from]]).abs());
        }
    }
    [gain / scale, lost / scale]
}

pub(super) fn rows() -> Vec<Row> {
    let models = [
        exchange(2),
        line(3),
        PovznerOptions {
            range: Range::Hat { width: 0.7 },
            cross_section: CrossSection::Power(0.5),
            ..line(4)
        },
    ];
    let all = models.map(|options| defects(&model(options)));
    let row = |k: usize, id, what: &str| {
        let worst = all.iter().map(|found| found[k]).fold(0.0, worse);
        SUITE.row(
            id,
            format!("{what} at rate h(x₁−x₂)|g|^γ over the collisions there are, pair by pair"),
            "(81), table of App. A",
            "0",
            (worst, Bound::AtMost(ROUNDING)),
            BY_ROUNDING,
        )
    };
    vec![
        row(
            0,
            "collisions-gain",
            "v, w leave for v − ω(ω·g), w + ω(ω·g)",
        ),
        row(1, "collisions-loss", "v, w are left"),
    ]
}
