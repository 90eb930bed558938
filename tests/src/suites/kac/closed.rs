//! The closed moments of Kac's caricature at every N, integrated on their own.
//!
//! With L = (1/N) Σ_{i<j} (A_ij − 1), A_ij the mean over rotations of (v_i, v_j), and r² = v₁² +
//! v₂²,
//!
//! > A₁₂ v₁⁴ = ⅜r⁴, A₁₂ v₁²v₂² = ⅛r⁴, A₁₂ v₁⁶ = (5/16) r⁶, A₁₂ v₁⁴v₂² = (1/16) r⁶, A₁₃ v₁² = ½(v₁² + v₃²).
//!
//! So m4 = ⟨v₁⁴⟩ and m22 = ⟨v₁²v₂²⟩ close, and m6, m42, m222; with x = 1/N the equations are
//! linear in x, and the same arithmetic on truncated series gives the expansion.

use meanfield::prelude::Series;

/// y' = (A + x B) y with x = 1/N.
pub(super) struct Hierarchy {
    /// A, the limit.
    limit: Vec<Vec<f64>>,
    /// B, the coefficient of 1/N.
    first: Vec<Vec<f64>>,
}

/// (m4, m22): m4' = (1−x)(¾m22 − ¼m4), m22' = x(¼m4 − ¾m22).
pub(super) fn fourth() -> Hierarchy {
    Hierarchy {
        limit: vec![vec![-0.25, 0.75], vec![0.0, 0.0]],
        first: vec![vec![0.25, -0.75], vec![0.25, -0.75]],
    }
}

/// (m6, m42, m222): m6' = (1−x)(−⅜m6 + (15/8)m42), m42' = x(⅛m6 − ⅝m42) +
/// (1−2x)(−¼m42 + ¾m222), m222' = 3x(¼m42 − ¾m222).
pub(super) fn sixth() -> Hierarchy {
    Hierarchy {
        limit: vec![
            vec![-0.375, 1.875, 0.0],
            vec![0.0, -0.25, 0.75],
            vec![0.0, 0.0, 0.0],
        ],
        first: vec![
            vec![0.375, -1.875, 0.0],
            vec![0.125, -0.625 + 0.5, -1.5],
            vec![0.0, 0.75, -2.25],
        ],
    }
}

/// Terms of a Taylor step and the length of a step: rates are at most 3, so
/// the last term is below 1e-30.
const TERMS: usize = 24;
const STEP: f64 = 0.125;

impl Hierarchy {
    /// The moments at time t of N particles.
    pub(super) fn at(&self, n: usize, start: &[f64], t: f64) -> Vec<f64> {
        let x = 1.0 / n as f64;
        let entry = |i: usize, k: usize| Series::new(vec![self.limit[i][k] + x * self.first[i][k]]);
        let moments = evolve(entry, start, 1, t);
        moments.iter().map(|m| m.coefficients()[0]).collect()
    }

    /// The moments at time t as series in 1/N with `terms` coefficients.
    pub(super) fn series(&self, terms: usize, start: &[f64], t: f64) -> Vec<Series> {
        let entry = |i: usize, k: usize| {
            let mut c = vec![0.0; terms];
            c[0] = self.limit[i][k];
            if terms > 1 {
                c[1] = self.first[i][k];
            }
            Series::new(c)
        };
        evolve(entry, start, terms, t)
    }
}

/// e^{tM} start with M in the ring of truncated series, by Taylor steps.
fn evolve(
    entry: impl Fn(usize, usize) -> Series,
    start: &[f64],
    terms: usize,
    t: f64,
) -> Vec<Series> {
    let size = start.len();
    let mut y: Vec<Series> = start.iter().map(|&v| Series::constant(v, terms)).collect();
    let steps = (t / STEP).ceil().max(1.0);
    let h = t / steps;
    for _ in 0..steps as usize {
        let mut term = y.clone();
        for power in 1..=TERMS {
            let image = |i: usize| {
                let products = (0..size).map(|k| &entry(i, k) * &term[k]);
                products.fold(Series::constant(0.0, terms), |sum, p| &sum + &p)
            };
            term = (0..size)
                .map(|i| image(i).scaled(h / power as f64))
                .collect();
            for (y, term) in y.iter_mut().zip(&term) {
                *y = &*y + term;
            }
        }
    }
    y
}
