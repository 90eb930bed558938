//! Taylor coefficients in t, in rational numbers: those of the cumulants are
//! those of N particles, to every order in 1/N.
//!
//! The coefficient of t^k in F_1^N is a polynomial in 1/N of degree k at most,
//! by (94): each time derivative brings one factor 1/N, and the starts tried
//! here bring none (for fixed counts, of (N)_j N^{−j} F_j). So k+1 values of N
//! determine it.

use meanfield_abstract::problems::Noise;
use num_rational::BigRational;
use num_traits::{FromPrimitive, One, Zero};

use super::model::{Arrays, draw, eighths};
use super::polynomial::{EPSILON, Polynomial, factorials};
use super::{cumulants, n_body};

type Rational = BigRational;

fn fraction(numerator: usize, denominator: usize) -> Rational {
    let whole = |n| Rational::from_usize(n).unwrap();
    whole(numerator) / whole(denominator)
}

/// The exponents of the variables with the given indices, times ε^l.
fn exponents(indices: &[usize], l: usize) -> [u8; EPSILON + 1] {
    let mut out = [0; EPSILON + 1];
    for &a in indices {
        out[a] += 1;
    }
    out[EPSILON] = l as u8;
    out
}

/// The coefficients of the polynomial through the points (x_i, v_i), by
/// Newton's divided differences.
fn interpolate(x: &[Rational], v: &[Rational]) -> Vec<Rational> {
    let n = x.len();
    let mut differences = v[..n].to_vec();
    for step in 1..n {
        for i in (step..n).rev() {
            let rise = &differences[i] - &differences[i - 1];
            differences[i] = rise / (&x[i] - &x[i - step]);
        }
    }
    let mut out = vec![Rational::zero(); n];
    for i in (0..n).rev() {
        // out ← out·(x − x_i) + differences[i].
        for m in (0..n).rev() {
            let below = if m > 0 {
                out[m - 1].clone()
            } else {
                Rational::zero()
            };
            out[m] = below - &out[m] * &x[i];
        }
        out[0] += &differences[i];
    }
    out
}

/// Where the exact marginals come from: N and the state's Taylor coefficients.
type Exact = Vec<(usize, Vec<Polynomial<Rational>>)>;

/// F_1 of N particles, interpolated in 1/N, is F_1 of the cumulants: every
/// coefficient t^k N^{−m}, m ≤ k < `terms`. All values of N beyond the k+1
/// first are predicted by these.
fn first_marginals_agree(arrays: &Arrays<Rational>, exact: &Exact, w: &[Polynomial<Rational>]) {
    let inverse: Vec<Rational> = exact.iter().map(|&(n, _)| fraction(1, n)).collect();
    for (k, w) in w.iter().enumerate() {
        let mut leading = Rational::zero();
        for a in 0..arrays.dimension() {
            let marginal = |(n, p): &(usize, Vec<_>)| n_body::marginal(arrays, &p[k], *n, &[a]);
            let values: Vec<Rational> = exact.iter().map(marginal).collect();
            let coefficients = interpolate(&inverse[..=k], &values[..=k]);
            for (x, value) in inverse.iter().zip(&values).skip(k + 1) {
                let terms = coefficients.iter().rev();
                let predicted = terms.fold(Rational::zero(), |sum, c| c + sum * x);
                assert_eq!(&predicted, value, "degree in 1/N above {k} at t^{k}");
            }
            for (m, c) in coefficients.iter().enumerate() {
                assert_eq!(
                    &w.coefficient(&exponents(&[a], m)),
                    c,
                    "t^{k} N^-{m}, entry {a}"
                );
            }
            leading += &coefficients[k] * &coefficients[k];
        }
        // The degree k is reached: the test is about every power of 1/N.
        assert!(arrays.dimension() == 1 || !leading.is_zero(), "t^{k}");
    }
}

/// The Taylor coefficients of G_j\[indices\] at N: a polynomial in 1/N each.
fn cumulant(w: &[Polynomial<Rational>], n: usize, indices: &[usize]) -> Vec<Rational> {
    let x = fraction(1, n);
    let power = |m: usize| (0..m).fold(Rational::one(), |p, _| p * &x);
    // From independent particles no power of ε is above that of t.
    let at = |(k, w): (usize, &Polynomial<Rational>)| {
        (0..=k).fold(Rational::zero(), |sum, l| {
            let p = exponents(indices, l);
            let value = w.coefficient(&p) * factorials::<Rational>(&p);
            sum + value * power(indices.len() - 1 + l)
        })
    };
    w.iter().enumerate().map(at).collect()
}

fn product(a: &[Rational], b: &[Rational]) -> Vec<Rational> {
    let at = |k: usize| (0..=k).fold(Rational::zero(), |sum, i| sum + &a[i] * &b[k - i]);
    (0..a.len()).map(at).collect()
}

fn sum(terms: &[Vec<Rational>]) -> Vec<Rational> {
    let at = |k: usize| terms.iter().fold(Rational::zero(), |sum, x| sum + &x[k]);
    (0..terms[0].len()).map(at).collect()
}

