//! A run says where its series stops helping: the two examples that are about it.

mod common;

use common::{Place, summary};

/// The warnings of an example of that name, order as configured.
fn warnings(name: &str) -> Vec<String> {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let text = std::fs::read_to_string(directory.join(format!("{name}.toml"))).unwrap();
    let place = Place::empty();
    place.write("my.toml", &text);
    place.succeed(&["run", "my.toml"]);
    let summary = summary(&place, "my.out");
    let list = summary["warnings"].as_array().unwrap();
    list.iter()
        .map(|warning| warning.as_str().unwrap().to_owned())
        .collect()
}

/// Whether one warning has all these words.
fn says(warnings: &[String], words: &[&str]) -> bool {
    let has = |warning: &&String| words.iter().all(|word| warning.contains(word));
    warnings.iter().any(|warning| has(&warning))
}

#[test]
fn law_an_epidemic_is_warned_of_where_the_series_fails() {
    let found = warnings("epidemic");
    let terms = "the terms of F_1 do not fall";
    let words = [
        "N = 30 and 100 ",
        terms,
        "cut at order 0 and 1",
        "above N = ",
    ];
    assert!(says(&found, &words), "{found:?}");
    assert!(says(
        &found,
        &["F_1 of all orders at N = 30 is not positive"]
    ));
    // Where it helps, nothing is said.
    assert!(!says(&found, &["N = 1000 "]) && !says(&found, &["N = 10000 "]));
}

#[test]
fn law_a_limit_cycle_is_warned_of_where_the_series_fails() {
    let found = warnings("cycle");
    let terms = "the terms of F_1 do not fall from t = 0.55 on";
    assert!(
        says(&found, &["N = 50 ", terms, "cut at order 0"]),
        "{found:?}"
    );
    assert!(says(
        &found,
        &["F_1 of all orders at N = 50 is not positive"]
    ));
    assert!(!says(&found, &["N = 1000 "]), "{found:?}");
}
