//! The same configuration gives the same bits whatever the number of threads,
//! and the same numbers as the versions before.

mod common;

use std::path::Path;

use common::{KINDS, Place, summary};
use serde_json::{Map, Value};

/// What a change of the arithmetic (another order of sums, another library)
/// may change, relative to the largest value of a kind: a few hundred steps of
/// the templates at their tolerance 1e-10, and at 1e-7 for hartree.
const DRIFT: f64 = 1e-8;
const DRIFT_HARTREE: f64 = 1e-5;

fn template(kind: &str) -> String {
    Place::empty().succeed(&["new", kind])
}

#[test]
fn law_the_number_of_threads_does_not_change_a_bit() {
    let gas = "[model]\nkind = \"kac\"\ndimension = 2\n\
               velocities = { kind = \"lattice\", radius = 3 }\ncross_section = \"maxwell\"\n\
               [initial]\nstate = \"beams\"\nspeed = 1.0\nwidth = 0.7\n\
               [expansion]\nmarginals = [1, 2]\n[time]\nend = 0.1\nsamples = 2\n";
    let mut configs: Vec<(&str, String)> = KINDS.iter().map(|k| (*k, template(k))).collect();
    // Large enough for its products to be divided among threads.
    configs.push(("a gas of 29 velocities", gas.to_owned()));
    for (name, config) in configs {
        let with = |threads: usize| {
            let place = Place::with_config(&format!("{config}\n[limits]\nthreads = {threads}\n"));
            place.succeed(&["run", "config.toml"]);
            std::fs::read(place.file("config.out/result.npz")).unwrap()
        };
        let one = with(1);
        for threads in [2, 3] {
            assert!(with(threads) == one, "{name}: {threads} threads");
        }
    }
}

/// The findings of a template: mean field, corrected and exact values by
/// quantity and N.
fn findings(kind: &str) -> Map<String, Value> {
    let place = Place::with_config(&template(kind));
    place.succeed(&["run", "config.toml"]);
    let summary = summary(&place, "config.out");
    let mut out = Map::new();
    for finding in summary["findings"].as_array().unwrap() {
        for which in ["mean_field", "corrected", "exact"] {
            if let Some(x) = finding[which].as_f64() {
                let name = format!("{} at {}: {which}", finding["quantity"], finding["n"]);
                out.insert(name.replace('"', ""), x.into());
            }
        }
    }
    out
}

#[test]
fn regress_the_numbers_of_every_kind_stay() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pinned.json");
    let found: Map<String, Value> = KINDS
        .iter()
        .map(|kind| ((*kind).to_owned(), findings(kind).into()))
        .collect();
    // With the variable set, the numbers are pinned anew.
    if std::env::var_os("MEANFIELD_PIN").is_some() {
        let text = serde_json::to_string_pretty(&found).unwrap() + "\n";
        std::fs::write(&path, text).unwrap();
    }
    let pinned: Map<String, Value> =
        serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    for kind in KINDS {
        let (found, pinned) = (&found[kind], pinned[kind].as_object().unwrap());
        let names = |map: &Map<String, Value>| map.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(found.as_object().unwrap()), names(pinned), "{kind}");
        assert!(pinned.len() >= 4, "{kind}: {pinned:?}");
        let values = pinned.values().filter_map(Value::as_f64);
        let scale = values.fold(0.0, |most, x| f64::max(most, x.abs()));
        let drift = if kind == "hartree" {
            DRIFT_HARTREE
        } else {
            DRIFT
        };
        for (name, before) in pinned {
            let change = (found[name].as_f64().unwrap() - before.as_f64().unwrap()).abs();
            assert!(
                change <= drift * scale,
                "{kind}, {name}: changed by {change:e}"
            );
        }
    }
}
