//! Every template and every example runs, and writes the arrays of the
//! contract with their shapes.

mod common;

use std::path::{Path, PathBuf};

use common::{KINDS, Place, arrays, complex, real, summary};

/// The configurations in examples/.
fn examples() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let entries = std::fs::read_dir(directory).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut out: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    out.sort();
    out
}

/// The integers of a list in a configuration.
fn integers(config: &toml::Table, section: &str, key: &str) -> Vec<usize> {
    let list = config.get(section).and_then(|table| table.get(key));
    let list = list.and_then(toml::Value::as_array);
    let items = list.into_iter().flatten();
    items.map(|n| n.as_integer().unwrap() as usize).collect()
}

/// Requires the arrays that the configuration asks for, each with its shape.
fn require_contract(place: &Place, text: &str, out: &str) {
    let config: toml::Table = text.parse().unwrap();
    let summary = summary(place, out);
    let order = summary["order"].as_u64().unwrap() as usize;
    let dimension = summary["dimension"].as_u64().unwrap() as usize;
    let number = |section: &str, key: &str| {
        let value = config[section].get(key);
        value.and_then(toml::Value::as_integer).map(|n| n as usize)
    };
    let times = number("time", "samples").unwrap_or(20) + 1;
    let marginals = match integers(&config, "expansion", "marginals") {
        list if list.is_empty() => vec![1],
        list => list,
    };
    // A sweep has its axes in front.
    let axes = summary["sweep"]["axes"].as_array();
    let swept: Vec<usize> = axes
        .into_iter()
        .flatten()
        .map(|axis| axis["values"].as_array().unwrap().len())
        .collect();
    let quantum = ["levels", "hartree"].contains(&config["model"]["kind"].as_str().unwrap());

    let mut npz = arrays(place, out);
    let names = npz.names().unwrap();
    let mut tensor = |name: String, j: usize| {
        let mut expected = swept.clone();
        expected.push(times);
        expected.extend(vec![dimension; j]);
        let (shape, finite) = if quantum {
            let array = complex(&mut npz, &name);
            (array.shape().to_vec(), array.iter().all(|z| z.is_finite()))
        } else {
            let array = real(&mut npz, &name);
            (array.shape().to_vec(), array.iter().all(|x| x.is_finite()))
        };
        assert_eq!(shape, expected, "{name}");
        assert!(finite, "{name}");
    };
    let given = integers(&config, "particles", "N");
    let exact = integers(&config, "compare", "exact");
    for &j in &marginals {
        for m in 0..=order {
            tensor(format!("f_{j}_{m}"), j);
        }
        for n in &given {
            tensor(format!("F_{j}_N{n}"), j);
        }
        for n in &exact {
            tensor(format!("exact_{j}_N{n}"), j);
        }
    }
    let by_time: Vec<usize> = swept.iter().copied().chain([times]).collect();
    let mut npz = arrays(place, out);
    let t = real(&mut npz, "t");
    let end = config["time"]["end"].as_float().unwrap();
    assert_eq!((t.len(), t[[0]], t[[times - 1]]), (times, 0.0, end));
    for &j in &marginals {
        for n in &given {
            assert_eq!(real(&mut npz, &format!("error_{j}_N{n}")).shape(), by_time);
        }
        for n in &exact {
            for m in 0..=order {
                let name = format!("true_error_{j}_{m}_N{n}");
                assert_eq!(real(&mut npz, &name).shape(), by_time);
            }
        }
    }
    let observables = config.get("observable").and_then(toml::Value::as_array);
    for observable in observables.into_iter().flatten() {
        let name = observable["name"].as_str().unwrap();
        // A field has an array for each of its axes, in the order of the axes.
        let prefix = format!("obs_{name}_axis_");
        let axes = names.iter().filter(|other| other.starts_with(&prefix));
        let mut shape = by_time.clone();
        shape.extend(axes.map(|axis| real(&mut npz, axis).len()));
        let mean = real(&mut npz, &format!("obs_{name}_0"));
        assert_eq!(mean.shape(), shape, "{name}");
        let first = format!("obs_{name}_var_1");
        if names.contains(&first) {
            assert_eq!(real(&mut npz, &first).shape(), shape, "{name}");
        }
    }
}

