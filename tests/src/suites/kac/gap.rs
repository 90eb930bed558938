//! The spectral gap of the exact generator of Kac's caricature.
//!
//! The generator keeps the total Hermite degree n, so on symmetric functions it is a matrix over
//! the partitions of n: with y_λ = ⟨h_{λ1}(v₁) h_{λ2}(v₂) …⟩,
//!
//! > y_λ' = (1/N) Σ_{i<j≤N} Σ_{cd} V_{λ_i λ_j, cd} y_{λ with i→c, j→d},
//!
//! where slots beyond the parts of λ hold 0. With weights √(number of arrangements) it is
//! symmetric.

use std::collections::BTreeMap;

use meanfield::models::kac::Caricature;
use meanfield::prelude::Model;
use meanfield::tensor::linalg;
use meanfield_testing::worse;
use ndarray::Array2;

use super::row;
use crate::verify::{Bound, Row};

/// Highest total degree looked at.
const DEGREE: usize = 8;

/// V as images: (a, b) → the list of (c, d, V_{ab,cd}).
type Table = BTreeMap<(usize, usize), Vec<(usize, usize, f64)>>;

/// The partitions of n with at most `parts` parts, each decreasing.
fn partitions(n: usize, parts: usize, largest: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![Vec::new()];
    }
    if parts == 0 {
        return Vec::new();
    }
    (1..=n.min(largest))
        .rev()
        .flat_map(|first| {
            let rest = partitions(n - first, parts - 1, first);
            rest.into_iter().map(move |mut tail| {
                tail.insert(0, first);
                tail
            })
        })
        .collect()
}

fn sorted(mut parts: Vec<usize>) -> Vec<usize> {
    parts.retain(|&p| p > 0);
    parts.sort_unstable_by(|a, b| b.cmp(a));
    parts
}

/// The number of ways N slots can hold the parts.
fn arrangements(lambda: &[usize], particles: usize) -> f64 {
    let mut value = 1.0;
    let mut seen: BTreeMap<usize, usize> = BTreeMap::new();
    for (k, &part) in lambda.iter().enumerate() {
        let count = seen.entry(part).or_default();
        *count += 1;
        value *= (particles - k) as f64 / *count as f64;
    }
    value
}

/// The eigenvalues on total degree n, and the defect of symmetry.
fn spectrum(table: &Table, n: usize, particles: usize) -> (Vec<f64>, f64) {
    let basis = partitions(n, particles, n);
    let place: BTreeMap<_, _> = basis.iter().cloned().zip(0..).collect();
    let size: usize = basis.len();
    let mut matrix = Array2::<f64>::zeros((size, size));
    for (column, lambda) in basis.iter().enumerate() {
        let k = lambda.len();
        // Pairs of parts, then a part with one of the N−k empty slots.
        let inner = (0..k).flat_map(|i| (i + 1..k).map(move |j| (i, j, 1.0)));
        let outer = (0..k).map(|i| (i, k, (particles - k) as f64));
        for (i, j, count) in inner.chain(outer) {
            let other = lambda.get(j).copied().unwrap_or(0);
            for &(c, d, value) in table.get(&(lambda[i], other)).into_iter().flatten() {
                let mut image = lambda.clone();
                image[i] = c;
                if j < k {
                    image[j] = d;
                } else {
                    image.push(d);
                }
                let Some(&row) = place.get(&sorted(image)) else {
                    continue;
                };
                let weight = arrangements(lambda, particles) / arrangements(&basis[row], particles);
                matrix[[column, row]] += count * value * weight.sqrt() / particles as f64;
            }
        }
    }
    let defect = (&matrix - &matrix.t())
        .iter()
        .fold(0.0, |m, x| worse(m, x.abs()));
    let values = linalg::eigh(matrix.view()).map_or_else(|_| vec![f64::NAN], |(v, _)| v.to_vec());
    (values, defect)
}

/// The row of this file.
pub(super) fn rows(quick: bool) -> Vec<Row> {
    let model = Caricature::new(DEGREE, 1.0).expect("a degree");
    let mut table = Table::new();
    if let Some(entries) = model.interaction().pair_entries() {
        entries.for_each_pair_entry(&mut |a, b, c, d, value| {
            table.entry((a, b)).or_default().push((c, d, value));
        });
    }
    let particles: &[usize] = if quick {
        &[2, 3, 10]
    } else {
        &[2, 3, 10, 100, 10_000]
    };
    let mut found = 0.0;
    for &n in particles {
        let mut least = f64::INFINITY;
        for degree in 1..=DEGREE {
            let (values, defect) = spectrum(&table, degree, n);
            found = worse(found, defect);
            for value in values {
                // Zero is the constant on the spheres of energy, in even degrees.
                if value.abs() > 1e-9 {
                    least = least.min(-value);
                }
                found = worse(found, value.max(0.0));
            }
        }
        let claimed = (n as f64 + 2.0) / (4.0 * n as f64);
        found = worse(found, (least - claimed).abs());
    }
    vec![row(
        "caricature-gap",
        format!("caricature: gap of the exact generator is (N+2)/(4N), degrees 1 to {DEGREE}"),
        "theory, section 5",
        "0",
        found,
        Bound::AtMost(1e-12),
        "rounding of an eigenvalue of a symmetric 22×22 matrix",
    )]
}
