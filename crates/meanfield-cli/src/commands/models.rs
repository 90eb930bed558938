//! `meanfield models`.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::config::catalogue::{Holds, KINDS, Key, Named};
use crate::failure::Failure;
use crate::terminal;

/// Names only, for scripts.
fn as_json() -> Result<String, Failure> {
    let names = |keys: &[Key]| keys.iter().map(|key| key.name).collect::<Vec<_>>();
    let each = |list: &[Named]| {
        let pairs = list
            .iter()
            .map(|n| (n.name.to_owned(), json!(names(n.keys))));
        Value::Object(pairs.collect())
    };
    let kinds: Vec<Value> = KINDS
        .iter()
        .map(|kind| {
            json!({
                "kind": kind.name,
                "summary": kind.summary,
                "keys": names(kind.keys),
                "families": each(kind.families),
                "states": each(kind.states),
                "observables": kind.observables,
            })
        })
        .collect();
    let text = serde_json::to_string_pretty(&kinds).map_err(Failure::internal)?;
    Ok(text + "\n")
}

/// Prints every model with its keys, states and observables.
///
/// # Errors
/// [`Failure::Internal`] when the output cannot be written.
pub(crate) fn models(json: bool) -> Result<(), Failure> {
    if json {
        return terminal::print(&as_json()?);
    }
    let mut text = String::new();
    for kind in KINDS {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}\n  {}\n  [model]", kind.name, kind.summary);
        let mut shown = Vec::new();
        list(&mut text, 4, kind.keys, &mut shown);
        for family in kind.families {
            named(&mut text, 4, "family", family, &mut shown);
        }
        let _ = writeln!(text, "  [initial]");
        let array = ["", "(D,)", "(d, d)"][kind.one_body_rank];
        let _ = writeln!(text, "    {:<19} {array}: the one-body state", "F");
        for state in kind.states {
            named(&mut text, 4, "state", state, &mut shown);
        }
        let _ = writeln!(text, "  observables: {}\n", kind.observables);
    }
    text.push_str(
        "Every model: `state = [{ weight = 0.5, name = \"...\", ... }, ...]` draws each particle by itself\n\
         from a mixture; start = \"product\" (default), \"fixed-counts\" (custom only: exactly N F particles in\n\
         each state) or \"cumulants\" with cumulants = \"c.npz\" (arrays g_j_l); an [[observable]] is one named\n\
         above, or a name with `values`.\n\n",
    );
    text.push_str("`meanfield new MODEL` prints a configuration to start from.\n");
    terminal::print(&text)
}

/// Where meanings start.
const COLUMN: usize = 23;

/// Keys with their meaning; a table that chooses is followed by its choices,
/// once for each name in `shown`.
fn list(text: &mut String, indent: usize, keys: &[Key], shown: &mut Vec<&'static str>) {
    for key in keys {
        let width = COLUMN.saturating_sub(indent);
        let Holds::OneOf(choice) = key.holds else {
            let _ = writeln!(text, "{:indent$}{:<width$} {}", "", key.name, key.meaning);
            continue;
        };
        let again = shown.contains(&key.name);
        let place = if again { ", as above" } else { "" };
        let form = format!("{{ {} = \"...\", ... }}", choice.selector);
        let _ = writeln!(
            text,
            "{:indent$}{:<width$} {form}: {}{place}",
            "", key.name, key.meaning
        );
        if !again {
            shown.push(key.name);
            for kind in choice.kinds {
                named(text, indent + 2, choice.selector, kind, shown);
            }
        }
    }
}

fn named(
    text: &mut String,
    indent: usize,
    what: &str,
    named: &Named,
    shown: &mut Vec<&'static str>,
) {
    let _ = writeln!(
        text,
        "{:indent$}{what} = \"{}\": {}",
        "", named.name, named.summary
    );
    list(text, indent + 2, named.keys, shown);
}
