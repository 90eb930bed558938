//! `[compare] exact` of mixed two-level starts goes by total spin: N in the
//! hundreds, where the symmetric subspace has millions of entries.

mod common;

use common::{Place, arrays, complex};
use num_complex::Complex64;

#[test]
fn validate_mixed_spins_against_the_closed_form() {
    const N: usize = 150;
    let (s, t) = ([0.3, 0.4, 0.5], 0.4_f64);
    let config = format!(
        "[model]\nkind = \"levels\"\nfamily = \"one-axis-twisting\"\nchi = 1.0\n\
         [initial]\nstate = \"bloch\"\nx = {}\ny = {}\nz = {}\n[expansion]\norder = 1\n\
         [time]\nend = {t}\nsamples = 2\n[particles]\nN = [{N}]\n[compare]\nexact = [{N}]\n",
        s[0], s[1], s[2]
    );
    let place = Place::with_config(&config);
    let checked = place.succeed(&["check", "config.toml"]);
    let row = checked.lines().find(|line| line.contains("exact, N = 150"));
    // "exact, N = 150  UNKNOWNS unknowns, SIZE, TIME".
    let words = row.unwrap().split_whitespace();
    let mut numbers = words.filter_map(|word| word.parse().ok());
    let unknowns: usize = numbers.nth(1).unwrap();
    // C(153, 3) is 585,276.
    assert!((N..300_000).contains(&unknowns), "{checked}");
    place.succeed(&["run", "config.toml", "--out", "out"]);
    let found = complex(&mut arrays(&place, "out"), &format!("exact_1_N{N}"));
    let angle = 2.0 * t / N as f64;
    let turned = Complex64::new(angle.cos(), s[2] * angle.sin());
    // ⟨σx⟩ + i⟨σy⟩ = 2 ⟨1|F|0⟩.
    let raised = Complex64::new(s[0], s[1]) * turned.powi(N as i32 - 1);
    assert!((raised - Complex64::new(s[0], s[1])).norm() > 0.1);
    let last = found.shape()[0] - 1;
    assert!((found[[last, 2]] * 2.0 - raised).norm() < 1e-11);
    assert!((found[[last, 0]].re - 0.75).abs() < 1e-12);
}
