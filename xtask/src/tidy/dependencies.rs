//! The direction of dependencies: each layer knows only those it is built on.

use std::path::Path;

use anyhow::{Context, Result};
use toml::{Table, Value};

/// What each crate may be built on. The hierarchy, the exact evolution and the
/// expansion know the trait of a model, never a concrete one.
const MAY_USE: [(&str, &[&str]); 12] = [
    ("meanfield-tensor", &[]),
    ("meanfield-ode", &["tensor"]),
    ("meanfield-abstract", &["tensor"]),
    ("meanfield-models", &["tensor", "abstract"]),
    ("meanfield-exact", &["tensor", "ode", "abstract"]),
    ("meanfield-hierarchy", &["tensor", "ode", "abstract"]),
    (
        "meanfield-expansion",
        &["tensor", "ode", "abstract", "hierarchy"],
    ),
    ("meanfield", &LIBRARIES),
    ("meanfield-run", &["meanfield"]),
    ("meanfield-report", &["run"]),
    ("meanfield-cli", &["meanfield", "run", "report"]),
    (
        "meanfield-testing",
        &[
            "tensor",
            "ode",
            "abstract",
            "exact",
            "hierarchy",
            "expansion",
        ],
    ),
];

/// What is there for tests alone.
const TESTING: &str = "testing";

/// Every layer. A test may compare any of them, so dev-dependencies are free
/// among these.
const LIBRARIES: [&str; 7] = [
    "tensor",
    "ode",
    "abstract",
    "models",
    "exact",
    "hierarchy",
    "expansion",
];

/// Dependencies that point upwards, from the manifests of `crates/`.
pub(super) fn findings(root: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root.join("crates"))? {
        let path = entry?.path().join("Cargo.toml");
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let manifest: Table = text
            .parse()
            .with_context(|| format!("cannot parse {}", path.display()))?;
        found.extend(
            of_manifest(&manifest)
                .into_iter()
                .map(|f| format!("{}: {f}", path.display())),
        );
    }
    Ok(found)
}

fn of_manifest(manifest: &Table) -> Vec<String> {
    let package = manifest.get("package").and_then(|p| p.get("name"));
    let name = package.and_then(Value::as_str).unwrap_or("?");
    let Some((_, below)) = MAY_USE.iter().find(|(krate, _)| *krate == name) else {
        return vec![format!("`{name}` has no place among the layers yet")];
    };
    let mut tables = vec![manifest];
    if let Some(targets) = manifest.get("target").and_then(Value::as_table) {
        tables.extend(targets.values().filter_map(Value::as_table));
    }
    let mut found = Vec::new();
    for table in tables {
        for (section, allowed) in [
            ("dependencies", *below),
            ("build-dependencies", *below),
            ("dev-dependencies", &LIBRARIES[..]),
        ] {
            let listed = table.get(section).and_then(Value::as_table);
            for (key, value) in listed.into_iter().flatten() {
                // A renamed dependency carries its real name in `package`.
                let real = value.get("package").and_then(Value::as_str).unwrap_or(key);
                if real != "meanfield" && !real.starts_with("meanfield-") {
                    continue;
                }
                let layer = real.strip_prefix("meanfield-").unwrap_or(real);
                let lies_below = allowed.contains(&layer)
                    || section == "dev-dependencies"
                        && (below.contains(&layer) || layer == TESTING);
                if !lies_below {
                    found.push(format!("`{name}` must not have `{real}` in [{section}]"));
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Vec<String> {
        of_manifest(&text.parse().unwrap())
    }

    #[test]
    fn law_dependencies_point_downwards() {
        let fine = "[package]\nname = 'meanfield-expansion'\n[dependencies]\n\
                    meanfield-hierarchy.workspace = true\nndarray = '0.17'\n\
                    [dev-dependencies]\nmeanfield-models.workspace = true";
        assert!(check(fine).is_empty());
        for upwards in [
            "[package]\nname = 'meanfield-exact'\n[dependencies]\nmeanfield-models = '1'",
            "[package]\nname = 'meanfield-hierarchy'\n[dependencies]\n\
             x = { package = 'meanfield-models', version = '1' }",
            "[package]\nname = 'meanfield-tensor'\n[build-dependencies]\nmeanfield-ode = '1'",
            "[package]\nname = 'meanfield-ode'\n[target.'cfg(unix)'.dependencies]\n\
             meanfield-abstract = '1'",
            "[package]\nname = 'meanfield-ode'\n[dev-dependencies]\nmeanfield = '1'",
            "[package]\nname = 'meanfield-new'",
        ] {
            assert_eq!(check(upwards).len(), 1, "{upwards}");
        }
    }
}
