//! new, check, run: each says what it found and what to do next; scripts get
//! JSON and silence.

mod common;

use common::Place;

fn stderr(place: &Place, arguments: &[&str]) -> String {
    let output = place.meanfield(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn law_every_step_of_a_first_run_says_what_comes_next() {
    let place = Place::empty();
    let template = place.succeed(&["new", "levels"]);
    assert!(stderr(&place, &["new", "levels"]).contains("next: save this as my.toml"));
    place.write("my.toml", &template);
    assert!(stderr(&place, &["check", "my.toml"]).contains("next: meanfield run my.toml"));
    let said = stderr(&place, &["run", "my.toml"]);
    assert!(said.contains("next: open my.out/report.html"), "{said}");
    assert!(
        !said.contains('\x1b') && !said.contains('%'),
        "no terminal, no progress: {said}"
    );
    for arguments in [
        &["new", "levels"][..],
        &["check", "my.toml"],
        &["run", "my.toml"],
    ] {
        let quiet: Vec<&str> = arguments.iter().copied().chain(["--quiet"]).collect();
        assert_eq!(stderr(&place, &quiet), "", "{arguments:?}");
    }
}

#[test]
fn law_scripts_get_json() {
    let place = Place::empty();
    let template = place.succeed(&["new", "levels"]);
    place.write("my.toml", &template);
    let parsed = |arguments: &[&str]| -> serde_json::Value {
        serde_json::from_str(&place.succeed(arguments)).unwrap()
    };
    let check = parsed(&["check", "my.toml", "--json"]);
    assert_eq!(
        (check["sound"].as_bool(), check["dimension"].as_u64()),
        (Some(true), Some(4))
    );
    let models = parsed(&["models", "--json"]);
    assert_eq!(models.as_array().unwrap().len(), 7);
    assert!(models[2]["families"]["lipkin"].is_array(), "{models}");
    assert_eq!(parsed(&["run", "my.toml", "--json"])["model"], "levels");
}

#[test]
fn law_help_documents_exit_codes_and_shells_get_completions() {
    let place = Place::empty();
    let help = place.succeed(&["--help"]);
    for code in [
        "0    success",
        "\n  1 ",
        "\n  2 ",
        "130  stopped by Ctrl-C",
        "NO_COLOR",
    ] {
        assert!(help.contains(code), "{code}: {help}");
    }
    for shell in ["bash", "zsh", "fish"] {
        let script = place.succeed(&["completions", shell]);
        for word in ["check", "completions", "restart"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}
