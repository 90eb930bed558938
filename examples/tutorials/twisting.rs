//! How far can one-axis twisting squeeze the spin of 400 atoms, and when?
//!
//! H = (1/N) Σ_{i<j} σz σz from all spins along x. The squeezing parameter ξ² is N
//! times the least variance of the mean spin at right angles to it: 1 for
//! independent spins. For N → ∞ it falls for ever; with N atoms it turns around,
//! and the least value goes like N^{−2/3} (Kitagawa, Ueda, Phys. Rev. A 47, 5138,
//! 1993). Mean field knows nothing of it: every correlation is a 1/N effect.
//!
//! `cargo run --release -p meanfield --example twisting`

use meanfield::models::levels::{Dissipation, OneAxisTwisting};
use meanfield::prelude::*;

const ATOMS: f64 = 400.0;

/// Kitagawa and Ueda's formula, for spins that turn at rate μ = 4t/N.
fn kitagawa_ueda(t: f64) -> f64 {
    let (mu, others) = (4.0 * t / ATOMS, ATOMS as i32 - 2);
    let a = 1.0 - mu.cos().powi(others);
    let b = 4.0 * (mu / 2.0).sin() * (mu / 2.0).cos().powi(others);
    1.0 + (ATOMS - 1.0) / 4.0 * (a - a.hypot(b))
}

/// The least of some values: where, and how much.
fn least(values: &[f64]) -> (usize, f64) {
    let all = values.iter().copied().enumerate();
    let lesser = |best: (usize, f64), next: (usize, f64)| if next.1 < best.1 { next } else { best };
    all.fold((0, f64::INFINITY), lesser)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let model = OneAxisTwisting { chi: 1.0 }.model(Dissipation::default(), 1.0)?;
    let start = Start::Product {
        f: one_body_state(&model, "F", &model.bloch(1.0, 0.0, 0.0)?)?,
    };
    let times: Vec<f64> = (0..=60).map(|k| 0.1 * f64::from(k)).collect();

    // ξ² is a function of means and covariances; the library composes their series.
    // A solve of order 5 gives it to N^−4.
    let kind = model
        .capabilities()
        .observable("squeezing")
        .ok_or("no such observable")?;
    let mut squeezing: Vec<Series> = Vec::new();
    solve(&model, &start, &Settings::new(5, times.clone()), |_, g| {
        let found = g.evaluate(&model, "squeezing", &kind)?;
        squeezing.extend(found.value.into_iter().flatten());
        Ok::<(), ExpansionError>(())
    })?;

    let exact: Vec<f64> = times.iter().map(|&t| kitagawa_ueda(t)).collect();
    let (when, depth) = least(&exact);
    println!("exact:   least {depth:.6} at t = {:.1}", times[when]);
    for order in 0..=4 {
        let at = |s: &Series| s.truncated(order + 1).at(ATOMS);
        let values: Vec<f64> = squeezing.iter().map(at).collect();
        let (found_when, found) = least(&values);
        println!(
            "order {order}: least {found:.6} at t = {:.1}",
            times[found_when]
        );
        // Orders 0 and 1 fall to the end; from 2 on the series turns around with
        // the truth. Terms grow like (t²/N)^m, t²/N = 0.05 here.
        let allowed = [1.0, 1.0, 1e-2, 2e-3, 2e-4][order] * depth;
        assert!((found - depth).abs() < allowed, "order {order}: {found}");
        let end = times.len() - 1;
        assert_eq!(found_when == end, order < 2);
        assert!(order < 4 || found_when == when);
    }
    // Their law for large N, ξ² = 2(N/6)^(1/3)/N: 6 % high at 400.
    let law = (ATOMS / 6.0).cbrt() * 2.0 / ATOMS;
    println!("the law of large N: {law:.4}");
    assert!((law / depth - 1.0).abs() < 0.1);
    Ok(())
}
