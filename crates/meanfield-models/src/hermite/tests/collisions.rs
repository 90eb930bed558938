//! Collisions against plain integrals over velocities, and what they keep.

use meanfield_abstract::PairEntry;

use super::{ROUNDING, SECTIONS, basis};
use crate::hermite::quadrature::{Rule, sphere};
use crate::hermite::{VelocityBasis, along, averaged, direction_averaged, mean_rate};
use crate::kac::CrossSection;

/// Integrals over ten standard deviations by a few dozen nodes.
const QUADRATURE: f64 = 1e-10;

/// Σ p(v_a, v_b) V_{ab,cd} over (a, b) for p = p₁⊗p₂, as a vector over (c, d).
fn left_action(entries: &[PairEntry<f64>], size: usize, p: &[(Vec<f64>, Vec<f64>)]) -> f64 {
    let mut out = vec![0.0; size * size];
    for e in entries {
        for (one, two) in p {
            out[e.c * size + e.d] += one[e.a] * two[e.b] * e.value;
        }
    }
    out.iter().fold(0.0_f64, |m, x| m.max(x.abs()))
}

fn every_operator(b: &VelocityBasis, section: CrossSection) -> Vec<Vec<PairEntry<f64>>> {
    let n = match b.dimension() {
        1 => vec![-1.0],
        2 => vec![0.6, -0.8],
        _ => vec![2.0 / 3.0, -1.0 / 3.0, 2.0 / 3.0],
    };
    vec![
        averaged(b, section).unwrap(),
        along(b, section, &n).unwrap(),
        direction_averaged(b, section).unwrap(),
    ]
}

#[test]
fn law_mass_momentum_energy_and_exchange_are_kept_at_every_degree() {
    for (d, degrees) in [(1, 0..=6), (2, 0..=4), (3, 0..=2)] {
        for degree in degrees {
            for section in SECTIONS {
                let b = basis(d, degree, 0.7);
                for entries in every_operator(&b, section) {
                    invariants(&b, &entries);
                }
            }
        }
    }
}

fn invariants(b: &VelocityBasis, entries: &[PairEntry<f64>]) {
    let (d, size) = (b.dimension(), b.len());
    let scale = entries.iter().fold(1.0_f64, |m, e| m.max(e.value.abs()));
    let one = b.polynomial(&[(1.0, [0; 3])]).unwrap();
    assert_eq!(
        left_action(entries, size, &[(one.clone(), one.clone())]),
        0.0
    );
    let sum = |p: Vec<f64>| [(p.clone(), one.clone()), (one.clone(), p)];
    for k in 0..d {
        let unit = std::array::from_fn(|i| usize::from(i == k));
        if let Some(v) = b.polynomial(&[(1.0, unit)]) {
            assert!(left_action(entries, size, &sum(v)) < ROUNDING * scale);
        }
    }
    let energy: Vec<(f64, [usize; 3])> = (0..d)
        .map(|k| (1.0, std::array::from_fn(|i| if i == k { 2 } else { 0 })))
        .collect();
    if let Some(energy) = b.polynomial(&energy) {
        assert!(left_action(entries, size, &sum(energy)) < ROUNDING * scale);
        assert!(!entries.is_empty(), "a collision must do something");
    }
    let table: std::collections::BTreeMap<_, _> = entries
        .iter()
        .map(|e| ((e.a, e.b, e.c, e.d), e.value))
        .collect();
    assert_eq!(table.len(), entries.len(), "an entry twice");
    for (&(a, b, c, d), value) in &table {
        assert_eq!(table.get(&(b, a, d, c)), Some(value), "exchange");
        let mirror = table.get(&(c, d, a, b)).copied().unwrap_or(0.0);
        assert!(
            (mirror - value).abs() < ROUNDING * scale,
            "detailed balance"
        );
    }
}

