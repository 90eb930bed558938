//! Does a gas of N particles relax as fast as Boltzmann's equation says?
//!
//! Kac's caricature of a gas (Third Berkeley Symposium, 1956): velocities on the
//! line, each pair rotated by a uniform angle at rate 1/N. For N → ∞ the fourth
//! moment relaxes to that of a Gaussian like e^{−t/4}. With N particles it does
//! neither: the rate is (N+2)/4N, the spectral gap that Kac's paper asked for,
//! and the energy of the whole gas, which never changes, keeps a memory of the
//! start.
//!
//! `cargo run --release -p meanfield --example relaxation`

use meanfield::models::kac::Caricature;
use meanfield::prelude::*;

/// The start: two beams of speed 0.8 and width 0.6, so that ⟨v²⟩ = 1.
const SPEED: f64 = 0.8;
const WIDTH: f64 = 0.6;
/// The integrator holds every coefficient to 1e-10 of itself per step.
const SOLVED: f64 = 1e-8;

/// m4(t) with N particles: ⟨v₁⁴⟩ and ⟨v₁²v₂²⟩ obey two closed equations.
fn fourth_moment(n: f64, t: f64) -> f64 {
    let delta = SPEED.powi(4) + 6.0 * (SPEED * WIDTH).powi(2) + 3.0 * WIDTH.powi(4) - 3.0;
    let gap = (n + 2.0) / (4.0 * n);
    3.0 + delta * (3.0 + (n - 1.0) * (-gap * t).exp()) / (n + 2.0)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Collisions keep the total degree of Hermite functions: degree 4 has m4 exactly.
    let model = Caricature::new(4, 1.0)?;
    let start = Start::Product {
        f: model.beams(SPEED, WIDTH)?,
    };
    let m4 = Observable::named(&model, "m4")?;
    let times: Vec<f64> = (0..=8).map(f64::from).collect();
    let mut moments: Vec<Series> = Vec::new();
    solve(&model, &start, &Settings::new(4, times.clone()), |_, g| {
        moments.push(g.observable_mean(&m4));
        Ok::<(), ExpansionError>(())
    })?;

    println!("  t  Boltzmann     N = 10      exact");
    for (&t, m4) in times.iter().zip(&moments) {
        let (boltzmann, ten) = (m4.coefficients()[0], m4.at(10.0));
        let exact = fourth_moment(10.0, t);
        println!("{t:3}  {boltzmann:.6}  {ten:9.6}  {exact:9.6}");
        assert!((boltzmann - fourth_moment(f64::MAX.sqrt(), t)).abs() < SOLVED);
        // Boltzmann's equation is off by a tenth, four corrections by 1e-5.
        assert!((ten - exact).abs() < 1.1e-5);
    }
    // Order n is off by O(N^{−n−1}): twice as many particles, 2^{n+1} times closer.
    let last = &moments[8];
    for order in 0..=4 {
        let error = |n: f64| last.truncated(order + 1).at(n) - fourth_moment(n, 8.0);
        let rate = (error(40.0) / error(80.0)).log2();
        println!("order {order}: the error falls like N^−{rate:.2}");
        // At N = 40 the next term still bends the slope by 0.02.
        assert!((rate - (order as f64 + 1.0)).abs() < 0.05, "rate {rate}");
    }
    Ok(())
}
