//! Reading one table of the configuration: typed values, each with a message
//! that names the key, and an error for every key nobody asked for.

use std::ops::Range;
use std::rc::Rc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Complaint, Fault, Faults};
use super::parameters::{Parameters, Placed};
use super::value::describe;
use crate::arrays::is_usable;
use crate::nearest::nearest;

/// A value with the bytes it was read from.
#[derive(Debug, Clone)]
pub(crate) struct At<T> {
    pub(crate) value: T,
    pub(crate) span: Range<usize>,
}

/// A table being read. Every key asked for is known; [`Section::finish`]
/// refuses the others.
pub(crate) struct Section<'t> {
    /// "time", or "" for the whole file.
    name: String,
    table: Option<&'t DeTable<'t>>,
    span: Range<usize>,
    asked: Vec<&'static str>,
    faults: Faults,
    parameters: Rc<Parameters>,
}

impl<'t> Section<'t> {
    /// The whole file.
    pub(crate) fn root(
        table: &'t Spanned<DeTable<'t>>,
        faults: &Faults,
        parameters: &Rc<Parameters>,
    ) -> Self {
        Self {
            name: String::new(),
            table: Some(table.get_ref()),
            span: 0..0,
            asked: vec!["parameters"],
            faults: faults.clone(),
            parameters: parameters.clone(),
        }
    }