/// ⟨h_a⊗h_b, V h_c⊗h_d⟩ for every γ and every (a, b, c, d), as integrals over V = (v₁+v₂)/2
/// (Gauss–Hermite) and w (polar, r = x², Legendre on x: smooth when 2γ is an integer), at the
/// direction n or for the mean over all.
fn by_integration(
    b: &VelocityBasis,
    n: Option<[f64; 3]>,
    gammas: &[f64],
    picks: &[[usize; 4]],
) -> Vec<Vec<f64>> {
    let (d, t) = (b.dimension(), b.temperature());
    let centre = b.grid(2 * b.degree() + 1).unwrap();
    let radial = Rule::uniform(45).unwrap();
    let directions = sphere(d, 4 * b.degree() + 4).unwrap();
    // w has variance 2T in each component; ten standard deviations.
    let reach = (10.0 * (2.0 * t).sqrt()).sqrt();
    let surface = [2.0, std::f64::consts::TAU, 2.0 * std::f64::consts::TAU][d - 1];
    let dot = |a: [f64; 3], b: [f64; 3]| -> f64 { (0..3).map(|k| a[k] * b[k]).sum() };
    let pair = |v: [f64; 3], w: [f64; 3]| {
        [1.0, -1.0].map(|sign| {
            let mut values = vec![0.0; b.len()];
            let u = std::array::from_fn(|k| (v[k] + 0.5 * sign * w[k]) / t.sqrt());
            b.fill(u, &mut values);
            values
        })
    };
    let mut total = vec![vec![0.0; picks.len()]; gammas.len()];
    centre.visit(b, |weight, u, _| {
        let v = u.map(|x| x * (0.5 * t).sqrt());
        for (x, wx) in radial.nodes.iter().zip(&radial.weights) {
            let x = 0.5 * reach * (x + 1.0);
            let r = x * x;
            let gauss = (-r * r / (4.0 * t)).exp();
            let density = gauss / (2.0 * std::f64::consts::TAU * t).powf(0.5 * d as f64);
            let measure = weight * wx * reach * 2.0 * x * r.powi(d as i32 - 1) * surface * density;
            let at: Vec<_> = directions
                .iter()
                .map(|(e, _)| pair(v, e.map(|x| r * x)))
                .collect();
            let mean = |a: usize, b: usize| -> f64 {
                let terms = at.iter().zip(&directions);
                terms.map(|(h, (_, w))| w * h[0][a] * h[1][b]).sum()
            };
            let means: Vec<f64> = picks.iter().map(|p| mean(p[0], p[1])).collect();
            for (h, (e, w)) in at.iter().zip(&directions) {
                let (image, rate) = match n {
                    None => (None, r),
                    Some(n) => {
                        let normal = dot(n, *e);
                        let turned = std::array::from_fn(|k| r * (e[k] - 2.0 * normal * n[k]));
                        (Some(pair(v, turned)), r * normal.abs())
                    }
                };
                for (k, &[a, b, c, d]) in picks.iter().enumerate() {
                    let after = image.as_ref().map_or(means[k], |h| h[0][a] * h[1][b]);
                    let change = h[0][c] * h[1][d] * (after - h[0][a] * h[1][b]);
                    for (row, gamma) in total.iter_mut().zip(gammas) {
                        row[k] += measure * w * rate.powf(*gamma) * change;
                    }
                }
            }
        }
    });
    total
}

fn entry(entries: &[PairEntry<f64>], [a, b, c, d]: [usize; 4]) -> f64 {
    let at = |e: &&PairEntry<f64>| (e.a, e.b, e.c, e.d) == (a, b, c, d);
    entries.iter().find(at).map_or(0.0, |e| e.value)
}

/// Dimension, degree, a direction, entries (a, b, c, d) to look at.
fn picks() -> Vec<(usize, usize, [f64; 3], Vec<[usize; 4]>)> {
    let third = 1.0 / 3.0;
    vec![
        (
            1,
            4,
            [1.0, 0.0, 0.0],
            vec![[1, 2, 2, 1], [4, 0, 2, 2], [3, 1, 1, 1], [2, 1, 3, 0]],
        ),
        (
            2,
            3,
            [0.6, -0.8, 0.0],
            vec![
                [1, 1, 3, 0],
                [3, 5, 4, 4],
                [6, 0, 1, 3],
                [7, 2, 4, 2],
                [4, 0, 1, 2],
            ],
        ),
        (
            3,
            2,
            [2.0 * third, -third, 2.0 * third],
            vec![[4, 0, 7, 0], [1, 1, 4, 0], [5, 5, 4, 7], [1, 2, 5, 0]],
        ),
    ]
}

