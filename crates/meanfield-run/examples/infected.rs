//! Runs a configuration and reads one number with its error figure: how many of ten
//! people are infected?
//!
//!     cargo run --release -p meanfield-run --example infected

use meanfield_run::{Config, Silent, solve};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1);
    let path = path.unwrap_or_else(|| "examples/sis.toml".to_owned());
    let config = Config::load(path.as_ref())?;
    let results = solve(&config, &Silent)?;
    let infected = results.finding("⟨I⟩", 10);
    let infected = infected.ok_or("the configuration asks for no I at N = 10")?;
    if let (Some(value), Some(error)) = (infected.corrected, infected.error) {
        println!("⟨I⟩ = {value:.6} ± {error:.0e} for N = 10");
    }
    if let (Some(exact), Some(limit)) = (infected.exact, infected.mean_field) {
        println!("exact {exact:.6}, mean field {limit:.6}");
    }
    Ok(())
}
