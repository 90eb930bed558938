//! The folders of a crate that holds many: they use one another in one direction.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};

/// The crate whose modules are layers.
const LAYERED: &str = "crates/meanfield-run/src";

/// Which modules of the root each one uses.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// Circles among the modules of the root.
pub(super) fn findings(root: &Path) -> Result<Vec<String>> {
    let folder = root.join(LAYERED);
    let mut uses = Uses::new();
    let entries =
        std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        if name != "lib" {
            collect(&path, &name, &mut uses)?;
        }
    }
    let circle = circle(&uses);
    Ok(circle.map_or_else(Vec::new, |modules| {
        vec![format!("{LAYERED}: a circle of {}", modules.join(", "))]
    }))
}

fn collect(path: &Path, module: &str, uses: &mut Uses) -> Result<()> {
    if path.is_dir() {
        for entry in std::fs::read_dir(path)? {
            collect(&entry?.path(), module, uses)?;
        }
        return Ok(());
    }
    if path.extension().is_none_or(|extension| extension != "rs") {
        return Ok(());
    }
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    // Tests may look at what is built on them.
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let of_module = uses.entry(module.to_owned()).or_default();
    of_module.extend(used(text).into_iter().filter(|other| other != module));
    Ok(())
}

/// The modules of the root in a text, from their paths `crate::x`.
fn used(text: &str) -> Vec<String> {
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let mut out = Vec::new();
    for line in code {
        for rest in line.split("crate::").skip(1) {
            let ends = |c: char| !c.is_alphanumeric() && c != '_';
            out.extend(rest.split(ends).next().map(str::to_owned));
        }
    }
    out
}

/// The modules that are left when those that use none of the others are taken away,
/// again and again.
fn circle(uses: &Uses) -> Option<Vec<String>> {
    let mut left = uses.clone();
    loop {
        let names: BTreeSet<String> = left.keys().cloned().collect();
        let before = left.len();
        left.retain(|_, used| used.iter().any(|other| names.contains(other)));
        if left.is_empty() {
            return None;
        }
        if left.len() == before {
            return Some(left.into_keys().collect());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_a_circle_is_found() {
        let uses = |pairs: &[(&str, &str)]| {
            let mut out = Uses::new();
            for (module, text) in pairs {
                let used = used(text).into_iter().collect();
                out.insert((*module).to_owned(), used);
            }
            circle(&out)
        };
        let fine = [
            ("a", ""),
            ("b", "use crate::a::{X, Y};"),
            ("c", "crate::b::f(crate::a::g)"),
        ];
        assert_eq!(uses(&fine), None);
        let round = [("a", "use crate::c::Z;"), fine[1], fine[2]];
        assert_eq!(uses(&round).unwrap(), ["a", "b", "c"]);
        assert_eq!(uses(&[("a", "// crate::b"), ("b", "use crate::a;")]), None);
    }
}
