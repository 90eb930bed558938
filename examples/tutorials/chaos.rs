//! How many of N people can one ask before their answers are not independent?
//!
//! Propagation of chaos: j of N particles stay independent as N → ∞ for every
//! fixed j, and ‖F_j − F^{⊗j}‖ ≤ C j²/N (Graham, Méléard, 1997; estimate (23) of
//! Paul and Pulvirenti). So independence is lost at j ~ √N. Here: the chance that j
//! people drawn from an epidemic are all healthy, beside F(healthy)^j.
//!
//! `cargo run --release -p meanfield --example chaos`

use meanfield::prelude::*;

/// Independence counts as lost where the chance is off by a tenth.
const LOST: f64 = 0.1;
/// More people than that need not be asked.
const MOST: usize = 60;

/// The first j for which a chance is more than `LOST` away from F^j.
fn lost(f: f64, chance: impl Fn(usize) -> Option<f64>) -> Option<usize> {
    (1..=MOST).find(|&j| chance(j).is_some_and(|p| (p / f.powi(j as i32) - 1.0).abs() > LOST))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let model = problems::sis()?;
    let start = Start::Product { f: vec![0.4, 0.6] };

    // ⟨F_j, a^{⊗j}⟩, a = 1 for the healthy, needs the cumulants of a alone: n + 1
    // of them at order n, whatever j.
    let mut found = None;
    solve(&model, &start, &Settings::new(2, vec![0.0, 1.0]), |_, g| {
        found = Some((g.mean_field()[0], g.joint_cumulants(&[&[1.0, 0.0]])?));
        Ok::<(), ExpansionError>(())
    })?;
    let (f, healthy) = found.ok_or("no output")?;

    let mut scaled = Vec::new();
    for n in [100, 400, 1600] {
        let exact = meanfield::exact::solve(&model, &start, n, &[1.0], MOST, None)?;
        let truth = lost(f, |j| Some(exact.marginal(0, j)?[0])).ok_or("never")?;
        let [never, first, second] = [0, 1, 2].map(|order| {
            let cumulants = healthy.truncated(order);
            lost(f, |j| Some(cumulants.moment(n, &[j]).ok()?.value()))
        });
        println!(
            "N = {n:4}: lost at j = {truth}; orders 0, 1, 2: {:?}",
            [never, first, second]
        );
        // The mean field knows nothing of it; the correlation of two people is all it takes.
        assert_eq!((never, first, second), (None, Some(truth), Some(truth)));
        scaled.push(truth as f64 / (n as f64).sqrt());

        // At j = √N, where independence is off by a constant, order n is off by
        // O(N^{−n/2}): what it leaves out is of relative order j^{n+2}/N^{n+1}.
        let j = (n as f64).sqrt() as usize;
        for order in 0..=2 {
            let chance = healthy.truncated(order).moment(n, &[j])?.value();
            let off = (chance / exact.marginal(0, j).ok_or("fewer were asked for")?[0] - 1.0).abs();
            println!("          j = {j}, order {order}: off by {off:.1e}");
            let allowed = [0.15, 5e-2, 1.5e-2][order] * (n as f64).powf(-0.5 * order as f64);
            assert!(off < allowed, "order {order}: {off}");
        }
    }
    // j ~ √N: j is a whole number, which alone is 1/8 of the first.
    println!("j/√N: {scaled:.2?}");
    assert!(scaled.iter().all(|x| (x / scaled[2] - 1.0).abs() < 0.1));
    Ok(())
}
