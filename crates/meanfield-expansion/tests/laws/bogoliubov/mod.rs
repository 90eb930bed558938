//! The factored form of order 1 against the general form, and its own laws.

mod general;
mod laws;

use meanfield_abstract::Sites;
use meanfield_abstract::problems::Noise;
use meanfield_expansion::ExpansionError;
use meanfield_expansion::bogoliubov::{Bogoliubov, Settings, solve};
use ndarray::Array2;
use num_complex::Complex64;

/// Times of the comparisons; rates are of order one.
const TIMES: [f64; 3] = [0.0, 0.4, 1.1];

fn random_hermitian(d: usize, noise: &mut Noise) -> Array2<Complex64> {
    let half: Array2<Complex64> = Array2::from_shape_fn((d, d), |_| noise.scalar());
    (&half + &half.t().mapv(|z| z.conj())).mapv(|z| 0.5 * z)
}

/// Complex hopping, a trap and a pair potential without any symmetry but v(x,y)
/// = v(y,x), and ħ ≠ 1; with a complex wave function.
fn random(d: usize, seed: u64) -> (Sites, Array2<Complex64>, Vec<Complex64>) {
    let mut noise = Noise::new(seed);
    let hopping = random_hermitian(d, &mut noise);
    let trap: Vec<f64> = (0..d).map(|_| noise.uniform()).collect();
    let half = Array2::from_shape_fn((d, d), |_| noise.uniform() - 0.5);
    let potential = &half + &half.t();
    let phi: Vec<Complex64> = (0..d).map(|_| noise.scalar()).collect();
    let norm = phi.iter().map(|z| z.norm_sqr()).sum::<f64>().sqrt();
    let phi = phi.iter().map(|z| z / norm).collect();
    let sites = Sites::new(&hopping, &trap, &potential, 0.7).unwrap();
    (sites, hopping, phi)
}

fn solved(sites: &Sites, phi: &[Complex64], tolerance: f64) -> Vec<Bogoliubov> {
    let settings = Settings {
        tolerance,
        ..Settings::new(TIMES.to_vec())
    };
    let mut out = Vec::new();
    solve(sites, phi, &settings, |_, state| {
        out.push(state.clone());
        Ok::<(), ExpansionError>(())
    })
    .unwrap();
    out
}

fn largest<'a>(a: impl IntoIterator<Item = &'a Complex64>, b: &[Complex64]) -> f64 {
    let mut count = 0;
    let mut worst = 0.0_f64;
    for (x, y) in a.into_iter().zip(b) {
        assert!(x.is_finite() && y.is_finite());
        worst = worst.max((x - y).norm());
        count += 1;
    }
    assert_eq!(count, b.len());
    worst
}