    /// One table of a list or an inline table in this one, under the name `name`.
    pub(crate) fn inner<'u>(
        &self,
        name: String,
        table: &'u DeTable<'u>,
        span: Range<usize>,
    ) -> Section<'u> {
        Section {
            name,
            table: Some(table),
            span,
            asked: Vec::new(),
            faults: self.faults.clone(),
            parameters: self.parameters.clone(),
        }
    }

    /// Where what is wrong in it is noted.
    pub(crate) fn faults(&self) -> Faults {
        self.faults.clone()
    }

    /// The sub-table `key`; an absent one is empty.
    pub(crate) fn section(&mut self, key: &'static str) -> Result<Section<'t>, Fault> {
        let name = self.path(key);
        let Some(value) = self.get(key) else {
            return Ok(Section {
                name,
                table: None,
                span: self.span.clone(),
                asked: Vec::new(),
                faults: self.faults.clone(),
                parameters: self.parameters.clone(),
            });
        };
        match value.get_ref() {
            DeValue::Table(table) => Ok(self.inner(name, table, value.span())),
            other => Err(self.wrong(key, value.span(), describe(other), "a table")),
        }
    }

    /// The list of tables `key`, written `[[key]]` or inline.
    pub(crate) fn sections(&mut self, key: &'static str) -> Result<Vec<Section<'t>>, Fault> {
        let expected = "a list of tables";
        let Some(value) = self.get(key) else {
            return Ok(Vec::new());
        };
        let DeValue::Array(items) = value.get_ref() else {
            let found = describe(value.get_ref());
            return Err(self.wrong(key, value.span(), found, "a list: write [[observable]]"));
        };
        let mut out = Vec::new();
        for (k, item) in items.iter().enumerate() {
            let DeValue::Table(table) = item.get_ref() else {
                let found = describe(item.get_ref());
                self.faults
                    .add(self.wrong(key, item.span(), found, expected));
                continue;
            };
            let name = format!("{}[{k}]", self.path(key));
            out.push(self.inner(name, table, item.span()));
        }
        Ok(out)
    }

    /// "time", or "" for the whole file.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Where the table stands.
    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The full name of a key, "time.end".
    pub(crate) fn path(&self, key: &str) -> String {
        if self.name.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.name)
        }
    }

    /// The raw value of a key, which is known from now on.
    pub(crate) fn get(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.table?.get(key)
    }

    /// The span of a key if it is there, without asking for it.
    pub(crate) fn present(&self, key: &str) -> Option<Range<usize>> {
        Some(self.table?.get(key)?.span())
    }

    /// The span of an item of the list that a key is.
    pub(crate) fn item(&self, key: &str, item: usize) -> Option<Range<usize>> {
        let list = self.table?.get(key)?.get_ref().as_array()?;
        Some(list.get(item)?.span())
    }

    /// Whether a key is there, without asking for it.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.present(key).is_some()
    }

    /// Keys in the file that were not asked for, with their spans.
    pub(crate) fn left(&self) -> Vec<(String, Range<usize>)> {
        let keys = self.table.into_iter().flat_map(|table| table.keys());
        keys.filter(|key| !self.asked.iter().any(|a| *a == key.get_ref().as_ref()))
            .map(|key| (key.get_ref().to_string(), key.span()))
            .collect()
    }

    /// Refuses every key that was not asked for.
    pub(crate) fn finish(self) {
        let section = if self.name.is_empty() {
            "the configuration".to_owned()
        } else {
            format!("[{}]", self.name)
        };
        for (key, span) in self.left() {
            let complaint = Complaint::UnknownKey {
                path: self.path(&key),
                nearest: nearest(&key, self.asked.iter().copied()),
                known: self.asked.iter().map(|&k| k.to_owned()).collect(),
                section: section.clone(),
                key,
                owners: Vec::new(),
            };
            self.faults.add(Fault::at(span, complaint));
        }
        self.faults.table(section, self.asked);
    }

    /// What was read of a key that must be there; one that is and has a fault, which is
    /// noted, is not missing.
    pub(crate) fn required<T>(
        &self,
        key: &str,
        read: Result<Option<T>, Fault>,
        expected: impl Into<String>,
    ) -> Option<T> {
        let read = self.faults.kept(read)?;
        if read.is_none() {
            self.faults.add(self.missing(key, expected));
        }
        read
    }

    /// An error about a value of this table.
    pub(crate) fn wrong(
        &self,
        key: &str,
        span: Range<usize>,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Fault {
        Fault::at(
            span,
            Complaint::Value {
                key: self.path(key),
                found: found.into(),
                expected: expected.into(),
            },
        )
    }

    /// The error that a key is missing.
    pub(crate) fn missing(&self, key: &str, expected: impl Into<String>) -> Fault {
        let complaint = Complaint::Missing {
            key: self.path(key),
            expected: expected.into(),
            like: self.like(key),
        };
        Fault {
            span: self.table.map(|_| self.span.clone()),
            complaint: Box::new(complaint),
        }
    }

    /// A key that nobody asked for and that is like one that is not there.
    fn like(&self, key: &str) -> Option<String> {
        let left = self.left();
        let absent = self.asked.iter().copied().filter(|key| !self.has(key));
        let mut meant = std::iter::once(key).chain(absent);
        meant.find_map(|key| nearest(key, left.iter().map(|(found, _)| found.as_str())))
    }

    /// The number a value is or, as an expression, has.
    pub(crate) fn as_number(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        expected: &str,
    ) -> Result<Option<f64>, Fault> {
        let read = self.parameters.number(value);
        read.map_err(|slip| self.slip(key, slip, expected))
    }

    /// The error in an expression; one that was noted already where there is none.
    pub(crate) fn slip(&self, key: &str, slip: Option<Placed>, expected: &str) -> Fault {
        match slip {
            Some((at, found)) => self.wrong(key, at, found, expected),
            None => Fault::known(),
        }
    }

    /// The names that numbers may use.
    pub(crate) fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// A real number; integers count.
    pub(crate) fn number(
        &mut self,
        key: &'static str,
        expected: &str,
        valid: impl Fn(f64) -> bool,
    ) -> Result<Option<At<f64>>, Fault> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        match self.as_number(key, value, expected)? {
            Some(x) if valid(x) => Ok(Some(At {
                value: x,
                span: value.span(),
            })),
            _ => {
                let found = self.parameters.describe(value);
                Err(self.wrong(key, value.span(), found, expected))
            }
        }
    }

    /// An integer between two bounds.
    pub(crate) fn integer(
        &mut self,
        key: &'static str,
        expected: &str,
        range: std::ops::RangeInclusive<usize>,
    ) -> Result<Option<At<usize>>, Fault> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let read = self.parameters.count(value);
        match read.map_err(|slip| self.slip(key, slip, expected))? {
            Some(n) if range.contains(&n) => Ok(Some(At {
                value: n,
                span: value.span(),
            })),
            _ => {
                let found = self.parameters.describe(value);
                Err(self.wrong(key, value.span(), found, expected))
            }
        }
    }

    /// A list of different integers, each within bounds; entries that are not are noted,
    /// and left out.
    pub(crate) fn integers(
        &mut self,
        key: &'static str,
        expected: &str,
        range: std::ops::RangeInclusive<usize>,
    ) -> Result<Option<Vec<At<usize>>>, Fault> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let DeValue::Array(items) = value.get_ref() else {
            let expected = format!("a list of {expected}: write {key} = [..]");
            return Err(self.wrong(key, value.span(), describe(value.get_ref()), expected));
        };
        if items.is_empty() {
            let expected = format!("at least one of {expected}, or no such key at all");
            return Err(self.wrong(key, value.span(), "an empty list", expected));
        }
        let mut out: Vec<At<usize>> = Vec::new();
        for item in items.iter() {
            let n = match self.parameters.count(item) {
                Ok(Some(n)) if range.contains(&n) => n,
                Ok(_) => {
                    let found = format!("a list with {}", self.parameters.describe(item));
                    self.faults
                        .add(self.wrong(key, item.span(), found, expected));
                    continue;
                }
                Err(slip) => {
                    self.faults.add(self.slip(key, slip, expected));
                    continue;
                }
            };
            if out.iter().any(|other| other.value == n) {
                let complaint = Complaint::Duplicate {
                    key: self.path(key),
                    found: n.to_string(),
                };
                self.faults.add(Fault::at(item.span(), complaint));
                continue;
            }
            out.push(At {
                value: n,
                span: item.span(),
            });
        }
        Ok(Some(out))
    }

    /// A list of real numbers.
    pub(crate) fn numbers(
        &mut self,
        key: &'static str,
        expected: &str,
    ) -> Result<Option<At<Vec<f64>>>, Fault> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let DeValue::Array(items) = value.get_ref() else {
            return Err(self.wrong(key, value.span(), describe(value.get_ref()), expected));
        };
        let mut numbers = Vec::with_capacity(items.len());
        for item in items.iter() {
            match self.as_number(key, item, expected)? {
                Some(x) if is_usable(x) => numbers.push(x),
                _ => {
                    let found = format!("a list with {}", self.parameters.describe(item));
                    return Err(self.wrong(key, item.span(), found, expected));
                }
            }
        }
        Ok(Some(At {
            value: numbers,
            span: value.span(),
        }))
    }

    /// A string.
    pub(crate) fn string(
        &mut self,
        key: &'static str,
        expected: &str,
    ) -> Result<Option<At<String>>, Fault> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        match value.get_ref() {
            // Names, labels, paths: they become part of arrays' names and of messages.
            DeValue::String(s) if s.contains(char::is_control) => {
                let expected = format!("{expected}, without control characters");
                Err(self.wrong(key, value.span(), describe(value.get_ref()), expected))
            }
            DeValue::String(s) => Ok(Some(At {
                value: s.to_string(),
                span: value.span(),
            })),
            other => Err(self.wrong(key, value.span(), describe(other), expected)),
        }
    }

    /// A list of different, non-empty strings.
    pub(crate) fn strings(
        &mut self,
        key: &'static str,
        expected: &str,
    ) -> Result<Option<At<Vec<String>>>, Fault> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let DeValue::Array(items) = value.get_ref() else {
            return Err(self.wrong(key, value.span(), describe(value.get_ref()), expected));
        };
        let mut out: Vec<String> = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::String(s) if s.contains(char::is_control) => {
                    let expected = format!("{expected}, without control characters");
                    let found = describe(item.get_ref());
                    self.faults
                        .add(self.wrong(key, item.span(), found, expected));
                }
                DeValue::String(s) if !s.trim().is_empty() => {
                    if out.iter().any(|other| other == s.as_ref()) {
                        let complaint = Complaint::Duplicate {
                            key: self.path(key),
                            found: format!("\"{s}\""),
                        };
                        self.faults.add(Fault::at(item.span(), complaint));
                    }
                    out.push(s.to_string());
                }
                other => {
                    let fault = self.wrong(key, item.span(), describe(other), expected);
                    self.faults.add(fault);
                }
            }
        }
        Ok(Some(At {
            value: out,
            span: value.span(),
        }))
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&mut self, key: &'static str) -> Result<Option<bool>, Fault> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        match value.get_ref() {
            DeValue::Boolean(b) => Ok(Some(*b)),
            other => Err(self.wrong(key, value.span(), describe(other), "true or false")),
        }
    }

    /// One of the names in `choices`, as its position there.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
    ) -> Result<Option<T>, Fault> {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let expected = format!("one of \"{}\"", names.join("\", \""));
        let Some(found) = self.string(key, &expected)? else {
            return Ok(None);
        };
        match choices.iter().find(|(name, _)| *name == found.value) {
            Some(&(_, choice)) => Ok(Some(choice)),
            None => Err(self.unknown_name(key, &found, &names)),
        }
    }

    /// The error that a name is none of the known ones.
    pub(crate) fn unknown_name(&self, key: &str, found: &At<String>, known: &[&str]) -> Fault {
        Fault::at(
            found.span.clone(),
            Complaint::Choice {
                key: self.path(key),
                found: found.value.clone(),
                nearest: nearest(&found.value, known.iter().copied()),
                known: known.iter().map(|&name| name.to_owned()).collect(),
            },
        )
    }
}
