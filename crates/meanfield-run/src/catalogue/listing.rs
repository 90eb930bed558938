//! The catalogue as text for people, and as names for scripts.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Catalogue, Holds, Key, Named};
use crate::nearest::nearest;

/// A name that no kind has.
#[derive(Debug, thiserror::Error)]
#[error(
    "there is no model \"{name}\"; {}known: {}{}",
    .nearest.as_ref().map_or(String::new(), |near| format!("did you mean `{near}`? (")),
    .known.join(", "),
    .nearest.as_ref().map_or("", |_| ")")
)]
pub struct UnknownKind {
    name: String,
    nearest: Option<String>,
    known: Vec<&'static str>,
}

impl Catalogue {
    /// A commented configuration of the kind of that name.
    ///
    /// # Errors
    /// [`UnknownKind`] with the nearest name.
    pub fn example(&self, name: &str) -> Result<&'static str, UnknownKind> {
        match self.kind(name) {
            Some(kind) => Ok(kind.example),
            None => Err(UnknownKind {
                name: name.to_owned(),
                nearest: nearest(name, self.names()),
                known: self.names(),
            }),
        }
    }

    /// Names only, for scripts.
    #[must_use]
    pub fn document(&self) -> Value {
        let names = |keys: &[Key]| keys.iter().map(|key| key.name).collect::<Vec<_>>();
        let each = |list: &[Named]| {
            let pairs = list
                .iter()
                .map(|n| (n.name.to_owned(), json!(names(n.keys))));
            Value::Object(pairs.collect())
        };
        let kinds = self.kinds().iter().map(|kind| {
            let mut keys: Vec<&str> = Vec::new();
            keys.extend(kind.arrays().next().map(|_| "file"));
            keys.extend(names(kind.keys));
            keys.extend(kind.families.first().map(|_| "family"));
            json!({
                "kind": kind.name,
                "summary": kind.summary,
                "keys": keys,
                "families": each(kind.families),
                "states": each(kind.states),
                "observables": kind.observables,
            })
        });
        kinds.collect()
    }

    /// Every kind with its keys, states and observables.
    #[must_use]
    pub fn listing(&self) -> String {
        let mut text = String::new();
        for kind in self.kinds() {
            // Writing to a string cannot fail, here and below.
            let _ = writeln!(text, "{}\n  {}\n  [model]", kind.name, kind.summary);
            let mut shown = Vec::new();
            if kind.arrays().next().is_some() {
                let _ = writeln!(text, "    {:<19} npz file with the arrays below", "file");
            }
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
         from a mixture; start = \"product\" (default), \"fixed-counts\" (reactions, custom: exactly N F\n\
         particles in each state; or counts = { NAME = n, ... }) or \"cumulants\" with cumulants =\n\
         \"c.npz\" (arrays g_j_l); an [[observable]] is one named above, or a name with `values`. Any number\n\
         may be an expression in quotes with names from [parameters].\n\n",
        );
        text
    }
}

/// Where meanings start.
const COLUMN: usize = 23;

/// Keys with their meaning; a table that chooses is followed by its choices,
/// once for each name in `shown`.
fn list(text: &mut String, indent: usize, keys: &[Key], shown: &mut Vec<&'static str>) {
    for key in keys {
        let width = COLUMN.saturating_sub(indent);
        let unit = match key.unit {
            "" => String::new(),
            unit => format!(" [{unit}]"),
        };
        let Holds::OneOf(choice) = key.holds else {
            let _ = writeln!(
                text,
                "{:indent$}{:<width$} {}{unit}",
                "", key.name, key.meaning
            );
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
