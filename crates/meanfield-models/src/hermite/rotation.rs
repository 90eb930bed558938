//! From the relative velocity of a pair back to its two particles.
//!
//! One Cartesian component of a pair, h_a(u₁)h_b(u₂), is a sum of h_A(G)h_B(g), G = (u₁+u₂)/√2, g =
//! (u₁−u₂)/√2, with A + B = a + b: the Talmi–Moshinsky coefficients in one dimension,
//!
//! ```math
//! T^s_{aB} = 2^{-s/2} \sqrt{A!\,B!/(a!\,b!)} \cdot [y^B]\, (1+y)^a (1-y)^b, \qquad s = a+b = A+B,
//! ```
//!
//! an orthogonal matrix for each s. Since V acts on g alone, its entry between pairs with sums of
//! multi-indices s and s' is Σ_B T_{aB} W_{B,B+s'−s} T_{c,B+s'−s}.

use meanfield_abstract::{ModelError, PairEntry};

use super::VelocityBasis;
use super::relative::{Relative, Selection};
use crate::kac::LARGEST_COLLISION_LIST;
use crate::parameter::refused;

/// Entries below this share of the largest are the rounding of an exact zero.
const ROUNDING: f64 = 1e-15;

/// T^s_{aB} as `table[a][B]`, (s+1)×(s+1). The alternating sums are integers of at most s ≤ 120
/// bits: exact. Cost: s³.
pub(super) fn coefficients(s: usize) -> Vec<Vec<f64>> {
    let factorial: Vec<f64> = (0..=s)
        .scan(1.0, |value, n| {
            *value *= (n.max(1)) as f64;
            Some(*value)
        })
        .collect();
    let mut table = Vec::with_capacity(s + 1);
    for a in 0..=s {
        let mut polynomial = vec![1_i128];
        for k in 0..s {
            let sign = if k < a { 1 } else { -1 };
            polynomial.push(0);
            for i in (1..polynomial.len()).rev() {
                polynomial[i] += sign * polynomial[i - 1];
            }
        }
        let row = polynomial.iter().enumerate().map(|(b, &x)| {
            let ratio = factorial[s - b] * factorial[b] / (factorial[a] * factorial[s - a]);
            x as f64 * ratio.sqrt() * 2_f64.powf(-0.5 * s as f64)
        });
        table.push(row.collect());
    }
    table
}

/// Refuses a list that would be too long, before anything is allocated: at
/// most Σ (pairs of a class)² entries.
pub(super) fn require_size(basis: &VelocityBasis, selection: Selection) -> Result<(), ModelError> {
    let bound = entry_bound(basis, selection);
    if bound <= LARGEST_COLLISION_LIST {
        return Ok(());
    }
    refused(
        "degree",
        format!(
            "{}, which makes up to {bound} entries of V ({:.1} GiB)",
            basis.degree(),
            bound as f64 * BYTES_PER_ENTRY / f64::from(1 << 30)
        ),
        format!("a degree with at most {LARGEST_COLLISION_LIST}"),
    )
}

/// What an entry takes while the list is made and sorted.
const BYTES_PER_ENTRY: f64 = 80.0;

/// An upper bound of the number of entries of V. Cost: D².
fn entry_bound(basis: &VelocityBasis, selection: Selection) -> usize {
    let mut pairs = vec![0_usize; 8 * (2 * basis.degree() + 2)];
    for a in basis.indices() {
        for b in basis.indices() {
            pairs[selection.class(&add(a, b))] += 1;
        }
    }
    pairs
        .iter()
        .fold(0_usize, |sum, n| sum.saturating_add(n.saturating_mul(*n)))
}

/// The pairs of particle indices whose multi-indices sum to s.
struct Sum {
    s: [usize; 3],
    /// Ranks (a, b).
    pairs: Vec<(usize, usize)>,
    /// Π_k T^{s_k}_{a_k,B_k} for every pair and every B ≤ s, B in mixed radix.
    table: Vec<Vec<f64>>,
}

