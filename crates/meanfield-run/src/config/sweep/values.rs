//! The values of `[sweep]`: lists, and ranges { from, to, points, scale }.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::MOST_POINTS;
use crate::arrays::is_usable;
use crate::config::fault::{Complaint, Fault};
use crate::config::value::{as_count, as_number, describe};
use crate::nearest::nearest;

/// A value that a key takes.
#[derive(Debug, Clone)]
pub(crate) struct Value {
    /// As TOML.
    pub(crate) text: String,
    /// The value, where it is a number.
    pub(crate) number: Option<f64>,
    /// Where the sweep says it.
    pub(super) span: Range<usize>,
}

impl Value {
    /// A value that is put in as it is written there.
    pub(super) fn of_text(text: String, span: Range<usize>) -> Self {
        Self {
            text,
            number: None,
            span,
        }
    }

    /// The same for every way to write the value.
    fn canonical(&self) -> String {
        if let Some(x) = self.number {
            return format!("{x:?}");
        }
        let table = format!("x = {}", self.text).parse::<toml::Table>();
        table.map_or(self.text.clone(), |table| table.to_string())
    }

    /// The value on one line, cut where it is long.
    pub(crate) fn shown(&self) -> String {
        const MOST: usize = 48;
        let line = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() <= MOST {
            return line;
        }
        line.chars().take(MOST - 1).chain(['…']).collect()
    }
}

/// A key of the sweep, where it has its values, and these.
type Found = (String, Range<usize>, Vec<Value>);

/// Every key with its values, in the order of the file.
pub(super) fn read(text: &str, sweep: &Spanned<DeValue<'_>>) -> Result<Vec<Found>, Fault> {
    let DeValue::Table(table) = sweep.get_ref() else {
        let found = describe(sweep.get_ref());
        return Err(wrong("sweep", sweep.span(), found, "a table"));
    };
    let mut out = Vec::new();
    collect(text, "", table, &mut out)?;
    out.sort_by_key(|(_, span, _)| span.start);
    Ok(out)
}

fn wrong(key: &str, span: Range<usize>, found: String, expected: &str) -> Fault {
    Fault::at(
        span,
        Complaint::Value {
            key: key.to_owned(),
            found,
            expected: expected.to_owned(),
        },
    )
}

/// `"model.chi" = …`, `model.chi = …` and `[sweep.model]` alike.
fn collect(
    text: &str,
    prefix: &str,
    table: &DeTable<'_>,
    out: &mut Vec<Found>,
) -> Result<(), Fault> {
    const EXPECTED: &str =
        "a list of values, or { from, to, points, scale = \"linear\" or \"log\" }";
    for (key, value) in table {
        let key = key.get_ref();
        let full = if prefix.is_empty() {
            key.to_string()
        } else {
            format!("{prefix}.{key}")
        };
        let name = format!("sweep.{full}");
        let values = match value.get_ref() {
            // No key of a configuration is called from or to.
            DeValue::Table(inner) if ["from", "to"].iter().any(|k| inner.contains_key(*k)) => {
                range(&name, inner, value.span())?
            }
            DeValue::Table(inner) if !inner.is_empty() => {
                collect(text, &full, inner, out)?;
                continue;
            }
            DeValue::Array(items) if !items.is_empty() => items
                .iter()
                .map(|item| Value {
                    text: text.get(item.span()).unwrap_or("").to_owned(),
                    number: as_number(item.get_ref()).filter(|&x| is_usable(x)),
                    span: item.span(),
                })
                .collect(),
            other => return Err(wrong(&name, value.span(), describe(other), EXPECTED)),
        };
        let mut seen = std::collections::BTreeSet::new();
        let twice = values
            .iter()
            .position(|value| !seen.insert(value.canonical()));
        if let Some(k) = twice {
            let complaint = Complaint::Duplicate {
                key: name,
                found: values[k].shown(),
            };
            return Err(Fault::at(values[k].span.clone(), complaint));
        }
        out.push((full, value.span(), values));
    }
    Ok(())
}

