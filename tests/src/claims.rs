//! Every numbered statement of the paper that can be computed: where it is
//! implemented, and which rows of the table show it, for which models.
//!
//! A [`Claim`] is shown for a class of models only by rows that measure that class.
//! [`defects`] lists what is missing, and [`Report::claims`](crate::verify::Report)
//! judges each claim by its rows; `cargo xtask docs` writes the table to
//! docs/conformance.md, which follows.
//!
#![doc = include_str!("../../docs/conformance.md")]

mod appendices;
mod construction;
mod page;
mod statements;

pub use page::page;

use crate::class::Class;
use crate::suites;

/// Rows that show a claim.
#[derive(Debug, Clone, Copy)]
pub struct Shown {
    /// The classes of models the rows measure, a letter each; empty for a row about
    /// formulas alone.
    pub classes: &'static str,
    /// `suite/id`. An id that ends in `-*` is a row for each of `classes`, the star
    /// standing for the class's name.
    pub row: &'static str,
}

/// One statement.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    /// Its number in this table.
    pub number: usize,
    /// The equations and theorems.
    pub equations: &'static str,
    /// The statement in words.
    pub statement: &'static str,
    /// The classes of models it is about, a letter each; empty where it is about
    /// no model.
    pub classes: &'static str,
    /// The public items that implement it, as paths.
    pub items: &'static [&'static str],
    /// The rows that show it.
    pub shown: &'static [Shown],
}

/// Every class of models.
pub const EVERY: &str = "JGKPQH";

/// How many claims there are.
pub const COUNT: usize = 47;

/// All claims, in the order of the paper.
pub fn all() -> impl Iterator<Item = &'static Claim> {
    let parts = [statements::CLAIMS, construction::CLAIMS, appendices::CLAIMS];
    parts.into_iter().flatten()
}

/// A row for each class.
const fn rows(classes: &'static str, row: &'static str) -> Shown {
    Shown { classes, row }
}

impl Shown {
    /// The rows, as `suite/id`.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        match self.row.strip_suffix('*') {
            None => vec![self.row.to_owned()],
            Some(stem) => (self.classes.chars().filter_map(Class::of_letter))
                .map(|class| format!("{stem}{}", class.name()))
                .collect(),
        }
    }
}

impl Claim {
    /// The rows that show it, as `suite/id`.
    #[must_use]
    pub fn rows(&self) -> Vec<String> {
        self.shown.iter().flat_map(Shown::names).collect()
    }

    /// What is wrong with the claim as it stands in the table, whatever is
    /// measured: no row, a row that no suite owes, a class that no row covers.
    #[must_use]
    pub fn defects(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut say = |what: String| found.push(format!("claim {}: {what}", self.number));
        if self.shown.is_empty() {
            say("no row shows it".to_owned());
        }
        if self.items.is_empty() {
            say("no item implements it".to_owned());
        }
        for name in self.rows() {
            let owed = name.split_once('/').is_some_and(|(suite, id)| {
                let suite = suites::ALL.iter().find(|s| s.name == suite);
                suite.is_some_and(|suite| suite.ids.contains(&id))
            });
            if !owed {
                say(format!("there is no row {name}"));
            }
        }
        for letter in self.classes.chars() {
            if !self
                .shown
                .iter()
                .any(|shown| shown.classes.contains(letter))
            {
                say(format!("no row covers the class {letter}"));
            }
        }
        found
    }
}

/// What is wrong with some claims: see [`Claim::defects`].
pub fn defects<'a>(claims: impl IntoIterator<Item = &'a Claim>) -> Vec<String> {
    claims.into_iter().flat_map(Claim::defects).collect()
}
