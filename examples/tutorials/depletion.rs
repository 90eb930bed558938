//! A condensate is released from its trap: how many atoms leave it?
//!
//! N bosons in one cloud repel each other as they fly apart. In the mean field a
//! condensate stays one (Hartree's equation); in truth some atoms leave it, and
//! for N → ∞ that number tends to a constant: the depletion of Bogoliubov theory
//! (Lewin, Nam, Schlein, Amer. J. Math. 137, 2015).
//!
//! `cargo run --release -p meanfield --example depletion`

use meanfield::expansion::ExactPair;
use meanfield::expansion::bogoliubov;
use meanfield::models::hartree::{Grid, Hartree, Potential};
use meanfield::prelude::*;

/// When one looks.
const TIME: f64 = 1.5;

/// How many atoms are outside the condensate in the exact state of N atoms: N
/// times 1 − the largest eigenvalue of F_1.
fn exact(model: &Hartree, n: usize) -> Result<f64, Box<dyn std::error::Error>> {
    let f = model.gaussian(&[0.0], &[0.7], &[0.0])?;
    let start = Start::Product { f };
    let solved = meanfield::exact::solve(model, &start, n, &[TIME], 1, None)?;
    let pair = ExactPair {
        layout: &SymmetricLayout::new(model.space().dimension(), 1)?,
        first: solved.marginal(0, 1).ok_or("no F_1")?,
        second: None,
        particles: n,
    };
    let kind = model
        .capabilities()
        .observable("depletion")
        .ok_or("no such observable")?;
    let found = pair.evaluate(model, "depletion", &kind)?.value;
    let fraction = found.ok_or("two condensates")?;
    Ok(n as f64 * fraction[0].coefficients()[0])
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (strength, width) = (2.0, 0.6);
    let potential = Potential::Gaussian { strength, width };
    // A coarse grid, so that N atoms can be solved too: C(N+7, 7) amplitudes.
    let model = Hartree::new(Grid::new(1, 8, 8.0)?, 1.0, 1.0, potential, None)?;

    // N → ∞, by O(d²) numbers and whatever N: the factored first correction.
    let phi = model.gaussian_wave(&[0.0], &[0.7], &[0.0])?;
    let settings = bogoliubov::Settings::new(vec![0.0, TIME]);
    let mut limit = 0.0;
    bogoliubov::solve(&model, &phi, &settings, |_, state| {
        limit = state.depletion();
        Ok::<(), ExpansionError>(())
    })?;
    println!("N → ∞: {limit:.4} atoms");

    // N atoms, exactly; then the polynomial in 1/N through them, at 1/N = 0 (Neville).
    let sizes = [4, 6, 8, 10, 12];
    let mut table = Vec::new();
    for n in sizes {
        table.push(exact(&model, n)?);
        println!("N = {n:2}: {:.4} atoms", table[table.len() - 1]);
    }
    // Fewer leave when there are fewer, and never more than the limit.
    assert!(table.is_sorted() && table.iter().all(|&x| x < limit));
    for step in 1..sizes.len() {
        for k in 0..sizes.len() - step {
            let (low, high) = (sizes[k] as f64, sizes[k + step] as f64);
            table[k] = (high * table[k + 1] - low * table[k]) / (high - low);
        }
    }
    println!("these, extrapolated: {:.4}", table[0]);
    // What the extrapolation leaves is of order 1e-4, as fewer points show.
    assert!((table[0] / limit - 1.0).abs() < 1e-3, "{table:?}");
    Ok(())
}
