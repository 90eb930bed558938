//! How many people are ill in a town of N, and how much does that number
//! fluctuate?
//!
//! Everyone falls ill, or recovers, at rate 1, and an ill person infects each
//! healthy one at rate 1/N. For N → ∞ the fraction ill is a number, (√5−1)/2
//! (Kurtz, 1970), with Gaussian fluctuations of order N^{−1/2} about it (van
//! Kampen, 1961). A town is finite: the corrections in 1/N are asked for, as by
//! Gast, Bortolussi and Tribastone (Perform. Eval. 121, 2018).
//!
//! `cargo run --release -p meanfield --example endemic`

use meanfield::prelude::*;

/// The integrator holds every coefficient to 1e-10 of itself per step.
const SOLVED: f64 = 1e-8;

/// The answer written down, without this library: the number k of ill people is
/// a birth–death chain, up at rate (N−k)(1 + k/N) and down at rate k, whose
/// stationary weights are products of ratios. The mean of k/N, and N times its
/// variance.
fn chain(n: usize) -> (f64, f64) {
    let size = n as f64;
    let mut logs = vec![0.0_f64]; // of the weights, which leave the range of f64
    for k in (1..=n).map(|k| k as f64) {
        let up = (size - (k - 1.0)) * (1.0 + (k - 1.0) / size);
        logs.push(logs[logs.len() - 1] + (up / k).ln());
    }
    let top = logs.iter().copied().fold(0.0, f64::max);
    let sum = |value: &dyn Fn(f64) -> f64| {
        let each = logs.iter().enumerate();
        each.map(|(k, log)| (log - top).exp() * value(k as f64 / size))
            .sum::<f64>()
    };
    let mean = sum(&|x| x) / sum(&|_| 1.0);
    let variance = sum(&|x| (x - mean).powi(2)) / sum(&|_| 1.0);
    (mean, size * variance)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // States S, I. The start is forgotten like e^{−√5 t}: at t = 20 nothing is left.
    let model = problems::sis()?;
    let start = Start::Product { f: vec![1.0, 0.0] };
    let ill = Observable::named(&model, "I")?;

    // One solve serves every N: the coefficients of N^0 … N^−4.
    let mut found = None;
    solve(
        &model,
        &start,
        &Settings::new(4, vec![0.0, 20.0]),
        |_, g| {
            found = Some((g.observable_mean(&ill), g.scaled_variance(&ill)));
            Ok::<(), ExpansionError>(())
        },
    )?;
    let (fraction, variance) = found.ok_or("no output")?;
    let c = fraction.coefficients();
    println!("{:.6} {:+.6}/N {:+.6}/N² are ill", c[0], c[1], c[2]);

    let root = 5_f64.sqrt();
    assert!((c[0] - (root - 1.0) / 2.0).abs() < SOLVED);
    assert!((c[1] + (root - 1.0) / 10.0).abs() < SOLVED);

    for n in [10, 30, 100, 1000] {
        let (size, (exact, exact_variance)) = (n as f64, chain(n));
        let corrected = fraction.truncated(4).at(size);
        println!("N = {n:4}: {corrected:.7}, exact {exact:.7}");
        // The error of each order is the first term left out, or it is rounding.
        for order in 0..4 {
            let left_out = (c[order + 1] * size.powi(-(order as i32) - 1)).abs();
            let error = (fraction.truncated(order + 1).at(size) - exact).abs();
            assert!(error < 2.0 * left_out + SOLVED, "order {order}: {error:e}");
        }
        // Coefficients of the variance are below 0.3: the one left out, of N^−4, too.
        let corrected = variance.at(size);
        println!("          N·Var {corrected:.7}, exact {exact_variance:.7}");
        assert!((corrected - exact_variance).abs() < 0.3 * size.powi(-4) + SOLVED);
    }
    Ok(())
}