/// The entries of V on pairs of degree ≤ M each. Cost: Σ (pairs with sum s)·(pairs with sum
/// s')·Π(s_k+1).
pub(super) fn assemble(
    basis: &VelocityBasis,
    relative: &Relative,
    selection: Selection,
) -> Vec<PairEntry<f64>> {
    let sums = sums(basis);
    let mut entries = Vec::new();
    for row in &sums {
        for column in &sums {
            if !selection.allows(&row.s, &column.s) {
                continue;
            }
            let terms = terms(relative, &row.s, &column.s);
            if terms.is_empty() {
                continue;
            }
            for (&(a, b), left) in row.pairs.iter().zip(&row.table) {
                for (&(c, d), right) in column.pairs.iter().zip(&column.table) {
                    let value: f64 = terms.iter().map(|&(i, k, w)| left[i] * right[k] * w).sum();
                    if value != 0.0 {
                        entries.push(PairEntry { a, b, c, d, value });
                    }
                }
            }
        }
    }
    let largest = entries.iter().fold(0.0_f64, |m, e| m.max(e.value.abs()));
    entries.retain(|e| e.value.abs() > ROUNDING * largest);
    entries
}

fn sums(basis: &VelocityBasis) -> Vec<Sum> {
    let tables: Vec<_> = (0..=2 * basis.degree()).map(coefficients).collect();
    let side = 2 * basis.degree() + 1;
    let mut at = std::collections::BTreeMap::<usize, Sum>::new();
    for (first, a) in basis.indices().iter().enumerate() {
        for (second, b) in basis.indices().iter().enumerate() {
            let s = add(a, b);
            let key = (s[0] * side + s[1]) * side + s[2];
            let sum = at.entry(key).or_insert_with(|| Sum {
                s,
                pairs: Vec::new(),
                table: Vec::new(),
            });
            sum.pairs.push((first, second));
            let row = below(&s)
                .map(|index| (0..3).map(|k| tables[s[k]][a[k]][index[k]]).product())
                .collect();
            sum.table.push(row);
        }
    }
    at.into_values().collect()
}

/// (place of B below s, place of B+s'−s below s', W) where W is not zero.
fn terms(relative: &Relative, s: &[usize; 3], other: &[usize; 3]) -> Vec<(usize, usize, f64)> {
    let shifted = |index: &[usize; 3]| {
        let mut out = [0; 3];
        for k in 0..3 {
            out[k] = (index[k] + other[k]).checked_sub(s[k])?;
        }
        Some(out)
    };
    let mut out = Vec::new();
    for (place, index) in below(s).enumerate() {
        let Some(image) = shifted(&index) else {
            continue;
        };
        let ranks = (relative.basis.rank(index), relative.basis.rank(image));
        let (Some(row), Some(column)) = ranks else {
            continue;
        };
        let value = relative.matrix[[row, column]];
        if value != 0.0 {
            let radix = (image[0] * (other[1] + 1) + image[1]) * (other[2] + 1) + image[2];
            out.push((place, radix, value));
        }
    }
    out
}

/// Every multi-index B ≤ s, the last component fastest.
fn below(s: &[usize; 3]) -> impl Iterator<Item = [usize; 3]> + use<> {
    let s = *s;
    (0..=s[0]).flat_map(move |x| (0..=s[1]).flat_map(move |y| (0..=s[2]).map(move |z| [x, y, z])))
}

fn add(a: &[usize; 3], b: &[usize; 3]) -> [usize; 3] {
    std::array::from_fn(|k| a[k] + b[k])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_the_rotation_of_a_pair_is_orthogonal_at_every_degree() {
        for s in [0, 1, 2, 3, 7, 20, 60, 120] {
            let t = coefficients(s);
            for a in 0..=s {
                for c in 0..=s {
                    let product: f64 = t[a].iter().zip(&t[c]).map(|(x, y)| x * y).sum();
                    let expected = f64::from(u8::from(a == c));
                    // Sums of s+1 products with rounded square roots.
                    assert!(
                        (product - expected).abs() < 1e-13,
                        "{s}: {a}, {c}: {product}"
                    );
                }
            }
        }
    }

    #[test]
    fn validate_products_of_hermite_functions_at_a_point() {
        use crate::hermite::basis::functions;
        let (x, y) = (0.7, -1.3);
        let root = 0.5_f64.sqrt();
        let (one, two) = (functions(x, 9), functions(y, 9));
        let (sum, difference) = (functions(root * (x + y), 9), functions(root * (x - y), 9));
        for s in 0..=9 {
            let t = coefficients(s);
            for a in 0..=s {
                let rotated: f64 = (0..=s).map(|b| t[a][b] * sum[s - b] * difference[b]).sum();
                assert!((rotated - one[a] * two[s - a]).abs() < 1e-13);
            }
        }
    }
}
