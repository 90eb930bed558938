//! Which bytes of the file a key of `[sweep]` varies.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::fault::{Complaint, Fault};
use crate::nearest::nearest;

/// Tables whose keys cannot be varied: results do not depend on them.
const FIXED: [&str; 2] = ["limits", "sweep"];

/// The bytes of the value of `key`, "model.chi" or "observable[0].name";
/// `span` is where the sweep says it.
pub(super) fn place(
    text: &str,
    root: &DeTable<'_>,
    key: &str,
    span: &Range<usize>,
) -> Result<Range<usize>, Fault> {
    let wrong = |found: &str, expected: &str| {
        let complaint = Complaint::Value {
            key: format!("sweep.{key}"),
            found: found.to_owned(),
            expected: expected.to_owned(),
        };
        Fault::at(span.clone(), complaint)
    };
    if let Some(table) = FIXED.iter().find(|t| key.split('.').next() == Some(t)) {
        let found = format!("a key of [{table}]");
        return Err(wrong(&found, "a key that results depend on"));
    }
    let Some(value) = find(root, key) else {
        let mut known = Vec::new();
        for (name, value) in root {
            let name = name.get_ref();
            if !FIXED.contains(&name.as_ref()) {
                leaves(name, value.get_ref(), &mut known);
            }
        }
        let complaint = Complaint::NotToVary {
            key: key.to_owned(),
            nearest: nearest(key, known.iter().map(String::as_str)),
        };
        return Err(Fault::at(span.clone(), complaint));
    };
    // Tables with a header, and lists of them, are no values.
    let written = text.get(value.span()).unwrap_or("");
    let is_value = match value.get_ref() {
        DeValue::Table(_) => written.starts_with('{'),
        DeValue::Array(items) => items.iter().all(|item| {
            let written = text.get(item.span()).unwrap_or("");
            !item.get_ref().is_table() || written.starts_with('{')
        }),
        _ => true,
    };
    if !is_value {
        return Err(wrong("a table", "one of its keys, such as \"time.end\""));
    }
    Ok(value.span())
}

/// The value at a path.
fn find<'t>(root: &'t DeTable<'t>, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
    let mut table = root;
    let mut parts = key.split('.').peekable();
    while let Some(part) = parts.next() {
        let (name, indices) = part.split_at(part.find('[').unwrap_or(part.len()));
        if !(indices.is_empty() || indices.ends_with(']')) {
            return None;
        }
        let mut value = table.get(name)?;
        for index in indices.split_terminator(']') {
            let index: usize = index.strip_prefix('[')?.parse().ok()?;
            let DeValue::Array(items) = value.get_ref() else {
                return None;
            };
            value = items.get(index)?;
        }
        if parts.peek().is_none() {
            return Some(value);
        }
        table = value.get_ref().as_table()?;
    }
    None
}

/// The paths of all values below one.
fn leaves(path: &str, value: &DeValue<'_>, out: &mut Vec<String>) {
    match value {
        DeValue::Table(table) => {
            for (key, inner) in table {
                leaves(&format!("{path}.{}", key.get_ref()), inner.get_ref(), out);
            }
        }
        DeValue::Array(items) if items.iter().any(|item| item.get_ref().is_table()) => {
            for (k, inner) in items.iter().enumerate() {
                leaves(&format!("{path}[{k}]"), inner.get_ref(), out);
            }
        }
        _ => out.push(path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[model]\nK = [[1, 2], [3, 4]]\npotential = { kind = \"contact\", strength = 2 }\n\
        [[observable]]\nname = \"a\"\n[[observable]]\nname = \"b\"\n[limits]\nthreads = 1\n";

    fn found(key: &str) -> Result<&'static str, String> {
        let root = DeTable::parse(TEXT).unwrap();
        let span =
            place(TEXT, root.get_ref(), key, &(0..1)).map_err(|f| f.complaint.to_string())?;
        Ok(&TEXT[span])
    }

    #[test]
    fn law_a_key_is_found_where_its_value_stands() {
        for (key, value) in [
            ("model.K", "[[1, 2], [3, 4]]"),
            ("model.K[1]", "[3, 4]"),
            ("model.K[1][0]", "3"),
            ("model.potential.strength", "2"),
            ("model.potential", "{ kind = \"contact\", strength = 2 }"),
            ("observable[1].name", "\"b\""),
        ] {
            assert_eq!(found(key).unwrap(), value, "{key}");
        }
        for (key, fragment) in [
            ("model", "is a table; expected one of its keys"),
            ("observable", "is a table; expected one of its keys"),
            (
                "model.potential.strenght",
                "did you mean `model.potential.strength`?",
            ),
            ("model.K[2]", "no value of `model.K[2]`"),
            ("model.K[0", "no value of `model.K[0`"),
            ("model.K.a", "no value of `model.K.a`"),
            ("limits.threads", "a key of [limits]"),
            ("", "no value of ``"),
        ] {
            let message = found(key).unwrap_err();
            assert!(message.contains(fragment), "{key}: {message}");
        }
    }
}
