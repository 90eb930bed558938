//! `bounds = true`: what the error cannot exceed, where there is such a thing.

use meanfield_run::catalogue::Catalogue;
use meanfield_run::{Config, Results, Silent, check, solve};

fn read(text: &str) -> Config {
    Config::parse(text, "bounded.toml".as_ref(), &Catalogue::default()).unwrap()
}

fn refused(text: &str) -> String {
    let config = Config::parse(text, "bounded.toml".as_ref(), &Catalogue::default());
    match config {
        Err(error) => error.to_string(),
        Ok(config) => {
            let failure = check(&config, &Silent).unwrap_err();
            assert!(failure.is_input());
            failure.to_string()
        }
    }
}

const DIMER: &str = "[model]\nkind = \"levels\"\nfamily = \"bose-hubbard-dimer\"\ntunnelling = 1.0\n\
    interaction = 0.5\n[initial]\nstate = \"basis\"\nindex = 0\n\
    [expansion]\norder = 1\nmarginals = [1, 2]\nbounds = true\n[time]\nend = 0.4\nsamples = 4\n\
    [particles]\nN = [20, 50]\n[compare]\nexact = [20, 50]\n[[observable]]\nname = \"sz\"\n";

#[test]
fn law_no_error_exceeds_its_bound_and_the_bound_says_something() {
    let found: Results = solve(&read(DIMER), &Silent).unwrap();
    for j in 1..=2 {
        for n in [20, 50] {
            let bounds = &found.record.bounds[&(j, n)];
            let errors = &found.record.true_errors[&(j, 1, n)];
            assert!(bounds.len() == 5 && found.arrays.contains_key(&format!("bound_{j}_N{n}")));
            for (k, (bound, error)) in bounds.iter().zip(errors).enumerate() {
                assert!(
                    error <= bound,
                    "F_{j}, N = {n}, time {k}: {error:e} above {bound:e}"
                );
            }
            assert!(bounds[4] < 20.0 * errors[4], "{bounds:?} {errors:?}");
        }
    }
    let table = found.outcome.tables.iter();
    let mut table = table.filter(|table| table.title == "What the error cannot exceed");
    assert_eq!(table.next().unwrap().rows.len(), 4);
    // A forecast counts them.
    let forecast = check(&read(DIMER), &Silent).unwrap();
    let seconds = &forecast.numbers["seconds"];
    for part in ["solve", "exact", "bounds", "files"] {
        assert!(seconds[part].as_f64().unwrap() > 0.0, "{part}: {seconds}");
    }
}

#[test]
fn law_where_there_is_no_bound_the_reason_is_said() {
    let without_n = DIMER.replace(
        "[particles]\nN = [20, 50]\n[compare]\nexact = [20, 50]\n",
        "",
    );
    let recursion = DIMER.replace("order = 1", "order = 1\nmethod = \"recursion\"");
    let hermite = "[model]\nkind = \"kac-caricature\"\ndegree = 8\n[initial]\nstate = \"bkw\"\nA = 0.1\n\
        [expansion]\norder = 1\nbounds = true\n[time]\nend = 1.0\n[particles]\nN = [20]\n";
    let counts = "[model]\nkind = \"custom\"\nK = [[-1.0, 0.0], [1.0, 0.0]]\n\
        V_index = [[1, 1, 0, 1], [0, 1, 0, 1], [1, 1, 1, 0], [1, 0, 1, 0]]\n\
        V_value = [2.0, -2.0, 2.0, -2.0]\n[initial]\nF = [0.5, 0.5]\nstart = \"fixed-counts\"\n\
        [expansion]\norder = 1\nbounds = true\n[time]\nend = 1.0\n[particles]\nN = [20]\n";
    for (text, said) in [
        (without_n.as_str(), "`particles.N`"),
        (recursion.as_str(), "`expansion.method`"),
        (hermite, "no bound holds"),
        (counts, "independent particles"),
    ] {
        let message = refused(text);
        assert!(
            message.contains("bounds") && message.contains(said),
            "{message}"
        );
    }
}
