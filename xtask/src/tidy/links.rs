//! Links of the pages: every relative one leads to a file, and to a heading of it
//! where it names one.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Folders without pages of ours.
const PASSED_OVER: [&str; 3] = ["target", ".git", "node_modules"];

/// Links that lead nowhere, in all pages under `root`.
pub(super) fn findings(root: &Path) -> Result<Vec<String>> {
    let mut pages = Vec::new();
    collect(root, &mut pages)?;
    pages.sort();
    let mut headings: HashMap<PathBuf, Vec<String>> = HashMap::new();
    let mut found = Vec::new();
    for page in &pages {
        let text = read(page)?;
        for (line, link) in links(&text) {
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = match (file, page.parent()) {
                ("", _) => page.clone(),
                (file, Some(folder)) => folder.join(file),
                (file, None) => PathBuf::from(file),
            };
            let at = format!("{} line {line}", page.display());
            if !target.exists() {
                found.push(format!("{at}: `{link}` leads to no file"));
                continue;
            }
            if anchor.is_empty() || target.extension().is_none_or(|e| e != "md") {
                continue;
            }
            if !headings.contains_key(&target) {
                headings.insert(target.clone(), anchors(&read(&target)?));
            }
            if !headings[&target].iter().any(|known| known == anchor) {
                found.push(format!("{at}: `{link}` leads to no heading"));
            }
        }
    }
    Ok(found)
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Pages, without those behind symbolic links, which are seen where they are.
fn collect(folder: &Path, pages: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() {
            if !PASSED_OVER.iter().any(|name| entry.file_name() == *name) {
                collect(&path, pages)?;
            }
        } else if kind.is_file() && path.extension().is_some_and(|e| e == "md") {
            pages.push(path);
        }
    }
    Ok(())
}

/// The lines of a page that are not code, with their numbers.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut code = false;
    text.lines().enumerate().filter_map(move |(k, line)| {
        let fence = line.trim_start().starts_with("```");
        code ^= fence;
        (!code && !fence).then_some((k + 1, line))
    })
}

/// The targets of `[…](target)` that are not addresses.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    for (line, content) in prose(text) {
        for part in content.split("](").skip(1) {
            let target = part.split(')').next().unwrap_or(part);
            if !target.contains("://") && !target.starts_with("mailto:") {
                out.push((line, target.to_owned()));
            }
        }
    }
    out
}

/// The anchors of a page's headings: lower case, hyphens for spaces, and nothing
/// but letters, digits, hyphens and underscores.
fn anchors(text: &str) -> Vec<String> {
    let heading = |(_, line): (usize, &str)| {
        let title = line.trim_start_matches('#');
        let kept = title.trim().chars().filter_map(|c| match c {
            ' ' => Some('-'),
            c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c.to_ascii_lowercase()),
            _ => None,
        });
        line.starts_with('#').then(|| kept.collect())
    };
    prose(text).filter_map(heading).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_links_are_found_outside_of_code() {
        let page = "See [a](a.md#b-c) and ![b](x.png).\n```text\n[no](no.md)\n```\n\
                    [w](https://example.org) [d](d/)\n";
        let targets: Vec<_> = links(page).into_iter().collect();
        let expected = [(1, "a.md#b-c"), (1, "x.png"), (5, "d/")];
        assert_eq!(targets, expected.map(|(line, t)| (line, t.to_owned())));
    }

    #[test]
    fn law_anchors_are_those_of_headings() {
        let page = "# What is *not* guaranteed\n## F_1, at N\n```sh\n# no\n```\n";
        assert_eq!(anchors(page), ["what-is-not-guaranteed", "f_1-at-n"]);
    }

    #[test]
    fn law_a_link_to_nothing_is_a_finding() {
        let folder = std::env::temp_dir().join(format!("links-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let page = "# One\n[a](page.md#one) [b](page.md#two) [c](gone.md)";
        std::fs::write(folder.join("page.md"), page).unwrap();
        let found = findings(&folder).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("#two") && found[1].contains("gone.md"));
    }
}