/// F_2 = G_2 + G_1⊗G_1 and F_3 = G_3 + G_2⊗G_1 (thrice) + G_1⊗G_1⊗G_1 at every
/// N, entry by entry.
fn higher_marginals_agree(arrays: &Arrays<Rational>, exact: &Exact, w: &[Polynomial<Rational>]) {
    let d = arrays.dimension();
    for (n, p) in exact.iter().filter(|(n, _)| *n >= 3) {
        let g = |indices: &[usize]| cumulant(w, *n, indices);
        let found = |indices: &[usize]| -> Vec<Rational> {
            p.iter()
                .map(|p| n_body::marginal(arrays, p, *n, indices))
                .collect()
        };
        for a in 0..d {
            for b in a..d {
                let pair = sum(&[g(&[a, b]), product(&g(&[a]), &g(&[b]))]);
                assert_eq!(found(&[a, b]), pair, "F_2[{a},{b}] at N = {n}");
                for c in b..d {
                    let triple = sum(&[
                        g(&[a, b, c]),
                        product(&g(&[a, b]), &g(&[c])),
                        product(&g(&[b, c]), &g(&[a])),
                        product(&g(&[a, c]), &g(&[b])),
                        product(&product(&g(&[a]), &g(&[b])), &g(&[c])),
                    ]);
                    assert_eq!(found(&[a, b, c]), triple, "F_3[{a},{b},{c}] at N = {n}");
                }
            }
        }
    }
}

/// From F^{⊗N}, to t^`highest` and so to order `highest` in 1/N.
fn independent_particles(d: usize, highest: usize, seed: u64) {
    let arrays = Arrays::random(d, seed, false);
    let f = arrays.state(seed + 1);
    let start = cumulants::product_start(&f);
    let w = cumulants::taylor(&arrays, start, highest, highest + 1);
    let exact: Exact = (1..=highest + 2)
        .map(|n| {
            let start = n_body::product_start(&f, n);
            (n, n_body::taylor(&arrays, start, n, highest + 1))
        })
        .collect();
    first_marginals_agree(&arrays, &exact, &w);
    higher_marginals_agree(&arrays, &exact, &w);
}

#[test]
fn law_cumulants_are_those_of_n_independent_particles_to_order_eight() {
    for seed in [1, 2, 3] {
        independent_particles(2, 8, seed);
    }
}

#[test]
fn law_cumulants_are_those_of_n_independent_particles_of_more_states() {
    independent_particles(1, 4, 4);
    independent_particles(3, 6, 5);
    independent_particles(4, 4, 6);
}

/// From fixed counts in the ratio `parts`, with N the multiples of their sum.
fn fixed_counts(parts: &[usize], highest: usize, seed: u64) {
    let arrays = Arrays::random(parts.len(), seed, true);
    let whole: usize = parts.iter().sum();
    let x: Vec<Rational> = parts.iter().map(|&n| fraction(n, whole)).collect();
    let start = cumulants::fixed_counts_start(&x, highest);
    let w = cumulants::taylor(&arrays, start, highest, highest + 1);
    let exact: Exact = (1..=highest + 2)
        .map(|times| {
            let counts: Vec<usize> = parts.iter().map(|n| n * times).collect();
            let (n, start) = (times * whole, n_body::fixed_counts_start(&counts));
            (n, n_body::taylor(&arrays, start, n, highest + 1))
        })
        .collect();
    first_marginals_agree(&arrays, &exact, &w);
}

#[test]
fn law_cumulants_are_those_of_n_particles_with_fixed_counts() {
    fixed_counts(&[1, 2], 6, 7);
    fixed_counts(&[2, 1], 6, 8);
    fixed_counts(&[1, 1, 1], 4, 9);
}

/// Σ_k c_k t^k of cos^p(2t/N): u = cos^p satisfies u' cos = p cos' u.
fn power_of_cosine(p: usize, n: usize, terms: usize) -> Vec<Rational> {
    let speed = fraction(2, n);
    let mut cosine = vec![Rational::one()];
    let mut term = Rational::one();
    for k in 1..terms {
        term = term * &speed / fraction(k, 1);
        cosine.push(match k % 4 {
            0 => term.clone(),
            2 => -term.clone(),
            _ => Rational::zero(),
        });
    }
    let mut out = vec![Rational::one()];
    for k in 1..terms {
        // k u_k = Σ_i (p i − (k − i)) cos_i u_{k−i}.
        let sum = (1..=k).fold(Rational::zero(), |sum, i| {
            let weight = fraction(p * i, 1) - fraction(k - i, 1);
            sum + weight * &cosine[i] * &out[k - i]
        });
        out.push(sum / fraction(k, 1));
    }
    out
}

#[test]
fn validate_one_axis_twisting_to_order_eight() {
    let (arrays, terms) = (Arrays::one_axis_twisting(), 9);
    let half = fraction(1, 2);
    // All along x: F = ½(1 + σx).
    let f = [
        half.clone(),
        half.clone(),
        Rational::zero(),
        Rational::zero(),
    ];
    let start = cumulants::product_start(&f);
    let w = cumulants::taylor(&arrays, start, terms - 1, terms);
    for n in 1..=terms {
        let found = cumulant(&w, n, &[1]);
        let expected = power_of_cosine(n - 1, n, terms);
        // F = ½(1 + ⟨σx⟩σx + …).
        for (k, (x, y)) in found.iter().zip(&expected).enumerate() {
            assert_eq!(*x, y * &half, "t^{k} at N = {n}");
        }
    }
}

#[test]
fn law_interpolation_returns_a_polynomial() {
    let mut noise = Noise::new(1);
    let c: Vec<Rational> = (0..5).map(|_| draw(&mut noise, 8)).collect();
    let x: Vec<Rational> = (1..=5).map(eighths).collect();
    let at = |x: &Rational| c.iter().rev().fold(Rational::zero(), |s, c| c + s * x);
    let v: Vec<Rational> = x.iter().map(at).collect();
    assert_eq!(interpolate(&x, &v), c);
}
