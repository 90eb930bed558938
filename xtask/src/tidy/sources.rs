//! Source files: a head comment, one style of modules, nothing left undone.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Where sources live.
const FOLDERS: [&str; 4] = ["crates", "tests", "benches", "xtask"];
/// What must not be left behind. Joined here, or this file would find itself.
const UNDONE: [&str; 3] = [
    concat!("to", "do!"),
    concat!("unimple", "mented!"),
    concat!("#[", "ignore"),
];
/// Attributes that silence the compiler.
const SILENCING: [&str; 4] = [
    concat!("#[", "allow("),
    concat!("#![", "allow("),
    concat!("#[", "expect("),
    concat!("#![", "expect("),
];

/// What is wrong with the sources under `root`.
pub(super) fn findings(root: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        let mut files = Vec::new();
        collect(&root.join(folder), &mut files)?;
        files.sort();
        for path in files {
            if is_nested(&path) {
                found.push(format!(
                    "{}: a module x is x.rs, beside the folder x/",
                    path.display()
                ));
            }
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            found.extend(
                of_source(&text)
                    .into_iter()
                    .map(|f| format!("{}: {f}", path.display())),
            );
        }
    }
    Ok(found)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                collect(&path, files)?;
            }
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

/// Whether a source of a crate is a `mod.rs`. What tests share is one: cargo would take
/// any other file beside them for a test.
fn is_nested(path: &Path) -> bool {
    let in_sources = path.components().any(|part| part.as_os_str() == "src");
    in_sources && path.file_name().is_some_and(|name| name == "mod.rs")
}

fn of_source(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !text.starts_with("//!") {
        found.push("no head comment `//!` that says what the file is".to_owned());
    }
    for pattern in UNDONE {
        for (at, _) in text.match_indices(pattern) {
            found.push(format!("line {}: `{pattern}`", line_of(text, at)));
        }
    }
    for pattern in SILENCING {
        for (at, _) in text.match_indices(pattern) {
            let rest = &text[at..];
            let attribute = &rest[..rest.find(")]").unwrap_or(rest.len())];
            if !attribute.contains("reason =") {
                let line = line_of(text, at);
                found.push(format!("line {line}: `{pattern}…)]` without a reason"));
            }
        }
    }
    found
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_one_style_of_modules() {
        assert!(is_nested(Path::new("crates/a/src/x/mod.rs")));
        assert!(!is_nested(Path::new("crates/a/src/x.rs")));
        assert!(!is_nested(Path::new("crates/a/tests/common/mod.rs")));
    }

    #[test]
    fn law_each_habit_is_checked() {
        assert!(of_source("//! Head.\nfn f() {}\n").is_empty());
        assert_eq!(of_source("fn f() {}\n").len(), 1);
        for pattern in UNDONE {
            assert_eq!(of_source(&format!("//! Head.\n{pattern}")).len(), 1);
        }
        for pattern in SILENCING {
            let bare = format!("//! Head.\n{pattern}dead_code)]\n// reason = no\n");
            assert_eq!(
                of_source(&bare),
                [format!("line 2: `{pattern}…)]` without a reason")]
            );
            let argued = format!("//! Head.\n{pattern}\n  dead_code,\n  reason = \"why\"\n)]");
            assert!(of_source(&argued).is_empty());
        }
    }
}
