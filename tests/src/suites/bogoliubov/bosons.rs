//! Exact bosons on three and four points, N to 40.

use meanfield::abstract_model::norm;
use meanfield_testing::worse;

use super::*;

const TIME: f64 = 1.0;
const EXPONENT: (Bound, &str) = (
    Bound::AtMost(0.1),
    "one extrapolation in 1/N of the exponents leaves a term of order 1/N²",
);

/// Errors at a ladder of N, and what they are measured against.
#[derive(Default)]
struct Errors {
    /// |N(1 − ⟨φ|F_1|φ⟩) − Tr γ|.
    depletion: Vec<f64>,
    /// ‖F_1 − f_{1,0} − f_{1,1}/N‖.
    marginal: Vec<f64>,
    /// ‖N(F_2 − F_1⊗F_1) − g_{2,0}‖.
    pair: Vec<f64>,
    /// Tr γ.
    claimed: f64,
}

/// The rows of this file.
pub(super) fn rows(quick: bool) -> Vec<Row> {
    let ladder: &[usize] = if quick {
        &[5, 10, 20]
    } else {
        &[5, 10, 20, 40]
    };
    let [three, four] = [3, 4].map(|points| errors(points, ladder));
    let last = ladder[ladder.len() - 1];
    let claim = |what: &str, d: usize| {
        format!("{what}, d = {d}, N = 5…{last}: distance of its exponent in N")
    };
    let depletion = |id, d: usize, errors: &Errors| {
        row(
            id,
            claim("N(1 − ⟨φ|F_1|φ⟩) → Tr γ", d),
            "Bogoliubov theory",
            "N^-1",
            off(&errors.depletion, 1.0),
            EXPONENT,
        )
    };
    let relative = four.depletion[ladder.len() - 1] / four.claimed;
    vec![
        depletion("bosons-depletion-3", 3, &three),
        depletion("bosons-depletion-4", 4, &four),
        row(
            "bosons-marginal",
            claim("F_1 − f_{1,0} − f_{1,1}/N, trace norm", 4),
            "Corollary 1.5",
            "N^-2",
            worse(off(&three.marginal, 2.0), off(&four.marginal, 2.0)),
            EXPONENT,
        ),
        row(
            "bosons-pair",
            claim("N(F_2 − F_1⊗F_1) − g_{2,0}, trace norm", 4),
            "Corollary 1.5",
            "N^-1",
            worse(off(&three.pair, 1.0), off(&four.pair, 1.0)),
            EXPONENT,
        ),
        row(
            "bosons-depletion-at-40",
            format!("depletion of {last} exact bosons on 4 points, relative distance from Tr γ"),
            "Bogoliubov theory",
            "O(1/N)",
            relative,
            (
                Bound::AtMost(if quick { 0.2 } else { 0.1 }),
                "a few times 1/N at couplings of order one",
            ),
        ),
    ]
}

/// Distance of the exponent, extrapolated once, from the one that is claimed.
fn off(errors: &[f64], claimed: f64) -> f64 {
    let local: Vec<f64> = errors.windows(2).map(|w| (w[0] / w[1]).log2()).collect();
    let extrapolated = 2.0 * local[local.len() - 1] - local[local.len() - 2];
    (extrapolated - claimed).abs()
}

fn errors(points: usize, ladder: &[usize]) -> Errors {
    let model = small(1, points, POTENTIALS[0], TRAPS[1]);
    let phi = random_wave(points, 3);
    let state = solved(&model, &phi, &[0.0, TIME], 1e-13)
        .pop()
        .expect("two times");
    let f: Vec<Complex64> = {
        let outer = phi.iter().map(|x| phi.iter().map(move |y| x * y.conj()));
        outer.flatten().collect()
    };
    let start = Start::Product { f };
    let packing = SymmetricLayout::new(points * points, 2).expect("small");
    let claimed = state.packed_pair_cumulant(&packing);
    let (leading, next) = (state.mean_field(), state.first_correction());
    let mut out = Errors {
        claimed: state.depletion(),
        ..Errors::default()
    };
    for &n in ladder {
        let size = n as f64;
        let exact = meanfield::exact::solve(&model, &start, n, &[TIME], 2, None).expect("it fits");
        let (first, second) = (exact.marginal(0, 1).unwrap(), exact.marginal(0, 2).unwrap());
        let inside: Complex64 = (0..points * points)
            .map(|k| state.phi[k / points].conj() * first[k] * state.phi[k % points])
            .sum();
        out.depletion
            .push((size * (1.0 - inside.re) - state.depletion()).abs());
        let rest: Vec<Complex64> = first
            .iter()
            .zip(leading.iter().zip(&next))
            .map(|(f, (m, c))| f - m - c / size)
            .collect();
        out.marginal
            .push(norm(&model, &packing, 1, &rest).expect("finite"));
        let squared = packing.power(first, 2);
        let rest: Vec<Complex64> = (0..second.len())
            .map(|k| size * (second[k] - squared[k]) - claimed[k])
            .collect();
        out.pair
            .push(norm(&model, &packing, 2, &rest).expect("finite"));
    }
    out
}
