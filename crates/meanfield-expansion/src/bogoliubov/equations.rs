//! What is left of the equations of φ, α, γ, χ without the kinetic energy, in
//! position.

use meanfield_abstract::PositionHamiltonian;
use num_complex::Complex64;

use super::transforms::{COLUMNS, in_blocks};

/// φ, χ (d numbers) and α, γ (d×d, column by column) in position.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) phi: &'a [Complex64],
    pub(super) chi: &'a [Complex64],
    pub(super) alpha: &'a [Complex64],
    pub(super) gamma: &'a [Complex64],
}

/// Where the right-hand sides go.
pub(super) struct Slopes<'a> {
    pub(super) phi: &'a mut [Complex64],
    pub(super) chi: &'a mut [Complex64],
    pub(super) alpha: &'a mut [Complex64],
    pub(super) gamma: &'a mut [Complex64],
}

/// Mean-field quantities at every point.
struct MeanField {
    /// ρ = |φ|².
    rho: Vec<f64>,
    /// w = v∗ρ.
    w: Vec<f64>,
    /// U + w − μ with μ = ⟨φ|U+w|φ⟩.
    potential: Vec<f64>,
    /// ⟨ρ, w⟩.
    mean_w: f64,
}

impl MeanField {
    fn new(model: &dyn PositionHamiltonian, phi: &[Complex64]) -> Self {
        let rho: Vec<f64> = phi.iter().map(|z| z.norm_sqr()).collect();
        let w = real_convolution(model, &rho);
        let mut potential: Vec<f64> = model.trap().iter().zip(&w).map(|(u, w)| u + w).collect();
        let mu = inner(&rho, &potential);
        potential.iter_mut().for_each(|x| *x -= mu);
        let mean_w = inner(&rho, &w);
        Self {
            rho,
            w,
            potential,
            mean_w,
        }
    }
}

fn inner(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// v∗ρ of a real density.
fn real_convolution(model: &dyn PositionHamiltonian, rho: &[f64]) -> Vec<f64> {
    let mut waves: Vec<Complex64> = rho.iter().copied().map(Complex64::from).collect();
    model.convolve(&mut waves);
    waves.into_iter().map(|z| z.re).collect()
}

/// Writes all slopes. `panel` (d×d) is scratch: M, then S, then S less its mean
/// over ρ. Cost: d convolutions and six passes over d² numbers.
pub(super) fn write_slopes(
    model: &dyn PositionHamiltonian,
    fields: Fields<'_>,
    panel: &mut [Complex64],
    out: Slopes<'_>,
) {
    let d = model.points();
    let Fields {
        phi,
        chi,
        alpha,
        gamma,
    } = fields;
    let factor = Complex64::new(0.0, -1.0 / model.hbar());
    let mean = MeanField::new(model, phi);

    in_blocks(d, panel, |first, columns| {
        for (column, m) in columns.chunks_exact_mut(d).enumerate() {
            let start = (first + column) * d;
            for z in 0..d {
                m[z] = phi[z].conj() * gamma[start + z] + phi[z] * alpha[start + z].conj();
            }
        }
    });
    // χ needs the sums wᵀM before M is convolved, and diag S afterwards.
    for (y, m) in panel.chunks_exact(d).enumerate() {
        let weighted: Complex64 = m.iter().zip(&mean.w).map(|(&m, &w)| m * w).sum();
        out.chi[y] = -weighted.conj();
    }
    in_blocks(d, panel, |_, columns| model.convolve(columns));
    let depletion: f64 = (0..d).map(|x| gamma[x * d + x].re).sum();
    let correction: Vec<f64> = (0..d)
        .map(|x| gamma[x * d + x].re + 2.0 * (chi[x] * phi[x].conj()).re - depletion * mean.rho[x])
        .collect();
    let shift = real_convolution(model, &correction);
    let source: Vec<Complex64> = (0..d)
        .map(|x| phi[x] * (shift[x] - mean.w[x]) + panel[x * d + x].conj())
        .collect();
    let along: Complex64 = phi.iter().zip(&source).map(|(p, s)| p.conj() * s).sum();
    for x in 0..d {
        out.phi[x] = factor * mean.potential[x] * phi[x];
        let driven = out.chi[x] + source[x] - along * phi[x];
        out.chi[x] = factor * (mean.potential[x] * chi[x] + driven);
    }

    in_blocks(d, panel, |_, columns| {
        for s in columns.chunks_exact_mut(d) {
            let average: Complex64 = s.iter().zip(&mean.rho).map(|(&s, &r)| s * r).sum();
            s.iter_mut().for_each(|s| *s -= average);
        }
    });
    let s = &*panel;
    let v = model.pair_potential();
    in_blocks(d, out.alpha, |first, columns| {
        in_tiles(d, first, columns, |x, y, slope| {
            let pair = v[[y, x]] - mean.w[x] - mean.w[y] + mean.mean_w;
            let exchange = phi[x] * s[y * d + x].conj() + phi[y] * s[x * d + y].conj();
            let both = mean.potential[x] + mean.potential[y];
            *slope = factor * (alpha[y * d + x] * both + exchange + phi[x] * phi[y] * pair);
        });
    });
    in_blocks(d, out.gamma, |first, columns| {
        in_tiles(d, first, columns, |x, y, slope| {
            let exchange = phi[x] * s[y * d + x] - (phi[y] * s[x * d + y]).conj();
            let both = mean.potential[x] - mean.potential[y];
            *slope = factor * (gamma[y * d + x] * both + exchange);
        });
    });
}

/// Visits every entry (x, y) of a block of columns tile by tile, so that both
/// (x, y) and (y, x) are read from cache.
fn in_tiles(
    d: usize,
    first: usize,
    columns: &mut [Complex64],
    mut visit: impl FnMut(usize, usize, &mut Complex64),
) {
    for start in (0..d).step_by(COLUMNS) {
        for (column, slopes) in columns.chunks_exact_mut(d).enumerate() {
            for x in start..(start + COLUMNS).min(d) {
                visit(x, first + column, &mut slopes[x]);
            }
        }
    }
}
