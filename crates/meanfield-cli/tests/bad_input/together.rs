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
    let place = Place::with_config(WRONG);
    let output = place.meanfield(&["check", "config.toml"]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    let lines: Vec<usize> = message
        .split("config.toml:")
        .skip(1)
        .map(|rest| rest.split(':').next().unwrap().parse().unwrap())
        .collect();
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