/// The values of { from, to, points, scale }.
fn range(name: &str, table: &DeTable<'_>, span: Range<usize>) -> Result<Vec<Value>, Fault> {
    const KEYS: [&str; 4] = ["from", "to", "points", "scale"];
    if let Some((key, _)) = table
        .iter()
        .find(|(key, _)| !KEYS.contains(&key.get_ref().as_ref()))
    {
        let complaint = Complaint::UnknownKey {
            section: name.to_owned(),
            path: format!("{name}.{}", key.get_ref()),
            key: key.get_ref().to_string(),
            nearest: nearest(key.get_ref(), KEYS),
            known: KEYS.map(str::to_owned).to_vec(),
            owners: Vec::new(),
        };
        return Err(Fault::at(key.span(), complaint));
    }
    let require = |key: &str, expected: &str| {
        let missing = || Complaint::Missing {
            key: format!("{name}.{key}"),
            expected: expected.to_owned(),
            like: None,
        };
        table
            .get(key)
            .ok_or_else(|| Fault::at(span.clone(), missing()))
    };
    let bad = |key: &str, value: &Spanned<DeValue<'_>>, expected: &str| {
        let found = describe(value.get_ref());
        wrong(&format!("{name}.{key}"), value.span(), found, expected)
    };
    let number = |key: &str| {
        const EXPECTED: &str = "a finite number";
        let value = require(key, EXPECTED)?;
        let number = as_number(value.get_ref()).filter(|&x| is_usable(x));
        number.ok_or_else(|| bad(key, value, EXPECTED))
    };
    let (from, to) = (number("from")?, number("to")?);
    let expected = format!("an integer from 2 to {MOST_POINTS}");
    let points = require("points", &expected)?;
    let count = as_count(points.get_ref()).filter(|n| (2..=MOST_POINTS).contains(n));
    let count = count.ok_or_else(|| bad("points", points, &expected))?;
    let log = match table.get("scale") {
        None => false,
        Some(scale) => match scale.get_ref().as_str() {
            Some("linear") => false,
            Some("log") => true,
            _ => return Err(bad("scale", scale, "\"linear\" or \"log\"")),
        },
    };
    if log && !(from > 0.0 && to > 0.0) {
        let found = format!("from {from} to {to}");
        let expected = "numbers greater than 0 with scale = \"log\"";
        return Err(wrong(name, span, found, expected));
    }
    let at = |k: usize| {
        // The ends are what was written, to the last bit.
        if k == 0 {
            return from;
        }
        if k + 1 == count {
            return to;
        }
        let share = k as f64 / (count - 1) as f64;
        if log {
            from * (to / from).powf(share)
        } else {
            // from + (to − from)·share has digits that nobody meant.
            short(from + (to - from) * share, (to - from) / (count - 1) as f64)
        }
    };
    let values: Vec<f64> = (0..count).map(at).collect();
    let integer = |key: &str| table.get(key).is_some_and(|v| v.get_ref().is_integer());
    // An integer may stand where a float is meant, but not the other way.
    let whole = integer("from") && integer("to") && values.iter().all(|x| x.fract() == 0.0);
    let each = values.into_iter().map(|x| Value {
        text: if whole {
            format!("{x}")
        } else {
            format!("{x:?}")
        },
        number: Some(x),
        span: span.clone(),
    });
    Ok(each.collect())
}

/// The shortest decimal number that is x up to the rounding of a sum.
fn short(x: f64, step: f64) -> f64 {
    let rounding = 2.0 * f64::EPSILON * x.abs().max(step.abs());
    (0..17)
        .map(|digits| format!("{x:.digits$}").parse().unwrap_or(x))
        .find(|y: &f64| (y - x).abs() <= rounding)
        .unwrap_or(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Result<Vec<Vec<String>>, String> {
        let text = format!("sweep = {{ {text} }}");
        let root = DeTable::parse(&text).unwrap();
        let found = read(&text, &root.get_ref()["sweep"]).map_err(|f| f.complaint.to_string())?;
        let texts = |values: Vec<Value>| values.into_iter().map(|v| v.text).collect();
        Ok(found
            .into_iter()
            .map(|(_, _, values)| texts(values))
            .collect())
    }

    #[test]
    fn law_ranges_end_where_they_are_told_to() {
        let found = values(
            "\"b\" = [1, \"x\", [2, 3]], a.d = { from = 1, to = 100, points = 3, scale = \"log\" }, \
             e = { from = 0.1, to = 0.7, points = 4 }, f = { from = 3, to = 1, points = 3 }, \
             g = { from = 0, to = 1, points = 3 }",
        );
        let expected = [
            vec!["1", "\"x\"", "[2, 3]"],
            vec!["1", "10", "100"],
            vec!["0.1", "0.3", "0.5", "0.7"],
            vec!["3", "2", "1"],
            vec!["0.0", "0.5", "1.0"],
        ];
        assert_eq!(found.unwrap(), expected);
        assert_eq!(short(1.0 / 3.0, 0.1), 1.0 / 3.0);
    }

    #[test]
    fn law_values_that_make_no_sense_are_named() {
        for (text, fragment) in [
            ("a = 1", "`sweep.a` is 1; expected a list"),
            ("a = []", "`sweep.a` is an empty list"),
            ("a = {}", "`sweep.a` is a table; expected a list"),
            ("a = [1, 1.0]", "`sweep.a` holds 1.0 twice"),
            ("a = [\"x\", [1], 'x']", "`sweep.a` holds 'x' twice"),
            ("a = { from = 1 }", "`sweep.a.to` is missing"),
            ("a = { from = 1, to = 2 }", "`sweep.a.points` is missing"),
            (
                "a = { from = 1, to = nan, points = 3 }",
                "`sweep.a.to` is nan",
            ),
            (
                "a = { from = 1, to = 2, points = 1 }",
                "`sweep.a.points` is 1",
            ),
            (
                "a = { from = 1, to = 2, points = 2.5 }",
                "`sweep.a.points` is 2.5",
            ),
            (
                "a = { from = 0, to = 2, points = 3, scale = \"log\" }",
                "greater than 0",
            ),
            (
                "a = { from = 1, to = 2, points = 3, scale = \"ln\" }",
                "\"linear\" or \"log\"",
            ),
            (
                "a = { from = 1, to = 2, point = 3 }",
                "did you mean `points`?",
            ),
            (
                "a = { from = 1, to = 1, points = 3 }",
                "`sweep.a` holds 1 twice",
            ),
        ] {
            let message = values(text).unwrap_err();
            assert!(message.contains(fragment), "{text}: {message}");
        }
    }
}
