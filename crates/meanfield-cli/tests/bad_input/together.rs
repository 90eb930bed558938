//! All mistakes of a configuration are said at once, in the order of the file, each once.

use crate::common::Place;

const WRONG: &str = "\
[model]
kind = \"kac\"
dimension = 5
velocities = { kind = \"lattice\", radius = 0.5, degree = 3 }
colour = \"red\"
[initial]
state = \"beams\"
speed = \"fast\"
width = -1
[expansion]
order = -1
marginals = [1, 1]
methd = \"cumulants\"
[time]
end = 0
tolerance = 2
samples = 0
[particles]
N = []
[output]
limit = \"much\"
[[observable]]
nme = \"m2\"
[limits]
threads = 0
";

#[test]
fn law_all_mistakes_are_said_at_once() {
    let (places, message) = places_of(WRONG);
    let lines: Vec<usize> = places.iter().map(|place| place.0).collect();
    let expected = [3, 4, 4, 5, 8, 9, 11, 12, 13, 15, 16, 17, 19, 21, 23, 25];
    assert_eq!(lines, expected, "{message}");
    for key in [
        "model.velocities.radius",
        "initial.speed",
        "time.samples",
        "limits.threads",
    ] {
        assert!(
            message.contains(&format!("`{key}`")),
            "{key} not in {message}"
        );
    }
    // A misspelt key is not a missing one too.
    assert!(
        message.contains("`nme` is not a key") && !message.contains("is missing"),
        "{message}"
    );
}

/// The places, line and column, that `check` complains of.
fn places_of(config: &str) -> (Vec<(usize, usize)>, String) {
    let place = Place::with_config(config);
    let output = place.meanfield(&["check", "config.toml"]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    let number = |text: Option<&str>| text.and_then(|text| text.parse().ok()).unwrap_or(0);
    let places = message.split("config.toml:").skip(1).map(|rest| {
        let mut parts = rest.split(':');
        (number(parts.next()), number(parts.next()))
    });
    (places.collect(), message)
}

#[test]
fn law_every_entry_of_a_list_and_every_value_of_a_sweep_is_looked_at() {
    let (places, message) = places_of(
        "[model]\nkind = \"levels\"\nfamily = \"one-axis-twisting\"\nchi = 0.1\n\
         [initial]\nstate = [3, { weight = 0.5, name = \"blch\" }, 4]\n\
         [expansion]\norder = 1\nmarginals = [1, 0, 2, 2, -1]\n[time]\nend = 1.0\n",
    );
    let expected = [(6, 10), (6, 36), (6, 46), (9, 17), (9, 23), (9, 26)];
    assert_eq!(places, expected, "{message}");

    let (places, message) = places_of(
        "[model]\nkind = \"levels\"\nfamily = \"one-axis-twisting\"\nchi = 0.1\n\
         [initial]\nstate = \"bloch\"\nx = 1.0\n[time]\nend = 1.0\n\
         [sweep]\n\"model.chi\" = [0.1, nan, 0.3]\n\"time.end\" = [1.0, -1.0, -2.0]\n",
    );
    assert_eq!(places, [(11, 21), (12, 20), (12, 26)], "{message}");
}