/// Runs a configuration and checks what it leaves.
fn require_run(name: &str, text: &str) {
    let place = Place::empty();
    place.write("my.toml", text);
    assert!(place.succeed(&["check", "my.toml"]).contains("is sound"));
    assert_eq!(place.names(), ["my.toml"], "{name}: check leaves nothing");
    let said = place.succeed(&["run", "my.toml"]);
    assert!(said.contains("mean field"), "{name}: {said}");
    assert!(
        !said.contains('\x1b') && !said.contains("NaN"),
        "{name}: {said}"
    );
    assert_eq!(place.names(), ["my.out", "my.toml"]);
    for file in ["result.npz", "summary.json", "report.html"] {
        assert!(place.file("my.out").join(file).exists(), "{name} {file}");
    }
    require_contract(&place, text, "my.out");
    // The least exact N of some are not yet in the regime of the power law.
    const SLOPE_SLACK: f64 = 0.55;
    let summary = summary(&place, "my.out");
    if !summary["sweep"].is_null() {
        // Far from all of its points need be in that regime.
        assert_eq!(summary["sweep"]["failed"].as_array().unwrap().len(), 0);
        return;
    }
    for (j, rates) in summary["rates"].as_object().unwrap() {
        for (n, slope) in rates.as_object().unwrap() {
            let expected = -(n.parse::<f64>().unwrap() + 1.0);
            let slope = slope.as_f64().unwrap();
            let near = (slope - expected).abs() < SLOPE_SLACK;
            assert!(near, "{name} F_{j} {n}: {slope}");
        }
    }
}

#[test]
fn law_every_template_passes_check_and_run() {
    let known = Place::empty().succeed(&["models"]);
    for kind in KINDS {
        let template = Place::empty().succeed(&["new", kind]);
        assert!(template.contains(&format!("kind = \"{kind}\"")));
        assert!(known.contains(&format!("\n{kind}\n")) || known.starts_with(kind));
        require_run(kind, &template);
        // The sweep at its end is a comment; without the marks it is sound.
        let swept = template.replace("\n# [sweep]\n# ", "\n[sweep]\n");
        assert_ne!(swept, template, "{kind}");
        let place = Place::with_config(&swept);
        let said = place.succeed(&["check", "config.toml"]);
        assert!(said.contains("points "), "{kind}: {said}");
    }
}

#[test]
fn law_every_example_runs_and_asks_a_question() {
    let examples = examples();
    let mut kinds = std::collections::BTreeSet::new();
    for path in &examples {
        let text = std::fs::read_to_string(path).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let asked = text.lines().take_while(|line| line.starts_with('#'));
        assert!(asked.collect::<String>().contains('?'), "{name}");
        let config: toml::Table = text.parse().unwrap();
        kinds.insert(config["model"]["kind"].as_str().unwrap().to_owned());
        require_run(&name, &text);
    }
    assert_eq!(kinds.len(), KINDS.len(), "one for each kind: {kinds:?}");
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    for path in &examples {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(
            readme.contains(&format!("examples/{name}")),
            "README: {name}"
        );
    }
}

#[test]
fn law_the_observables_of_a_model_are_those_it_lists() {
    for kind in KINDS {
        let place = Place::empty();
        let template = place.succeed(&["new", kind]);
        let asked = template.split("[[observable]]").next().unwrap();
        place.write("my.toml", &format!("{asked}[[observable]]\nname = \"?\"\n"));
        let output = place.meanfield(&["check", "my.toml"]);
        assert_eq!(output.status.code(), Some(2));
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        let known = message.split("has: ").nth(1).unwrap().trim();
        let listed = place.succeed(&["models"]);
        let from = listed.find(&format!("{kind}\n  ")).unwrap();
        let line = listed[from..]
            .lines()
            .find(|line| line.starts_with("  observables: "));
        let words: Vec<&str> = line
            .unwrap()
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .collect();
        for name in known.split(", ") {
            // Those with a number go on: m2, m4, …; p0, p1, …; labels are the user's.
            let numbered = name.len() > 1 && name[1..].bytes().all(|c| c.is_ascii_digit());
            let listed =
                words.contains(&name) || numbered || ["custom", "reactions"].contains(&kind);
            assert!(listed, "{kind}: {name} is not among {words:?}");
        }
    }
}
