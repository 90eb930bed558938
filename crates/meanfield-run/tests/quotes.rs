//! What is quoted beside a number, on inputs where it was once wrong: the right value is
//! that of an independent chain.

use meanfield_run::catalogue::Catalogue;
use meanfield_run::{Config, Results, Silent, solve};

fn solved(text: &str) -> Results {
    let config = Config::parse(text, "quoted.toml".as_ref(), &Catalogue::default()).unwrap();
    solve(&config, &Silent).unwrap()
}

/// Four species with unlike pairs; the second correction of B is small by accident.
const SMALL_TERM: &str = "[model]\nkind = \"custom\"\nlabels = [\"C\", \"A\", \"B\", \"AB\"]\n\
    K = [[0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]\n\
    V_index = [[0,3,0,2],[0,2,0,2],[3,0,2,0],[2,0,2,0],[0,1,0,3],[0,3,0,3],[1,0,3,0],[3,0,3,0],\
    [1,3,1,2],[1,2,1,2],[3,1,2,1],[2,1,2,1],[1,1,1,3],[1,3,1,3],[1,1,3,1],[3,1,3,1],[2,3,2,1],\
    [3,2,1,2],[2,2,2,3],[2,3,2,3],[2,2,3,2],[3,2,3,2],[3,3,3,1],[3,3,1,3],[3,3,3,2],[3,3,2,3],\
    [1,1,3,3],[3,3,3,3],[2,2,3,3]]\n\
    V_value = [1.0,-1.0,1.0,-1.0,1.5,-1.5,1.5,-1.5,1.0,-2.0,1.0,-2.0,1.5,-2.0,1.5,-2.0,1.0,1.0,\
    1.5,-2.0,1.5,-2.0,0.5,0.5,0.5,0.5,1.0,-2.0,1.0]\n\
    [initial]\nF = [0.1, 0.0, 0.9, 0.0]\nstart = \"fixed-counts\"\n\
    [expansion]\norder = 2\nmarginals = [1, 2]\n[time]\nend = 4.0\nsamples = 4\n\
    [particles]\nN = [20, 60]\n[[observable]]\nname = \"B\"\n";

#[test]
fn validate_a_coefficient_that_is_small_by_accident_makes_no_small_error() {
    let found = solved(SMALL_TERM);
    for (n, exact) in [(20, 0.765_169_1), (60, 0.772_288_21)] {
        let b = found.finding("⟨B⟩", n).unwrap();
        let (off, error) = ((b.corrected.unwrap() - exact).abs(), b.error.unwrap());
        assert!(
            off < error && error < 10.0 * off,
            "N = {n}: {off:e} ± {error:e}"
        );
    }
}

/// S → I at rate 2/N for each pair, I → S at rate 1: all S is never left.
const ABSORBING: &str = "[model]\nkind = \"custom\"\nlabels = [\"S\", \"I\"]\n\
    K = [[0.0, 1.0], [0.0, -1.0]]\n\
    V_index = [[1, 1, 0, 1], [0, 1, 0, 1], [1, 1, 1, 0], [1, 0, 1, 0]]\n\
    V_value = [2.0, -2.0, 2.0, -2.0]\n[initial]\nF = [0.5, 0.5]\n\
    [time]\nend = 20.0\nsamples = 5\n[particles]\nN = [20]\n[[observable]]\nname = \"I\"\n";

#[test]
fn law_a_state_that_ends_everything_is_seen_in_k_and_v() {
    let warnings = |text: &str| solved(text).outcome.warnings.join("\n");
    let said = warnings(ABSORBING);
    assert!(said.contains("all particles in S, and stays"), "{said}");
    // Infection from outside, or a limit that is there already: nothing to be said.
    let outside = ABSORBING.replace("[[0.0, 1.0], [0.0, -1.0]]", "[[-0.1, 1.0], [0.1, -1.0]]");
    assert!(!warnings(&outside).contains("stays"));
    let below = ABSORBING.replace("2.0, -2.0, 2.0, -2.0", "0.5, -0.5, 0.5, -0.5");
    assert!(!warnings(&below).contains("stays"));
}

