//! Structure and conservation laws along the flow, and refusals.

use meanfield_abstract::PairTensor;
use meanfield_expansion::Moments;
use meanfield_expansion::bogoliubov::required_bytes;

use super::*;

/// 1e-12 per step, some hundred steps.
const DRIFT: f64 = 1e-10;

#[test]
fn law_the_excitations_stay_pure_and_off_the_condensate() {
    for (d, seed) in [(3, 11), (6, 12), (20, 13)] {
        let (sites, _, phi) = random(d, seed);
        for state in solved(&sites, &phi, 1e-12) {
            assert!(state.purity_defect() < DRIFT, "{}", state.purity_defect());
            assert!(state.complement_defect() < DRIFT);
            let norm: f64 = state.phi.iter().map(|z| z.norm_sqr()).sum();
            assert!((norm - 1.0).abs() < DRIFT);
            let trace: Complex64 = state.first_correction().diag().sum();
            assert!(trace.norm() < DRIFT);
            let symmetric = &state.alpha - &state.alpha.t();
            let hermitian = &state.gamma - &state.gamma.t().mapv(|z| z.conj());
            for z in symmetric.iter().chain(&hermitian) {
                assert!(z.norm() < 1e-14, "{z}");
            }
        }
    }
}

#[test]
fn law_energy_is_conserved_at_both_orders() {
    for (d, seed) in [(3, 21), (7, 22)] {
        let (sites, _, phi) = random(d, seed);
        let states = solved(&sites, &phi, 1e-12);
        let start = states[0].energy(&sites);
        // Uncorrelated particles lack the pair with themselves only.
        let rho = states[0].density()[0].clone();
        let own = -0.5
            * meanfield_abstract::PositionHamiltonian::pair_potential(&sites)
                .dot(&rho)
                .dot(&rho);
        assert!((start[1] - own).abs() < DRIFT);
        for state in &states[1..] {
            let now = state.energy(&sites);
            for order in 0..2 {
                assert!(
                    (now[order] - start[order]).abs() < DRIFT,
                    "{now:?} {start:?}"
                );
            }
        }
    }
}

#[test]
fn law_the_phase_of_the_start_changes_no_tensor() {
    let (sites, _, phi) = random(4, 31);
    let turned: Vec<Complex64> = phi.iter().map(|z| z * Complex64::cis(1.0)).collect();
    let (a, b) = (solved(&sites, &phi, 1e-12), solved(&sites, &turned, 1e-12));
    for (a, b) in a.iter().zip(&b) {
        let all: Vec<Complex64> = b.first_correction().iter().copied().collect();
        assert!(largest(&a.first_correction(), &all) < DRIFT);
        for (x, y) in a.density_correlation().iter().zip(&b.density_correlation()) {
            assert!((x - y).abs() < DRIFT);
        }
    }
}

#[test]
fn law_a_tolerance_is_kept_and_not_exceeded_for_nothing() {
    let (sites, _, phi) = random(4, 51);
    let exact = solved(&sites, &phi, 1e-12).pop().unwrap();
    let loose = solved(&sites, &phi, 1e-4).pop().unwrap();
    let all: Vec<Complex64> = exact.phi.iter().copied().collect();
    let gap = largest(&loose.phi, &all);
    // Tens of steps of 1e-4 at most, and not the digits of the default.
    assert!((1e-8..1e-2).contains(&gap), "{gap:e}");
}

#[test]
fn law_densities_are_the_diagonals_of_the_marginals() {
    let (sites, _, phi) = random(4, 41);
    let state = solved(&sites, &phi, 1e-10).pop().unwrap();
    let correlation = state.density_correlation();
    let [leading, next] = state.pair_distribution();
    let [rho, correction] = state.density();
    let f = state.first_correction();
    for x in 0..4 {
        assert!((correction[x] - f[[x, x]].re).abs() < 1e-15);
        for z in 0..4 {
            let g = state.pair_cumulant((x, x), (z, z));
            assert!((g - correlation[[x, z]]).norm() < 1e-15);
            assert!((leading[[x, z]] - rho[x] * rho[z]).abs() < 1e-15);
            let expected = g.re + rho[x] * correction[z] + correction[x] * rho[z];
            assert!((next[[x, z]] - expected).abs() < 1e-15);
        }
    }
    // A pair has marginals: the sum over the partner is the correction itself.
    for (x, row) in next.rows().into_iter().enumerate() {
        assert!((row.sum() - correction[x]).abs() < DRIFT * 10.0);
    }
}

#[test]
fn law_without_interaction_nothing_is_excited() {
    let (_, hopping, phi) = random(5, 51);
    let free = Sites::new(&hopping, &[0.1; 5], &Array2::zeros((5, 5)), 0.7).unwrap();
    let constant = Sites::new(&hopping, &[0.1; 5], &Array2::from_elem((5, 5), 2.0), 0.7).unwrap();
    for sites in [free, constant] {
        for state in solved(&sites, &phi, 1e-10) {
            assert!(state.depletion().abs() < 1e-12);
            assert!(state.first_correction().iter().all(|z| z.norm() < 1e-12));
        }
    }
}

#[test]
fn law_what_does_not_fit_is_refused_with_its_size() {
    let (sites, _, phi) = random(5, 61);
    let bytes = required_bytes(5).unwrap();
    // φ, χ, α, γ in 11 vectors of the integrator at least.
    assert!(bytes >= 11 * 60 * 16 && required_bytes(usize::MAX).is_none());
    let settings = Settings {
        memory: bytes - 1,
        ..Settings::new(TIMES.to_vec())
    };
    let run = |settings: &Settings, phi: &[Complex64]| {
        solve(&sites, phi, settings, |_, _| Ok::<(), ExpansionError>(()))
    };
    match run(&settings, &phi) {
        Err(ExpansionError::FactoredMemory {
            required, allowed, ..
        }) => {
            assert_eq!((required, allowed), (bytes, bytes - 1));
        }
        other => panic!("{other:?}"),
    }
    let settings = Settings::new(TIMES.to_vec());
    assert!(matches!(
        run(&settings, &phi[..4]),
        Err(ExpansionError::Model(_))
    ));
    let double: Vec<Complex64> = phi.iter().map(|z| 2.0 * z).collect();
    assert!(matches!(
        run(&settings, &double),
        Err(ExpansionError::Model(_))
    ));
}

#[test]
fn law_what_is_measured_is_the_sum_over_entries() {
    let (sites, _, phi) = random(4, 71);
    let state = solved(&sites, &phi, 1e-8).pop().unwrap();
    let mut noise = Noise::new(72);
    let (a, b): (Vec<Complex64>, Vec<Complex64>) = (noise.vector(16), noise.vector(16));
    let moments = state.moments::<Complex64>();
    let terms = moments
        .correlation()
        .into_iter()
        .chain(moments.second().unwrap());
    let mut size = 0.0_f64;
    for term in terms {
        let each = (0..16).flat_map(|p| (0..16).map(move |q| (p, q)));
        let sum: Complex64 = each.map(|(p, q)| term.entry(p, q) * a[p] * b[q]).sum();
        let apart = (term.contract(&a, &b) - sum).norm();
        assert!(apart < 1e-12 * sum.norm(), "{apart} of {sum}");
        let exchanged = (term.contract(&b, &a) - sum).norm();
        assert!(exchanged < 1e-12 * sum.norm(), "{exchanged} of {sum}");
        size = size.max(sum.norm());
    }
    assert!(size > 1e-2, "the comparison must not be empty: {size}");
}