#[test]
fn validate_isotropic_collisions_against_an_integral_over_velocities() {
    let gammas = SECTIONS.map(|section| section.exponent().unwrap());
    let mut seen = 0.0_f64;
    for (d, degree, _, picks) in picks() {
        let b = basis(d, degree, 0.8);
        let expected = by_integration(&b, None, &gammas, &picks);
        for (section, row) in SECTIONS.iter().zip(expected) {
            let entries = averaged(&b, *section).unwrap();
            for (pick, expected) in picks.iter().zip(row) {
                let found = entry(&entries, *pick);
                seen = seen.max(found.abs());
                assert!(
                    (found - expected).abs() < QUADRATURE,
                    "{d}: {pick:?}: {found} {expected}"
                );
            }
        }
    }
    assert!(seen > 0.1);
}

#[test]
fn validate_collisions_at_a_direction_against_an_integral_over_velocities() {
    // Only even γ: |n·w|^γ has a kink in polar coordinates, and γ = 1 is covered by the mean over
    // n.
    let gammas = [0.0, 2.0];
    for (d, degree, n, picks) in picks() {
        let b = basis(d, degree, 0.8);
        let expected = by_integration(&b, Some(n), &gammas, &picks);
        for (gamma, row) in gammas.into_iter().zip(expected) {
            let entries = along(&b, CrossSection::Power(gamma), &n[..d]).unwrap();
            for (pick, expected) in picks.iter().zip(row) {
                let found = entry(&entries, *pick);
                assert!(
                    (found - expected).abs() < QUADRATURE,
                    "{d}: {pick:?}: {found} {expected}"
                );
            }
        }
    }
}

fn distance(left: &[PairEntry<f64>], right: &[PairEntry<f64>], factor: f64) -> f64 {
    let mut table = std::collections::BTreeMap::new();
    for e in left {
        *table.entry((e.a, e.b, e.c, e.d)).or_insert(0.0) += e.value;
    }
    for e in right {
        *table.entry((e.a, e.b, e.c, e.d)).or_insert(0.0) -= factor * e.value;
    }
    table.values().fold(0.0_f64, |m, x| m.max(x.abs()))
}

#[test]
fn validate_the_mean_over_directions_against_isotropic_scattering() {
    // The outgoing direction is uniform for γ = d − 2.
    for (d, degree, gamma) in [(2, 4, 0.0), (3, 2, 1.0)] {
        let (b, section) = (basis(d, degree, 1.2), CrossSection::Power(gamma));
        let (one, two) = (direction_averaged(&b, section), averaged(&b, section));
        let rate = mean_rate(d, gamma);
        assert!(distance(&one.unwrap(), &two.unwrap(), rate) < ROUNDING * 10.0);
    }
    assert!((mean_rate(3, 1.0) - 0.5).abs() < ROUNDING);
    assert!((mean_rate(2, 1.0) - 2.0 / std::f64::consts::PI).abs() < ROUNDING);
    // On the line the one direction exchanges the velocities; the mean does so half of the time.
    for section in SECTIONS {
        let b = basis(1, 5, 0.9);
        let (one, two) = (along(&b, section, &[1.0]), averaged(&b, section));
        assert!(distance(&one.unwrap(), &two.unwrap(), 2.0) < ROUNDING * 100.0);
        // Elsewhere the two differ.
        let b = basis(3, 2, 0.9);
        let (one, two) = (direction_averaged(&b, section), averaged(&b, section));
        let differ = distance(
            &one.unwrap(),
            &two.unwrap(),
            mean_rate(3, section.exponent().unwrap()),
        );
        assert_eq!(differ > 1e-3, section.exponent().unwrap() != 1.0);
    }
}

#[test]
fn law_a_higher_degree_contains_the_lower_ones() {
    // Compression, not truncation of the integrals: the entries between low functions do not depend
    // on M.
    for section in SECTIONS {
        let (low, high) = (basis(2, 2, 1.1), basis(2, 4, 1.1));
        let (one, all) = (
            averaged(&low, section).unwrap(),
            averaged(&high, section).unwrap(),
        );
        let inside: Vec<_> = all
            .into_iter()
            .filter(|e| [e.a, e.b, e.c, e.d].iter().all(|&i| i < low.len()))
            .collect();
        assert!(distance(&one, &inside, 1.0) < ROUNDING * 10.0);
    }
}