/// A spin in the coordinates (Tr, ⟨σz⟩): σz² is not the square of its coordinates.
const COORDINATES: &str = "[model]\nkind = \"custom\"\nK = [[0.0, 0.0], [0.0, 0.0]]\n\
    V_index = [[0, 0, 0, 0]]\nV_value = [0.0]\ntrace = [1.0, 0.0]\nnorm = \"none\"\n\
    [initial]\nF = [1.0, 0.0]\n[time]\nend = 1.0\n[particles]\nN = [10]\n\
    [compare]\nexact = [10]\n[[observable]]\nname = \"sz\"\nvalues = [0.0, 1.0]\n";

#[test]
fn law_a_square_that_is_not_there_is_no_variance() {
    let without = solved(COORDINATES);
    assert!(without.finding("Var sz", 10).is_none());
    let said = without.outcome.warnings.join("\n");
    assert!(
        said.contains("no variance of sz") && said.contains("`square`"),
        "{said}"
    );
    let given = solved(&format!("{COORDINATES}square = [1.0, 0.0]\n"));
    let variance = given.finding("Var sz", 10).unwrap();
    for value in [variance.corrected, variance.exact] {
        assert!((value.unwrap() - 0.1).abs() < 1e-12, "{variance:?}");
    }
}

#[test]
fn law_what_is_quoted_is_cut_where_the_terms_stop_falling() {
    // An epidemic that has taken off: the first correction is larger than the limit.
    let epidemic = |order: usize| {
        let text = ABSORBING.replace("[[0.0, 1.0], [0.0, -1.0]]", "[[0.0, 0.0], [0.0, 0.0]]");
        let text = text.replace("F = [0.5, 0.5]", "F = [0.99, 0.01]");
        let text = text.replace("2.0, -2.0, 2.0, -2.0", "1.0, -1.0, 1.0, -1.0");
        let text = text
            .replace("end = 20.0", "end = 5.0")
            .replace("N = [20]", "N = [20, 100000]");
        solved(&format!(
            "{text}[expansion]\norder = {order}\n[compare]\nexact = [20]\n"
        ))
    };
    for order in 1..=3 {
        let found = epidemic(order);
        let infected = found.finding("⟨I⟩", 20).unwrap();
        assert_eq!(infected.order, Some(0), "{infected:?}");
        assert_eq!(infected.corrected, infected.mean_field);
        let off = (infected.corrected.unwrap() - infected.exact.unwrap()).abs();
        assert!(infected.error.unwrap() > off && infected.full != infected.corrected);
        // What is made of it has no figure, and says why.
        let variance = found.finding("Var I", 20).unwrap();
        assert!(
            variance.error.is_none() && variance.note.is_some(),
            "{variance:?}"
        );
        // Where the series helps, all of it is quoted.
        let many = found.finding("⟨I⟩", 100_000).unwrap();
        assert_eq!((many.order, &many.note), (Some(order), &None));
        let warnings = found.outcome.warnings.iter();
        let of_terms = warnings
            .filter(|w| w.contains("the terms of F_1 do not fall"))
            .count();
        assert_eq!(of_terms, 1);
    }
}

#[test]
fn law_a_covariance_is_that_of_two_averages() {
    let text = ABSORBING.replace("end = 20.0", "end = 1.0");
    let text = format!(
        "{text}[[observable]]\nname = \"S\"\n[[observable]]\nname = \"cov(I, I)\"\n\
         [[observable]]\nname = \"cov(I, S)\"\n[compare]\nexact = [20]\n"
    );
    let found = solved(&text);
    let variance = found.finding("Var I", 20).unwrap();
    let own = found.finding("cov(I, I)", 20).unwrap();
    let other = found.finding("cov(I, S)", 20).unwrap();
    // I + S = 1.
    let close = |a: Option<f64>, b: f64| (a.unwrap() - b).abs() < 1e-12;
    for (own, other, variance) in [
        (own.corrected, other.corrected, variance.corrected),
        (own.exact, other.exact, variance.exact),
    ] {
        assert!(close(own, variance.unwrap()) && close(other, -variance.unwrap()));
    }
    assert_eq!(own.mean_field, Some(0.0));
    assert!((own.error.unwrap() / variance.error.unwrap() - 1.0).abs() < 1e-9);
    let refused = |name: &str| {
        let text = text.replace("cov(I, S)", name);
        let config = Config::parse(&text, "c.toml".as_ref(), &Catalogue::default()).unwrap();
        solve(&config, &Silent).unwrap_err().to_string()
    };
    let message = refused("cov(I, J)");
    assert!(message.contains("`J`"), "{message}");
}

