//! What collisions and flight conserve, and the gas that does not see space.

use meanfield::models::kac::Kac;
use meanfield::prelude::*;
use meanfield_testing::worse;

use super::{
    BY_ROUNDING, Bound, CrossSection, Povzner, PovznerOptions, ROUNDING, Range, Row, SUITE,
    Transport, Velocities, coefficients, difference, exchange, largest, line, model, state,
};

/// Rounding of the integration, whose tolerance is 1e-12 per step.
const INTEGRATED: f64 = 1e-11;

/// Runge–Kutta steps keep linear invariants to rounding at any tolerance.
const ANY: f64 = 1e-8;

pub(super) fn rows() -> Vec<Row> {
    let gases = [
        exchange(4),
        PovznerOptions {
            transport: Transport::Spectral,
            ..line(3)
        },
        PovznerOptions {
            dimension: 2,
            range: Range::Hat { width: 1.0 },
            cross_section: CrossSection::Maxwell,
            ..line(2)
        },
        PovznerOptions {
            velocities: Velocities::Hermite {
                degree: 2,
                temperature: 1.0,
            },
            transport: Transport::Spectral,
            ..line(3)
        },
    ];
    let mut drift = [0.0; 3];
    for options in gases {
        let gas = model(options);
        let found = drifts(&gas);
        for (worst, new) in drift.iter_mut().zip(found) {
            *worst = worse(*worst, new);
        }
    }
    let conserved = |k: usize, id, what: &str| {
        SUITE.row(
            id,
            format!(
                "{what} of the gas: 1/N⁰ constant, 1/N¹ and 1/N² stay 0 (upwind, spectral, plane, Hermite)"
            ),
            "(102), Corollary A.2",
            "0",
            (drift[k], Bound::AtMost(ROUNDING)),
            BY_ROUNDING,
        )
    };
    let mut rows = vec![
        conserved(0, "mass", "mass"),
        conserved(1, "momentum", "momentum"),
        conserved(2, "energy", "energy"),
    ];
    let reduced = against_kac();
    for (m, id) in ["kac-0", "kac-1", "kac-2"].into_iter().enumerate() {
        rows.push(SUITE.row(
            id,
            format!(
                "h constant (a hat wider than the box), any density: velocity marginal of f_(1,{m}) \
                 is that of the Kac model with time t/L"
            ),
            "table of App. A",
            "0",
            (reduced[m], Bound::AtMost(INTEGRATED)),
            "two integrations with a tolerance of 1e-12 per step",
        ));
    }
    rows
}

/// The largest change of mass, of a momentum component and of the energy over
/// the coefficients of f_{1,0}, f_{1,1}, f_{1,2}.
fn drifts(gas: &Povzner) -> [f64; 3] {
    let f = state(gas);
    let functional = |name: &str| Observable::named(gas, name).expect("a moment").first;
    let momenta: Vec<Vec<f64>> = ["vx", "vy"][..gas.velocity_dimension()]
        .iter()
        .map(|name| functional(name))
        .collect();
    let groups = [
        vec![gas.space().trace().to_vec()],
        momenta,
        vec![functional("energy")],
    ];
    let moment = |a: &[f64], f: &[f64]| a.iter().zip(f).map(|(a, f)| a * f).sum::<f64>();
    let mut out = [0.0; 3];
    for terms in coefficients(gas, f.clone(), (2, ANY), &[0.0, 0.4, 1.5]) {
        // The corrections must be there for their moments to say anything.
        assert!(terms.iter().all(|f| largest(f.iter().copied()) > 1e-6));
        for (worst, group) in out.iter_mut().zip(&groups) {
            for a in group {
                for (m, term) in terms.iter().enumerate() {
                    let before = if m == 0 { moment(a, &f) } else { 0.0 };
                    let size = largest(term.iter().copied()).max(1.0);
                    *worst = worse(*worst, (moment(a, term) - before).abs() / size);
                }
            }
        }
    }
    out
}

/// For each order the distance of the velocity marginal from the Kac model's.
fn against_kac() -> Vec<f64> {
    let gas = model(PovznerOptions {
        length: 1.6,
        range: Range::Hat { width: 2.0 },
        ..line(3)
    });
    let kac = Kac::lattice(2, 1.0, CrossSection::HardSphere).expect("a lattice");
    let velocity = [0.35, 0.1, 0.2, 0.05, 0.3];
    let density = gas.density_cosine(0.7).expect("in range");
    let f = gas.product_state(&density, &velocity).expect("in range");
    let times = [0.0, 0.8, 2.4];
    let found = coefficients(&gas, f, (2, 1e-12), &times);
    let mut settings = Settings::new(2, times.map(|t| t / 1.6).to_vec());
    settings.tolerance = 1e-12;
    let start = Start::Product {
        f: velocity.to_vec(),
    };
    let mut worst = vec![0.0; 3];
    solve(&kac, &start, &settings, |k, g| {
        let expected = g.marginals(1).swap_remove(1).0;
        for (m, expected) in expected.iter().enumerate().filter(|_| k > 0) {
            let mut marginal = vec![0.0; 5];
            for cell in found[k - 1][m].chunks(5) {
                marginal.iter_mut().zip(cell).for_each(|(sum, x)| *sum += x);
            }
            worst[m] = worse(worst[m], difference(&marginal, expected));
            assert!(
                largest(expected.iter().copied()) > 1e-3,
                "nothing to compare"
            );
        }
        Ok::<(), ExpansionError>(())
    })
    .expect("a regular expansion");
    worst
}
