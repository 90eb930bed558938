//! The tours of docs/models against the program: names in both directions, and
//! every configuration on a page of docs/.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;
use xshell::{Shell, cmd};

/// What does not agree.
pub(super) fn findings(root: &Path, meanfield: &Path) -> Result<Vec<String>> {
    let sh = Shell::new()?;
    let listed = cmd!(sh, "{meanfield} --quiet models --json")
        .quiet()
        .read()?;
    let listed: Value = serde_json::from_str(&listed).context("`models --json` is not JSON")?;
    let help = cmd!(sh, "{meanfield} --quiet models").quiet().read()?;
    let mut found = Vec::new();
    let tours = root.join("docs/models");
    for entry in listed.as_array().context("`models --json` is no list")? {
        let kind = entry["kind"].as_str().context("a model without a kind")?;
        let path = tours.join(format!("{kind}.md"));
        let page = read(&path)?;
        let wrong = names(&page, entry, &help);
        found.extend(
            wrong
                .into_iter()
                .map(|f| format!("{}: {f}", path.display())),
        );
    }
    let scratch = sh.create_temp_dir()?;
    for path in pages(&sh, root)? {
        for (line, config) in blocks(&read(&path)?, "toml") {
            let file = scratch.path().join("tour.toml");
            sh.write_file(&file, config)?;
            let checked = cmd!(sh, "{meanfield} check {file}").quiet().ignore_status();
            let output = checked.output()?;
            if !output.status.success() {
                let said = String::from_utf8_lossy(&output.stderr).into_owned();
                found.push(format!("{} line {line}: {said}", path.display()));
            }
        }
    }
    Ok(found)
}

/// Code in docs/add-a-model.md that is not in the example it walks through.
pub(super) fn excerpts(root: &Path) -> Result<Vec<String>> {
    let page = read(&root.join("docs/add-a-model.md"))?;
    let source = read(&root.join("examples/own_model.rs"))?;
    let absent = blocks(&page, "rust").into_iter();
    Ok(absent
        .filter(|(_, code)| !source.contains(code))
        .map(|(line, _)| format!("docs/add-a-model.md line {line}: not in examples/own_model.rs"))
        .collect())
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn pages(sh: &Shell, root: &Path) -> Result<Vec<PathBuf>> {
    let mut all = sh.read_dir(root.join("docs"))?;
    all.extend(sh.read_dir(root.join("docs/models"))?);
    all.retain(|path| path.extension().is_some_and(|e| e == "md"));
    Ok(all)
}

/// The fenced blocks of that language, with the line each begins on.
fn blocks(page: &str, language: &str) -> Vec<(usize, String)> {
    let mut out: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (k, line) in page.lines().enumerate() {
        match line.strip_prefix("```") {
            Some(tag) if !open && tag == language => {
                open = true;
                out.push((k + 2, String::new()));
            }
            Some(_) => open = false,
            None if open => {
                if let Some((_, text)) = out.last_mut() {
                    text.push_str(line);
                    text.push('\n');
                }
            }
            None => {}
        }
    }
    out
}

/// Names of the model that the page lacks, and names in the page's tables that the
/// model does not know. `help` is what the program prints about all models.
fn names(page: &str, model: &Value, help: &str) -> Vec<String> {
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    let strings = |list: &Value| -> Vec<String> {
        let items = list.as_array().into_iter().flatten();
        items.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    wanted.extend(strings(&model["keys"]));
    for group in ["families", "states"] {
        for (name, keys) in model[group].as_object().into_iter().flatten() {
            wanted.insert(name.clone());
            wanted.extend(strings(keys));
        }
    }
    let observables = model["observables"].as_str().unwrap_or_default();
    wanted.extend(single_words(observables));
    let there = in_backticks(page.lines());
    let lacking = wanted.iter().filter(|name| !there.contains(*name));
    let mut found: Vec<String> = lacking.map(|name| format!("lacks `{name}`")).collect();

    let kind = model["kind"].as_str().unwrap_or_default();
    let section = section(help, kind);
    let known: BTreeSet<&str> = words(&section).chain(words(observables)).collect();
    let tables = page.lines().scan(false, |inside, line| {
        let named = ["| key", "| state", "| observable", "| family"];
        *inside = line.starts_with('|') && (*inside || named.iter().any(|n| line.starts_with(n)));
        Some(if *inside { line } else { "" })
    });
    let unknown = in_backticks(tables).into_iter();
    let unknown = unknown.filter(|name| !known.contains(name.as_str()));
    found.extend(unknown.map(|name| format!("`{name}` is not known to the program")));
    found
}

/// What the program prints about one model.
fn section(help: &str, kind: &str) -> String {
    let of_kind = help.lines().skip_while(|line| *line != kind).skip(1);
    let lines = of_kind.take_while(|line| line.is_empty() || line.starts_with(' '));
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_name(c)).filter(|word| !word.is_empty())
}

/// Items of a list in prose that are one word, what is in brackets left out.
fn single_words(text: &str) -> Vec<String> {
    let outside: String = text
        .split('(')
        .map(|part| part.split_once(')').map_or(part, |(_, rest)| rest))
        .collect();
    let items = outside.split([',', ';']).map(str::trim);
    let one_word = items.filter(|item| !item.is_empty() && item.chars().all(is_name));
    one_word.map(str::to_owned).collect()
}

/// Names in backticks, quotes around them left out; code that is no name is
/// passed over.
fn in_backticks<'a>(lines: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let spans = lines.flat_map(|line| line.split('`').skip(1).step_by(2));
    let names = spans.map(|span| span.trim_matches('"'));
    let names = names.filter(|name| !name.is_empty() && name.chars().all(is_name));
    names.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const HELP: &str = "gas\n  a gas\n  [model]\n    points    grid points\n  observables: m2\n\
                        \nother\n    size      of it\n";

    fn model() -> Value {
        json!({"kind": "gas", "keys": ["points"], "families": {}, "states": {"hot": ["t"]},
               "observables": "m2, m4 (in 2D also m6), and more; entropy"})
    }

    #[test]
    fn law_names_agree_in_both_directions() {
        let help = HELP.replace("  observables", "    state = \"hot\": t\n  observables");
        let page = "| key | |\n|---|---|\n| `points` | `x = 1` |\n\n| state | |\n| `hot` | `t` |\n\n\
                    `m2`, `m4`, `entropy`, `unrelated`\n";
        assert_eq!(names(page, &model(), &help), [""; 0]);
        let found = names(&page.replace("`t`", "`u`"), &model(), &help);
        assert_eq!(found, ["lacks `t`", "`u` is not known to the program"]);
        // A key of another model is not one of this.
        let found = names(&page.replace("`x = 1`", "`size`"), &model(), &help);
        assert_eq!(found, ["`size` is not known to the program"]);
    }

    #[test]
    fn law_blocks_are_cut_out_by_language() {
        let page = "```sh\nx\n```\ntext\n```toml\na = 1\nb = 2\n```\n```rust\nfn\n```\n";
        assert_eq!(blocks(page, "toml"), [(6, "a = 1\nb = 2\n".to_owned())]);
        assert_eq!(blocks(page, "rust").len(), 1);
    }
}
