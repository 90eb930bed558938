//! Suite `rates`: the truncated marginals approach the exact ones as
//! N^{−n−1}.

use meanfield::abstract_model::norm;
use meanfield::prelude::*;
use num_complex::Complex64;

use crate::instances::{self, Instance};
use crate::verify::{Bound, Curve, Plot, Row, Suite};

/// The suite.
pub const SUITE: Suite = Suite {
    name: "rates",
    about: "exponents of ‖F_j − F_j^{N,n}‖ in N on exact N-body data, j = 1, 2",
    ids: &[
        "custom-0",
        "custom-1",
        "custom-2",
        "custom-3",
        "custom-approach",
        "levels-0",
        "levels-1",
        "levels-2",
        "levels-3",
        "levels-approach",
        "kac-0",
        "kac-1",
        "kac-2",
        "kac-approach",
        "arrays-0",
        "arrays-1",
        "arrays-2",
        "arrays-approach",
        "fixed-counts-jump-0",
        "fixed-counts-jump-1",
        "fixed-counts-jump-2",
        "fixed-counts-jump-approach",
        "fixed-counts-levels-0",
        "fixed-counts-levels-1",
        "fixed-counts-levels-2",
        "fixed-counts-levels-approach",
    ],
    run,
};

/// Distance of the extrapolated exponent from n+1 that is allowed: what one
/// extrapolation in 1/N leaves at N ≤ 80 is of order N^{−2}.
const EXPONENT: f64 = 0.1;

/// Highest j whose marginal is compared.
const MARGINALS: usize = 2;

/// `errors[j−1][n][k]` = ‖F_j − F_j^{N,n}‖ at `ladder[k]` particles, in the
/// model's norm, from F^{⊗N}.
pub(super) fn errors<S: Scalar>(
    instance: &Instance<S>,
    time: f64,
    order: usize,
    particles: &[usize],
) -> Vec<Vec<Vec<f64>>> {
    errors_from(
        &*instance.model,
        &instance.product(),
        (time, order),
        particles,
    )
}

/// The same from any start.
fn errors_from<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    (time, order): (f64, usize),
    particles: &[usize],
) -> Vec<Vec<Vec<f64>>> {
    let mut settings = Settings::new(order, vec![0.0, time]);
    settings.marginals = MARGINALS;
    // The smallest error measured is above 1e-10.
    settings.tolerance = 1e-13;
    let mut series = Vec::new();
    solve(model, start, &settings, |_, g| {
        series = g.marginals(MARGINALS);
        Ok::<(), ExpansionError>(())
    })
    .expect("a regular expansion");
    let layout = SymmetricLayout::new(model.space().dimension(), MARGINALS).expect("small");
    let mut out = vec![vec![Vec::new(); order + 1]; MARGINALS];
    for &n in particles {
        let exact = meanfield::exact::solve(model, start, n, &[time], MARGINALS, None)
            .expect("the sector fits");
        for j in 1..=MARGINALS {
            for (truncation, errors) in out[j - 1].iter_mut().enumerate() {
                let approximate = series[j].at(n as f64, truncation);
                let truth = exact.marginal(0, j).unwrap();
                let difference: Vec<_> = approximate
                    .iter()
                    .zip(truth)
                    .map(|(&x, &y)| x - y)
                    .collect();
                let error = norm(model, &layout, j, &difference).expect("finite");
                errors.push(error);
            }
        }
    }
    out
}

/// Local exponents log₂(error(N)/error(2N)) on a ladder of doubling N.
pub(super) fn exponents(errors: &[f64]) -> Vec<f64> {
    errors.windows(2).map(|w| (w[0] / w[1]).log2()).collect()
}

/// ‖F_1 − F_1^{N,n}‖ against N: `errors[n][k]` at `particles[k]`.
pub(super) fn against_n(particles: &[usize], errors: &[Vec<f64>]) -> Plot {
    let curve = |(n, errors): (usize, &Vec<f64>)| Curve {
        label: format!("n = {n}"),
        points: (particles.iter().map(|&n| n as f64))
            .zip(errors.iter().copied())
            .collect(),
        slope: Some(-(n as f64 + 1.0)),
    };
    Plot {
        x: "N".to_owned(),
        y: "‖F_1 − F_1^{N,n}‖".to_owned(),
        curves: errors.iter().enumerate().map(curve).collect(),
    }
}

