//! A model of one's own: people who meet pool their money and share it out at
//! random (A. Drăgulescu, V. Yakovenko, Eur. Phys. J. B 17, 723, 2000).
//!
//! Run it with `cargo run --release -p meanfield --example own_model`.

use meanfield::prelude::*;
use ndarray::{ArrayView2, ArrayViewMut2};

/// Fortunes 0 … `largest`. A pair with s coins in all has n ways to share
/// them, all equally likely: (VG)(a,b) = (1/n) Σ_{c+d=a+b} G(c,d) − G(a,b), K = 0.
pub struct Sharing(Space<f64>);

impl Sharing {
    /// Nobody may own more than `largest` coins.
    pub fn new(largest: usize) -> Self {
        Self(Space::probabilities(largest + 1))
    }
}

impl Model for Sharing {
    type Scalar = f64;

    fn space(&self) -> &Space<f64> {
        &self.0
    }

    /// Nothing happens to a person alone.
    fn add_k(&self, _: f64, _: ArrayView2<'_, f64>, _: ArrayViewMut2<'_, f64>) {}

    fn interaction(&self) -> &dyn Interaction<f64> {
        self
    }
}

impl Interaction<f64> for Sharing {
    fn one_body_space(&self) -> &Space<f64> {
        self.space()
    }

    /// Row a·D + b of a panel is the pair of fortunes (a, b).
    fn add_pair(&self, c: f64, x: ArrayView2<'_, f64>, mut out: ArrayViewMut2<'_, f64>) {
        let d = self.0.dimension();
        for total in 0..2 * d - 1 {
            let shares = total.saturating_sub(d - 1)..=total.min(d - 1);
            let rows: Vec<usize> = shares.map(|a| a * d + (total - a)).collect();
            for &to in &rows {
                out.row_mut(to).scaled_add(-c, &x.row(to));
                for &from in &rows {
                    let mut row = out.row_mut(to);
                    row.scaled_add(c / rows.len() as f64, &x.row(from));
                }
            }
        }
    }
}

#[allow(dead_code, reason = "the tests take the model from this file only")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let model = Sharing::new(4);
    assert!(check_assumptions(&model).hold());
    // Everybody starts with two coins. How unequal are N people at t = 1?
    let f = vec![0.0, 0.0, 1.0, 0.0, 0.0];
    let start = Start::Product { f };
    let variance = |f: &[f64]| (0..5).map(|a| (a as f64 - 2.0).powi(2) * f[a]).sum::<f64>();
    let mut series = None;
    solve(&model, &start, &Settings::new(2, vec![0.0, 1.0]), |_, g| {
        series = Some(g.marginals(1).swap_remove(1));
        Ok::<(), ExpansionError>(())
    })?;
    let series = series.ok_or("no output")?;
    for n in [5, 10, 20] {
        let orders = [0, 1, 2].map(|order| variance(&series.at(n as f64, order)));
        let exact = meanfield::exact::solve(&model, &start, n, &[1.0], 1, None)?;
        let truth = variance(exact.marginal(0, 1).ok_or("no F_1")?);
        println!("N = {n:2}: order by order {orders:.6?}, exact {truth:.6}");
        assert!((orders[2] - truth).abs() < (orders[0] - truth).abs() / 20.0);
    }
    Ok(())
}