#[test]
fn law_a_value_that_no_state_has_carries_no_figure() {
    // Bosons that leave the condensate: the first correction grows past the whole.
    let row = format!("[{}]", ["0.125"; 8].join(", "));
    let f = format!("[{}]", [row.as_str(); 8].join(", "));
    let text = "[model]\nkind = \"hartree\"\npoints = 8\nlength = 6.283185307179586\nhbar = 0.5\n\
        potential = { kind = \"cosine\", strength = -1.5 }\n[initial]\nF = ROWS\n\
        [expansion]\norder = 1\n[time]\nend = 2.5\nsamples = 5\n[particles]\nN = [20]\n\
        [[observable]]\nname = \"depletion\"\n";
    let found = solved(&text.replace("ROWS", &f));
    let depletion = found.finding("depletion", 20).unwrap();
    assert!(
        depletion.error.is_none() && depletion.note.is_some(),
        "{depletion:?}"
    );
}

#[test]
fn law_what_a_coarser_grid_changes_is_in_the_figure() {
    let gas = "[model]\nkind = \"kac-caricature\"\ndegree = 6\n[initial]\nstate = \"beams\"\n\
               speed = 0.9\nwidth = 0.5\n[expansion]\norder = 1\n[time]\nend = 2.0\nsamples = 4\n\
               [particles]\nN = [1000]\n[[observable]]\nname = \"m4\"\n";
    let bosons = "[model]\nkind = \"hartree\"\ndimension = 1\npoints = 8\nlength = 6.0\n\
                  potential = { kind = \"gaussian\", strength = 1.0, width = 1.0 }\n\
                  trap = { kind = \"harmonic\", omega = 1.0 }\n[initial]\nstate = \"gaussian\"\n\
                  center = 0.5\nwidth = 0.8\n[expansion]\norder = 1\n[time]\nend = 0.5\n\
                  samples = 4\n[particles]\nN = [1000]\n[[observable]]\nname = \"x\"\n";
    let found = |text: &str, coarser: &str, name: &str| {
        let results = solved(&format!("{text}{coarser}"));
        let found = results.finding(name, 1000).unwrap();
        (
            found.corrected.unwrap(),
            found.error.unwrap(),
            found.coarser,
        )
    };
    // Moments up to the degree are exact, and no basis changes them.
    let (_, _, apart) = found(
        gas,
        "[compare]\ncoarser = { \"model.degree\" = 4 }\n",
        "⟨m4⟩",
    );
    assert!(apart.unwrap() < 1e-8, "{apart:?}");
    let coarser = "[compare]\ncoarser = { \"model.points\" = 6 }\n";
    let (value, error, apart) = found(bosons, coarser, "⟨x⟩");
    let (same, alone, none) = found(bosons, "", "⟨x⟩");
    assert_eq!((value, none), (same, None));
    let (on_six, ..) = found(&bosons.replace("points = 8", "points = 6"), "", "⟨x⟩");
    assert_eq!(apart.unwrap(), (on_six - value).abs());
    assert!(
        apart.unwrap() > 1e-5 && error == alone + apart.unwrap(),
        "{error} {apart:?}"
    );
}

#[test]
fn law_a_coarser_solution_is_that_of_keys_the_answer_should_not_depend_on() {
    for (coarser, said) in [
        ("{ \"time.end\" = 1.0 }", "`time.end`"),
        ("{ \"model.kind\" = \"kac\" }", "`model.kind`"),
        ("{ \"model.degre\" = 4 }", "did you mean `model.degree`?"),
        (
            "{ \"model.degree\" = -4 }",
            "at model.degree = -4 of `compare.coarser`",
        ),
        ("{}", "an empty table"),
        ("4", "`compare.coarser` is 4"),
    ] {
        let text = format!(
            "[model]\nkind = \"kac-caricature\"\ndegree = 6\n[initial]\nstate = \"beams\"\n\
             speed = 0.9\nwidth = 0.5\n[time]\nend = 1.0\n[particles]\nN = [10]\n\
             [compare]\ncoarser = {coarser}\n"
        );
        let config = Config::parse(&text, "quoted.toml".as_ref(), &Catalogue::default()).unwrap();
        let refused = solve(&config, &Silent).unwrap_err();
        assert!(
            refused.is_input() && refused.to_string().contains(said),
            "{refused}"
        );
    }
}
