//! `[parameters]`: names for numbers, and every number as an expression in them.
//!
//! > [parameters]
//! > beta = 2.0
//! > gamma = "beta/3"
//!
//! A parameter may use the others, in any order.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Complaint, Fault, Faults};
use super::value::{as_count, as_number, describe};
use crate::arrays::is_usable;
use crate::catalogue::{Rate, RateInTime};
use crate::expression::{Expression, Names, Slip, call, is_name, is_reserved, number};

/// What the names stand for, and which of them were asked for.
#[derive(Debug, Default)]
pub(crate) struct Parameters {
    names: Names,
    /// Those that have a fault: what uses them has none of its own.
    spoilt: BTreeSet<String>,
    used: RefCell<BTreeSet<String>>,
}

/// A parameter on its way.
struct Entry<'t> {
    name: &'t str,
    value: &'t Spanned<DeValue<'t>>,
    /// The names in it.
    needs: Vec<String>,
}

/// The bytes of the file to blame, and what was found there.
pub(super) type Placed = (Range<usize>, String);

/// No time at which anything is likely to happen.
const SOME_TIME: f64 = 0.712_358_113;

/// Integers up to here are floating-point numbers.
const LARGEST_INTEGER: f64 = 9_007_199_254_740_992.0;

impl Parameters {
    /// Reads the table; what is wrong is noted.
    pub(super) fn read<'t>(root: &'t DeTable<'t>, faults: &Faults) -> Self {
        let mut out = Self::default();
        let Some(value) = root.get("parameters") else {
            return out;
        };
        let wrong = |key: String, span, found: String, expected: &str| {
            let expected = expected.to_owned();
            let complaint = Complaint::Value {
                key,
                found,
                expected,
            };
            Fault::at(span, complaint)
        };
        let Some(table) = value.get_ref().as_table() else {
            let key = "parameters".to_owned();
            let found = describe(value.get_ref());
            faults.add(wrong(key, value.span(), found, "a table"));
            return out;
        };
        let mut pending: Vec<Entry<'_>> = Vec::new();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            if is_name(name) && !is_reserved(name) {
                let needs = match value.get_ref() {
                    DeValue::String(text) => Expression::parse(text).map_or(Vec::new(), |read| {
                        read.names().into_iter().map(str::to_owned).collect()
                    }),
                    _ => Vec::new(),
                };
                pending.push(Entry { name, value, needs });
                continue;
            }
            let expected = "a name of letters, digits and _ that begins with no digit and is no \
                            function, nor pi or t";
            let path = format!("parameters.{name}");
            faults.add(wrong(path, key.span(), "no name".to_owned(), expected));
        }
        let expected = "a finite number, or an expression in other parameters";
        // Each once those it needs are known.
        while !pending.is_empty() {
            let unknown: BTreeSet<&str> = pending.iter().map(|entry| entry.name).collect();
            let waits = |entry: &Entry<'_>| entry.needs.iter().any(|n| unknown.contains(&**n));
            let (left, mut round): (Vec<_>, Vec<_>) = pending.into_iter().partition(waits);
            pending = left;
            let is_circle = round.is_empty();
            if is_circle {
                round = std::mem::take(&mut pending);
            }
            for Entry { name, value, .. } in round {
                let path = format!("parameters.{name}");
                let fault = match out.number(value) {
                    _ if is_circle => {
                        let found = format!("{}, which needs itself", describe(value.get_ref()));
                        Some(wrong(path, value.span(), found, expected))
                    }
                    Ok(Some(x)) if is_usable(x) => {
                        out.names.insert(name.to_owned(), x);
                        continue;
                    }
                    Ok(_) => Some(wrong(path, value.span(), out.describe(value), expected)),
                    Err(Some((at, reason))) => Some(wrong(path, at, reason, expected)),
                    Err(None) => None,
                };
                fault.into_iter().for_each(|fault| faults.add(fault));
                out.spoilt.insert(name.to_owned());
            }
        }
        out
    }

    /// Notes the parameters that nothing has asked for.
    pub(super) fn finish(&self, root: &DeTable<'_>, faults: &Faults) {
        let table = root.get("parameters").and_then(|v| v.get_ref().as_table());
        for (key, _) in table.into_iter().flatten() {
            let name = key.get_ref().as_ref();
            if !self.used.borrow().contains(name) {
                let complaint = Complaint::Value {
                    key: format!("parameters.{name}"),
                    found: "used by nothing".to_owned(),
                    expected: format!("a number that depends on it, such as \"2*{name}\""),
                };
                faults.add(Fault::at(key.span(), complaint));
            }
        }
    }

    /// A number, or the value of an expression; `None` for anything else.
    ///
    /// # Errors
    /// Where an expression is wrong and what was found there; `None` where a parameter in
    /// it is, which has been noted.
    pub(super) fn number(
        &self,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Option<f64>, Option<Placed>> {
        match value.get_ref() {
            DeValue::String(text) => self.evaluate(text, value.span()).map(Some),
            other => Ok(as_number(other)),
        }
    }

    /// A non-negative integer, or an expression whose value is one.
    ///
    /// # Errors
    /// As [`number`](Self::number).
    pub(super) fn count(
        &self,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Option<usize>, Option<Placed>> {
        let DeValue::String(text) = value.get_ref() else {
            return Ok(as_count(value.get_ref()));
        };
        let x = self.evaluate(text, value.span())?;
        let is_count = (0.0..=LARGEST_INTEGER).contains(&x) && x.fract() == 0.0;
        Ok(is_count.then_some(x as usize))
    }

    /// The value of the text of a string.
    fn evaluate(&self, text: &str, span: Range<usize>) -> Result<f64, Option<Placed>> {
        let value = self.value(text);
        value.map_err(|slip| slip.map(|slip| Self::place(text, span, slip)))
    }

    /// The value of a text.
    ///
    /// # Errors
    /// What is wrong with it; `None` where that is a parameter, which has been noted.
    pub(super) fn value(&self, text: &str) -> Result<f64, Option<Slip>> {
        let name = |name: &str| self.named(name);
        let read = Expression::parse(text).and_then(|read| read.evaluate(&name, &call));
        read.map_err(|slip| self.unless_known(text, slip))
    }

    /// The rate a text says, which may depend on `t`.
    ///
    /// # Errors
    /// As [`value`](Self::value).
    pub(super) fn rate(&self, text: &str) -> Result<Rate, Option<Slip>> {
        let unless = |slip| self.unless_known(text, slip);
        let read = Expression::parse(text).map_err(unless)?;
        if !read.names().contains(&"t") {
            return self.value(text).map(Rate::Constant);
        }
        // At one time, for the names; what it is at others is judged with the model.
        let name = |name: &str| match name {
            "t" => Ok(SOME_TIME),
            other => self.named(other),
        };
        read.evaluate(&name, &call).map_err(unless)?;
        Ok(Rate::InTime(RateInTime::new(read, self.names.clone())))
    }

    /// The number a name stands for, which is used from now on.
    pub(super) fn named(&self, name: &str) -> Result<f64, String> {
        self.used.borrow_mut().insert(name.to_owned());
        number(name, &self.names)
    }

    /// A slip that is not the consequence of one that was noted.
    pub(super) fn unless_known(&self, text: &str, slip: Slip) -> Option<Slip> {
        Some(slip).filter(|slip| !self.spoilt.contains(&text[slip.at.clone()]))
    }

    /// Where in the file a slip in the text of a string is, and what was found.
    pub(super) fn place(text: &str, span: Range<usize>, slip: Slip) -> Placed {
        let Slip { at, reason } = slip;
        // Behind the quote, unless something in it was escaped.
        let is_plain = span.len() == text.len() + 2;
        let within = span.start + 1 + at.start..span.start + 1 + at.end.max(at.start + 1);
        let at = if is_plain { within } else { span };
        (at, format!("the string \"{text}\": {reason}"))
    }

    /// What a value is, for a message.
    pub(super) fn describe(&self, value: &Spanned<DeValue<'_>>) -> String {
        let described = describe(value.get_ref());
        match (value.get_ref(), self.number(value)) {
            (DeValue::String(_), Ok(Some(x))) => format!("{described}, which is {x:?}"),
            _ => described,
        }
    }
}
