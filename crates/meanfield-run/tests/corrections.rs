//! K1 and V1: a generator that depends on N.

use meanfield_run::catalogue::Catalogue;
use meanfield_run::{Config, Results, Silent, solve};

fn read(text: &str) -> Result<Config, String> {
    let read = Config::parse(text, "k.toml".as_ref(), &Catalogue::default());
    read.map_err(|error| error.to_string())
}

fn solved(text: &str) -> Results {
    solve(&read(text).unwrap_or_else(|e| panic!("{e}")), &Silent).unwrap()
}

/// Infection at rate 2 of each pair over N, or over N times 1 + 1/N, recovery at rate 1 + 1/N.
fn text(k: &str, v: f64, more: &str, rest: &str) -> String {
    format!(
        "[model]\nkind = \"custom\"\nlabels = [\"S\", \"I\"]\nK = {k}\n\
         V_index = [[1, 1, 0, 1], [0, 1, 0, 1], [1, 1, 1, 0], [1, 0, 1, 0]]\n\
         V_value = [{v}, -{v}, {v}, -{v}]\n{more}[initial]\nF = [0.5, 0.5]\n\
         [expansion]\norder = 2\nmarginals = [1, 2]\n[time]\nend = 1.0\n{rest}\
         [[observable]]\nname = \"I\"\n"
    )
}

const K: &str = "[[0, 1], [0, -1]]";
const MORE: &str = "K1 = [[0, 1], [0, -1]]\n\
    V1 = [[[[0, 0], [0, 0]], [[0, -2], [0, 0]]], [[[0, 0], [-2, 0]], [[0, 2], [2, 0]]]]\n";

#[test]
fn validate_a_correction_of_the_generator_is_one_at_that_n() {
    // At N the exact solution is that of the generator with the numbers put in.
    const N: usize = 8;
    let factor = 1.0 + 1.0 / N as f64;
    let exact = format!("[compare]\nexact = [{N}]\n");
    let found = solved(&text(K, 2.0, MORE, &exact));
    let k = format!("[[0, {factor}], [0, -{factor}]]");
    let right = solved(&text(&k, 2.0 * factor, "", &exact));
    for quantity in ["⟨I⟩", "Var I"] {
        let value = |found: &Results| found.finding(quantity, N).unwrap().exact.unwrap();
        let off = (value(&found) - value(&right)).abs();
        assert!(off < 1e-9, "{quantity}: {off:e}");
    }
    // And the series is one of that: its error falls as the theorem says.
    let found = solved(&text(K, 2.0, MORE, "[compare]\nexact = [200, 400]\n"));
    assert_eq!(found.outcome.rates.len(), 6);
    for rate in &found.outcome.rates {
        let expected = -(rate.n as f64 + 1.0);
        assert!(
            (rate.slope - expected).abs() < 0.3,
            "{:?}",
            found.outcome.rates
        );
    }
}

#[test]
fn law_a_correction_that_cannot_be_added_is_refused() {
    for (more, reason) in [
        ("K1 = [[0, 1], [0, 1]]\n", "columns of trace zero"),
        ("K1 = [[0]]\n", "(2, 2), as K"),
        ("V1 = [[[[0]]]]\n", "(2, 2, 2, 2), as K"),
        ("K1 = [0]\n", "`model.K1`"),
    ] {
        let said = match read(&text(K, 2.0, more, "[particles]\nN = [9]\n")) {
            Err(error) => error,
            Ok(config) => solve(&config, &Silent).unwrap_err().to_string(),
        };
        assert!(said.contains(reason), "{more}: {said}");
    }
}
