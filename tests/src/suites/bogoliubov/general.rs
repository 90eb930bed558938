//! The factored form against form (c) with all of its d² + d⁴/2 unknowns, and the
//! laws of the flow, for every potential and trap in one and two dimensions.

use meanfield::tensor::dense;
use meanfield_testing::worse;
use ndarray::Array2;

use super::*;

/// Times of the comparisons; kinetic phases turn by a few radians.
const TIMES: [f64; 3] = [0.0, 0.4, 1.0];
/// Relative error per step of both forms.
const TOLERANCE: f64 = 1e-12;
const EQUAL: (Bound, &str) = (
    Bound::AtMost(1e-10),
    "both are integrated at 1e-12 per step, over at most a few hundred steps",
);

#[derive(Default)]
struct Defects {
    mean: f64,
    correction: f64,
    pair: f64,
    observables: f64,
    quasi_free: f64,
    complement: f64,
    energy: [f64; 2],
}

/// The rows of this file.
pub(super) fn rows(quick: bool) -> Vec<Row> {
    let mut found = Defects::default();
    let mut least_depletion = f64::INFINITY;
    for (k, model) in models(quick).iter().enumerate() {
        let phi = random_wave(model.grid().levels(), 17 + k as u64);
        let states = solved(model, &phi, &TIMES, TOLERANCE);
        compare(model, &states, &mut found);
        obey(model, &states, &mut found);
        if let Some(last) = states.last() {
            least_depletion = least_depletion.min(last.depletion());
        }
    }
    let over = "over every potential and trap, 1D d = 3…8 and 2D 3×3, ħ = 0.7, m = 1.6";
    let equal = |id, what: &str, equation, measured| {
        row(id, format!("{what} {over}"), equation, "0", measured, EQUAL)
    };
    vec![
        equal(
            "general-mean",
            "f_{1,0} = φφ̄, largest difference",
            "(102)",
            found.mean,
        ),
        equal(
            "general-correction",
            "f_{1,1} = γ + χφ̄ + φχ̄ − Trγ φφ̄, largest difference",
            "form (c), (1,1)",
            found.correction,
        ),
        equal(
            "general-pair",
            "g_{2,0} from α and γ, largest difference",
            "form (c), (2,0)",
            found.pair,
        ),
        equal(
            "general-observables",
            "mean and N·variance of a random one-body observable, largest difference",
            "Gaussian fluctuations",
            found.observables,
        ),
        row(
            "general-excited",
            "Tr γ at the end, the least of all these runs".to_owned(),
            "-",
            "> 0",
            least_depletion,
            (
                Bound::AtLeast(1e-3),
                "so many particles are excited at least, or the comparison is empty",
            ),
        ),
        equal(
            "quasi-free",
            "γ(1+γ) = αα*, largest entry",
            "theory, 4",
            found.quasi_free,
        ),
        equal(
            "complement",
            "φ†α = φ†γ = φ†χ = 0, largest entry",
            "theory, 4",
            found.complement,
        ),
        equal(
            "energy-leading",
            "the energy per particle at N⁰, drift",
            "(15)",
            found.energy[0],
        ),
        equal(
            "energy-correction",
            "the energy per particle at N⁻¹, drift",
            "form (c)",
            found.energy[1],
        ),
    ]
}

fn models(quick: bool) -> Vec<Hartree> {
    let diagonal = || POTENTIALS.into_iter().zip(TRAPS);
    let mut models = Vec::new();
    for points in 3..=8 {
        if quick && points != 3 && points != 5 {
            continue;
        }
        models.extend(diagonal().map(|(v, u)| small(1, points, v, u)));
    }
    models.extend(POTENTIALS.into_iter().flat_map(|v| {
        let traps = TRAPS.into_iter().take(if quick { 1 } else { 4 });
        traps.map(move |u| small(1, 4, v, u))
    }));
    let in_square = diagonal().skip(if quick { 3 } else { 0 });
    models.extend(in_square.map(|(v, u)| small(2, 3, v, u)));
    models
}

fn compare(model: &Hartree, states: &[Bogoliubov], found: &mut Defects) {
    let d = model.grid().levels();
    let f: Vec<Complex64> = states[0].mean_field().iter().copied().collect();
    let mut noise = Noise::new(d as u64);
    let half: Array2<Complex64> = Array2::from_shape_fn((d, d), |_| noise.scalar());
    let a = &half + &half.t().mapv(|z| z.conj());
    let values: Vec<Complex64> = a.iter().copied().collect();
    let observable = Observable::new(model, "a", &values).expect("Hermitian");
    let mut settings = Settings::new(1, TIMES.to_vec());
    settings.tolerance = TOLERANCE;
    solve(model, &Start::Product { f }, &settings, |k, general| {
        let (state, layout) = (&states[k], general.layout());
        let tensor = |j, l| {
            let packed = general.get(j, l).unwrap_or_default();
            dense::from_packed(layout, j, packed)
                .into_iter()
                .collect::<Vec<_>>()
        };
        found.mean = worse(found.mean, distance(state.mean_field(), &tensor(1, 0)));
        let correction = distance(state.first_correction(), &tensor(1, 1));
        found.correction = worse(found.correction, correction);
        let entries = Array2::from_shape_fn((d * d, d * d), |(a, b)| {
            state.pair_cumulant((a / d, a % d), (b / d, b % d))
        });
        found.pair = worse(found.pair, distance(entries, &tensor(2, 0)));

        let means = general.observable_mean(&observable);
        let here = state.mean(a.view());
        for (x, y) in here.iter().zip(means.coefficients()) {
            found.observables = worse(found.observables, (x - y).abs());
        }
        let variance = general.scaled_variance(&observable).coefficients()[0];
        let defect = (state.scaled_variance(a.view()) - variance).abs();
        found.observables = worse(found.observables, defect);
        Ok::<(), ExpansionError>(())
    })
    .expect("a regular expansion");
}

fn distance(a: Array2<Complex64>, b: &[Complex64]) -> f64 {
    if a.len() != b.len() {
        return f64::NAN;
    }
    a.iter()
        .zip(b)
        .map(|(x, y)| (x - y).norm())
        .fold(0.0, worse)
}

fn obey(model: &Hartree, states: &[Bogoliubov], found: &mut Defects) {
    let start = states[0].energy(model);
    for state in states {
        found.quasi_free = worse(found.quasi_free, state.purity_defect());
        found.complement = worse(found.complement, state.complement_defect());
        let now = state.energy(model);
        for order in 0..2 {
            let drift = (now[order] - start[order]).abs();
            found.energy[order] = worse(found.energy[order], drift);
        }
    }
}