fn rows(
    ids: &[&'static str],
    kind: &str,
    particles: &[usize],
    errors: &[Vec<Vec<f64>>],
) -> Vec<Row> {
    let orders = errors[0].len();
    let last = particles[particles.len() - 1];
    let mut out = Vec::new();
    let mut retreat = f64::NEG_INFINITY;
    let plot = against_n(particles, &errors[0]);
    for n in 0..orders {
        let target = (n + 1) as f64;
        let mut worst = 0.0_f64;
        for degree in errors {
            let local = exponents(&degree[n]);
            let extrapolated = 2.0 * local[local.len() - 1] - local[local.len() - 2];
            worst = worst.max((extrapolated - target).abs());
            for pair in local.windows(2) {
                retreat = retreat.max((pair[1] - target).abs() - (pair[0] - target).abs());
            }
        }
        out.push(Row {
            suite: SUITE.name,
            id: ids[n],
            claim: format!(
                "{kind}: exponent at truncation n = {n}, j = 1 and 2, N to {last}, extrapolated \
                 once: distance from {target}"
            ),
            equation: "Corollaries 1.5, 5.1, A.2",
            claimed: format!("N^-{target}"),
            measured: worst,
            bound: Bound::AtMost(EXPONENT),
            reason: "one extrapolation in 1/N leaves a term of order 1/N²",
            plot: (n == 0).then(|| plot.clone()),
        });
    }
    out.push(Row {
        suite: SUITE.name,
        id: ids[orders],
        claim: format!(
            "{kind}: every local exponent is nearer to n+1 than the one before (largest retreat)"
        ),
        equation: "Corollaries 1.5, 5.1, A.2",
        claimed: "negative".to_owned(),
        measured: retreat,
        bound: Bound::AtMost(0.0),
        reason: "monotone approach",
        plot: None,
    });
    out
}

fn run(quick: bool) -> Vec<Row> {
    let ladder: &[usize] = if quick {
        &[10, 20, 40]
    } else {
        &[10, 20, 40, 80]
    };
    let short: &[usize] = if quick {
        &[8, 16, 32]
    } else {
        &[5, 10, 20, 40]
    };
    // The 'probabilities' of arbitrary arrays have any sign, so that exact data lose
    // as many digits as states have ways to be occupied: two states, 10⁵ at N = 20.
    let few: &[usize] = &[5, 10, 20];
    let two = problems::random_arrays::<Complex64>(2, 3).expect("traceless by construction");
    let f = problems::random_element(two.space().trace(), 5);
    let two = Instance::new(two, f);
    let custom = errors(&instances::jump(), 1.0, 3, ladder);
    let levels = errors(&instances::mixed_levels(), 0.5, 3, ladder);
    let arrays = errors(&two, 0.2, 2, few);
    let kac = errors(&instances::kac(2, 1.0), 1.0, 2, short);
    let jump = instances::jump();
    let counted = Start::FixedCounts { f: jump.f };
    let counted = errors_from(&*jump.model, &counted, (1.0, 2), ladder);
    let levels_alone = instances::as_arrays(&instances::mixed_levels());
    // Three of five in |0⟩⟨0|, the others in |1⟩⟨1|.
    let f = [0.6, 0.0, 0.0, 0.4].map(Complex64::from).to_vec();
    let start = Start::FixedCounts { f };
    let excited = errors_from(&*levels_alone.model, &start, (0.5, 2), few);
    [
        rows(&SUITE.ids[..5], "custom, D = 3", ladder, &custom),
        rows(&SUITE.ids[5..10], "levels, d = 2", ladder, &levels),
        rows(&SUITE.ids[10..14], "kac, 2D, five velocities", short, &kac),
        rows(&SUITE.ids[14..18], "complex arrays, D = 2", few, &arrays),
        rows(
            &SUITE.ids[18..22],
            "D = 3 from fixed counts",
            ladder,
            &counted,
        ),
        rows(
            &SUITE.ids[22..],
            "d = 2 from three of five in level 0, in random order",
            few,
            &excited,
        ),
    ]
    .concat()
}
